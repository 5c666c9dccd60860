package model

import "time"

// Suspension is what is known of a suspended object. What is not known is
// empty, never guessed: Kubernetes keeps no record of who suspended what when.
type Suspension struct {
	Key    Key
	Since  Unix   // 0 = unknown
	By     string // "" = unknown
	Reason string
	// Until is the date it was meant to end, as written; UntilAt is 0 when that
	// is no date. Nothing resumes by itself.
	Until   string
	UntilAt Unix
	Overdue bool
	Was     Health // what its frozen conditions say; NotApplicable = nothing
	Lasts   Lasting
	Because string // why it lasts or doesn't, in a few words
	// Undone: the object says that it is suspended, and runs.
	Undone bool
}

// Lasting says whether a suspension will last.
type Lasting uint8

// The answers, the least lasting last.
const (
	LastsYes Lasting = iota
	LastsUnknown
	LastsNo
)

// String returns the word.
func (l Lasting) String() string {
	switch l {
	case LastsYes:
		return "yes"
	case LastsNo:
		return "no"
	}
	return "unknown"
}

// Suspension returns what is known of the object's suspension, and false when
// it is not suspended.
func (s *Store) Suspension(o *Object) (Suspension, bool) {
	v := s.Verdict(o.Key)
	if !v.Suspended {
		return Suspension{}, false
	}
	c := s.clock()
	out := Suspension{Key: o.Key, By: o.Annotations.Get(AnnotationSuspendedBy), Reason: o.Annotations.Get(AnnotationSuspendReason),
		Until: o.Annotations.Get(AnnotationSuspendUntil), Was: v.Was, Overdue: pastUntil(o, c)}
	s.noteDue(c.due)
	if out.By == "" {
		out.By = o.Annotations.Get(AnnotationFluxSuspendedBy)
	}
	if at, ok := suspendUntil(out.Until); ok {
		out.UntilAt = at
	}
	if o.Condition("Ready") == nil && v.Was == Pending {
		out.Was = NotApplicable
	}
	out.Since = s.suspendedSince(o)
	out.Lasts, out.Because = s.lasting(o)
	return out, true
}

// whoSuspended names the person behind a suspension that was seen to begin, as
// far as it was written down with it, and the field manager it was done with.
// What was written down before is of another suspension.
func whoSuspended(old, new *Object, manager string) string {
	for _, name := range []string{AnnotationSuspendedBy, AnnotationFluxSuspendedBy} {
		who := new.Annotations.Get(name)
		written := old.Annotations.Get(name) != who || old.Annotations.Get(AnnotationSuspendedAt) != new.Annotations.Get(AnnotationSuspendedAt)
		switch {
		case who == "" || !written:
		case manager == "":
			return who
		default:
			return who + " with " + manager
		}
	}
	return manager
}

// Undone returns what is known of a suspension that tenantry wrote down on an
// object, which runs all the same, as long as something that may have taken the
// suspension back applies it. False for all others.
func (s *Store) Undone(o *Object) (Suspension, bool) {
	if !o.Annotations.Has(AnnotationSuspendedAt) || s.Verdict(o.Key).Suspended {
		return Suspension{}, false
	}
	owner := s.Get(ownerKey(o))
	if owner == nil || owner.Key == o.Key || s.Verdict(owner.Key).Suspended {
		return Suspension{}, false
	}
	out := Suspension{Key: o.Key, By: o.Annotations.Get(AnnotationSuspendedBy), Reason: o.Annotations.Get(AnnotationSuspendReason),
		Until: o.Annotations.Get(AnnotationSuspendUntil), Since: s.suspendedSince(o), Was: NotApplicable, Lasts: LastsNo, Undone: true,
		Because: "it runs again: undone by hand or by " + owner.Kind.String() + " " + owner.Name}
	out.UntilAt, _ = suspendUntil(out.Until)
	return out, true
}

// suspendedSince is when the object was suspended: as written on it, or as seen
// from here. Its conditions stand still, but began before.
func (s *Store) suspendedSince(o *Object) Unix {
	if at, err := time.Parse(time.RFC3339, o.Annotations.Get(AnnotationSuspendedAt)); err == nil {
		return Unix(at.Unix())
	}
	var since Unix
	s.log.Back(func(e Entry) bool {
		if e.Key == o.Key && (e.Change == ChangeSuspended || e.Change == ChangeResumed || e.Change == ChangeAppeared) {
			if e.Change == ChangeSuspended {
				since = e.At
			}
			return false
		}
		return true
	})
	return since
}

// lasting tells what would undo the suspension (domain.md §5): the operator
// takes back what others wrote to the objects it generates, and what applies an
// object from Git takes back some managers' writes and not others'. tenantry's
// and the operator's own tools write as managers of their own, which both leave
// alone.
func (s *Store) lasting(o *Object) (Lasting, string) {
	owner := ownerKey(o)
	if owner.Kind == FluxInstance && o.Kind != FluxInstance && s.Get(owner) != nil {
		if o.Annotations.Has(AnnotationSuspendedBy) {
			return LastsYes, ""
		}
		return LastsNo, "the operator undoes it"
	}
	if s.Get(owner) == nil {
		if owner != (Key{}) && !s.readable(owner) {
			return LastsUnknown, "what applies it can't be read"
		}
		return LastsYes, ""
	}
	if s.Verdict(owner).Suspended {
		return LastsYes, "as long as what applies it is suspended"
	}
	if o.Annotations.Has(AnnotationSuspendedBy) || o.Annotations.Has(AnnotationFluxSuspendedBy) {
		return LastsYes, unlessStated(owner.Kind)
	}
	return LastsUnknown, owner.Kind.String() + " " + owner.Name + " applies it"
}

// unlessStated is what would still undo a suspension that what applies the
// object leaves alone.
func unlessStated(owner Kind) string {
	switch owner {
	case HelmRelease:
		return "unless its chart sets it"
	case ResourceSet:
		return "unless its template sets it"
	}
	return "unless Git sets it"
}

// SuspensionOverdue reports whether the object is past the date its suspension
// was meant to end.
func (s *Store) SuspensionOverdue(o *Object) bool {
	c := s.clock()
	overdue := pastUntil(o, c)
	s.noteDue(c.due)
	return overdue
}

// suspendUntil reads the date a suspension was meant to end.
func suspendUntil(until string) (Unix, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, until); err == nil {
			return Unix(at.Unix()), true
		}
	}
	return 0, false
}

// pastUntil reports whether a suspension is past the date it was meant to end.
func pastUntil(o *Object, c *clock) bool {
	at, ok := suspendUntil(o.Annotations.Get(AnnotationSuspendUntil))
	return ok && c.passed(at, 0)
}
