package model

import (
	"fmt"
	"strings"
)

// platformFindings are those of Flux itself, and what could not be judged.
func (s *Store) platformFindings(p *Platform, g *ground) []Finding {
	if p.NoFlux || p.Row == nil || p.Row.Reading {
		return nil
	}
	var out []Finding
	add := func(rule string, gr Gravity, k Key, evidence string, args ...any) {
		out = append(out, Finding{Rule: rule, Gravity: gr, Tenant: PlatformKey, Key: k, Evidence: fmt.Sprintf(evidence, args...)})
	}
	switch l := p.Lockdown; {
	case !l.Known:
		why := strings.TrimPrefix(l.Detail, "unknown: ")
		if len(s.conn.Namespaces) > 0 {
			why = "the namespace of Flux's controllers is not read"
		}
		out = append(out, Finding{Rule: "P1", Gravity: GravityHigh, Tenant: PlatformKey, Unknown: true, Evidence: why})
	case !l.Enabled:
		add("P1", GravityHigh, Key{}, "missing %s", several(l.Missing, 3))
	}
	for _, v := range views(p) {
		if v.LeaseStale {
			add("lease", GravityHigh, v.Key, "lease %s was last renewed at %s by %s", v.LeaseName, s.clockTime(v.LeaseRenewed), v.LeaseHolder)
		}
	}
	sync := s.platformSync(p)
	for _, k := range p.Row.Syncs {
		o := s.Get(k)
		d, ok := o.syncDetail()
		if !ok || k.Kind != Kustomization {
			continue
		}
		if k != sync && s.homes.has(k.Namespace) && ownerKey(o).Kind != FluxInstance {
			add("P26", GravityMedium, k, "it is in %s, where Flux itself lives%s", k.Namespace, asAccount(d))
		}
	}
	if i := p.Instance; i != nil && sync != (Key{}) {
		if o := s.Get(sync); o != nil && holds(Inventory(o), i.ObjectRef().InventoryID()) && !strings.EqualFold(i.Annotations.Get(annotationPrune), "disabled") {
			add("P23", GravityHigh, i.Key, "%s applies it, and its annotation %s is not disabled", sync, annotationPrune)
		}
	}
	c := check{s: s, t: p.Row, row: PlatformKey, g: g}
	suspensionRules(&c)
	secretRules(&c)
	return append(append(out, c.found...), s.unjudged(g)...)
}

// annotationPrune keeps kustomize-controller from deleting an object.
const annotationPrune = "kustomize.toolkit.fluxcd.io/prune"

// platformSync is the platform's own Kustomization: the one the FluxInstance
// makes, or flux bootstrap's.
func (s *Store) platformSync(p *Platform) Key {
	if p.Instance != nil {
		d, ok := p.Instance.Detail.(*Instance)
		if !ok || d.Sync == nil {
			return Key{}
		}
		name := d.Sync.Name
		if name == "" {
			name = p.Instance.Namespace
		}
		return Key{Kustomization, p.Instance.Namespace, name}
	}
	for _, ns := range p.Namespaces {
		if k := (Key{Kustomization, ns, ns}); s.Get(k) != nil {
			return k
		}
	}
	return Key{}
}

func asAccount(d *Sync) string {
	if d.ServiceAccount == "" {
		return ", and applies as the controller"
	}
	return ", and applies as " + d.ServiceAccount
}

// unjudged are the rules whose facts can't be read, each with the reason: what
// can't be seen is not fine.
func (s *Store) unjudged(g *ground) []Finding {
	var out []Finding
	add := func(rule string, gr Gravity, kinds ...Kind) {
		for _, k := range kinds {
			if sc := s.KindStatus(k); sc.State == ScopeDenied {
				where := ""
				if sc.Namespace != "" {
					where = " in " + sc.Namespace
				}
				out = append(out, Finding{Rule: rule, Gravity: gr, Tenant: PlatformKey, Unknown: true,
					Evidence: "you may not " + sc.Verb + " " + k.Resource() + where})
				return
			}
		}
	}
	if !g.controllers {
		out = append(out, Finding{Rule: "P2", Gravity: GravityHigh, Tenant: PlatformKey, Unknown: true,
			Evidence: "no controller is readable, so whether there is a default account is not known"})
	}
	if s.complete {
		out = append(out,
			Finding{Rule: "P12b", Gravity: GravityInfo, Tenant: PlatformKey, Unknown: true, Evidence: "what a Secret holds is not read, so whether two hold the same key is not known"},
			Finding{Rule: "P22", Gravity: GravityInfo, Tenant: PlatformKey, Unknown: true, Evidence: "Secrets are not read, so whether one holds a service account's token is not known"},
			Finding{Rule: "P24", Gravity: GravityInfo, Tenant: PlatformKey, Unknown: true, Evidence: "ResourceQuotas and NetworkPolicies are not read"})
	}
	add("P4", GravityHigh, ServiceAccount)
	add("P5", GravityHigh, RoleBinding, ClusterRoleBinding)
	add("P6", GravityCritical, RoleBinding, ClusterRoleBinding)
	return out
}
