package model

import "strings"

// offer is what a sync's source has: its revision, "" when that can't be known,
// and since when.
type offer struct {
	revision string
	at       Unix
}

// failingSince says since when the object has been failing, and whether it may
// have begun before. A Kustomization's Ready.lastTransitionTime is only its last
// retry, so own memory, then status.history, then what it last achieved come
// first: one that never succeeded has failed since it was made.
func failingSince(o *Object, cond *Condition, mem *failure, src offer) (since Unix, atLeast bool) {
	if mem != nil && mem.health != Unknown && mem.since != 0 {
		return mem.since, mem.atLeast
	}
	if cond != nil && unrecorded(o, cond.Reason) {
		return unrecordedSince(o, cond, src)
	}
	var succeeded Unix
	for _, h := range history(o) {
		if h.Status == "" || succeededStatus(h.Status) {
			succeeded = h.Last
			break
		}
		if h.First != 0 {
			since = h.First
		}
	}
	switch {
	case since != 0 && since < succeeded:
		// Flux counts equal content with an equal end as one entry: it failed so
		// before it last succeeded, and since then again.
		since = succeeded + Unix(interval(o))
		if cond != nil && cond.LastTransition != 0 {
			since = min(since, cond.LastTransition)
		}
		return since, true
	case since != 0:
		return since, false
	case succeeded != 0 && cond != nil:
		// It broke at the latest in the run after the last good one.
		return min(cond.LastTransition, succeeded+Unix(interval(o))), true
	case neverSucceeded(o):
		return o.Created, false
	case cond != nil:
		return cond.LastTransition, false
	}
	return 0, false
}

// unrecorded reports whether status.history does not tell of failures for a
// reason: those of a Kustomization before it applies anything (domain.md §4).
// What history has is of other failures then.
func unrecorded(o *Object, reason string) bool {
	if o.Kind != Kustomization {
		return false
	}
	switch reason {
	case "ReconciliationFailed", "HealthCheckFailed", "PruneFailed":
		return false
	}
	return true
}

// unrecordedSince dates a failure that history does not have. One that is told
// before a run begins keeps its time. All others flip with every retry: they
// began after the last run that history has, and after the revision came that
// they are about, and by the next run at the latest.
func unrecordedSince(o *Object, cond *Condition, src offer) (since Unix, atLeast bool) {
	switch cond.Reason {
	case "DependencyNotReady", "AccessDenied":
		return cond.LastTransition, false
	case "ArtifactFailed":
		if !strings.Contains(cond.Message, "/tmp/") { // a path of that very run
			return cond.LastTransition, false
		}
	}
	began, ran := o.Created, o.Created
	if h := history(o); len(h) > 0 {
		ran = h[0].Last
		every := interval(o)
		if d, ok := o.Detail.(*Sync); ok && d.RetryInterval > 0 && !succeededStatus(h[0].Status) {
			every = d.RetryInterval
		}
		began = h[0].Last + Unix(every)
	} else if !neverSucceeded(o) {
		began = cond.LastTransition
	}
	if d, ok := o.Detail.(*Sync); ok && src.at > ran && !SameRevision(src.revision, d.Applied) {
		if cond.LastTransition != 0 {
			return min(src.at, cond.LastTransition), true
		}
		return src.at, true // a new revision is tried at once, and each retry moves the condition's time
	}
	if cond.LastTransition != 0 && cond.LastTransition < began {
		began = cond.LastTransition
	}
	return began, true
}

func neverSucceeded(o *Object) bool {
	switch d := o.Detail.(type) {
	case *Source:
		return d.Revision == ""
	case *Sync:
		return d.Applied == ""
	case *Instance:
		return d.Applied == ""
	}
	return false
}
