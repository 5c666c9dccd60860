package action

import (
	"time"

	"tenantry/model"
)

// State says how far a step that was sent has come.
type State uint8

// The states.
const (
	Waiting State = iota // asked, nothing heard yet
	Running              // being worked on
	Done
	Failed
)

// Progress is how far a step has come, and in which words.
type Progress struct {
	State State
	Words string
}

// slack is allowed on top of an object's own timeout before an unanswered
// request is given up: controllers pick requests up within seconds, unless all
// their workers are busy.
const slack = time.Minute

// Follow judges from the cluster's state how a step that was sent at that
// moment has ended. The controller says that a request was handled in
// status.lastHandledReconcileAt, when its run is over; the classifier says how
// it went.
func Follow(s *model.Store, w Wish, step Step, sent, now time.Time) Progress {
	o := s.Get(step.Key)
	if step.Judge != nil {
		if o != nil && step.unseen(o) {
			return WaitsFor(sent, now, appearLimit, "not seen yet", "it was taken, and is not seen: look before you try again")
		}
		return step.Judge(s, sent, now)
	}
	switch {
	case o == nil:
		return Progress{Failed, "it is gone from the cluster"}
	case step.Write.UID != "" && o.UID != step.Write.UID:
		return Progress{Failed, "another object of that name took its place"}
	}
	if w.Verb == Suspend {
		switch {
		case o.IsSuspended():
			return Progress{Done, "suspended"}
		case step.passed(o):
			return Progress{Done, "suspended, and resumed since"}
		}
		return overdue(o, sent, now, Progress{Waiting, "not seen suspended yet"})
	}
	if o.IsSuspended() {
		if w.Verb == Resume && !step.passed(o) {
			return overdue(o, sent, now, Progress{Waiting, "not seen resumed yet"})
		}
		return Progress{Failed, "it was suspended meanwhile"}
	}
	switch step.answered(o, w.Stamp) {
	case notYet:
		return overdue(o, sent, now, Progress{Waiting, "asked"})
	case askedAgain:
		return overdue(o, sent, now, Progress{Waiting, "asked again meanwhile"})
	}
	v := s.Verdict(o.Key)
	switch v.Health {
	case model.Ready, model.NotApplicable:
		return Progress{Done, o.Arrived()}
	case model.Reconciling, model.Outdated, model.Pending:
		return overdue(o, sent, now, Progress{Running, "running"})
	}
	return Progress{Failed, model.Sentence(o, v)}
}

// unseen reports whether an object that was there before is seen as it was
// before the step was written.
func (s *Step) unseen(o *model.Object) bool {
	return !s.Watch && o.Generation < s.Written.Generation && o.UID == s.Written.UID
}

// passed reports whether an object's spec has changed since the step was
// written: what is not seen of the step was taken back, not overlooked.
func (s *Step) passed(o *model.Object) bool {
	return s.Written.Generation > 0 && o.Generation > s.Written.Generation
}

type answerState uint8

const (
	notYet     answerState = iota
	askedAgain             // somebody's later request took the place of this one
	wasAnswered
)

// answered tells whether the controller has answered a request. There is one
// place for requests on an object: a later one takes it, and its answer is one
// to both (the controller looks at the object as it is, not at the request).
func (s *Step) answered(o *model.Object, stamp string) answerState {
	last, asked := handled(o), o.Annotations.Get(model.AnnotationRequestedAt)
	switch {
	case last == stamp:
		return wasAnswered
	case asked == stamp:
		return notYet
	case last != s.Handled && later(last, stamp): // what was answered before is no answer, however far ahead its clock
		return wasAnswered
	case later(asked, stamp):
		return askedAgain
	}
	return notYet
}

// later reports whether one request was made after another. Requests are times
// by convention; what is none tells nothing.
func later(a, b string) bool {
	at, err := time.Parse(time.RFC3339Nano, a)
	if err != nil {
		return false
	}
	other, err := time.Parse(time.RFC3339Nano, b)
	return err == nil && at.After(other)
}

// overdue turns waiting into a failure once nobody can be expected to answer.
func overdue(o *model.Object, sent, now time.Time, p Progress) Progress {
	limit := time.Duration(o.Timeout())*time.Second + slack
	if now.Sub(sent) <= limit {
		return p
	}
	return Progress{Failed, "no answer from its controller in " + limit.String() + ": see whether it runs, under platform"}
}

// handled is the request an object's controller has answered last.
func handled(o *model.Object) string {
	switch d := o.Detail.(type) {
	case *model.Source:
		return d.LastHandled
	case *model.Sync:
		return d.LastHandled
	case *model.Instance:
		return d.LastHandled
	case *model.Provider:
		return d.LastHandled
	}
	return ""
}
