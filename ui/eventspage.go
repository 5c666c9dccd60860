package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
)

// events lists what was said about any object of any tenant, newest first.
// Events are read only while the page is open.
type events struct {
	list
	known map[model.Key]*listRow
	bad   int // warnings among the rows
}

func newEvents(e *env) screen {
	p := &events{known: map[model.Key]*listRow{}}
	p.list = newList(e, p, p.columns()...)
	p.table.Markable = func(*listRow) bool { return false } // there is nothing to do with an event
	return p
}

func (p *events) title() string         { return "Events" }
func (p *events) sorting() string       { return "newest first" }
func (p *events) kinds() []model.Kind   { return []model.Kind{model.Event} }
func (p *events) wants() []model.Want   { return []model.Want{{Kind: model.Event}} }
func (p *events) order(rows []*listRow) {} // they come so

func (p *events) nothing() (head, body string) {
	return "No events", "A cluster keeps them for an hour, unless it was told otherwise."
}

// gather returns a row per event; that of an event that is the same as in the
// last picture is the same row.
func (p *events) gather() []*listRow {
	all := p.store.Events("")
	known := make(map[model.Key]*listRow, len(all))
	rows := make([]*listRow, 0, len(all))
	p.bad = 0
	for _, o := range all {
		r := p.known[o.Key]
		if r == nil || r.object != o {
			if r = p.row(o, r); r == nil {
				continue
			}
		}
		known[o.Key] = r
		r.tenant = p.tenantOf(r)
		if !p.scope.covers(r.tenant, r.regarding.Namespace) {
			continue
		}
		if warning(r.event) {
			p.bad++
		}
		rows = append(rows, r)
	}
	p.known = known
	return rows
}

func (p *events) row(o *model.Object, before *listRow) *listRow {
	d, ok := o.Detail.(*model.EventDetail)
	if !ok {
		return nil
	}
	r := &listRow{id: listID{key: o.Key}, object: o, event: d, looked: true}
	r.regarding = model.Key{Namespace: d.Regarding.Namespace, Name: d.Regarding.Name}
	if k, watched := d.Regarding.Key(); watched {
		r.regarding = k
	}
	r.state, r.since, r.what = mark{Shape: p.kit.Glyph.Nothing().Shape, Word: d.Type, Role: themes.Muted}, d.Last, d.Message
	if warning(d) {
		r.state.Shape, r.state.Role, r.rank = p.kit.Glyph.Of(model.Stalled).Shape, themes.Caution, unhealthyRank
	}
	if len(p.known) > 0 && (before == nil || before.event.Last != d.Last) {
		r.marks.note(cellState, p.local, true) // a log that flashes can't be read
	}
	r.tenant = p.tenantOf(r)
	p.measure(r)
	return r
}

// tenantOf is whose an event is: that of its object, else of its namespace.
func (p *events) tenantOf(r *listRow) string {
	if k := r.regarding; k.Kind != model.KindUnknown && p.store.Get(k) != nil {
		return p.store.TenantOf(k)
	}
	return p.store.TenantOf(r.id.key)
}

func (p *events) found(r *listRow, s *query.Subject) {
	d := r.event
	s.Name, s.State, s.Age = d.Regarding.Name, d.Type, p.lasts(r.since)
	s.Namespaces = append(s.Namespaces[:0], r.regarding.Namespace)
	s.Text = append(s.Text[:0], p.tenantName(r.tenant), d.Regarding.Kind, d.Reason, d.Message)
	s.Revisions = append(s.Revisions[:0], model.RevisionSum(d.Revision))
	s.By = func() []string { return []string{d.Controller} }
}

func (p *events) counts(l *draw.Line) {
	if status := p.statusOf(model.Event); status.State == model.ScopeStale {
		l.Put(themes.Caution, p.kit.Glyph.Old().Shape+" "+p.age(status.Since)+" old: the watch is broken").Skip(2)
	}
	l.Put(themes.Text, counted(len(p.all), "event"))
	if p.bad > 0 {
		l.Skip(2).Put(themes.Caution, counted(p.bad, "warning"))
	}
	if n := p.statusOf(model.Event).Newest; n > 0 {
		l.Skip(2).Put(themes.Muted, fmt.Sprintf("of the newest %d", n))
	}
}

func (p *events) sections(r *listRow) []section {
	d := r.event
	said := fmt.Sprintf("%s %s", d.Regarding.Kind, d.Regarding.Name)
	if d.Regarding.Namespace != "" {
		said = fmt.Sprintf("%s %s/%s", d.Regarding.Kind, d.Regarding.Namespace, d.Regarding.Name)
	}
	when := "at " + p.moment(d.Last)
	if d.Count > 1 {
		when = fmt.Sprintf("%d times since %s, last %s", d.Count, p.moment(d.First), when)
	}
	if d.Controller != "" {
		when += ", by " + d.Controller
	}
	if d.Revision != "" {
		when += ", working on " + model.ShortRevision(d.Revision)
	}
	sections := []section{{label: "SAID", text: d.Reason + ": " + sentence(strings.TrimSpace(d.Message))}, {label: "OF", text: said + ", " + when + "."}}
	if plain, known := model.Explained(r.regarding.Kind, d.Message); known && warning(d) {
		sections = slices.Insert(sections, 0, section{label: "WHY", text: upperFirst(sentence(plain))})
	}
	return sections
}

// enter opens the object the event is about.
func (p *events) enter(r *listRow) tea.Cmd {
	if r.regarding.Kind == model.KindUnknown {
		p.paths.note(r.event.Regarding.Kind + " " + r.event.Regarding.Name + " is of a kind that is not read here")
		return nil
	}
	return p.paths.open(newObjectPage(p.env, r.regarding))
}

// ofUnwatched reports whether the event under the cursor is about an object of a
// kind that is not read here, so that nothing can be done to it.
func (p *events) ofUnwatched() bool {
	r, ok := p.table.Current()
	return ok && r.event != nil && r.regarding.Kind == model.KindUnknown
}

func (p *events) hints() []keymap.Action {
	return []keymap.Action{keymap.Open, keymap.Escape, keymap.Filter, keymap.Trouble, keymap.Sort, keymap.Pause, keymap.Copy, keymap.Help}
}
