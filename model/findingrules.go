package model

import (
	"fmt"
	"slices"
	"strings"
)

// check judges one tenant.
type check struct {
	s     *Store
	t     *Tenant
	row   string // its row's key
	g     *ground
	found []Finding
	// perhaps are findings only while a namespace belongs to another tenant,
	// which no object of this one tells.
	perhaps []Finding
}

func (c *check) add(rule string, g Gravity, k Key, evidence string, args ...any) {
	c.found = append(c.found, Finding{Rule: rule, Gravity: g, Tenant: c.row, Key: k, Evidence: fmt.Sprintf(evidence, args...)})
}

// eachSync calls f for every sync of the tenant.
func (c *check) eachSync(f func(*Object, *Sync)) {
	for _, k := range c.t.Syncs {
		o := c.s.Get(k)
		if d, ok := o.syncDetail(); ok {
			f(o, d)
		}
	}
}

// eachBinding calls f for every role binding of the tenant.
func (c *check) eachBinding(f func(*Object, *Binding)) {
	for _, k := range c.t.Access {
		if o := c.s.Get(k); o != nil {
			if d, ok := o.Detail.(*Binding); ok {
				f(o, d)
			}
		}
	}
}

func (c *check) own(namespace string) bool { return slices.Contains(c.t.Namespaces, namespace) }

// tenantRules judge a tenant by what is read of it. A rule whose facts can't be
// read says nothing of the tenant: unjudged says so once.
var tenantRules = []func(*check){accountRules, bindingRules, reachRules, syncRules, sourceRules, tenancyRules, suspensionRules, secretRules, escapeRules}

// accountRules: the account a sync applies as (P2 to P5).
func accountRules(c *check) {
	c.eachSync(func(o *Object, d *Sync) {
		if d.RemoteCluster || o.Kind == ResourceSet {
			return
		}
		name := d.ServiceAccount
		if name == "" {
			if !c.g.seen[o.Kind] {
				return // whether there is a default is not known
			}
			name = c.g.accounts[o.Kind]
			if name == "" {
				c.add("P2", GravityHigh, o.Key, "spec.serviceAccountName is empty, and its controller has no --default-service-account")
				return
			}
			c.add("P3", GravityInfo, o.Key, "spec.serviceAccountName is empty: it applies as the default, %s", name)
		}
		acc := Key{ServiceAccount, o.Namespace, name}
		if !c.s.readable(acc) {
			return
		}
		if c.s.Get(acc) == nil {
			c.add("P4", GravityHigh, o.Key, "%s does not exist", acc)
			return
		}
		if name == "default" {
			c.defaultMayWrite(o, acc)
		}
		if c.s.readable(Key{Kind: RoleBinding, Namespace: o.Namespace}) && c.s.readable(Key{Kind: ClusterRoleBinding}) && !c.bound(acc) {
			c.add("P5", GravityHigh, o.Key, "no RoleBinding in %s and no ClusterRoleBinding names %s", o.Namespace, acc)
		}
	})
}

// defaultMayWrite: every pod that names no account runs as the default one, and
// so gets what a sync was meant to have (P3b).
func (c *check) defaultMayWrite(o *Object, account Key) {
	for _, b := range c.s.BindingsIn(account, account.Namespace) {
		d, ok := b.Detail.(*Binding)
		if ok && d.RoleName != "view" && slices.ContainsFunc(d.Subjects, func(s Subject) bool { return s.Kind != "Group" && s.means(account.Namespace, account) }) {
			c.add("P3b", GravityHigh, o.Key, "%s gives the default account of %s %s %s", b.Key, account.Namespace, d.RoleKind, d.RoleName)
			return
		}
	}
}

