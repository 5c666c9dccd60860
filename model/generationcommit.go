package model

import (
	"math"
	"slices"
	"strconv"
)

// attribute finds the commit of a generation that Flux made: that of the run of
// its sync which wrote it. It reports false while the sync's own news may still
// be on the way, since each kind arrives on a connection of its own and leaves
// states out. Until then no commit is better than a wrong one; where more than
// one run may have written it, it is said to be of the last of them or before.
//
// What was before what is told by resource versions: they are numbers of one
// store on every server there is, though only their comparison within a kind is
// promised. The controllers' own times are of other clocks than the server's
// and don't count here.
func (s *Store) attribute(g, prev *Generation, owner *Object, now Unix) (sure bool) {
	if sure = g.version != 0 && versionOf(owner) > g.version; !sure {
		until, again := s.newsOf(owner.Key, now)
		if sure = until > g.seen; !sure {
			s.noteDue(max(again, g.seen+now-until+1))
		}
	}
	g.Commit, g.AtOrBefore, g.Rollback, g.likely = "", false, false, false
	runs, vague := s.writersOf(g, owner)
	if prev != nil && prev.Sync == g.Sync && prev.Actor == ActorFlux && prev.Commit != "" && !prev.UndidDrift && !prev.Rollback && !prev.AtOrBefore {
		// One run applies an object once, unless other settings made it do so again.
		others := slices.DeleteFunc(slices.Clone(runs), func(r *run) bool { return SameRevision(r.revision, prev.Commit) && !r.mayRollBack(g) })
		if len(others) == 0 && len(runs) > 0 && versionOf(owner) <= g.version && !s.isNewest(runs[0], owner) {
			sure = false // it is of a commit that was fetched and not yet heard of
		}
		if len(others) > 0 || !sure {
			runs = others
		}
	}
	switch {
	case len(runs) == 0 && sure:
		// It put back what it has applied, or was given other settings.
		g.Commit = s.workOf(owner).revision
	case len(runs) > 0 && (sure || len(runs) == 1 && !vague && s.isNewest(runs[0], owner) && (prev == nil || g.Number == prev.Number+1 && (prev.likely || !prev.open))):
		g.madeBy(runs[0], prev)
		g.AtOrBefore = g.AtOrBefore || vague || len(runs) > 1
	}
	g.likely = g.Commit != "" && !g.AtOrBefore
	g.UndidDrift = undoes(g, prev)
	return sure
}

// isNewest reports whether nothing is known that a sync may have begun after a
// run: its source was not seen to fetch another commit after the run's.
func (s *Store) isNewest(r *run, owner *Object) bool {
	if r != s.trails.runs.last(owner.Key) {
		return false
	}
	offered := s.sourceRevision(owner)
	later := offered != "" && !sameCommit(owner.Kind, offered, r.revision)
	return !later || s.fetchedAs(r, owner) == 0
}

// writersOf returns the runs of a sync that may have written a generation,
// newest first: they had begun when it was seen, and were not over when the one
// before it was. It is vague when another may have that was not seen at all, and
// came before the first of them.
func (s *Store) writersOf(g *Generation, owner *Object) (out []*run, vague bool) {
	var next *run
	s.trails.runs.back(owner.Key, func(r *run) bool {
		over := uint64(math.MaxUint64)
		switch {
		case r.idle:
			over = r.last
		case next != nil:
			over = next.first
		}
		next = r
		if r.first != 0 && over <= g.after || r.idle && g.At.By == ProofManager && g.At.At > r.heard+1 {
			return false // nor any run before it
		}
		unseen := r.blurred && r.before < g.version && r.first > g.after && !(r.exact && r.after <= g.after)
		if unseen || s.beganBy(r, g, owner) {
			out = append(out, r)
		}
		vague = vague || unseen
		return true
	})
	return out, vague
}

// beganBy reports whether a run may have begun when a generation was written.
// It began no sooner than its commit was fetched.
func (s *Store) beganBy(r *run, g *Generation, owner *Object) bool {
	if g.version == 0 || r.first == 0 {
		return r.serial < g.serial
	}
	return r.after < g.version && (r.exact || s.fetchedAs(r, owner) < g.version)
}

// fetchedAs is the version in which a sync's source was first seen to have a
// run's commit; 0 when that was not seen.
func (s *Store) fetchedAs(r *run, owner *Object) uint64 {
	version := uint64(0)
	s.trails.fetches.back(sourceKeyOf(owner), func(f *fetch) bool {
		if f.version < r.first && sameCommit(owner.Kind, f.revision, r.revision) {
			version = f.version
		}
		return version == 0
	})
	return version
}

// madeBy gives a generation the commit of a run; or, where the run failed and
// what it had made was rolled back, of what was rolled back to.
func (g *Generation) madeBy(r *run, prev *Generation) {
	g.Commit = r.revision
	if !r.mayRollBack(g) {
		return
	}
	same := prev != nil && prev.Sync == g.Sync
	switch again := r.retried != 0 && g.version > r.retried; {
	case again && same && prev.Rollback: // the next try
	case again:
		g.AtOrBefore = true
	case g.after >= r.rollback, same && !prev.Rollback && SameRevision(prev.Commit, r.revision):
		g.Commit, g.Rollback = r.backTo, true
	default:
		g.AtOrBefore = true
	}
}

// mayRollBack reports whether a generation may be of a run's rollback.
func (r *run) mayRollBack(g *Generation) bool {
	return r.rollback != 0 && g.version > r.rollback && (r.retried == 0 || g.after < r.retried)
}

// versionOf reads a resource version as a number; 0 when it is none.
func versionOf(o *Object) uint64 {
	if o == nil {
		return 0
	}
	n, err := strconv.ParseUint(o.ResourceVersion, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// settleGenerations looks again at the generations that came before their
// sync's news, the oldest first: the next are told by it.
func (s *Store) settleGenerations(sync *Object, now Unix) {
	list := s.trails.unsettled[sync.Key]
	if len(list) == 0 {
		return
	}
	list = slices.DeleteFunc(list, func(k Key) bool {
		var prev *Generation
		settled := true
		for _, kept := range s.trails.generations.of[k] {
			g := &kept.record
			if g.open && g.Sync == sync.Key {
				g.open = !s.attribute(g, prev, sync, now)
				settled = settled && !g.open
			}
			prev = g
		}
		return settled
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
	return g.Sync.Kind != HelmRelease && prev != nil && prev.Drift && g.Actor == ActorFlux && g.Commit != "" && !g.AtOrBefore && SameRevision(prev.base, g.Commit)
}
