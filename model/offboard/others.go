package offboard

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// What others have to do with the tenant.

// maker notes what would make an object again.
func (p *planner) maker(o *model.Object, owner model.Key, owned bool) {
	if !owned || p.planned(owner) || slices.Contains(p.own, owner) {
		return
	}
	if by := p.store.Get(owner); by.Deleting != 0 {
		return
	}
	if p.makers[owner] == nil {
		p.owners = append(p.owners, owner)
	}
	p.makers[owner] = append(p.makers[owner], o.Key.String())
}

// returns says what would bring objects back.
func (p *planner) returns() {
	for _, owner := range p.owners {
		made := p.makers[owner]
		what, they := made[0], "it comes back"
		if n := len(made); n > 1 {
			what, they = fmt.Sprintf("%d of these, %s among them", n, made[n-1]), "they come back"
		}
		p.plan.Returns = append(p.plan.Returns, fmt.Sprintf("%s applies %s: %s at its next run, unless taken out of what that applies first", owner, what, they))
	}
}

// shared looks for what others rely on.
func (p *planner) shared() {
	for _, k := range p.row.Sources {
		for _, user := range p.strangers(p.store, k) {
			p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s applies from %s and will find it gone", user, k))
		}
	}
	for _, k := range p.row.Syncs {
		for _, w := range p.store.WaitersOf(k) {
			if !p.within(w.Namespace) {
				p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s depends on %s and will wait for ever", w, k))
			}
		}
	}
	users := p.found(p.appliesIn)
	for _, ns := range p.row.Namespaces {
		for _, o := range users {
			if p.appliesInto(o, ns) {
				p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s, of %s, applies into %s as well", o.Key, p.store.TenantOf(o.Key), ns))
			}
		}
	}
}

// appliesIn reports whether an object is a sync of others that has objects in
// the tenant's namespaces. Those that made the namespace itself are named as
// what brings it back.
func (p *planner) appliesIn(o *model.Object) bool {
	if o.Kind != model.Kustomization && o.Kind != model.HelmRelease || p.within(o.Namespace) {
		return false
	}
	return slices.ContainsFunc(p.row.Namespaces, func(ns string) bool { return p.appliesInto(o, ns) })
}

func (p *planner) appliesInto(o *model.Object, ns string) bool {
	inventory := model.Inventory(o)
	if !strings.Contains(inventory, ns+"_") { // nearly all there are
		return false
	}
	for id := range strings.SplitSeq(inventory, "\n") {
		if ref, ok := model.InventoryRef(id); ok && ref.Namespace == ns && !p.goes(ref) {
			return true
		}
	}
	return false
}
