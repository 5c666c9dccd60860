package action

import (
	"time"

	"tenantry/model"
)

// Rules for steps that are judged otherwise than by a request that was handled:
// a Step's Judge is made of these.

// WaitsFor is progress that is not there yet: it waits in the given words until
// the limit, and has failed in others after it.
func WaitsFor(sent, now time.Time, limit time.Duration, waiting, failed string) Progress {
	if now.Sub(sent) > limit {
		return Progress{Failed, failed}
	}
	return Progress{Waiting, waiting}
}

// Settles turns the verdict on an object that reports conditions into progress.
// A verdict on an older spec is none yet.
func Settles(s *model.Store, o *model.Object, sent, now time.Time, limit time.Duration, doing, done string) Progress {
	v := s.Verdict(o.Key)
	ready := o.Condition("Ready")
	current := ready != nil && ready.ObservedGeneration == o.Generation
	switch v.Health {
	case model.Ready:
		if current {
			return Progress{Done, done}
		}
	case model.Failed, model.Stalled, model.Stuck:
		if current {
			return Progress{Failed, model.Sentence(o, v)}
		}
	case model.Suspended:
		return Progress{Failed, "it is suspended: nothing is done until s resumes it"}
	case model.Terminating:
		return Progress{Failed, "it is being deleted"}
	}
	p := WaitsFor(sent, now, limit, doing, "no answer within "+limit.String()+": "+model.Sentence(o, v))
	if p.State == Waiting {
		p.State = Running
	}
	return p
}

// appearLimit is how long what was applied may take until it is seen.
const appearLimit = 30 * time.Second

// Appears judges an object of which the server said that it was applied: it is
// done once it is there. What tenantry does not watch is believed to the
// server. Where its answer was lost, Applied looks first.
func Appears(k model.Key, known bool) func(*model.Store, time.Time, time.Time) Progress {
	return func(s *model.Store, sent, now time.Time) Progress {
		if !known || !s.Readable(k) || s.Get(k) != nil {
			return Progress{State: Done, Words: "applied"}
		}
		return WaitsFor(sent, now, appearLimit, "not seen yet", "it was taken, and is not there: somebody deleted it again")
	}
}
