package offboard

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// Recorded is an object that was to be deleted, as it was written down then.
type Recorded struct {
	model.Ref
	UID string
}

// Finish plans the rest of what was begun: what still exists of what was
// written down, by its UID. It does not look for the tenant: what it was
// recognised by may be what is gone.
func Finish(s *model.Store, tenant string, begun []Recorded, known Known) Plan {
	p := newPlanner(s, tenant, known)
	p.begun, p.row = map[model.Key]string{}, &model.Tenant{Name: tenant}
	for _, r := range begun {
		k, ok := r.Key()
		if !ok || r.UID == "" {
			continue
		}
		o := s.Get(k)
		if k.Kind == model.Namespace {
			if p.once = append(p.once, k.Name); o == nil || o.UID == r.UID {
				p.names = append(p.names, k.Name)
			}
		}
		if o == nil || o.UID != r.UID {
			continue
		}
		p.begun[k] = r.UID
		if k.Kind == model.Namespace {
			p.row.Namespaces = append(p.row.Namespaces, k.Name)
		}
	}
	for _, ns := range p.row.Namespaces {
		for _, kind := range model.Kinds() {
			p.store.ObjectsIn(ns, kind, func(o *model.Object) bool { p.member(o); return true })
		}
	}
	p.scattered(begun)
	plan := p.all()
	if len(plan.Steps) == 0 {
		plan.Blocked = "all of it is gone"
	}
	return plan
}

// member takes in what is in a namespace that is to go.
func (p *planner) member(o *model.Object) {
	switch o.Role() {
	case model.RoleSync:
		p.row.Syncs = append(p.row.Syncs, o.Key)
	case model.RoleSource:
		p.row.Sources = append(p.row.Sources, o.Key)
	case model.RoleAccess:
		p.row.Access = append(p.row.Access, o.Key)
		return
	default:
		return
	}
	if !p.wasBegun(o) {
		p.plan.Notes = append(p.plan.Notes, fmt.Sprintf("%s has come since this was begun: its namespace goes, so it goes before", o.Key))
	}
}

// scattered takes in what was written down without its namespace, as where
// those can't be read: that alone, and nothing else of its namespace. What is of
// the tenant elsewhere, ResourceSets and bindings, is found by what it is about.
func (p *planner) scattered(begun []Recorded) {
	for _, r := range begun {
		k, ok := r.Key()
		if !ok || p.begun[k] == "" || slices.Contains(p.once, k.Namespace) {
			continue
		}
		switch {
		case k.Kind == model.ResourceSet, k.Kind == model.RoleBinding, !k.Kind.Namespaced():
			continue
		case !p.within(k.Namespace):
			p.names = append(p.names, k.Namespace)
		}
		p.member(p.store.Get(k))
	}
}

// may reports whether an object may be planned: when something is finished, a
// namespace, and a ResourceSet elsewhere, has to be what was written down.
// Bindings elsewhere are offered.
func (p *planner) may(o *model.Object) bool {
	if p.begun == nil || p.wasBegun(o) {
		return true
	}
	return o.Kind != model.Namespace && (o.Kind != model.ResourceSet || p.within(o.Namespace))
}

// wasBegun reports whether an object is what was written down.
func (p *planner) wasBegun(o *model.Object) bool { return o.UID != "" && p.begun[o.Key] == o.UID }
