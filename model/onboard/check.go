package onboard

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"tenantry/model"
)

// Problem is something about a spec a person should know before anything is
// applied.
type Problem struct {
	Field Field
	// Space is the index of the namespace it is about, -1 for none.
	Space int
	Text  string
	// Key is of what exists already, where that is all there is to say.
	Key model.Key
	// Blocks: with this nothing should be applied; else it is a warning.
	Blocks bool
}

// checker collects problems.
type checker struct {
	store *model.Store
	spec  Spec
	sent  *Spec // as it was sent before, nil for a new one
	out   []Problem
}

// Check says what is wrong with a spec, by itself and for this cluster: what
// exists already and whose it is, what is followed already, who else applies
// there. What cannot be read is not guessed about. Sent is the tenant as it was
// sent before, nil for one that is new.
func Check(s *model.Store, spec Spec, sent *Spec) []Problem {
	c := &checker{store: s, spec: spec.withDefaults(), sent: sent}
	c.fields(spec)
	if c.blocked() {
		return c.out // the rest would only repeat it in other words
	}
	c.tenant()
	for i, sp := range c.spec.Spaces {
		c.space(i, sp)
	}
	c.followed()
	c.role()
	c.inSet()
	return c.out
}

// Blocked reports whether a problem is in the way.
func Blocked(all []Problem) bool {
	return slices.ContainsFunc(all, func(p Problem) bool { return p.Blocks })
}

func (c *checker) blocked() bool { return Blocked(c.out) }

func (c *checker) add(blocks bool, f Field, space int, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if slices.ContainsFunc(c.out, func(p Problem) bool { return p.Text == text }) {
		return // of another namespace: once is enough
	}
	c.out = append(c.out, Problem{Field: f, Space: space, Text: text, Blocks: blocks})
}

// fields checks what is typed, without the cluster.
func (c *checker) fields(s Spec) {
	wrong := func(f Field, space int, v string) {
		if why := Wrong(f, v); why != "" {
			c.add(true, f, space, "%s", why)
		}
	}
	wrong(FieldName, -1, s.Name)
	if len(s.Spaces) == 0 {
		c.add(true, FieldNamespace, -1, "a tenant needs at least one namespace")
	}
	seen := map[string]bool{}
	for i, sp := range s.Spaces {
		wrong(FieldNamespace, i, sp.Namespace)
		wrong(FieldPath, i, sp.Path)
		if seen[sp.Namespace] {
			c.add(true, FieldNamespace, i, "%s is named twice", sp.Namespace)
		}
		seen[sp.Namespace] = true
	}
	wrong(FieldAccount, -1, s.Account)
	wrong(FieldURL, -1, s.Source.URL)
	wrong(FieldBranch, -1, s.Source.Branch)
	wrong(FieldSecret, -1, s.Source.Secret)
	wrong(FieldSourceName, -1, s.Source.Name)
	wrong(FieldInterval, -1, s.Source.Interval)
	wrong(FieldInterval, -1, s.Sync.Interval)
	wrong(FieldTimeout, -1, s.Sync.Timeout)
	for _, v := range []string{s.Quota.CPU, s.Quota.Memory, s.Quota.Pods} {
		wrong(FieldQuota, -1, v)
	}
	if strings.HasPrefix(s.Source.URL, "ssh://") && s.Source.Secret == "" {
		c.add(true, FieldSecret, -1, "an ssh address needs a Secret with a key; K makes one")
	}
}

// tenant looks whether the name is taken.
func (c *checker) tenant() {
	t := c.store.Tenant(c.spec.Name)
	if t == nil {
		return
	}
	var others []string
	for _, ns := range t.Namespaces {
		if !slices.ContainsFunc(c.spec.Spaces, func(sp Space) bool { return sp.Namespace == ns }) {
			others = append(others, ns)
		}
	}
	switch {
	case len(others) == 0:
	case c.sent != nil && c.sent.Name == c.spec.Name:
		c.add(false, FieldName, -1, "tenant %s has %s as well, which is no part of this: what is there goes on as it is", c.spec.Name, strings.Join(others, ", "))
	default:
		c.add(false, FieldName, -1, "tenant %s exists, with %s; this adds to it", c.spec.Name, strings.Join(others, ", "))
	}
}

