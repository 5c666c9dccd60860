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
	g := Generation{Number: new.Generation, Took: UnknownTook, At: Moment{At: c.now, By: ProofSeen}}
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
	switch {
	case owner == nil:
	case g.Actor != ActorFlux && g.Actor != ActorUnknown:
		g.Drift = g.Actor != ActorAutoscaler
		if d, ok := owner.Detail.(*Sync); ok {
			g.base = d.Applied
		}
	default:
		if !s.attribute(&g, prev, owner, new) {
			if list := t.unsettled[owner.Key]; !slices.Contains(list, new.Key) {
				t.unsettled[owner.Key] = append(list, new.Key)
			}
		}
		g.UndidDrift = undoes(&g, prev)
	}
	return t.generations.add(new.Key, g)
}

// logGeneration writes a new generation to the log, with its commit where that
// is sure by now.
func (s *Store) logGeneration(old, new *Object, c *clock) {
	g := s.trails.generations.last(new.Key)
	if g == nil || g.Number != new.Generation {
		return
	}
	e := Entry{At: c.now, Key: new.Key, Change: ChangeGeneration, From: strconv.FormatInt(old.Generation, 10),
		To: strconv.FormatInt(new.Generation, 10), Detail: ChangedWords(g.Changed)}
	if !slices.Contains(s.trails.unsettled[g.Sync], new.Key) {
		e.Revision = g.Commit
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
		if m.Subresource == "status" {
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

// attribute finds the commit of a generation Flux made: the revision its sync
// was working on then. It reports false when the sync's own news may still be
// on the way, since two kinds arrive on two connections; what it set is then
// the best known so far.
func (s *Store) attribute(g, prev *Generation, owner, workload *Object) bool {
	w := s.workOf(owner)
	g.Commit = w.revision
	again := appliedOnce(g, prev, w.revision)
	if w.running {
		return !again
	}
	ready := owner.Condition("Ready")
	if ready == nil || ready.LastTransition == 0 || g.At.By != ProofManager {
		return false
	}
	switch end := ready.LastTransition; {
	case g.At.At < end:
		return !again
	case g.At.At == end:
		return !again && writtenBefore(workload, owner)
	}
	return false
}

// writtenBefore reports whether a was written before b, by their resource
// versions: numbers of one store on every server there is, though only their
// comparison within a kind is promised, so nothing rests on it alone.
func writtenBefore(a, b *Object) bool {
	x, err := strconv.ParseUint(a.ResourceVersion, 10, 64)
	y, err2 := strconv.ParseUint(b.ResourceVersion, 10, 64)
	return err == nil && err2 == nil && x < y
}

// settleGenerations gives the generations that came before their sync's news
// their commit, now that the sync's next run is seen.
func (s *Store) settleGenerations(old, new *Object) {
	list := s.trails.unsettled[new.Key]
	if len(list) == 0 || !concludedAnew(old, new) {
		return
	}
	delete(s.trails.unsettled, new.Key)
	w := s.workOf(new)
	began := Unix(0)
	if ready := new.Condition("Ready"); ready != nil && w.running {
		began = ready.LastTransition
	} else if h := history(new); len(h) > 0 {
		began = h[0].Last - Unix(h[0].Duration) - 1 // both are rounded
	}
	for _, k := range list {
		g, prev := s.trails.generations.last(k), s.trails.generations.before(k)
		switch {
		case g == nil || g.Sync != new.Key || w.revision == "" || began > g.At.At:
		case appliedOnce(g, prev, w.revision):
			// Still the run that made the generation before it.
			s.trails.unsettled[new.Key] = append(s.trails.unsettled[new.Key], k)
		default:
			g.Commit = w.revision
			g.UndidDrift = undoes(g, prev)
		}
	}
}

// appliedOnce reports whether a sync had made the generation before of this
// revision already: one run applies an object once.
func appliedOnce(g, prev *Generation, revision string) bool {
	return prev != nil && prev.Sync == g.Sync && prev.Actor == ActorFlux && !prev.UndidDrift && prev.Number != g.Number && SameRevision(prev.Commit, revision)
}

// undoes reports whether a generation put back what drift had changed, rather
// than bringing a new commit.
func undoes(g, prev *Generation) bool {
	return prev != nil && prev.Drift && g.Actor == ActorFlux && g.Commit != "" && SameRevision(prev.base, g.Commit)
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
	}
}

// pods takes over how many pods there are of which kind.
func (g *Generation) pods(r Rollout) {
	g.Desired, g.Updated, g.Available, g.Old, g.State = r.Desired, r.Updated, r.Available, r.Old, r.State
	g.Stuck = ""
	if r.State == RolloutFailed {
		g.Stuck = cutText(r.Message, maxCause)
	}
}
