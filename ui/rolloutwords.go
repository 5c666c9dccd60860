package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/keymap"
)

// key2 is the key that asks Git now.
func (p *rollouts) key2() string { return p.key(keymap.Fetch) }

// lineWords say what keeps a commit, or that there was nothing to do.
func (p *rollouts) lineWords(r *listRow) string {
	l := r.line
	switch {
	case l.Outcome == model.OutcomeUnchanged && l.Live:
		return p.sameWords(r)
	case l.Live && l.Held:
		return p.heldWords(l)
	case l.Outcome == model.OutcomeSuspended:
		return p.heldWords(l)
	case l.Cause != "":
		return l.Cause
	case l.Reason != "":
		return l.Reason
	case l.Outcome == model.OutcomeOvertaken:
		return l.OvertakenWords()
	case l.Outcome == model.OutcomeUntold:
		return "not known whether it was live"
	case l.Outcome == model.OutcomeUnchanged:
		return p.sameWords(r)
	}
	return ""
}

// openWords say of the tenants a commit is not live in how it stands there, those
// of which the same is to be said together.
func (p *rollouts) openWords(c *model.Commit) string {
	var words, who []string
	count := map[string]int{}
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Live || l.Outcome == model.OutcomeSuspended {
			continue
		}
		word := l.Word()
		if count[word]++; count[word] == 1 {
			words, who = append(words, word), append(who, p.kit.CutMiddle(p.tenantName(l.Tenant), 24))
		}
	}
	for i, word := range words {
		if n := count[word]; n > 1 {
			who[i] = fmt.Sprint(n)
		}
		words[i] = who[i] + " " + word
	}
	return strings.Join(words, ", ")
}

// heldWords say who stopped a sync or its source, and until when.
func (p *rollouts) heldWords(l *model.Line) string {
	for _, k := range []model.Key{l.Sync, l.Source} {
		if o := p.store.Get(k); o != nil && o.IsSuspended() {
			words := p.suspensionOf(o, p.store.Verdict(k), p.store.SuspensionOverdue(o))
			if k == l.Source {
				words = "its source is suspended: " + words
			}
			return words
		}
	}
	return l.Cause
}

// sameWords say that a commit made nothing new here.
func (p *rollouts) sameWords(r *listRow) string {
	path := "what it makes"
	if o := p.store.Get(r.line.Sync); o != nil {
		if d, ok := o.Detail.(*model.Sync); ok && d.Path != "" {
			path = d.Path
		}
	}
	if before := r.line.SameAs; before != "" {
		return path + " is the same as at " + model.ShortRevision(before)
	}
	return path + " is the same as before"
}

// notFromGit says what made the newest generation of a line's workloads, where
// that was not a commit.
func (p *rollouts) notFromGit(r *listRow) string {
	if !r.way.newest || !r.line.Live && r.line.Reason != "Drift" {
		return ""
	}
	for _, k := range p.store.WorkloadsOf(r.line.Sync) {
		g := p.store.Generations(k)
		if len(g) == 0 || !g[0].Current || g[0].FromGit() || g[0].By == "" || !g[0].Drift && g[0].Actor != model.ActorAutoscaler {
			continue
		}
		words := fmt.Sprintf("%s %d not from Git: %s", k.Name, g[0].Number, g[0].By)
		if changed := changedWords(&g[0]); changed != "" {
			words += ", " + changed
		}
		return words
	}
	return ""
}

// stirWords say of pods that move since a commit was live how many run.
func (p *rollouts) stirWords(l *model.Line) string {
	for _, k := range p.store.WorkloadsOf(l.Sync) {
		if w := p.store.Rollout(k); p.store.Get(k) != nil && w.State != model.RolloutDone {
			return fmt.Sprintf("; %s %d of %d pods", k.Name, min(w.Available, w.Desired), w.Desired)
		}
	}
	return ""
}

// endWords are how a line ended, or what keeps it, for beside its bar.
func (p *rollouts) endWords(r *listRow) (mark, string) {
	l := r.line
	m := r.state
	switch {
	case l.Live || l.LiveAt.Known():
		if l.Live && l.Held {
			return p.kit.Glyph.Of(model.Suspended), "live; " + r.what
		}
		if !l.Live && l.Newer == "" && l.Reason == "" {
			return p.kit.Glyph.Of(model.Reconciling), "live" + p.stirWords(l)
		}
		if !l.Live { // it was, before another came
			return mark{Shape: p.kit.Glyph.Of(model.Ready).Shape, Role: themes.OK}, "was live"
		}
		words := "live"
		if l.Outcome == model.OutcomeUnchanged {
			words = "same"
			if r.what != "" {
				words = r.what
			}
		}
		if drift := p.notFromGit(r); drift != "" {
			return p.kit.Glyph.Old(), drift
		}
		return mark{Shape: p.kit.Glyph.Of(model.Ready).Shape, Role: themes.OK}, words
	case l.Outcome == model.OutcomeRefused, l.Outcome == model.OutcomeFailed, l.Outcome == model.OutcomeBlocked, l.Outcome == model.OutcomeSuspended:
		return m, p.shown(r)
	case l.Outcome == model.OutcomeOvertaken, l.Outcome == model.OutcomeUntold:
		return m, r.what
	}
	if t := p.stuckAt(r); t.Kind != model.TroubleNone {
		return p.kit.Glyph.Of(model.Stuck), t.Text
	}
	if l.Reason != "" && !l.Moving() {
		return m, p.shown(r)
	}
	return mark{}, ""
}

// shown is a line's cause without the words its other cells say.
func (p *rollouts) shown(r *listRow) string {
	if t := p.stuckAt(r); t.Kind != model.TroubleNone {
		return t.Text
	}
	return strings.TrimPrefix(r.what, "refused: ")
}