func (c *check) bound(account Key) bool {
	all := Key{Kind: ServiceAccount}
	found := c.g.bound[account] || c.g.bound[all] || c.g.bound[Key{ServiceAccount, account.Namespace, ""}]
	c.s.ObjectsIn(account.Namespace, RoleBinding, func(o *Object) bool {
		b, ok := o.Detail.(*Binding)
		found = found || ok && slices.ContainsFunc(b.Subjects, func(sub Subject) bool { return sub.means(o.Namespace, account) })
		return !found
	})
	return found
}

// bindingRules: what the tenant's own bindings give, and to whom (P6, P7, P19).
func bindingRules(c *check) {
	c.eachBinding(func(o *Object, b *Binding) {
		if b.RoleKind == "ClusterRole" && b.RoleName == "cluster-admin" {
			c.add("P6", GravityMedium, o.Key, "RoleBinding %s gives ClusterRole cluster-admin to %s", o.Name, subjectsOf(b))
		}
		legacy := len(b.Subjects) > 0
		for _, sub := range b.Subjects {
			legacy = legacy && strings.HasPrefix(sub.Name, "gotk:")
			if ns := sub.namespace(); ns != "" && !c.own(ns) {
				c.perhaps = append(c.perhaps, Finding{Rule: "P7", Gravity: GravityHigh, Tenant: c.row, Key: o.Key, namespace: ns,
					Evidence: fmt.Sprintf("RoleBinding %s names %s of namespace %s", o.Name, sub.Name, ns)})
			}
		}
		if legacy {
			c.add("P19", GravityMedium, o.Key, "RoleBinding %s names only %s", o.Name, subjectsOf(b))
		}
	})
	c.s.ObjectsIn("", ClusterRoleBinding, func(o *Object) bool {
		if b, ok := o.Detail.(*Binding); ok && c.named(b) {
			c.add("P6", GravityCritical, o.Key, "ClusterRoleBinding %s gives %s %s to %s in every namespace", o.Name, b.RoleKind, b.RoleName, subjectsOf(b))
		}
		return true
	})
}

// named reports whether a binding of the whole cluster names an account the
// tenant has.
func (c *check) named(b *Binding) bool {
	return slices.ContainsFunc(b.Subjects, func(sub Subject) bool {
		ns := sub.namespace()
		return ns != "" && c.own(ns)
	})
}

// Accounts is the account a subject of a binding of the whole cluster means;
// without a name all of its namespace, without a namespace all there are. It is
// false for other users and groups.
func (s Subject) Accounts() (Key, bool) {
	switch s.Kind {
	case "ServiceAccount":
		return Key{ServiceAccount, s.Namespace, s.Name}, s.Namespace != ""
	case "User":
		rest, ok := strings.CutPrefix(s.Name, "system:serviceaccount:")
		ns, name, both := strings.Cut(rest, ":")
		return Key{ServiceAccount, ns, name}, ok && both
	case "Group":
		if ns, ok := strings.CutPrefix(s.Name, "system:serviceaccounts:"); ok {
			return Key{Kind: ServiceAccount, Namespace: ns}, true
		}
		return Key{Kind: ServiceAccount}, s.Name == "system:serviceaccounts" || s.Name == "system:authenticated"
	}
	return Key{}, false
}

// namespace is the namespace of the accounts a subject means, "" for any other.
func (s Subject) namespace() string {
	k, _ := s.Accounts()
	return k.Namespace
}

func subjectsOf(b *Binding) string {
	names := make([]string, len(b.Subjects))
	for i, s := range b.Subjects {
		names[i] = s.Kind + " " + s.Name
	}
	return several(names, 3)
}

