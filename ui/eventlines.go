package ui

import (
	"fmt"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
	"tenantry/ui/textview"
)

// eventList is how the events of an object or a tenant are shown: like a log,
// the newest at the end.
type eventList struct {
	warnings bool // only these
	known    int  // how many there are
	bad      int  // warnings among them
	state    model.ScopeStatus
}

// eventsOf is the namespace in which the events of an object are: those of
// what has none are in default.
func eventsOf(k model.Key) string {
	if k.Namespace == "" {
		return "default"
	}
	return k.Namespace
}

// eventLines are the object's events.
func (p *objectPage) eventLines() []textview.Line {
	p.events.state = p.eventScope([]string{eventsOf(p.key)})
	return p.events.write(p.env, p.store.EventsOf(p.key), false)
}

// eventScope is how the events of namespaces are read; the worst for a reader
// counts.
func (e *env) eventScope(namespaces []string) model.ScopeStatus {
	worst := model.ScopeStatus{State: model.ScopeSynced}
	for _, ns := range namespaces {
		s, ok := e.store.WantedScope(model.Event, ns)
		if !ok {
			s.State = model.ScopeSyncing
		}
		if eventRank(s.State) > eventRank(worst.State) || s.State == worst.State && s.Newest > worst.Newest {
			worst = s
		}
	}
	return worst
}

func eventRank(s model.ScopeState) int {
	switch s {
	case model.ScopeSyncing:
		return 1
	case model.ScopeStale:
		return 2
	case model.ScopeDenied, model.ScopeAbsent:
		return 3
	}
	return 0
}

// write writes events, given newest first; whose says which object each is
// about.
func (l *eventList) write(e *env, events []*model.Object, whose bool) []textview.Line {
	l.known, l.bad = len(events), 0
	var out []textview.Line
	clock := clockWidth(e, events)
	for i := len(events) - 1; i >= 0; i-- {
		d, ok := events[i].Detail.(*model.EventDetail)
		if !ok {
			continue
		}
		if warning(d) {
			l.bad++
		} else if l.warnings {
			continue
		}
		out = append(out, e.eventLine(d, clock, whose))
	}
	if len(out) > 0 {
		return out
	}
	d := describer{env: e}
	l.none(&d)
	return d.lines
}

func warning(d *model.EventDetail) bool { return d.Type == "Warning" }

// clockWidth is the room the times need.
func clockWidth(e *env, events []*model.Object) int {
	w := 0
	for _, o := range events {
		if d, ok := o.Detail.(*model.EventDetail); ok {
			w = max(w, len(e.moment(d.Last)))
		}
	}
	return w
}

func (e *env) eventLine(d *model.EventDetail, clock int, whose bool) textview.Line {
	m := mark{Shape: e.kit.Glyph.Nothing().Shape, Role: themes.Muted}
	role := themes.Text
	if warning(d) {
		m, role = mark{Shape: e.kit.Glyph.Of(model.Stalled).Shape, Role: themes.Caution}, themes.Caution
	}
	line := textview.Line{Spans: []textview.Span{
		{Role: themes.Muted, Text: text.Pad(e.moment(d.Last), clock) + "  "}, {Role: m.Role, Text: m.Shape + " "},
	}}
	if whose {
		line.Spans = append(line.Spans, textview.Span{Text: d.Regarding.Kind + " " + d.Regarding.Name + "  "})
	}
	line.Spans = append(line.Spans, textview.Span{Role: role, Text: d.Reason}, textview.Span{Text: "  " + text.Clean(d.Message)})
	behind := ""
	if d.Count > 1 {
		behind = fmt.Sprintf("%d times since %s", d.Count, e.moment(d.First))
	}
	if !whose { // of a whole tenant there are many, and the object tells who it was
		behind = join(behind, d.Controller)
	}
	if behind != "" {
		line.Spans = append(line.Spans, textview.Span{Role: themes.Muted, Text: "  " + behind})
	}
	line.Hang = clock + 4
	return line
}

// none says why there are no events to show.
func (l *eventList) none(d *describer) {
	switch l.state.State {
	case model.ScopeSyncing:
		d.title("Reading events")
		d.text("They are read while this is open.")
	case model.ScopeDenied:
		where := "in " + l.state.Namespace
		if l.state.Namespace == "" {
			where = "in all namespaces"
		}
		d.title("Events are not readable by you")
		d.text(fmt.Sprintf("You may not %s events %s. That is neither a fault nor \"none\". The rule to ask for:", orNone(l.state.Verb, "list"), where))
		d.text("")
		for _, line := range rule("", "events", "get, list, watch") {
			d.text(line)
		}
	case model.ScopeAbsent:
		d.title("No events")
		d.text("The server serves none.")
	default:
		if l.warnings && l.known > 0 {
			d.title("No warnings")
			d.text(fmt.Sprintf("%s of other kinds are hidden; ! shows them.", counted(l.known, "event")))
			return
		}
		d.title("No events")
		d.text("A cluster keeps them for an hour, unless it was told otherwise.")
	}
}

// count is the line's part of line 2.
func (l *eventList) count(line *draw.Line) {
	switch l.state.State {
	case model.ScopeSyncing, model.ScopeDenied, model.ScopeAbsent:
		return
	case model.ScopeStale:
		line.Put(themes.Caution, "watch broken: what came since is not shown").Skip(3)
	}
	line.Put(themes.Text, counted(l.known, "event"))
	if l.bad > 0 {
		line.Put(themes.Muted, ", ").Put(themes.Caution, counted(l.bad, "warning"))
	}
	if l.warnings {
		line.Put(themes.Accent, "  ! warnings only")
	}
	if l.known > 0 {
		line.Put(themes.Muted, ", newest last")
	}
	if l.state.Newest > 0 {
		line.Put(themes.Muted, fmt.Sprintf(" of the newest %d", l.state.Newest))
	}
}
