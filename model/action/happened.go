package action

import "tenantry/model"

// Trace says whether a request can be seen on the object it was for.
type Trace uint8

// The traces.
const (
	NoTrace  Trace = iota // it never arrived, or was taken back
	Traced                // the object shows it
	Vanished              // the object is gone, or another took its place
)

// Traces says whether an earlier request with that stamp can be seen on an
// object: what a killed dashboard had sent is read off the cluster, not off
// what it had meant to do.
func Traces(s *model.Store, v Verb, k model.Key, uid, stamp string) Trace {
	o := s.Get(k)
	if o == nil || uid != "" && o.UID != uid {
		return Vanished
	}
	there := false
	switch v {
	case Suspend:
		there = o.IsSuspended() && o.Annotations.Get(model.AnnotationSuspendedAt) == seconds(stamp)
	default:
		there = o.Annotations.Get(model.AnnotationRequestedAt) == stamp || handled(o) == stamp
	}
	if there {
		return Traced
	}
	return NoTrace
}

// Unseen reports whether a step that was sent can't be seen on its object,
// neither itself nor what others did about it since.
func Unseen(s *model.Store, w Wish, step Step) bool {
	o := s.Get(step.Key)
	if o == nil || step.Judge != nil || Traces(s, w.Verb, step.Key, step.Write.UID, w.Stamp) != NoTrace {
		return false
	}
	if step.Write.Generation > 0 {
		return o.Generation == step.Write.Generation
	}
	return !later(o.Annotations.Get(model.AnnotationRequestedAt), w.Stamp)
}

// ParseVerb returns the verb of a word.
func ParseVerb(word string) (Verb, bool) {
	for i, w := range verbWords {
		if w == word {
			return Verb(i), true
		}
	}
	return 0, false
}

// Undo is the verb that takes one back; false where none does.
func (v Verb) Undo() (Verb, bool) {
	switch v {
	case Suspend:
		return Resume, true
	case Resume:
		return Suspend, true
	}
	return 0, false
}
