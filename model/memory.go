package model

import "strings"

// failure is what is remembered of an object between its states: the last
// failed verdict while its retries run, when a new generation was first seen
// unobserved, and when the object was first seen at all mid-run.
type failure struct {
	health          Health // Unknown: no failed verdict held
	reason, message string
	generation      int64
	sourceRev       string
	since           Unix
	atLeast         bool // it may have begun before

	outdatedGen int64
	outdatedAt  Unix
	firstSeen   Unix  // when the object was first seen, mid-run
	firstGen    int64 // its generation then
}

// holds reports whether the failed verdict still stands for the object: same
// generation, same revision offered by its source.
func (f *failure) holds(o *Object, sourceRev string) bool {
	if f == nil || f.health == Unknown || f.generation != o.Generation {
		return false
	}
	if sourceRev != "" && strings.HasPrefix(f.message, "Source artifact not found") {
		return false // there is one by now, so this run is no retry of the same
	}
	return sourceRev == "" || f.sourceRev == "" || SameRevision(f.sourceRev, sourceRev)
}

// remember updates the memory of an object after a new state of it was seen,
// and returns nil when nothing needs remembering.
func remember(mem *failure, o *Object, c *clock, src offer, first bool) *failure {
	if o.Role() != RoleSync && o.Role() != RoleSource && o.Kind != FluxInstance {
		return nil
	}
	ready := o.Condition("Ready")
	if ready == nil {
		return nil
	}
	next := failure{}
	if mem != nil {
		next = *mem
	}
	next.rememberVerdict(o, ready, c, src, first)
	if outdated(o, ready) {
		if next.outdatedGen != o.Generation {
			next.outdatedGen, next.outdatedAt = o.Generation, c.now
		}
	} else {
		next.outdatedGen, next.outdatedAt = 0, 0
	}
	switch {
	case ready.Status != "Unknown" || next.firstSeen != 0 && next.firstGen != o.Generation:
		next.firstSeen, next.firstGen = 0, 0
	case first && mem == nil:
		next.firstSeen, next.firstGen = c.now, o.Generation
	}
	if next == (failure{}) {
		return nil
	}
	return &next
}

func (f *failure) rememberVerdict(o *Object, ready *Condition, c *clock, src offer, first bool) {
	switch ready.Status {
	case "True":
		f.forget()
	case "False":
		if outdated(o, ready) {
			return
		}
		var mem *failure
		about := attemptedRevision(o, ready, src.revision)
		if f.health != Unknown && f.same(o, ready, about) {
			mem = f
		}
		v := Verdict{}
		classifyFalse(o, ready, mem, src, &v)
		if st := o.Condition("Stalled"); st != nil && st.Status == "True" {
			v.Health = Stalled
		}
		if v.Health == Reconciling {
			return
		}
		if !first && mem == nil && ready.LastTransition != 0 {
			v.Since, v.AtLeast = ready.LastTransition, false // seen as it happened
		}
		if v.Since == 0 {
			v.Since = c.now
		}
		*f = failure{health: v.Health, reason: ready.Reason, message: trim(ready.Message),
			generation: o.Generation, sourceRev: about, since: v.Since, atLeast: v.AtLeast,
			outdatedGen: f.outdatedGen, outdatedAt: f.outdatedAt}
	default:
		// A run under way: the verdict stands for what it was about, and is
		// forgotten once that has changed.
		if f.health != Unknown && !f.holds(o, src.revision) {
			f.forget()
		}
	}
}

// same reports whether what an object says now is the failure that is
// remembered. One that history does not tell of is another for another reason or
// revision; all others are stages of one.
func (f *failure) same(o *Object, ready *Condition, about string) bool {
	if !unrecorded(o, ready.Reason) && !unrecorded(o, f.reason) {
		return true
	}
	return f.reason == ready.Reason && (about == "" || f.sourceRev == "" || SameRevision(about, f.sourceRev))
}

func (f *failure) forget() {
	f.health, f.reason, f.message, f.since, f.atLeast, f.sourceRev, f.generation = Unknown, "", "", 0, false, "", 0
}

// attemptedRevision is the revision a failed verdict is about: the one tried,
// which may be older than what the source offers by now. Failures before the
// build don't write it (domain.md §14).
func attemptedRevision(o *Object, ready *Condition, sourceRev string) string {
	d, ok := o.Detail.(*Sync)
	if !ok || o.Kind != Kustomization || d.Attempted == "" {
		return sourceRev
	}
	switch ready.Reason {
	case "BuildFailed", "ReconciliationFailed", "HealthCheckFailed", "PruneFailed":
		return d.Attempted
	}
	return sourceRev
}

// Role is the object's role in the chain.
func (o *Object) Role() Role { return o.Kind.Role() }

// Settling reports whether the first look caught a reconciliation under way
// whose verdict may come any moment: a retry of a failing object looks like
// progress for an instant.
func (s *Store) Settling() bool {
	now := Unix(s.Now().Unix())
	for _, f := range s.memory {
		if f.firstSeen != 0 && now <= f.firstSeen+settleTime-1 {
			return true
		}
	}
	return false
}
