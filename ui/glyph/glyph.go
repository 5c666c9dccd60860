// Package glyph holds the shapes states are told by: one set for terminals
// that speak Unicode, one for those that don't. A shape always goes together
// with a word, except in the chain and the fleet line.
package glyph

import (
	"tenantry/model"
	"tenantry/themes"
)

// Mark is how one state looks: its shape, its word and the role that colours
// the shape.
type Mark struct {
	Shape string
	Word  string
	Role  themes.Role
}

// Set is one family of shapes.
type Set struct {
	ASCII    bool
	Ellipsis string // where text was cut
	Arrow    string // from → to
	Into     string // between the parts of line 1
	Folded   string
	Unfolded string
	Live     string // the dot before "live"
	Fresh    string // the mark of a recent change
	Marked   string // a row that is marked
	Left     string // columns are out of view at the left; Arrow: at the right
	Cursor   string
	Rule     string
	Dash     string // joins the links of the chain in words
	UpDown   [2]string
	AtLeast  string
	Sides    [2]string // round the one of several that is shown
	Unknown  string    // an unknown time or number
	// The pods of a rollout, place by place.
	PodNew, PodStarting, PodOld, PodToCome string
	// The bar of a commit: fetched and not yet applied, then applied.
	BarFetched, BarApplied string
	Sparks                 [8]string // a sparkline's heights
	// Box draws a dialog: corners clockwise from the top left, then the
	// horizontal and the vertical line.
	Box    [6]string
	marks  [markCount]string
	moving [4]string // what a moving state turns through
}

const (
	markReady = iota
	markOld
	markReconciling
	markPending
	markBlocked
	markFailed
	markStalled
	markSuspended
	markTerminating
	markUnknown
	markDenied
	markNothing
	markCount
)

// Unicode is the set for terminals with a UTF-8 locale.
var Unicode = &Set{
	Ellipsis: "…", Arrow: "→", Into: "▸", Folded: "▸", Unfolded: "▾", Live: "●", Fresh: "•", Marked: "◆", Left: "←",
	Cursor: "▌", Rule: "─", Dash: "─", UpDown: [2]string{"↑", "↓"}, AtLeast: "≥", Sides: [2]string{"‹", "›"}, Unknown: "–",
	PodNew: "█", PodStarting: "▒", PodOld: "░", PodToCome: "·",
	BarFetched: "─", BarApplied: "═", Sparks: [8]string{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
	Box:    [6]string{"┌", "┐", "┘", "└", "─", "│"},
	marks:  [markCount]string{"✓", "~", "◐", "○", "»", "✗", "!", "‖", "⊖", "?", "⊘", "·"},
	moving: [4]string{"◐", "◓", "◑", "◒"},
}

// Plain is the set for --ascii.
var Plain = &Set{
	ASCII:    true,
	Ellipsis: "..", Arrow: ">", Into: ">", Folded: "+", Unfolded: "-", Live: "*", Fresh: "*", Marked: "@", Left: "<",
	Cursor: ">", Rule: "-", Dash: "-", UpDown: [2]string{"^", "v"}, AtLeast: ">=", Sides: [2]string{"<", ">"}, Unknown: "-",
	PodNew: "#", PodStarting: "=", PodOld: "-", PodToCome: ".",
	BarFetched: "-", BarApplied: "=", Sparks: [8]string{"1", "2", "3", "4", "5", "6", "7", "8"},
	Box:    [6]string{"+", "+", "+", "+", "-", "|"},
	marks:  [markCount]string{"+", "~", "o", "-", ">", "x", "!", "=", "d", "?", "#", "."},
	moving: [4]string{"o", "O", "o", "O"},
}

// Of returns how a health looks.
func (s *Set) Of(h model.Health) Mark {
	switch h {
	case model.Ready:
		return Mark{s.marks[markReady], "Ready", themes.OK}
	case model.Reconciling:
		return Mark{s.marks[markReconciling], "Reconciling", themes.Busy}
	case model.Pending:
		return Mark{s.marks[markPending], "Pending", themes.Muted}
	case model.Outdated:
		return Mark{s.marks[markPending], "Outdated", themes.Muted}
	case model.Blocked:
		return Mark{s.marks[markBlocked], "Blocked", themes.Caution}
	case model.Failed:
		return Mark{s.marks[markFailed], "Failed", themes.Bad}
	case model.Stalled:
		return Mark{s.marks[markStalled], "Stalled", themes.Bad}
	case model.Stuck:
		return Mark{s.marks[markStalled], "Stuck", themes.Bad}
	case model.Suspended:
		return Mark{s.marks[markSuspended], "Suspended", themes.Held}
	case model.Terminating:
		return Mark{s.marks[markTerminating], "Terminating", themes.Caution}
	case model.Unobserved:
		return Mark{s.marks[markUnknown], "Unobserved", themes.Caution}
	case model.NotApplicable:
		return s.Nothing()
	}
	return Mark{s.marks[markUnknown], "Unknown", themes.Caution}
}

// Old is what is ready, but on an old revision.
func (s *Set) Old() Mark { return Mark{s.marks[markOld], "Ready, old", themes.Caution} }

// Reading is what has not been read yet: neither fine nor broken.
func (s *Set) Reading() Mark { return Mark{s.marks[markPending], "Reading", themes.Muted} }

// Denied is what is not readable: counted neither as fine nor as broken.
func (s *Set) Denied() Mark { return Mark{s.marks[markDenied], "No access", themes.Muted} }

// Nothing is what has no state of its own.
func (s *Set) Nothing() Mark { return Mark{s.marks[markNothing], "", themes.Muted} }

// Turn returns what a moving mark looks like at a second: it turns once a
// second, so that a glance tells moving from standing.
func (s *Set) Turn(m Mark, second int64) Mark {
	if m.Shape == s.marks[markReconciling] {
		m.Shape = s.moving[((second%4)+4)%4]
	}
	return m
}

// Link returns how one link of a chain looks.
func (s *Set) Link(l model.LinkState) Mark {
	switch {
	case l.Denied:
		return s.Denied()
	case l.Reading:
		return s.Reading()
	case l.RunsOn && l.Health == model.Ready:
		return s.Old()
	}
	return s.Of(l.Health)
}

// Tenant returns how a tenant's or the platform's state looks.
func (s *Set) Tenant(t *model.Tenant) Mark {
	switch {
	case t.Denied:
		return s.Denied()
	case t.Reading:
		return s.Reading()
	case t.Health == model.Ready && RunsOn(t):
		return s.Old()
	}
	return s.Of(t.Health)
}

// RunsOn reports whether any link of the tenant runs on with an old revision.
func RunsOn(t *model.Tenant) bool {
	for _, l := range t.Chain {
		if l.RunsOn {
			return true
		}
	}
	return false
}
