package ui

import "tenantry/model"

// growPlatform are the controllers, the source and the sync of the platform,
// what else runs there, and the lockdown.
func (p *tenantPage) growPlatform(t *model.Tenant) []*node {
	platform := p.store.Platform()
	var lists [model.LinkCount][]model.Key
	if platform.Instance != nil {
		lists[model.LinkAccess] = append(lists[model.LinkAccess], platform.Instance.Key)
	}
	if platform.Operator != nil {
		lists[model.LinkAccess] = append(lists[model.LinkAccess], platform.Operator.Key)
	}
	for _, c := range platform.Controllers {
		lists[model.LinkAccess] = append(lists[model.LinkAccess], c.Key)
	}
	lists[model.LinkSource], lists[model.LinkSync] = t.Sources, t.Syncs
	listed := map[model.Key]bool{}
	var roots []*node
	for i, title := range linkTitles(t) {
		link := t.Chain[i]
		var children []*node
		for _, k := range lists[i] {
			listed[k] = true
			n := p.leafOf(k.ObjectRef())
			if k == t.Worst || n.object != nil {
				children = append(children, n)
			}
		}
		what := linkWords(link, len(children))
		if model.Link(i) == model.LinkWorkloads {
			what = platform.Lockdown.Detail
		}
		roots = append(roots, p.heading(title, p.kit.Glyph.Link(link), what, children...))
	}
	var rest []*node
	for _, k := range t.Workloads {
		if !listed[k] {
			rest = append(rest, p.leafOf(k.ObjectRef()))
		}
	}
	if len(rest) > 0 {
		byLabel(rest)
		other := p.heading("other workloads", p.kit.Glyph.Nothing(), objects(len(rest))+" of no tenant", rest...)
		other.folded = len(rest) > 2*manyOthers && t.Chain[model.LinkWorkloads].Health == model.Ready
		roots = append(roots, other)
	}
	return roots
}
