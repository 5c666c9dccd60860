package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
	"tenantry/ui/text"
)

func (p *suspended) columns() []table.Column[*listRow] {
	return []table.Column[*listRow]{
		{ID: colObject, Title: "SUSPENDED", Min: 24, Max: 40, Pinned: true,
			Measure: func(r *listRow) int {
				if len(r.under) > 0 {
					return nameWidth(p.stoppedName(r))
				}
				return 2*r.depth() + r.widths.tenant + 1 + r.widths.kind + r.widths.name
			},
			Draw: func(c *draw.Line, r *listRow) {
				c.Skip(2 * r.depth())
				l := p.stoppedName(r)
				if r.denied != nil {
					l = deniedName(r.denied)
				}
				c.Put(themes.Text, p.kit.CutMiddle(l, c.Left()))
			},
			Compare: func(a, b *listRow) int { return strings.Compare(p.stoppedName(a), p.stoppedName(b)) }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true, Draw: p.drawSince, Compare: oldestFirst},
		{ID: "by", Title: "BY", Min: 7, Max: 16, Leave: 4, Draw: p.cell(func(s *model.Suspension) string { return s.By }),
			Measure: func(r *listRow) int { return p.measured(r, func(s *model.Suspension) string { return s.By }) },
			Compare: func(a, b *listRow) int { return strings.Compare(a.suspension.By, b.suspension.By) }},
		{ID: "reason", Title: "REASON", Min: 12, Max: 40, Leave: 2, Draw: p.drawReason,
			Measure: func(r *listRow) int { return p.measured(r, func(s *model.Suspension) string { return s.Reason }) },
			Compare: func(a, b *listRow) int { return strings.Compare(a.suspension.Reason, b.suspension.Reason) }},
		{ID: "until", Title: "UNTIL", Min: 10, Max: 16, Leave: 1, Draw: p.drawUntil,
			Compare: func(a, b *listRow) int { return int(a.suspension.UntilAt - b.suspension.UntilAt) }},
		{ID: "was", Title: "WAS", Min: 8, Max: 13, Leave: 5,
			Measure: func(r *listRow) int { return nameWidth(p.kit.Glyph.Of(r.wasBefore()).Word) + 2 },
			Draw: func(c *draw.Line, r *listRow) {
				switch {
				case r.suspension == nil:
					drawMark(c, r.state, 0) // no access
				case r.suspension.Was == model.NotApplicable:
					c.Put(themes.Muted, p.kit.Glyph.Unknown)
				default:
					drawMark(c, p.kit.Glyph.Of(r.suspension.Was), 0)
				}
			},
			Compare: func(a, b *listRow) int { return b.suspension.Was.Severity() - a.suspension.Was.Severity() }},
		{ID: "lasts", Title: "WILL IT LAST?", Short: "LASTS?", Min: 13, Flex: true,
			Draw: func(c *draw.Line, r *listRow) {
				switch {
				case r.suspension == nil:
					c.Put(themes.Text, r.what)
				case r.suspension.Lasts == model.LastsNo:
					c.Put(themes.Caution, p.lasting(r.suspension))
				default:
					c.Put(themes.Text, p.lasting(r.suspension))
				}
			},
			Compare: func(a, b *listRow) int { return int(b.suspension.Lasts) - int(a.suspension.Lasts) }},
	}
}

// wasBefore is what the row's object was before it was suspended.
func (r *listRow) wasBefore() model.Health {
	if r.suspension == nil {
		return model.NotApplicable
	}
	return r.suspension.Was
}

func (p *suspended) cell(of func(*model.Suspension) string) func(*draw.Line, *listRow) {
	return func(c *draw.Line, r *listRow) {
		if r.suspension != nil {
			p.putCell(c, r, of(r.suspension))
		}
	}
}

func (p *suspended) measured(r *listRow, of func(*model.Suspension) string) int {
	if r.suspension == nil {
		return 0
	}
	return nameWidth(of(r.suspension))
}

// stoppedName is a tenant that stands still as a whole, or an object.
func (p *suspended) stoppedName(r *listRow) string {
	if len(r.under) == 0 {
		return p.tenantName(r.tenant) + " " + shortName(r.id.key)
	}
	fold := p.kit.Glyph.Folded
	if p.isOpen(r) {
		fold = p.kit.Glyph.Unfolded
	}
	return fmt.Sprintf("%s %s (%d objects)", fold, p.tenantName(r.tenant), len(r.under))
}

// drawReason cuts at the end, as sentences are.
func (p *suspended) drawReason(c *draw.Line, r *listRow) {
	switch {
	case r.suspension == nil:
	case r.suspension.Reason == "":
		c.Put(themes.Muted, p.kit.Glyph.Unknown)
	default:
		c.Put(themes.Text, r.suspension.Reason)
	}
}

// drawUntil writes the day a suspension was meant to end, and by how much it is
// overdue.
func (p *suspended) drawUntil(c *draw.Line, r *listRow) {
	s := r.suspension
	switch {
	case s == nil:
	case s.Overdue:
		overdue := "overdue " + p.age(s.UntilAt)
		if whole := p.endOf(s) + ", " + overdue; text.Width(whole) <= c.Left() {
			overdue = whole
		}
		c.PutMod(themes.Held, themes.Strong, overdue)
	case s.UntilAt != 0:
		c.Put(themes.Text, p.endOf(s))
	default:
		p.putCell(c, r, s.Until)
	}
}

// endOf writes when a suspension was meant to end; a date has no time of day.
func (e *env) endOf(s *model.Suspension) string {
	return e.day(s.UntilAt, len(s.Until) > len(time.DateOnly))
}

// day names a moment of today by its time where it has one, a day near today by its weekday, any
// other by its date.
func (e *env) day(at model.Unix, timed bool) string {
	t := time.Unix(int64(at), 0).In(e.now.Location())
	switch away := t.Sub(e.now); {
	case timed && t.Year() == e.now.Year() && t.YearDay() == e.now.YearDay():
		return t.Format("15:04")
	case away > -6*24*time.Hour && away < 6*24*time.Hour:
		return t.Format("Mon")
	case t.Year() == e.now.Year():
		return t.Format("Jan 2")
	}
	return t.Format("2006-01-02")
}
