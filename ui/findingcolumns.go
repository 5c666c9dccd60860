package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

func (p *findings) columns() []table.Column[*listRow] {
	return []table.Column[*listRow]{
		{ID: colState, Title: "SEVERITY", Min: 10, Max: 10, Pinned: true,
			Draw:    p.drawGravity,
			Compare: func(a, b *listRow) int { return b.rank - a.rank }},
		{ID: colTenant, Title: "TENANT", Min: 14, Max: 28, Pinned: true,
			Measure: func(r *listRow) int { return r.widths.tenant + 2*r.depth() },
			Draw:    p.drawWho,
			Compare: func(a, b *listRow) int { return strings.Compare(a.tenant, b.tenant) }},
		{ID: "rule", Title: "RULE", Min: 6, Max: 6, Leave: 3, From: 120,
			Draw: func(c *draw.Line, r *listRow) {
				if r.head == nil {
					c.Put(themes.Muted, r.finding.Rule)
				}
			},
			Compare: func(a, b *listRow) int { return strings.Compare(a.finding.Rule, b.finding.Rule) }},
		{ID: "finding", Title: "FINDING", Min: 26, Max: 48,
			Measure: func(r *listRow) int { return len(r.what) },
			Draw:    p.drawFinding,
			Compare: func(a, b *listRow) int { return strings.Compare(a.what, b.what) }},
		{ID: "evidence", Title: "EVIDENCE", Min: 18, Flex: true, Draw: p.drawEvidence},
	}
}

// drawGravity, drawFinding: what is under a head says only what the head does
// not.
func (p *findings) drawGravity(c *draw.Line, r *listRow) {
	if r.head == nil {
		drawMark(c, r.state, 0)
	}
}

func (p *findings) drawFinding(c *draw.Line, r *listRow) {
	if r.head == nil {
		c.Put(themes.Text, r.what)
	} else if r.finding.Key != (model.Key{}) {
		c.Put(themes.Text, p.kit.CutMiddle(shortName(r.finding.Key), c.Left()))
	}
}

func (p *findings) drawWho(c *draw.Line, r *listRow) {
	if len(r.under) == 0 {
		c.Skip(2 * r.depth())
		p.drawTenant(c, r)
		return
	}
	fold := p.kit.Glyph.Folded
	if p.isOpen(r) {
		fold = p.kit.Glyph.Unfolded
	}
	c.Put(themes.Text, fmt.Sprintf("%s %d tenants", fold, r.tenants))
}

func (p *findings) drawEvidence(c *draw.Line, r *listRow) {
	if r.known != "" {
		c.Put(themes.Muted, r.known+"; ")
	}
	switch {
	case len(r.under) > 0:
		c.Put(themes.Muted, p.whom(r))
	case r.head == nil && r.finding.Key != (model.Key{}) && !strings.Contains(r.finding.Evidence, r.finding.Key.Name):
		c.Put(themes.Text, shortName(r.finding.Key)+": "+r.finding.Evidence)
	default:
		c.Put(themes.Text, r.finding.Evidence)
	}
}
