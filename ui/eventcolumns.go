package ui

import (
	"cmp"
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

func (p *events) columns() []table.Column[*listRow] {
	own := []table.Column[*listRow]{
		{ID: colState, Title: "TYPE", Min: 9, Max: 9, Leave: 4, From: 140,
			Draw:    func(c *draw.Line, r *listRow) { drawMark(c, r.state, 0) },
			Compare: func(a, b *listRow) int { return b.rank - a.rank }},
		{ID: "reason", Title: "REASON", Min: 13, Max: 24, Leave: 1, Draw: p.drawEventReason,
			Compare: func(a, b *listRow) int { return strings.Compare(a.event.Reason, b.event.Reason) }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true, Draw: p.drawSince,
			Compare: func(a, b *listRow) int { return cmp.Compare(b.since, a.since) }},
		{ID: "count", Title: "COUNT", Min: 5, Max: 5, Right: true, Leave: 2,
			Draw: func(c *draw.Line, r *listRow) {
				if r.event != nil && r.event.Count > 1 {
					c.FitRight(themes.Text, 0, fmt.Sprint(r.event.Count), c.Left())
				}
			},
			Compare: func(a, b *listRow) int { return cmp.Compare(b.event.Count, a.event.Count) }},
		{ID: "message", Title: "MESSAGE", Min: 26, Flex: true,
			Draw:    func(c *draw.Line, r *listRow) { c.Put(themes.Text, r.what) },
			Compare: func(a, b *listRow) int { return strings.Compare(a.what, b.what) }},
	}
	return concat(p.whose(), own)
}

// drawEventReason writes the reason; with its type in front where that has no
// column.
func (p *events) drawEventReason(c *draw.Line, r *listRow) {
	switch {
	case r.event == nil:
		drawMark(c, r.state, 0) // no access
		return
	case !p.table.Shows(colState):
		c.Put(r.state.Role, r.state.Shape).Skip(1)
	}
	c.Put(themes.Text, p.kit.CutMiddle(r.event.Reason, c.Left()))
}

// about is the object a row is about: an event's is another than itself.
func (r *listRow) about() model.Key {
	if r.event != nil {
		return r.regarding
	}
	return r.id.key
}
