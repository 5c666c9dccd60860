package ui

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// What keeps pods is known before any controller gives up: as far as pods and
// events are read, which they are of what is looked at.

// stuckAt is what keeps the pods of a line that is looked at.
func (p *rollouts) stuckAt(r *listRow) model.Trouble { return p.keptPods(r.line) }

func (p *rollouts) keptPods(l *model.Line) model.Trouble {
	if l.Live || l.LiveAt.Known() {
		return model.Trouble{}
	}
	for i := range l.Moves {
		m := &l.Moves[i]
		if m.Superseded || m.State == model.RolloutDone {
			continue
		}
		if t := p.store.TroubleOf(m.Workload); t.Kind != model.TroubleNone {
			return t
		}
	}
	return model.Trouble{}
}

// keptBehind is what keeps the pods of the commit that a line's sync is still at
// work on, while the line's own waits.
func (p *rollouts) keptBehind(l *model.Line) model.Trouble {
	for _, k := range p.behind(l) {
		if t := p.store.TroubleOf(k); t.Kind != model.TroubleNone {
			return t
		}
	}
	return model.Trouble{}
}

// behind are the workloads that roll out under a commit a line waits for.
func (p *rollouts) behind(l *model.Line) []model.Key {
	if l.Busy == "" {
		return nil
	}
	return slices.DeleteFunc(p.store.WorkloadsOf(l.Sync), func(k model.Key) bool { return !p.store.Rollout(k).Moving() })
}

// busyWords say what a line's sync is still at work on, and what keeps that.
func (p *rollouts) busyWords(l *model.Line) string {
	words := l.BusyWords()
	if t := p.keptBehind(l); words != "" && t.Kind != model.TroubleNone {
		words += ": " + t.Text
	}
	return words
}

// busyIn are these words for the first tenant of a commit that waits, and how
// many more there are.
func (p *rollouts) busyIn(c *model.Commit) (words string, more int) {
	for i := range c.Lines {
		switch one := p.busyWords(&c.Lines[i]); {
		case one == "":
		case words == "":
			words = one
		default:
			more++
		}
	}
	return words, more
}

// waitsWords say what keeps the newest commit: the pods it makes, or what its
// sync is at work on before it.
func (p *rollouts) waitsWords(chain *model.Chain) string {
	if chain == nil || len(chain.Commits) == 0 {
		return ""
	}
	c := &chain.Commits[0]
	for i := range c.Lines {
		if t := p.keptPods(&c.Lines[i]); t.Kind != model.TroubleNone {
			return "; stuck at the pod: " + t.Text
		}
	}
	words, more := p.busyIn(c)
	if words == "" {
		return ""
	}
	if more > 0 {
		words += fmt.Sprintf(" (and in %d more)", more)
	}
	return "; " + words
}

// podsKeep reports whether pods keep a repository's newest commit anywhere, or
// the one its sync is still at work on; of what is folded up they are not read.
func (p *rollouts) podsKeep(r *listRow) bool {
	if !r.repo.Moving || r.repo.Stuck || !p.isOpen(r) {
		return false
	}
	chain := p.store.Chain(r.repo.Repo)
	return chain != nil && len(chain.Commits) > 0 && slices.ContainsFunc(chain.Commits[0].Lines, func(l model.Line) bool {
		return p.keptPods(&l).Kind != model.TroubleNone || p.keptBehind(&l).Kind != model.TroubleNone
	})
}

// worstSync is the sync in which a commit is worst off: that is explained where a
// row is of several.
func (p *rollouts) worstSync(r *listRow) spot {
	chain := p.store.Chain(r.repo.Repo)
	if chain == nil || len(chain.Commits) == 0 {
		return spot{}
	}
	commit := &chain.Commits[0]
	if r.way != nil {
		commit = r.way.commit
	}
	var worst *model.Line
	at := 0
	for i := range commit.Lines {
		l := &commit.Lines[i]
		if !p.scope.covers(l.Tenant, l.Sync.Namespace) {
			continue
		}
		_, rank := p.lineMark(l)
		if p.keptPods(l).Kind != model.TroubleNone || p.keptBehind(l).Kind != model.TroubleNone {
			rank = max(rank, 2*model.Stuck.Severity())
		}
		if worst == nil || rank > at {
			worst, at = l, rank
		}
	}
	if worst == nil {
		return spot{}
	}
	return spot{worst.Tenant, worst.Sync}
}
