package ui

import (
	"fmt"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// The steps of a line's way: fetched, applied, rolled out.

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
		if l.InChecks() {
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
	case l.Newer != "" || !applied && !l.InChecks():
		return p.unknown(), false
	}
	if p.stuckAt(r).Kind != model.TroubleNone {
		return worded(g, model.Stuck, "stuck"), false
	}
	// Its pods may all be ready: it is over with the controller's word that it is
	// live, which dates it. Until then there is no time to be told.
	m := moveOf(r)
	if m == nil || m.State == model.RolloutDone && l.Still > 0 && !p.othersRest(l) {
		return worded(g, model.Reconciling, ""), false
	}
	return worded(g, model.Reconciling, fmt.Sprintf("%d of %d", newAndReady(movedPods(m).rollout), m.Desired)), false
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

func seconds(n model.Unix) time.Duration { return time.Duration(n) * time.Second }
