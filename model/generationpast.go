package model

import (
	"cmp"
	"slices"
)

// Generations returns a workload's generations, newest first: those of this
// session as they were seen and, below, what its ReplicaSets tell of before.
func (s *Store) Generations(workload Key) []Generation {
	o := s.Get(workload)
	if o == nil {
		return nil
	}
	if _, ok := o.Detail.(*Workload); !ok {
		return nil
	}
	var out []Generation
	s.trails.generations.back(workload, func(g *Generation) bool {
		out = append(out, *g)
		return true
	})
	if len(out) > 0 && out[0].Number == o.Generation {
		out[0].Current = true
		out[0].pods(RolloutOf(o))
	}
	return append(out, s.pastGenerations(o, out)...)
}

// pastGenerations reads off the ReplicaSets, the sync's history and
// managedFields what was before the first generation seen.
func (s *Store) pastGenerations(o *Object, seen []Generation) []Generation {
	number, writer := o.Generation, lastWriter(o)
	var sync Key
	if owner := s.Get(ownerKey(o)); owner != nil {
		sync = owner.Key
	}
	sets := s.replicaSets(o)
	if n := len(seen); n > 0 {
		if number = seen[n-1].From; number == 0 {
			return nil // it was created in this session
		}
		writer = seen[n-1].before
		for i := range seen {
			if !changesTemplate(seen[i].Changed) {
				continue
			}
			if seen[i].Revision == 0 {
				return nil // its ReplicaSet can't be told from those before it yet
			}
			sets = slices.DeleteFunc(sets, func(rs *Object) bool { return rs.Detail.(*Replica).Revision >= seen[i].Revision })
		}
	}
	var out []Generation
	made := madeSets(sets)
	if back, ok := s.takenUpAgain(sets, made, sync, o.Key, writer); ok {
		out = append(out, back)
	} else if writer != nil && len(sets) > 0 && writer.Time > sets[0].Created+2 {
		// Written since the newest ReplicaSet was made, such as more replicas. It
		// is a generation of its own.
		g := Generation{At: reconstructed(writer.Time, ProofManager), Took: UnknownTook, Revision: sets[0].Detail.(*Replica).Revision,
			Sync: sync, Reconstructed: true}
		s.readPast(&g, o.Key, writer)
		out = append(out, g)
	}
	for i, rs := range made {
		g := Generation{At: reconstructed(rs.at, ProofReplicaSet), Took: UnknownTook, Revision: rs.revision,
			Sync: sync, Reconstructed: true}
		if i+1 < len(made) {
			g.Changed = changedImages(made[i+1].images, rs.images)
		}
		by := writer // of the newest one; what wrote an older one is overwritten
		if len(out) > 0 {
			by = nil
		}
		s.readPast(&g, o.Key, by)
		out = append(out, g)
	}
	if len(out) == 0 {
		g := Generation{Took: UnknownTook, Sync: sync, Reconstructed: true}
		if writer != nil {
			g.At = reconstructed(writer.Time, ProofManager)
		}
		s.readPast(&g, o.Key, writer)
		out = append(out, g)
	}
	out[0].Number = number
	s.recallGenerations(o, out)
	if len(seen) == 0 {
		out[0].Current = true
		r := RolloutOf(o)
		out[0].pods(r)
		if r.State == RolloutDone || r.State == RolloutDegraded {
			if p := o.Condition("Progressing"); p != nil && p.Reason == "NewReplicaSetAvailable" && out[0].At.Known() && p.LastTransition >= out[0].At.At {
				out[0].RolledOut = reconstructed(p.LastTransition, ProofCondition)
				out[0].Took = int32(p.LastTransition - out[0].At.At)
			}
		}
	}
	return out
}

