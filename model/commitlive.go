package model

import (
	"iter"
	"strings"
)

// watchSlack is how long, in seconds, a sync that says it has applied a commit
// is not yet believed to be rolled out when a workload of it shows no sign of
// that commit: its news may be on the way, since each kind arrives on a
// connection of its own.
const watchSlack = 2

// listedEvery is how often, in seconds, a kind is listed that may not be watched.
const listedEvery = 30

// workloadsIn yields the workloads of an inventory. Ids read
// <namespace>_<name>_<group>_<kind> (fluxcd/cli-utils pkg/object).
func workloadsIn(inventory string) iter.Seq[Key] {
	return func(yield func(Key) bool) {
		for id := range strings.SplitSeq(inventory, "\n") {
			for _, k := range [...]struct {
				suffix string
				kind   Kind
			}{{"_apps_Deployment", Deployment}, {"_apps_StatefulSet", StatefulSet}, {"_apps_DaemonSet", DaemonSet}} {
				if rest, ok := strings.CutSuffix(id, k.suffix); ok {
					if ns, name, ok := strings.Cut(rest, "_"); ok && !yield(Key{Kind: k.kind, Namespace: ns, Name: name}) {
						return
					}
					break
				}
			}
		}
	}
}

// WorkloadsOf returns the workloads a sync applied: those of its inventory
// or, where it keeps none (older HelmReleases), those that carry its labels.
// None when it applies to another cluster.
func (s *Store) WorkloadsOf(sync Key) []Key {
	o := s.Get(sync)
	if o == nil {
		return nil
	}
	d, ok := o.Detail.(*Sync)
	if !ok || d.RemoteCluster {
		return nil
	}
	var out []Key
	for k := range workloadsIn(d.Inventory) {
		out = append(out, k)
	}
	if d.Inventory != "" || o.Kind != HelmRelease {
		return out
	}
	for _, kind := range [...]Kind{Deployment, StatefulSet, DaemonSet} {
		s.ObjectsIn(sync.Namespace, kind, func(w *Object) bool {
			if ownerKey(w) == sync {
				out = append(out, w.Key)
			}
			return true
		})
	}
	for k := range s.crossed[sync.Namespace] {
		if w := s.Get(k); w != nil && w.Role() == RoleWorkload && ownerKey(w) == sync {
			out = append(out, k)
		}
	}
	return out
}

// standing is how a sync's workloads stand to a revision it has applied.
type standing struct {
	live    bool
	at      Unix // the last of them rolled out
	again   Unix // look again then, though nothing changes; 0 = never
	blind   Key  // a workload that can't be read
	missing Key  // one that was applied and is not there
	failed  Key  // one whose rollout failed
	drifted Key  // one whose pods are not of this revision
}

// standingOf judges whether every workload of a sync is rolled out at a
// generation the revision made or left as it was. Replicas that somebody or
// an autoscaler set since don't count against it: the pods are the commit's.
// The verdict came at concluded, by its controller's clock, and was told by the
// server's.
func (s *Store) standingOf(o *Object, revision string, concluded, told Unix, unchanged bool, now Unix) standing {
	st := standing{live: true, at: concluded}
	for _, k := range s.WorkloadsOf(o.Key) {
		w := s.Get(k)
		switch {
		case w == nil && s.readable(k):
			st.live, st.missing = false, k
			continue
		case w == nil, w.Undecodable != "":
			st.live, st.blind = false, k
			continue
		}
		r := RolloutOf(w)
		if r.State == RolloutFailed {
			st.failed = k
		}
		st.live = st.live && r.State == RolloutDone
		made, drifted := s.madeBy(k, o.Key, revision)
		if made != nil {
			st.at = max(st.at, made.RolledOut.At)
		} else if news, again := s.newsOf(k, now); !unchanged && news < told {
			st.again = max(st.again, again, told+now-news)
		}
		if drifted {
			st.live, st.drifted = false, k
		}
	}
	if !st.live {
		st.again = 0 // its workloads' own news will tell
	}
	st.live = st.live && st.again == 0
	return st
}

// newsOf is until when what happened to an object has arrived by now, and when
// to look again at the soonest. A broken watch brings nothing; where watching
// is refused, the kind is listed every half a minute.
func (s *Store) newsOf(k Key, now Unix) (until, again Unix) {
	switch sc, _ := s.scopeOf(k.Kind, k.Namespace); {
	case sc.State == ScopeStale:
		return min(sc.Since, now) - watchSlack, now + watchSlack
	case sc.Verb == "watch":
		return now - listedEvery - watchSlack, 0
	}
	return now - watchSlack, 0
}

// whyBlind says why a workload can't be read.
func (s *Store) whyBlind(k Key) string {
	if o := s.Get(k); o != nil {
		return k.String() + " could not be read: " + cutText(o.Undecodable, maxCause)
	}
	return "you may not read " + k.Kind.Resource() + " in " + k.Namespace
}

// madeBy returns the newest generation of a workload that a commit made, and
// whether somebody else changed its pods since.
func (s *Store) madeBy(workload, sync Key, revision string) (made *Generation, drifted bool) {
	undone := false
	s.trails.generations.back(workload, func(g *Generation) bool {
		if g.Sync == sync && SameRevision(g.Commit, revision) {
			made = g
			return false
		}
		undone = undone || g.Actor == ActorFlux
		drifted = drifted || !undone && g.Drift && changesTemplate(g.Changed)
		return true
	})
	return made, drifted
}

func changesTemplate(changes []SpecChange) bool {
	for i := range changes {
		if changes[i].ofTemplate() {
			return true
		}
	}
	return false
}

// checkLive notes when everything a sync's last run applied is rolled out.
func (s *Store) checkLive(o *Object, c *clock) {
	t := &s.trails
	delete(t.opening, o.Key)
	r := t.runs.last(o.Key)
	if r == nil || r.settled.Known() || r.outcome != OutcomeApplied && r.outcome != OutcomeUnchanged {
		return
	}
	st := s.standingOf(o, r.revision, r.concluded.At, r.toldAt(), r.outcome == OutcomeUnchanged, c.now)
	switch {
	case st.live:
		r.settled, r.seenLive = Moment{At: st.at, By: ProofSeen}, c.now
		s.dirty(o.Key)
	case st.again != 0:
		t.opening[o.Key] = st.again
		s.noteDue(st.again)
	}
}

// reopen looks again at syncs whose workloads had time to show a sign.
func (s *Store) reopen(now Unix) {
	for k, at := range s.trails.opening {
		if at > now {
			s.noteDue(at)
			continue
		}
		delete(s.trails.opening, k)
		if o := s.Get(k); o != nil {
			s.checkLive(o, &clock{now: now})
		}
	}
	for k := range s.trails.unsettled {
		if o := s.Get(k); o != nil {
			s.settleGenerations(o, now)
			s.dirty(k)
		}
	}
}
