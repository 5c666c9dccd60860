package model

import (
	"slices"
	"strconv"
)

// followWorkload takes a workload's new state into its generations.
func (s *Store) followWorkload(old, new *Object, c *clock) {
	if _, ok := new.Detail.(*Workload); !ok {
		return
	}
	last := s.trails.generations.last(new.Key)
	if old != nil && old.Undecodable != "" {
		// What it was is not known: only what was seen before that tells.
		if last == nil {
			return
		}
		old = &Object{Key: new.Key, Generation: last.Number}
	}
	switch {
	case old == nil, old.Generation != new.Generation:
		last = s.addGeneration(old, new, c)
	case last == nil || last.Number != new.Generation:
		return // nothing moved in this session
	}
	last.update(old, new, c)
	if owner := s.Get(ownerKey(new)); owner != nil {
		s.checkLive(owner, c)
	}
}

// addGeneration notes a new generation: what it changed, who made it and, as
// far as it can be told by now, of which commit.
func (s *Store) addGeneration(old, new *Object, c *clock) *Generation {
	t := &s.trails
	g := Generation{Number: new.Generation, Took: UnknownTook, At: Moment{At: c.now, By: ProofSeen},
		version: versionOf(new), after: versionOf(old), seen: c.now, serial: t.serial}
	if m := writerOf(old, new, c.now); m != nil {
		g.By, g.Actor = m.Name, actorOf(m.Name, m.Subresource)
		if m.Time != 0 && m.Time <= c.now+1 {
			g.At = Moment{At: m.Time, By: ProofManager}
		}
	}
	if old != nil {
		g.From = old.Generation
		g.Changed = specChanges(old, new)
	}
	owner := s.Get(ownerKey(new))
	if owner != nil {
		g.Sync = owner.Key
	}
	prev := t.generations.last(new.Key)
	if prev == nil && old != nil {
		if m := lastWriter(old); m != nil {
			kept := *m
			g.before = &kept
		}
	}
	switch {
	case owner == nil:
	case g.Actor != ActorFlux && g.Actor != ActorUnknown:
		g.Drift = g.Actor != ActorAutoscaler
		g.base = s.baseOf(owner, prev)
	default:
		if g.open = !s.attribute(&g, prev, owner, c.now); g.open {
			if list := t.unsettled[owner.Key]; !slices.Contains(list, new.Key) {
				t.unsettled[owner.Key] = append(list, new.Key)
			}
		}
	}
	return t.generations.add(new.Key, g)
}

// ByHand returns the newest generation of a workload when it does not come from
// Git, as it was seen in this session; nil else. It costs a look-up.
func (s *Store) ByHand(workload Key) *Generation {
	g := s.trails.generations.last(workload)
	if o := s.Get(workload); g == nil || !g.Drift || o == nil || o.Generation != g.Number {
		return nil
	}
	return g
}

// baseOf returns the commit a drift is from: what its sync has applied, or is
// at work on and has applied to this very object already, its health checks
// still running.
func (s *Store) baseOf(owner *Object, prev *Generation) string {
	d, ok := owner.Detail.(*Sync)
	if !ok {
		return ""
	}
	if prev != nil {
		commit := prev.Commit
		if prev.Drift {
			commit = prev.base
		}
		if w := s.workOf(owner); commit != "" && w.busy() && sameCommit(owner.Kind, commit, w.revision) {
			return commit
		}
	}
	return d.Applied
}

// logGeneration writes a new generation to the log, with its commit where that
// is as good as sure by now.
func (s *Store) logGeneration(old, new *Object, c *clock) {
	g := s.trails.generations.last(new.Key)
	if g == nil || g.Number != new.Generation {
		return
	}
	e := Entry{At: c.now, Key: new.Key, Change: ChangeGeneration, From: strconv.FormatInt(old.Generation, 10),
		To: strconv.FormatInt(new.Generation, 10), Detail: ChangedWords(g.Changed), UID: lastingUID(old, new)}
	if g.likely {
		e.Revision = g.Commit
	}
	if g.UndidDrift || g.Rollback {
		e.UID = "" // no proof of what that commit made
	}
	if g.By != "" {
		e.Detail += ", by " + g.By
	}
	s.log.add(e)
}

// writerOf tells who changed the spec: the newest entry of managedFields that
// this change brought or moved and that is not about the status; nil when
// nothing tells.
func writerOf(old, new *Object, now Unix) *Manager {
	w := new.Detail.(*Workload)
	var was []Manager
	if old != nil {
		if d, ok := old.Detail.(*Workload); ok {
			was = d.Managers
		}
	}
	var best, newest *Manager
	for i := range w.Managers {
		m := &w.Managers[i]
		if m.Aside || m.Subresource == "status" {
			continue
		}
		if newest == nil || m.Time > newest.Time {
			newest = m
		}
		if !slices.Contains(was, *m) && (best == nil || m.Time > best.Time || m.Time == best.Time && actorOf(m.Name, m.Subresource) == ActorFlux) {
			best = m
		}
	}
	if best == nil && newest != nil && newest.Time >= now-1 {
		return newest // a second write of the same second looks like the first
	}
	return best
}

// update takes a later state of the same generation in.
func (g *Generation) update(old, new *Object, c *clock) {
	r := RolloutOf(new)
	if r.State == RolloutUnobserved {
		g.pods(r)
		return
	}
	if !g.Observed.Known() {
		g.Observed = Moment{At: c.now, By: ProofSeen}
	}
	g.Revision = r.Revision
	g.pods(r)
	if r.State == RolloutDone && !g.RolledOut.Known() {
		g.RolledOut = lastTransition(old, new, "Progressing", c)
		if g.RolledOut.At < g.At.At || g.RolledOut.At > c.now {
			// A change of replicas alone leaves the condition as it was.
			g.RolledOut = Moment{At: c.now, By: ProofSeen}
		}
		g.Took = int32(max(g.RolledOut.At-g.At.At, 0))
		if g.Observed.At > g.RolledOut.At {
			g.Observed = g.RolledOut // it was seen to be there, and happened before
		}
	}
}

// pods takes over how many pods there are of which kind.
func (g *Generation) pods(r Rollout) {
	if r.State == RolloutUnobserved && changesTemplate(g.Changed) {
		r.Updated, r.Old = 0, r.Updated+r.Old // what it counts as new are those of the generation before
	}
	g.Desired, g.Updated, g.Available, g.Old, g.State = r.Desired, r.Updated, r.Available, r.Old, r.State
	g.Stuck = ""
	if r.State == RolloutFailed {
		g.Stuck = cutText(r.Message, maxCause)
	}
}
