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
	g := Generation{Number: new.Generation, Took: UnknownTook, At: Moment{At: c.now, By: ProofSeen}, version: versionOf(new)}
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
		if !s.attribute(&g, prev, owner) {
			if list := t.unsettled[owner.Key]; !slices.Contains(list, new.Key) {
				t.unsettled[owner.Key] = append(list, new.Key)
			}
		}
	}
	return t.generations.add(new.Key, g)
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
		if w := s.workOf(owner); commit != "" && w.running && sameCommit(owner.Kind, commit, w.revision) {
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
		To: strconv.FormatInt(new.Generation, 10), Detail: ChangedWords(g.Changed)}
	if g.likely || !slices.Contains(s.trails.unsettled[g.Sync], new.Key) {
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

// attribute finds the commit of a generation Flux made: the revision of the
// newest run of its sync that had begun when it was written. It reports false
// while the sync's own news may still be on the way, since each kind arrives
// on a connection of its own and leaves states out; what it set is then the
// best known so far.
//
// Times are whole seconds; within one, resource versions tell what was before
// what. They are numbers of one store on every server there is, and only their
// comparison within a kind is promised: without them time alone decides.
func (s *Store) attribute(g, prev *Generation, owner *Object) (sure bool) {
	w := s.workOf(owner)
	g.Commit = w.revision
	later := "" // of the runs that seem to have begun after it, the first
	s.trails.runs.back(owner.Key, func(r *run) bool {
		if s.beganAfter(r, g, owner) {
			later = ""
			if s.fetchedBy(owner, r.revision, g.At.At) {
				later = r.revision
			}
			return true
		}
		g.Commit = r.revision
		return false
	})
	again := prev != nil && prev.Sync == g.Sync && prev.Actor == ActorFlux && !prev.UndidDrift && SameRevision(prev.Commit, g.Commit)
	if again && later != "" {
		g.Commit = later // one run applies an object once
	}
	g.UndidDrift = undoes(g, prev)
	g.likely = w.running && !again && (prev == nil || g.Number == prev.Number+1)
	if version := versionOf(owner); g.version != 0 && version != 0 {
		return version > g.version
	}
	ready := owner.Condition("Ready")
	return g.likely || ready != nil && !w.running && !again && g.At.By == ProofManager && g.At.At < ready.LastTransition
}

// beganAfter reports whether a run began after a generation was written. A
// time at which it was only seen to run is no time at which it began: it began
// no sooner than its commit was fetched.
func (s *Store) beganAfter(r *run, g *Generation, owner *Object) bool {
	switch {
	case g.version != 0 && r.version > g.version:
		return true
	case r.attempted.By != ProofSeen:
		return r.attempted.At > g.At.At
	}
	return r.attempted.At > g.At.At && !s.fetchedBy(owner, r.revision, g.At.At)
}

// fetchedBy reports whether a sync's source was seen to have fetched a revision
// by then.
func (s *Store) fetchedBy(owner *Object, revision string, by Unix) bool {
	d, ok := owner.Detail.(*Sync)
	if !ok {
		return false
	}
	source, ok := d.SourceRef.Key()
	if !ok {
		return false
	}
	found := false
	s.trails.fetches.back(source, func(f *fetch) bool {
		found = sameCommit(owner.Kind, f.revision, revision) && f.at.At <= by
		return !found
	})
	return found
}

// versionOf reads a resource version as a number; 0 when it is none.
func versionOf(o *Object) uint64 {
	n, err := strconv.ParseUint(o.ResourceVersion, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// settleGenerations looks again at the generations that came before their
// sync's news.
func (s *Store) settleGenerations(sync *Object) {
	list := s.trails.unsettled[sync.Key]
	if len(list) == 0 {
		return
	}
	list = slices.DeleteFunc(list, func(k Key) bool {
		g := s.trails.generations.last(k)
		return g == nil || g.Sync != sync.Key || g.Actor != ActorFlux && g.Actor != ActorUnknown || s.attribute(g, s.trails.generations.before(k), sync)
	})
	if len(list) == 0 {
		delete(s.trails.unsettled, sync.Key)
	} else {
		s.trails.unsettled[sync.Key] = list
	}
}

// undoes reports whether a generation put back what drift had changed, rather
// than bringing a new commit. A HelmRelease's values change without its chart,
// and then what was set by hand may well stay.
func undoes(g, prev *Generation) bool {
	return g.Sync.Kind != HelmRelease && prev != nil && prev.Drift && g.Actor == ActorFlux && g.Commit != "" && SameRevision(prev.base, g.Commit)
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
	g.Desired, g.Updated, g.Available, g.Old, g.State = r.Desired, r.Updated, r.Available, r.Old, r.State
	g.Stuck = ""
	if r.State == RolloutFailed {
		g.Stuck = cutText(r.Message, maxCause)
	}
}
