package ui

import (
	"cmp"
	"fmt"
	"slices"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/query"
)

// suspended lists what was stopped on purpose: since when, by whom, until when,
// and whether it will last.
type suspended struct {
	list
	kept keptRows
}

func newSuspended(e *env) screen {
	p := &suspended{}
	p.list = newList(e, p, p.columns()...)
	return p
}

func (p *suspended) title() string { return "Suspended" }

func (p *suspended) sorting() string { return "overdue first" }

func (p *suspended) kinds() []model.Kind {
	return []model.Kind{model.FluxInstance, model.ResourceSetInputProvider, model.GitRepository, model.OCIRepository, model.Bucket,
		model.HelmRepository, model.HelmChart, model.Kustomization, model.HelmRelease, model.ResourceSet}
}

func (p *suspended) nothing() (head, body string) {
	return "Nothing is suspended", "What is stopped on purpose stands here: since when, by whom, until when, and whether it will last."
}

func (p *suspended) gather() []*listRow { return p.kept.gather(p.env, p.rowsOf) }

// rowsOf are the suspended objects of a tenant; those of a tenant nothing is
// applied to any more are one row.
func (p *suspended) rowsOf(t *model.Tenant, _ []*listRow) []*listRow {
	var rows []*listRow
	syncs, stopped := 0, 0
	for _, o := range p.stoppable(t) {
		if o.Role() == model.RoleSync {
			syncs++
		}
		s, is := p.store.Suspension(o)
		if !is {
			if s, is = p.store.Undone(o); is {
				rows = append(rows, p.row(rowKey(t), o, &s))
			}
			continue
		}
		if o.Role() == model.RoleSync {
			stopped++
		}
		rows = append(rows, p.row(rowKey(t), o, &s))
	}
	undone := slices.ContainsFunc(rows, func(r *listRow) bool { return r.suspension.Undone })
	if len(rows) < 2 || stopped < syncs || stopped == 0 || t.IsPlatform || undone {
		return rows
	}
	return []*listRow{p.whole(rowKey(t), rows)}
}

// stoppable are the objects of a tenant that can be suspended.
func (e *env) stoppable(t *model.Tenant) []*model.Object {
	if t.Reading {
		return nil
	}
	var out []*model.Object
	for _, list := range [][]model.Key{t.Syncs, t.Sources, t.Workloads} {
		for _, k := range list {
			if o := e.store.Get(k); o != nil {
				out = append(out, o)
			}
		}
	}
	for _, ns := range t.Namespaces {
		e.store.ObjectsIn(ns, model.ResourceSetInputProvider, func(o *model.Object) bool { out = append(out, o); return true })
	}
	if platform := e.store.Platform(); t.IsPlatform && platform.Instance != nil {
		out = append(out, platform.Instance)
	}
	return out
}

func (p *suspended) row(tenant string, o *model.Object, s *model.Suspension) *listRow {
	r := &listRow{id: listID{key: o.Key}, tenant: tenant, object: o, suspension: s, looked: true}
	r.objectFacts = p.factsOfObject(o)
	r.since = s.Since
	r.rank = suspensionRank(s)
	p.measure(r)
	return r
}

// whole is a row for a tenant that stands still as a whole. It says what its
// objects agree on.
func (p *suspended) whole(tenant string, under []*listRow) *listRow {
	s := *under[0].suspension
	s.Key = model.Key{}
	for _, u := range under[1:] {
		o := u.suspension
		if s.Since == 0 || o.Since != 0 && o.Since < s.Since {
			s.Since = o.Since
		}
		s.By, s.Reason, s.Until = agreed(s.By, o.By), agreed(s.Reason, o.Reason), agreed(s.Until, o.Until)
		if o.Overdue {
			s.Overdue, s.UntilAt, s.Until = true, o.UntilAt, o.Until
		}
		s.Was = model.Worse(s.Was, o.Was)
		if o.Lasts > s.Lasts {
			s.Lasts, s.Because = o.Lasts, o.Because
		}
	}
	r := &listRow{id: listID{what: "tenant", tenant: tenant}, tenant: tenant, suspension: &s, under: under}
	r.state, r.since, r.rank = p.kit.Glyph.Of(model.Suspended), s.Since, suspensionRank(&s)
	r.what = suspensionWords(&s)
	p.measure(r)
	for _, u := range under {
		u.head = r
	}
	return r
}

