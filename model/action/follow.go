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
	if step.Judge != nil {
		return step.Judge(s, sent, now)
	}
	o := s.Get(step.Key)
	switch {
	case o == nil:
		return Progress{Failed, "it is gone from the cluster"}
	case step.Write.UID != "" && o.UID != step.Write.UID:
		return Progress{Failed, "another object of that name took its place"}
	}
	if w.Verb == Suspend {
		if o.IsSuspended() {
			return Progress{Done, "suspended"}
		}
		return overdue(o, sent, now, Progress{Waiting, "not seen suspended yet"})
	}
	if o.IsSuspended() {
		if w.Verb == Resume {
			return overdue(o, sent, now, Progress{Waiting, "not seen resumed yet"})
		}
		return Progress{Failed, "it was suspended meanwhile"}
	}
	if handled(o) != w.Stamp {
		return overdue(o, sent, now, Progress{Waiting, "asked"})
	}
	v := s.Verdict(o.Key)
	switch v.Health {
	case model.Ready, model.NotApplicable:
		return Progress{Done, arrived(o)}
	case model.Reconciling, model.Outdated, model.Pending:
		return overdue(o, sent, now, Progress{Running, "running"})
	}
	return Progress{Failed, model.Sentence(o, v)}
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

// arrived says what an object stands at.
func arrived(o *model.Object) string {
	switch d := o.Detail.(type) {
	case *model.Source:
		if d.Revision != "" {
			return "fetched " + model.ShortRevision(d.Revision)
		}
	case *model.Sync:
		if d.Applied != "" {
			return "applied " + model.ShortRevision(d.Applied)
		}
	}
	return "ready"
}
