package ui

import (
	"slices"

	"tenantry/model"
	"tenantry/ui/textview"
)

// namespaces are those the tenant lives in.
func (p *tenantPage) namespaces() []string {
	if p.platform {
		if platform := p.store.Platform(); platform != nil {
			return platform.Namespaces
		}
		return nil
	}
	if p.tenant == nil {
		return nil
	}
	return p.tenant.Namespaces
}

// wants are the events of the tenant's namespaces, while they are looked at, or
// what they tell of commits is.
func (p *tenantPage) wants() []model.Want {
	if p.tab != tabEvents && p.tab != tabDeployments && p.tab != tabHistory {
		return nil
	}
	var out []model.Want
	for _, ns := range p.namespaces() {
		out = append(out, model.Want{Kind: model.Event, Namespace: ns})
	}
	return out
}

// eventLines are the events of all its namespaces.
func (p *tenantPage) eventLines() []textview.Line {
	spaces := p.namespaces()
	p.events.state = p.eventScope(spaces)
	var all []*model.Object
	for _, ns := range spaces {
		all = append(all, p.store.Events(ns)...)
	}
	if len(spaces) > 1 {
		slices.SortStableFunc(all, func(a, b *model.Object) int {
			return int(b.Detail.(*model.EventDetail).Last - a.Detail.(*model.EventDetail).Last)
		})
	}
	return p.events.write(p.env, all, true)
}

// telling reports whether a change of the row's state tells more than those of
// its objects, which are listed too: that it broke, or is mended.
func telling(e model.Entry) bool {
	from, _ := model.HealthNamed(e.From)
	to, _ := model.HealthNamed(e.To)
	return from.Unhealthy() || to.Unhealthy() || from == model.Suspended || to == model.Suspended
}

// historyLines are what changed in the tenant: its row's state, its objects.
func (p *tenantPage) historyLines() []textview.Line {
	t := p.tenant
	if t == nil {
		return p.history(nil, nil)
	}
	mine := map[model.Key]bool{}
	var before []past
	for _, list := range [][]model.Key{t.Sources, t.Syncs, t.Workloads, t.Access} {
		for _, k := range list {
			mine[k] = true
			if o := p.store.Get(k); o != nil {
				before = append(before, p.remembered(o, k.Kind.String()+" "+k.Name)...)
			}
		}
	}
	spaces := p.namespaces()
	h := newHistorian(p.env)
	isMine := func(e *model.Entry) bool {
		if e.Change == model.ChangeTenant {
			return e.Key.Name == p.row() && telling(*e)
		}
		return mine[e.Key] || slices.Contains(spaces, e.Key.Namespace) || e.Key.Kind == model.Namespace && slices.Contains(spaces, e.Key.Name)
	}
	whose := func(e *model.Entry) string {
		if e.Change == model.ChangeTenant {
			return p.name
		}
		return e.Key.Kind.String() + " " + e.Key.Name
	}
	before = append(h.earlierPast(isMine, whose), before...)
	var seen []past
	p.store.Log().Since(0, func(e model.Entry) bool {
		if isMine(&e) {
			line := h.pastOf(e)
			line.whose = whose(&e)
			seen = append(seen, line)
		}
		return true
	})
	var said []*model.Object
	for _, ns := range spaces {
		for _, o := range p.store.Events(ns) {
			if d, ok := o.Detail.(*model.EventDetail); ok && warning(d) { // of all the others there are too many
				said = append(said, o)
			}
		}
	}
	old, fresh := p.eventPast(said, true)
	before, seen = append(before, old...), append(seen, fresh...)
	return append(p.usualLines(t), p.history(before, seen)...)
}