// replicaSets returns a Deployment's ReplicaSets, newest revision first.
func (s *Store) replicaSets(o *Object) []*Object {
	var out []*Object
	if o.Kind != Deployment {
		return nil
	}
	s.ObjectsIn(o.Namespace, ReplicaSet, func(rs *Object) bool {
		if d, ok := rs.Detail.(*Replica); ok && d.Owner == o.Name && (d.OwnerUID == o.UID || d.OwnerUID == "" || o.UID == "") {
			out = append(out, rs)
		}
		return true
	})
	slices.SortFunc(out, func(a, b *Object) int {
		return cmp.Compare(b.Detail.(*Replica).Revision, a.Detail.(*Replica).Revision)
	})
	return out
}

// changedImages names the images that differ between two ReplicaSets, which
// keep them in the order of the containers.
func changedImages(was, is []string) []SpecChange {
	var out []SpecChange
	for i := range is {
		switch {
		case i >= len(was):
			out = append(out, SpecChange{Aspect: AspectImage, To: is[i]})
		case was[i] != is[i]:
			out = append(out, SpecChange{Aspect: AspectImage, From: was[i], To: is[i]})
		}
	}
	for i := len(is); i < len(was); i++ {
		out = append(out, SpecChange{Aspect: AspectImage, From: was[i]})
	}
	return out
}

// readPast ties a generation that was not seen to a commit and a writer, as
// far as what was left behind tells. The writer is who wrote last of all, nil
// where that was another generation: managedFields hold each writer's last time.
func (s *Store) readPast(g *Generation, workload Key, writer *Manager) {
	if m := writer; m != nil && m.near(g.At.At) {
		g.By, g.Actor = m.Name, actorOf(m.Name, m.Subresource)
	}
	sync := s.Get(g.Sync)
	if sync == nil {
		return
	}
	if g.Actor == ActorPerson || g.Actor == ActorOther {
		g.Drift = true
		return
	}
	if g.Actor == ActorAutoscaler {
		return
	}
	if g.Commit = s.toldCommit(g.Sync, workload, g.At.At); g.Commit != "" {
		return
	}
	g.Commit, g.AtOrBefore = s.commitAt(sync, g.At.At)
}

// near reports whether a writer's time is within two seconds of another.
func (m *Manager) near(at Unix) bool { return m.Time >= at-2 && m.Time <= at+2 }

// lastWriter returns who wrote a workload's spec last; nil when nothing tells.
func lastWriter(o *Object) *Manager {
	w, ok := o.Detail.(*Workload)
	if !ok {
		return nil
	}
	var best *Manager
	for i := range w.Managers {
		m := &w.Managers[i]
		if m.Aside || m.Subresource == "status" || m.Time == 0 {
			continue
		}
		if best == nil || m.Time > best.Time {
			best = m
		}
	}
	return best
}

// commitAt returns the revision a sync was applying at a time: that of the
// first run that ended then or later. An entry of status.history that stands
// for several runs tells only "at or before", unless its revision had been
// fetched by then, and so does what is applied now.
func (s *Store) commitAt(sync *Object, at Unix) (revision string, atOrBefore bool) {
	d, ok := sync.Detail.(*Sync)
	if !ok {
		return "", false
	}
	if w, ready := s.workOf(sync), sync.Condition("Ready"); w.running && w.checking && at != 0 && ready != nil && at >= ready.LastTransition && !applies(sync, w.revision) {
		return w.revision, false // it began with that before, and has applied all of it
	}
	var best *HistoryEntry
	if at != 0 && sync.Kind != HelmRelease {
		for i := range d.History {
			h := &d.History[i]
			if h.First >= at && (best == nil || h.First < best.First) {
				best = h
			}
		}
	}
	if best == nil {
		return d.Applied, d.Applied != ""
	}
	if src := s.sourceOf(d); src != nil {
		if sd, ok := src.Detail.(*Source); ok && SameRevision(sd.Revision, best.Revision) && sd.Updated != 0 && sd.Updated <= at {
			return best.Revision, false
		}
	}
	return best.Revision, best.Total != 1 || at < best.First-Unix(best.Duration)-1
}