// order is overdue first, then the oldest; what nobody knows the age of last.
func (p *suspended) order(rows []*listRow) {
	slices.SortStableFunc(rows, func(a, b *listRow) int {
		if a.suspension.Overdue != b.suspension.Overdue {
			if a.suspension.Overdue {
				return -1
			}
			return 1
		}
		return oldestFirst(a, b)
	})
}

func oldestFirst(a, b *listRow) int {
	switch {
	case a.since == b.since:
		return 0
	case a.since == 0:
		return 1
	case b.since == 0:
		return -1
	}
	return cmp.Compare(a.since, b.since)
}

func (p *suspended) found(r *listRow, s *query.Subject) {
	sus := r.suspension
	s.Name, s.State, s.Age = r.id.key.Name, r.state.Word, p.lasts(r.since)
	s.Namespaces = append(s.Namespaces[:0], r.id.key.Namespace)
	s.Text = append(s.Text[:0], p.tenantName(r.tenant), sus.Reason, sus.Was.String(), sus.Until, p.lasting(sus))
	if sus.Overdue {
		s.Text = append(s.Text, "overdue")
	}
	s.Revisions = append(s.Revisions[:0], model.RevisionSum(r.revision))
	s.Repos = func() []string {
		if r.object == nil {
			return nil
		}
		return p.reposOf(r.object)
	}
	s.By = func() []string { return []string{sus.By} }
}

// counts are how many objects are suspended, those that share a row too, and
// how many of them need a look.
func (p *suspended) counts(l *draw.Line) {
	stopped, overdue, fleeting, undone := 0, 0, 0, 0
	count := func(r *listRow) {
		if r.suspension.Undone {
			undone++
			return
		}
		stopped++
		if r.suspension.Overdue {
			overdue++
		}
		if r.suspension.Lasts == model.LastsNo {
			fleeting++
		}
	}
	for _, r := range p.all {
		switch {
		case r.head != nil: // counted with it
		case len(r.under) > 0:
			for _, u := range r.under {
				count(u)
			}
		default:
			count(r)
		}
	}
	m := p.kit.Glyph.Of(model.Suspended)
	l.Put(m.Role, m.Shape).Put(themes.Text, fmt.Sprintf(" %d suspended", stopped))
	if overdue > 0 {
		l.Skip(2).PutMod(themes.Held, themes.Strong, fmt.Sprintf("%d overdue", overdue))
	}
	if fleeting > 0 {
		l.Skip(2).Put(themes.Caution, fmt.Sprintf("%d will not last", fleeting))
	}
	if undone > 0 {
		l.Skip(2).Put(themes.Caution, fmt.Sprintf("%d undone", undone))
	}
	p.putUnread(l)
}

// sections say what is known of a suspension, what stands still, and how it
// ends.
func (p *suspended) sections(r *listRow) []section {
	s := r.suspension
	who := "All syncs of " + p.tenantName(r.tenant) + " are suspended"
	if r.object != nil {
		who = r.id.key.String() + " is suspended"
	}
	if s.Undone {
		who = r.id.key.String() + " runs, though it was suspended"
	}
	why := who
	if s.Since != 0 {
		why += " since " + p.moment(s.Since)
	}
	if s.By != "" {
		why += ", by " + s.By
	}
	if s.Reason != "" {
		why += ": " + s.Reason
	}
	why = sentence(why)
	if s.Since == 0 || s.By == "" {
		why += " Kubernetes keeps no record of who suspended something, or when."
	}
	if s.Until != "" {
		why += p.meant(s)
	}
	if s.Was != model.Ready && s.Was != model.NotApplicable {
		why += " Before that it was " + s.Was.String() + "."
	}
	sections := []section{{label: "WHY", text: why}, {label: "NEXT", text: ending(s)}}
	if r.object != nil && !s.Undone {
		sections = append(sections, section{label: "NOW", text: standsStill(r.object.Role()), spare: true},
			section{label: "RUN", text: command(model.Suspended, r.id.key), spare: true})
	}
	return sections
}
