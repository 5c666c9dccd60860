package ui

import (
	"fmt"
	"strings"
	"time"

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

// stage draws a step of the way: how it stands, and when it was.
func (p *rollouts) stage(of func(*listRow) (mark, bool)) func(*draw.Line, *listRow) {
	return func(c *draw.Line, r *listRow) {
		if r.line == nil {
			return
		}
		m, old := of(r)
		role := themes.Text
		if old {
			role = themes.Muted
		}
		if m.Shape == "" {
			c.Put(role, m.Word)
			return
		}
		m = p.Turn(m)
		c.Put(m.Role, m.Shape)
		if m.Word != "" {
			c.Skip(1).Put(role, m.Word)
		}
	}
}

// unknown stands for a step that has not come.
func (p *rollouts) unknown() mark { return mark{Shape: p.kit.Glyph.Unknown, Role: themes.Muted} }

// done is a step that was made, with its time on the commit's clock; what was
// read off what was left behind, not seen, is old.
func (p *rollouts) done(r *listRow, m model.Moment) (mark, bool) {
	out := worded(p.kit.Glyph, model.Ready, "")
	if zero := r.way.commit.Fetched; m.Known() && zero.Known() && m.At >= zero.At {
		out.Word = p.plus(m.At - zero.At)
	}
	return out, m.Reconstructed
}

// plus is how long after zero a step was. Times are whole seconds.
func (p *rollouts) plus(n model.Unix) string {
	if n == 0 {
		return "<1s"
	}
	return "+" + ageOf(seconds(n))
}

// fetched is when a tenant's source had the commit: of the first by the clock,
// of the others since then.
func (p *rollouts) fetched(r *listRow) (mark, bool) {
	l, g := r.line, p.kit.Glyph
	switch {
	case r.way.first:
		return mark{Word: p.clockOf(l.Fetched.At), Role: themes.Text}, l.Fetched.Reconstructed
	case l.Fetched.Known():
		return p.done(r, l.Fetched)
	case l.Outcome == model.OutcomeBlocked && l.At == l.Source:
		return worded(g, model.Failed, "fails"), false
	case l.Outcome == model.OutcomeSuspended && l.At == l.Source:
		return worded(g, model.Suspended, "held"), false
	case l.Outcome == model.OutcomeWaiting:
		return worded(g, model.Pending, "not yet"), true
	}
	return p.unknown(), false
}

// clockOf is a time of the day or, of another day, how long ago it was.
func (p *rollouts) clockOf(u model.Unix) string {
	t := time.Unix(int64(u), 0).In(p.now.Location())
	if u == 0 {
		return p.kit.Glyph.Unknown
	}
	if t.YearDay() != p.now.YearDay() || t.Year() != p.now.Year() {
		return p.age(u) + " ago"
	}
	return t.Format(time.TimeOnly)
}

// applied is how the controller stands to the commit.
func (p *rollouts) applied(r *listRow) (mark, bool) {
	l, g := r.line, p.kit.Glyph
	switch l.Outcome {
	case model.OutcomeWaiting:
		if l.Fetched.Known() {
			return worded(g, model.Pending, "waiting"), true
		}
	case model.OutcomeApplying:
		if l.Applied.Known() {
			return worded(g, model.Reconciling, "checks"), false
		}
		return worded(g, model.Reconciling, "applying"), false
	case model.OutcomeApplied, model.OutcomeUnchanged:
		return p.done(r, l.Applied)
	case model.OutcomeRefused:
		return worded(g, model.Failed, "refused"), false
	case model.OutcomeFailed:
		if l.Applied.Known() {
			return p.done(r, l.Applied)
		}
		return worded(g, model.Failed, "failed"), false
	case model.OutcomeBlocked:
		if l.Fetched.Known() || l.At != l.Source {
			return worded(g, model.Blocked, "blocked"), false
		}
	case model.OutcomeSuspended:
		if l.Fetched.Known() || l.At != l.Source {
			return worded(g, model.Suspended, "suspended"), false
		}
	case model.OutcomeOvertaken:
		return worded(g, model.Pending, "overtaken"), true
	case model.OutcomeUntold:
		return worded(g, model.Unknown, "not known"), true
	}
	return p.unknown(), false
}

// rolledOut is how the workloads stand to the commit.
func (p *rollouts) rolledOut(r *listRow) (mark, bool) {
	l, g := r.line, p.kit.Glyph
	applied := l.Outcome == model.OutcomeApplied || l.Outcome == model.OutcomeUnchanged
	switch {
	case l.LiveAt.Known():
		m, old := p.done(r, l.LiveAt)
		return p.heldOrNot(l, m), old
	case l.Live:
		return p.heldOrNot(l, worded(g, model.Ready, "")), true
	case l.Outcome == model.OutcomeFailed && l.Applied.Known():
		return worded(g, model.Failed, "unhealthy"), false
	case applied && l.Reason == "Drift":
		return worded(g, model.Stuck, "drifted"), false
	case applied && l.Reason == "Unreadable":
		m := g.Denied()
		m.Word = ""
		return m, false
	case applied && l.Reason != "":
		return worded(g, model.Stuck, "stuck"), false
	case l.Newer != "" || !applied && !(l.Outcome == model.OutcomeApplying && l.Applied.Known()):
		return p.unknown(), false
	}
	if p.stuckAt(r).Kind != model.TroubleNone {
		return worded(g, model.Stuck, "stuck"), false
	}
	last := model.Moment{}
	for i := range l.Moves {
		m := &l.Moves[i]
		if m.State != model.RolloutDone || !m.RolledOut.Known() {
			return worded(g, model.Reconciling, fmt.Sprintf("%d of %d", newAndReady(movedPods(m).rollout), m.Desired)), false
		}
		if m.RolledOut.At > last.At {
			last = m.RolledOut
		}
	}
	if len(l.Moves) == 0 || l.Still > 0 && !p.othersRest(l) {
		return worded(g, model.Reconciling, ""), false
	}
	return p.done(r, last)
}

// lateNews is how long, in seconds, after a commit was applied a workload may
// still not be seen to have changed.
const lateNews = 2

// othersRest reports whether the workloads of a sync that its commit did not
// move, as far as is known, are rolled out and had time to be seen to move.
func (p *rollouts) othersRest(l *model.Line) bool {
	for _, k := range p.store.WorkloadsOf(l.Sync) {
		if p.store.Get(k) == nil || p.store.Rollout(k).State != model.RolloutDone {
			return false
		}
	}
	return model.Unix(p.now.Unix()) > l.Applied.At+lateNews
}

// heldOrNot marks what runs on in a tenant that stands still.
func (p *rollouts) heldOrNot(l *model.Line, m mark) mark {
	if !l.Held || l.Newer != "" {
		return m
	}
	held := p.kit.Glyph.Of(model.Suspended)
	held.Word = m.Word
	return held
}

// stuckAt is what keeps the pods of a line that is looked at, as far as pods and
// events are read.
func (p *rollouts) stuckAt(r *listRow) model.Trouble {
	if r.line.Live || r.line.LiveAt.Known() {
		return model.Trouble{}
	}
	for i := range r.line.Moves {
		m := &r.line.Moves[i]
		if m.Superseded || m.State == model.RolloutDone {
			continue
		}
		if t := p.store.TroubleOf(m.Workload); t.Kind != model.TroubleNone {
			return t
		}
	}
	return model.Trouble{}
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
	if m.From > 0 {
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

func seconds(n model.Unix) time.Duration { return time.Duration(n) * time.Second }