// space looks at what is in a namespace already.
func (c *checker) space(i int, sp Space) {
	platform := c.store.Platform()
	if slices.Contains(platform.Namespaces, sp.Namespace) || strings.HasPrefix(sp.Namespace, "kube-") {
		c.add(true, FieldNamespace, i, "%s belongs to the platform; a tenant there would reach what all tenants share", sp.Namespace)
		return
	}
	if o := c.store.Get(model.Key{Kind: model.Namespace, Name: sp.Namespace}); o != nil {
		c.namespace(i, o)
	}
	c.object(i, FieldAccount, model.Key{Kind: model.ServiceAccount, Namespace: sp.Namespace, Name: c.spec.Account})
	binding := model.Key{Kind: model.RoleBinding, Namespace: sp.Namespace, Name: bindingName(c.spec.Name)}
	c.object(i, FieldRole, binding)
	if o := c.store.Get(binding); o != nil {
		// The API server refuses to change roleRef.
		if d, ok := o.Detail.(*model.Binding); ok && d.RoleName != c.spec.Role.String() {
			c.add(true, FieldRole, i, "RoleBinding %s/%s exists with role %s, and a binding's role can't be changed: choose that one, or delete the binding first", sp.Namespace, binding.Name, d.RoleName)
		}
	}
	for _, kind := range []model.Kind{model.GitRepository, model.Kustomization} {
		c.object(i, FieldSourceName, model.Key{Kind: kind, Namespace: sp.Namespace, Name: c.spec.Source.Name})
	}
	c.appliers(i, sp)
}

// namespace looks whose a namespace that exists is.
func (c *checker) namespace(i int, o *model.Object) {
	switch label := o.Labels.Get(model.LabelTenant); {
	case o.Deleting != 0:
		c.add(true, FieldNamespace, i, "%s is being deleted; wait until it is gone", o.Name)
	case label != "" && label != c.spec.Name:
		c.add(true, FieldNamespace, i, "%s belongs to tenant %s", o.Name, label)
	case label == "":
		c.add(false, FieldNamespace, i, "%s exists and gets the label %s=%s; nothing else of it changes", o.Name, model.LabelTenant, c.spec.Name)
	}
}

// object says whose an object is that would be changed.
func (c *checker) object(i int, f Field, k model.Key) {
	o := c.store.Get(k)
	if o == nil {
		return
	}
	set, asSet := c.spec.SetKey()
	label := o.Labels.Get(model.LabelTenant)
	owner, owned := c.store.Owner(o)
	switch {
	case owned && asSet && owner == set:
		return // what is asked for changes what makes it
	case owned:
		c.add(true, f, i, "%s exists and %s applies it: change it there, or choose another name", k, owner)
	case label != "" && label != c.spec.Name:
		c.add(true, f, i, "%s belongs to tenant %s: choose another name", k, label)
	default:
		c.exists(f, i, k)
	}
}

func (c *checker) exists(f Field, space int, k model.Key) {
	n := len(c.out)
	if c.add(false, f, space, "%s exists; only the fields named here are set", k); len(c.out) > n {
		c.out[n].Key = k
	}
}

// appliers looks for syncs that apply into the namespace already: two that
// force the same object undo each other for ever (kustomize-controller always
// forces conflicts).
func (c *checker) appliers(i int, sp Space) {
	prefix := sp.Namespace + "_"
	var into []string
	for _, o := range c.store.Objects(model.Kustomization) {
		if o.Namespace == sp.Namespace && o.Name == c.spec.Source.Name {
			continue
		}
		for id := range strings.SplitSeq(model.Inventory(o), "\n") {
			if strings.HasPrefix(id, prefix) {
				into = append(into, o.Key.String())
				break
			}
		}
	}
	if n := len(into); n > 0 {
		c.add(false, FieldNamespace, i, "%s applies into %s already: two that apply the same object undo each other", named(into, 2), sp.Namespace)
	}
}

// followed looks for a sync that applies the same folder of the same
// repository.
func (c *checker) followed() {
	repo := c.spec.repo()
	for _, o := range c.store.Objects(model.Kustomization) {
		d, ok := o.Detail.(*model.Sync)
		if !ok {
			continue
		}
		ref := d.SourceRef
		if ref.Namespace == "" {
			ref.Namespace = o.Namespace
		}
		k, ok := ref.Key()
		if !ok || c.store.RepoOf(k) != repo {
			continue
		}
		for i, sp := range c.spec.Spaces {
			if folder(d.Path) == folder(sp.Path) && !(o.Namespace == sp.Namespace && o.Name == c.spec.Source.Name) {
				c.add(false, FieldPath, i, "%s applies %s of this repository already", o.Key, sp.Path)
			}
		}
	}
}

// folder is a path as Flux takes it: all ways to write it are one.
func folder(p string) string { return path.Clean("/" + p) }

// role says what the chosen role, and the platform, let the tenant do.
func (c *checker) role() {
	if c.spec.Role == RoleClusterAdmin {
		c.add(false, FieldRole, -1, "cluster-admin lets its Git change quotas, roles and network policies of its own namespaces; edit is enough for most")
	}
	if l := c.store.Platform().Lockdown; l.Known && !l.Enabled {
		c.add(false, FieldNone, -1, "Flux is not locked down: a sync without an account runs as cluster-admin, and sources of other namespaces can be used (FluxInstance spec.cluster.multitenant)")
	}
}

// named writes at most n names.
func named(all []string, n int) string {
	if len(all) > n {
		return strings.Join(all[:n], ", ") + fmt.Sprintf(" and %d more", len(all)-n)
	}
	return strings.Join(all, ", ")
}
