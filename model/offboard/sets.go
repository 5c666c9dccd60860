package offboard

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// findSets finds the ResourceSets that made this tenant and nothing else: they
// go with it, or it comes back. One that makes others as well stays, and is
// named as what brings it back.
func (p *planner) findSets() {
	for _, o := range p.found(func(o *model.Object) bool { return o.Kind == model.ResourceSet }) {
		refs := model.InventoryRefs(o)
		if len(refs) == 0 || p.within(o.Namespace) {
			continue // one in its own namespaces is a sync like others
		}
		if !slices.ContainsFunc(refs, func(r model.ObjectRef) bool { return !p.its(r) }) {
			p.own = append(p.own, o.Key)
		}
	}
}

// its reports whether an object is the tenant's.
func (p *planner) its(r model.ObjectRef) bool {
	if r.Namespace == "" {
		return r.Group == "" && r.Kind == model.Namespace.String() && p.within(r.Name)
	}
	return p.within(r.Namespace)
}

// sets deletes them right after the syncs: what they made is deleted by their
// operator, accounts included, which the syncs' own pruning needed.
func (p *planner) sets() {
	for _, k := range slices.Clone(p.own) {
		o := p.store.Get(k)
		refs := model.InventoryRefs(o)
		effect := fmt.Sprintf("flux-operator deletes the %s it made, and nothing makes them again", objects(len(refs)))
		if why := p.prunesNot(o); why != "" {
			effect = "nothing is deleted with it, but by what is named here, because " + why
			p.own = slices.DeleteFunc(p.own, func(other model.Key) bool { return other == k })
		} else {
			for _, ref := range refs {
				p.plan.deletes[k] = append(p.plan.deletes[k], ref.InventoryID())
			}
		}
		p.step(o, effect)
	}
}
