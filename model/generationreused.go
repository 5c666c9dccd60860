package model

import (
	"cmp"
	"slices"
)

// madeSet is a ReplicaSet as it was made.
type madeSet struct {
	at       Unix
	revision int64 // 0: it was taken up again since, under a newer one
	images   []string
}

// madeSets orders a Deployment's ReplicaSets, newest revision first, by when
// they were made, newest first. One that a rollback took up again has a new
// revision and its old creation time.
func madeSets(sets []*Object) []madeSet {
	var out []madeSet
	for i, rs := range sets {
		d := rs.Detail.(*Replica)
		one := madeSet{rs.Created, d.Revision, d.Images}
		if takenUp(sets, i) {
			one.revision = 0
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b madeSet) int { return cmp.Compare(b.at, a.at) })
	return out
}

// takenUp reports whether a ReplicaSet is older than one of an older revision.
func takenUp(sets []*Object, i int) bool {
	return slices.ContainsFunc(sets[i+1:], func(rs *Object) bool { return rs.Created > sets[i].Created })
}

// takenUpAgain is the generation that took an older ReplicaSet up again, when
// that is the newest of what is known. The content is older than what came
// between, and status.history keeps its first time: an event can tell the commit,
// or that Flux wrote last when its source had the one that is applied; else it is
// the newest the sync was at, or one before.
func (s *Store) takenUpAgain(sets []*Object, made []madeSet, sync, workload Key, writer *Manager) (Generation, bool) {
	if len(sets) == 0 || !takenUp(sets, 0) {
		return Generation{}, false
	}
	d := sets[0].Detail.(*Replica)
	g := Generation{Took: UnknownTook, Revision: d.Revision, Sync: sync, Reconstructed: true, Changed: changedImages(made[0].images, d.Images)}
	if writer != nil && writer.Time >= made[0].at {
		g.At = reconstructed(writer.Time, ProofManager)
	}
	s.readPast(&g, workload, writer)
	if owner := s.Get(sync); owner != nil && g.Commit != "" && (g.At.At == 0 || s.toldCommit(sync, workload, g.At.At) == "") {
		g.Commit = s.workOf(owner).revision
		g.AtOrBefore = g.Actor != ActorFlux || !s.hadBy(owner, g.Commit, g.At.At)
	}
	return g, true
}
