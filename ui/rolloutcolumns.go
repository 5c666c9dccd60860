package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

const (
	colFetched = "fetched"
	colApplied = "applied"
	colRolled  = "rolled"
	colBar     = "bar"
)

// barFrom is the width of the last column from which there is room for bars.
const barFrom = 34

// barsFrom is the width of the list from which there is, whatever the others
// would like.
const barsFrom = 112

func (p *rollouts) columns() []table.Column[*listRow] {
	name := func(a, b *listRow) int { return strings.Compare(p.rowName(a), p.rowName(b)) }
	return []table.Column[*listRow]{
		{ID: colWhose, Title: "TENANT", Min: 14, Max: 30, Pinned: true, Draw: p.drawWho, Compare: name,
			Measure: func(r *listRow) int {
				if r.line == nil {
					return 0
				}
				return nameWidth(p.rowName(r))
			}},
		{ID: colFetched, Title: "FETCHED", Min: 9, Max: 9, Draw: p.stage(p.fetched),
			Compare: func(a, b *listRow) int { return int(b.since - a.since) }},
		{ID: colApplied, Title: "APPLIED", Min: 11, Max: 11, Draw: p.stage(p.applied)},
		{ID: colGeneration, Title: "GENERATION", Min: 12, Max: 18, Leave: 3, Measure: func(r *listRow) int { return nameWidth(p.moveWords(r)) },
			Draw: p.drawGeneration},
		{ID: colRolled, Title: "ROLLED OUT", Min: 10, Max: 10, Leave: 1, Draw: p.stage(p.rolledOut)},
		{ID: colPods, Title: "PODS", Min: 5, Max: 8, Leave: 2, Measure: func(r *listRow) int {
			if m := moveOf(r); m != nil {
				return max(m.Desired, m.Updated+m.Old)
			}
			return 5
		}, Draw: p.drawPods},
		{ID: colBar, Title: "", Min: 14, Ample: barFrom, AmpleFrom: barsFrom, Flex: true, Draw: p.drawWay},
	}
}

// moveOf is the workload of a line that is looked at: one that moves or is
// stuck, else the first.
func moveOf(r *listRow) *model.Move {
	if r.line == nil || len(r.line.Moves) == 0 {
		return nil
	}
	for i := range r.line.Moves {
		if m := &r.line.Moves[i]; m.Stuck != "" || m.State != model.RolloutDone {
			return m
		}
	}
	return &r.line.Moves[0]
}

func movedPods(m *model.Move) pods {
	r := model.Rollout{Desired: m.Desired, Updated: m.Updated, Available: m.Available, Old: m.Old, State: m.State}
	return pods{known: true, moving: r.Moving(), rollout: r, available: m.Available, desired: m.Desired}
}

// moveWords say which generation of which workload a commit made; where
// somebody else made one since, that.
func (p *rollouts) moveWords(r *listRow) string {
	m := moveOf(r)
	if m == nil {
		if r.line != nil && r.line.Outcome == model.OutcomeUnchanged {
			return "unchanged"
		}
		return ""
	}
	words := fmt.Sprintf("%s %d", m.Workload.Name, m.To)
	if m.To == 0 { // at most a ReplicaSet tells of it
		words = m.Workload.Name
		if m.Revision > 0 {
			words = fmt.Sprintf("%s rev %d", m.Workload.Name, m.Revision)
		}
	} else if m.From > 0 {
		words = fmt.Sprintf("%s %d%s%d", m.Workload.Name, m.From, p.kit.Glyph.Arrow, m.To)
	}
	return more(words, len(r.line.Moves)-1)
}

func (p *rollouts) drawGeneration(c *draw.Line, r *listRow) {
	if words := p.moveWords(r); words != "" {
		c.Put(themes.Text, p.kit.CutMiddle(words, c.Left()))
	} else if r.line != nil {
		c.Put(themes.Muted, p.kit.Glyph.Unknown)
	}
}

// drawPods turns the pods place by place; a commit that moved none shows how
// many run.
func (p *rollouts) drawPods(c *draw.Line, r *listRow) {
	if r.line == nil {
		return
	}
	if m := moveOf(r); m != nil {
		drawBar(p.kit, c, movedPods(m).rollout, c.Left())
		return
	}
	var run pods
	if !r.way.newest {
		drawPods(p.kit, c, run)
		return
	}
	for _, k := range p.store.WorkloadsOf(r.line.Sync) {
		if p.store.Get(k) != nil {
			w := p.store.Rollout(k)
			run.known, run.available, run.desired = true, run.available+w.Available, run.desired+w.Desired
		}
	}
	drawPods(p.kit, c, run)
}
