package action

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model"
)

// In which order a plan's steps are sent.

// order puts the steps into the order they are sent in: what feeds others
// before what is fed, and for a suspension the other way round, so that
// nothing half-stopped is applied.
func (p *planner) order() {
	depth := map[model.Key]int{}
	for _, s := range p.plan.Steps {
		p.depth(s.Key, depth, 0)
	}
	sign := 1
	if p.plan.Wish.Verb == Suspend {
		sign = -1
	}
	slices.SortStableFunc(p.plan.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(first(a.Key.Kind), first(b.Key.Kind)), sign*cmp.Compare(stage(a.Key.Kind), stage(b.Key.Kind)), sign*cmp.Compare(depth[a.Key], depth[b.Key]),
			strings.Compare(a.Key.Namespace, b.Key.Namespace), strings.Compare(a.Key.Name, b.Key.Name))
	})
}

// first is for what generates others: it is stopped before them, that it takes
// nothing back, and let go before them.
func first(k model.Kind) int {
	if k == model.FluxInstance {
		return 0
	}
	return 1
}

// stage is how far from its repository a kind stands.
func stage(k model.Kind) int {
	switch k {
	case model.HelmChart:
		return 2
	case model.Kustomization, model.HelmRelease, model.ResourceSet:
		return 3
	}
	return 1
}

// depth is how many dependencies stand before a sync.
func (p *planner) depth(k model.Key, known map[model.Key]int, level int) int {
	if d, ok := known[k]; ok || level > 20 { // a cycle is Flux's to complain about
		return d
	}
	known[k] = 0
	o := p.store.Get(k)
	if o == nil {
		return 0
	}
	d, ok := o.Detail.(*model.Sync)
	if !ok {
		return 0
	}
	deepest := 0
	for _, ref := range d.DependsOn {
		if ref.Kind == "" {
			ref.Kind = k.Kind.String()
		}
		if ref.Namespace == "" {
			ref.Namespace = k.Namespace
		}
		if dep, ok := ref.Key(); ok {
			deepest = max(deepest, p.depth(dep, known, level+1)+1)
		}
	}
	known[k] = deepest
	return deepest
}