// reachRules: what reaches out of the tenant's namespaces (P8 to P10).
func reachRules(c *check) {
	c.eachSync(func(o *Object, d *Sync) {
		refs := append([]Ref{d.SourceRef}, d.DependsOn...)
		for _, r := range refs {
			if r.Namespace != "" && !c.own(r.Namespace) {
				c.add("P8", GravityHigh, o.Key, "it refers to %s", r)
				break
			}
		}
		if ns := d.TargetNamespace; ns != "" && !c.own(ns) {
			c.add("P10", GravityHigh, o.Key, "spec.targetNamespace is %s", ns)
		}
		if d.RemoteCluster {
			return // what it applied is in another cluster
		}
		var outside []string
		for id := range strings.SplitSeq(d.Inventory, "\n") {
			ns, _, ok := strings.Cut(id, "_")
			if !ok || c.own(ns) {
				continue
			}
			if ref, known := InventoryRef(id); known && !(ref.Kind == Namespace.String() && c.own(ref.Name)) {
				outside = append(outside, ref.String())
			}
		}
		if len(outside) > 0 {
			c.add("P9", GravityHigh, o.Key, "its inventory holds %s", several(outside, 3))
		}
	})
}

// syncRules: how a sync applies (P13 to P16, P25).
func syncRules(c *check) {
	c.eachSync(func(o *Object, d *Sync) {
		c.shard(o)
		if d.RemoteCluster {
			c.add("P14", GravityInfo, o.Key, "spec.kubeConfig is set")
		}
		if o.Kind != Kustomization {
			return
		}
		if !d.Prune {
			c.add("P13", GravityLow, o.Key, "spec.prune is false")
		} else if strings.EqualFold(d.DeletionPolicy, "Orphan") {
			c.add("P13", GravityInfo, o.Key, "spec.deletionPolicy is Orphan")
		}
		if d.Force {
			c.add("P15", GravityMedium, o.Key, "spec.force is true")
		}
		if !d.Wait && d.HealthChecks == 0 {
			c.add("P16", GravityLow, o.Key, "spec.wait is false, and there are no healthChecks")
		}
	})
}

// shard finds what no controller answers for: its label names a shard that no
// controller selects.
func (c *check) shard(o *Object) {
	key := o.Labels.Get(LabelShard)
	if key == "" || !c.g.controllers || slices.ContainsFunc(c.g.shards, func(arg string) bool { return selects(arg, key) }) {
		return
	}
	c.add("P25", GravityHigh, o.Key, "its label %s=%s is selected by no controller", LabelShard, key)
}

// selects reports whether a controller's label selector takes a shard:
// "key=shard1" or "key in (shard1, shard2)".
func selects(arg, shard string) bool {
	_, rest, _ := strings.Cut(arg, LabelShard)
	if strings.HasPrefix(strings.TrimSpace(rest), "!=") || strings.HasPrefix(strings.TrimSpace(rest), "notin") {
		return false
	}
	return slices.Contains(strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("=(), ", r) }), shard)
}

// sourceRules: where a source fetches from (P17, P18, P25).
func sourceRules(c *check) {
	for _, k := range c.t.Sources {
		o := c.s.Get(k)
		if o == nil {
			continue
		}
		d, ok := o.Detail.(*Source)
		if !ok {
			continue
		}
		c.shard(o)
		if strings.HasPrefix(d.URL, "http://") {
			c.add("P17", GravityLow, k, "its URL is %s", d.URL)
		}
		if k.Kind == GitRepository && !d.Verify {
			c.add("P17b", GravityLow, k, "spec.verify is not set")
		}
		if k.Kind == GitRepository && d.Ref == "" {
			c.add("P18", GravityLow, k, "spec.ref is empty")
		}
	}
}

// tenancyRules: whether the tenant is marked as one (P20).
func tenancyRules(c *check) {
	for _, e := range c.t.Evidence {
		if e.Rule == "implicit" {
			c.add("P20", GravityLow, Key{Kind: Namespace, Name: e.Namespace}, "namespace %s has Flux objects and no label %s", e.Namespace, LabelTenant)
		}
	}
	for _, k := range c.t.Access {
		if o := c.s.Get(k); o != nil && o.Labels.Get(LabelTenant) != "" && o.Labels.Get(LabelTenant) != c.t.Name {
			c.add("P20", GravityLow, k, "its label %s says %s, its namespace's %s", LabelTenant, o.Labels.Get(LabelTenant), c.t.Name)
		}
	}
}
