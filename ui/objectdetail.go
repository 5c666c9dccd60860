package ui

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/ui/text"
)

// detail writes what a kind has beyond its state and metadata.
func (p *objectPage) detail(d *describer, o *model.Object) {
	switch x := o.Detail.(type) {
	case *model.Source:
		p.source(d, o, x)
	case *model.Sync:
		p.sync(d, o, x)
	case *model.Instance:
		p.instance(d, o, x)
	case *model.Workload:
		p.workload(d, o, x)
	case *model.Binding:
		d.section("BINDING")
		d.add("role", x.RoleKind+" "+x.RoleName)
		d.add("that is", roleInWords(x.RoleName, o.Namespace))
		for _, s := range x.Subjects {
			if s.Kind == model.ServiceAccount.String() {
				d.reference("for", model.Ref(s), o.Namespace)
				continue
			}
			d.add("for", subjectName(s, o.Namespace))
		}
	case *model.Account:
		d.section("ACCOUNT")
		d.add("pull secrets", strings.Join(x.ImagePullSecrets, ", "))
	case *model.NamespaceDetail:
		d.section("NAMESPACE")
		d.add("phase", x.Phase)
		if t := p.store.Tenant(p.store.TenantOf(o.Key)); t != nil {
			for _, e := range t.Evidence {
				d.add("a tenant by", join(e.Rule, e.Detail))
			}
		}
	case *model.SecretDetail:
		d.section("SECRET")
		d.add("type", x.Type)
		d.add("keys", strings.Join(x.Keys, ", "))
		d.add("values", "never read")
	case *model.Provider:
		d.section("PROVIDER")
		d.add("type", x.Type)
		d.add("url", x.URL)
	}
}

func (p *objectPage) source(d *describer, o *model.Object, s *model.Source) {
	d.section("SOURCE")
	d.add("url", s.URL)
	d.reference("from", s.SourceRef, o.Namespace)
	ref := s.Ref
	if ref == "" && o.Kind == model.GitRepository {
		ref = "not given: Flux takes the branch master"
	}
	d.add("ref", ref)
	d.add("revision", orNone(s.Revision, "none fetched yet"))
	d.add("changed", p.moment(s.Updated))
	if s.Static {
		d.add("asked", "never: it is only looked up by what uses it")
	} else {
		d.add("asked", every(s.Interval))
	}
	d.add("timeout", lasts(s.Timeout, 60))
	if s.Provider != "" && s.Provider != "generic" {
		d.add("provider", s.Provider)
	}
	p.secrets(d, o.Namespace, s.Secrets)
	d.add("asked by hand", requested(s.LastHandled))
}

func (p *objectPage) sync(d *describer, o *model.Object, s *model.Sync) {
	d.section("SYNC")
	d.reference("source", s.SourceRef, o.Namespace)
	d.add("path", s.Path)
	d.add("applied", orNone(s.Applied, "nothing yet"))
	if s.Attempted != s.Applied {
		d.add("attempted", s.Attempted)
	}
	if src := p.sourceOf(o.Key, s); src != nil && src.Revision != "" && o.Kind == model.Kustomization && !model.SameRevision(src.Revision, s.Applied) {
		d.add("source is at", src.Revision)
	}
	d.add("runs", every(s.Interval))
	if s.RetryInterval > 0 {
		d.add("retries", every(s.RetryInterval))
	}
	d.add("timeout", p.syncTimeout(o, s))
	if s.ServiceAccount == "" {
		d.add("runs as", "not given: the controller's default account, or its own rights")
	} else if !s.RemoteCluster {
		d.reference("runs as", model.Ref{Kind: model.ServiceAccount.String(), Namespace: o.Namespace, Name: s.ServiceAccount}, o.Namespace)
	} else {
		d.add("runs as", s.ServiceAccount)
	}
	d.add("into", s.TargetNamespace)
	if s.RemoteCluster {
		d.add("cluster", "another one, by a kubeconfig: what is here says nothing of it")
	}
	if o.Kind == model.Kustomization {
		d.add("prune", onOff(s.Prune, "what leaves Git is deleted", "what leaves Git stays in the cluster"))
		d.add("wait", onOff(s.Wait, "Ready means healthy", waitOff(s)))
		if s.Force {
			d.add("force", "on: what can't be changed is deleted and made anew")
		}
		d.add("when deleted", s.DeletionPolicy)
	}
	p.secrets(d, o.Namespace, s.Secrets)
	if n := s.InventoryLen(); n > 0 {
		d.add("inventory", objects(n)+": "+kindsInWords(o))
	}
	d.add("asked by hand", requested(s.LastHandled))
}

func waitOff(s *model.Sync) string {
	if s.HealthChecks > 0 {
		return counted(int(s.HealthChecks), "health check") + " instead"
	}
	return "Ready means applied, not healthy"
}

func (p *objectPage) instance(d *describer, o *model.Object, i *model.Instance) {
	d.section("FLUX")
	d.add("version", i.Version)
	d.add("registry", i.Registry)
	d.add("components", strings.Join(i.Components, ", "))
	d.add("cluster", join(i.ClusterType, i.Size))
	d.add("multitenant", onOff(i.Multitenant, "tenants are locked into their namespaces", "nothing locks tenants in"))
	d.add("default account", i.TenantDefaultAccount)
	d.add("applied", i.Applied)
	if i.Attempted != i.Applied {
		d.add("attempted", i.Attempted)
	}
	d.add("waits", onOff(i.Wait, "Ready means that its sync is healthy", "Ready means applied"))
	d.add("pull secrets", join(i.ImagePullSecret, i.ArtifactPullSecret))
	if i.KustomizePatchesCount > 0 {
		d.add("patches", fmt.Sprint(i.KustomizePatchesCount))
	}
	if n := strings.Count(i.Inventory, "\n"); i.Inventory != "" {
		d.add("inventory", objects(n+1)+": "+kindsInWords(o))
	}
	d.add("asked by hand", requested(i.LastHandled))
	d.section("SYNC")
	if i.Sync == nil {
		d.add("", "none: this instance applies nothing but Flux")
		return
	}
	s := i.Sync
	d.add("kind", s.Kind)
	d.add("url", s.URL)
	d.add("ref", s.Ref)
	d.add("path", s.Path)
	d.add("name", orNone(s.Name, o.Namespace+", after the namespace"))
	d.add("asked", every(s.Interval))
	d.add("provider", s.Provider)
	if s.PullSecret != "" {
		p.secrets(d, o.Namespace, []model.Pair{{Name: "pullSecret", Value: s.PullSecret}})
	}
}

// secrets are the Secrets an object names, and whether they are there where
// that is known.
func (p *objectPage) secrets(d *describer, namespace string, pairs []model.Pair) {
	for _, s := range pairs {
		k := model.Key{Kind: model.Secret, Namespace: namespace, Name: s.Value}
		d.named("secret", s.Value, p.stateAt(k), s.Name)
	}
}

// kindsInWords counts an inventory by kind, the most first.
func kindsInWords(o *model.Object) string {
	counts := map[string]int{}
	for _, r := range model.InventoryRefs(o) {
		counts[r.Kind]++
	}
	kinds := make([]string, 0, len(counts))
	for k := range counts {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool {
		if counts[kinds[i]] != counts[kinds[j]] {
			return counts[kinds[i]] > counts[kinds[j]]
		}
		return kinds[i] < kinds[j]
	})
	for i, k := range kinds {
		kinds[i] = fmt.Sprintf("%d %s", counts[k], k)
	}
	return strings.Join(kinds, ", ")
}

func orNone(s, none string) string {
	if s == "" {
		return none
	}
	return s
}

func onOff(on bool, yes, no string) string {
	if on {
		return "on: " + yes
	}
	return "off: " + no
}

// lasts writes a limit in seconds, or its default.
func lasts(seconds, def int32) string {
	if seconds > 0 {
		return span(seconds)
	}
	return span(def) + ", Flux's default"
}

// span writes a duration exactly: 9m30s, 10m, 1h30m.
func span(n int32) string {
	s := secondsOf(n).String()
	if rest, ok := strings.CutSuffix(s, "m0s"); ok {
		s = rest + "m"
	}
	if rest, ok := strings.CutSuffix(s, "h0m"); ok {
		s = rest + "h"
	}
	return s
}

func secondsOf(n int32) time.Duration { return time.Duration(n) * time.Second }

// syncTimeout is how long one run may take, by each controller's default.
func (p *objectPage) syncTimeout(o *model.Object, s *model.Sync) string {
	switch {
	case s.Timeout > 0:
		return span(s.Timeout)
	case o.Kind == model.Kustomization:
		return lasts(0, max(s.Interval-30, 30))
	}
	return lasts(0, 300)
}

// requested is the moment of the last request by hand, as whoever made it
// wrote it; a time is written short.
func requested(token string) string {
	if at, err := time.Parse(time.RFC3339Nano, token); err == nil {
		return at.UTC().Format("2006-01-02 15:04:05") + " UTC"
	}
	return text.Clean(token)
}
