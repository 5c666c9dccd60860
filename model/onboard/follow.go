package onboard

import (
	"fmt"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/said"
)

// How long each part may take before nobody can be expected to answer.
const (
	fetchLimit = 3 * time.Minute
	applySlack = 2 * time.Minute
	// secretLimit is for a person who makes a credential meanwhile.
	secretLimit = 30 * time.Minute
)

// judge says how far a step has come.
type judge = func(s *model.Store, sent, now time.Time) action.Progress

// made: the operator has made all a ResourceSet asks for.
func made(k model.Key) judge {
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return gone
		}
		return action.Settles(s, o, sent, now, fetchLimit, "being made", "made")
	}
}

var gone = action.Progress{State: action.Failed, Words: "it is gone from the cluster"}

// once judges an object that somebody else makes: not before it is there.
func once(k model.Key, judge judge) judge {
	return func(s *model.Store, sent, now time.Time) action.Progress {
		if s.Get(k) == nil {
			return action.WaitsFor(sent, now, fetchLimit, "not made yet", "nobody has made it")
		}
		return judge(s, sent, now)
	}
}

// lacks is the Secret that what an object fetches with is missing, "" for none.
func lacks(s *model.Store, k model.Key) string {
	c := s.Verdict(k).Cause
	if c != nil && c.Kind == model.Secret.String() && c.Reason == "Missing" {
		return c.Namespace + "/" + c.Name
	}
	return ""
}

// has is what a source has fetched, in short; "" as long as that is nothing.
func has(o *model.Object) string {
	if d, ok := o.Detail.(*model.Source); ok {
		return model.ShortRevision(d.Revision)
	}
	return ""
}

// fetched: the source has something of its newest spec.
func fetched(k model.Key) judge {
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return gone
		}
		if secret := lacks(s, k); secret != "" {
			return action.WaitsFor(sent, now, secretLimit, "waits for the Secret "+secret+", which K makes", "the Secret "+secret+" is still missing")
		}
		p := action.Settles(s, o, sent, now, fetchLimit, "fetching", "fetched "+has(o))
		if p.State == action.Done && has(o) == "" { // Ready may come before what it has
			return action.WaitsFor(sent, now, fetchLimit, "fetching", "it is Ready, and has fetched nothing")
		}
		return p
	}
}

// applied: the sync is Ready. While its source is being fetched for the first
// time it fails for want of an artifact, which is no verdict yet; nor is it
// while it has not noticed what its source has.
func applied(k model.Key, spec Spec) judge {
	limit, err := time.ParseDuration(spec.Sync.Timeout)
	if err != nil {
		limit = 5 * time.Minute
	}
	source := model.Key{Kind: model.GitRepository, Namespace: k.Namespace, Name: spec.Source.Name}
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return gone
		}
		if from := s.Get(source); from != nil {
			switch v := s.Verdict(source); {
			case lacks(s, source) != "":
				return action.WaitsFor(sent, now, secretLimit, "waits for its source", "its source lacks the Secret "+lacks(s, source))
			case v.Health == model.Failed || v.Health == model.Stalled:
				return action.Progress{State: action.Failed, Words: fmt.Sprintf("its source %s can't be fetched", source)}
			case has(from) == "":
				return action.WaitsFor(sent, now, fetchLimit+limit, "waits for its source", "its source has fetched nothing")
			case onItsWay(v.Health):
				return action.WaitsFor(sent, now, fetchLimit+limit, "waits for its source", "its source does not come to an end")
			case unnoticed(o), before(o, from, sent):
				return action.WaitsFor(sent, now, fetchLimit+limit, "its source has "+has(from)+"; it has not looked again yet", "its source has "+has(from)+", and it does not look again")
			}
		}
		d, _ := o.Detail.(*model.Sync)
		revision := ""
		if d != nil {
			revision = model.ShortRevision(d.Applied)
		}
		return action.Settles(s, o, sent, now, limit+applySlack, "applying", "applied "+revision)
	}
}

// onItsWay: the source fetches, or has not seen its newest spec: what it has is
// of the one before.
func onItsWay(h model.Health) bool {
	return h == model.Reconciling || h == model.Outdated || h == model.Pending
}

// before reports whether a sync has said how it is before all of it was sent,
// and not of what its source has now.
func before(o, source *model.Object, sent time.Time) bool {
	ready := o.Condition("Ready")
	d, ok := o.Detail.(*model.Sync)
	from, known := source.Detail.(*model.Source)
	return ready != nil && ok && known && int64(ready.LastTransition) < sent.Unix() && !model.SameRevision(d.Applied, from.Revision) && !model.SameRevision(d.Attempted, from.Revision)
}

// unnoticed reports whether a sync says that there is nothing to apply yet.
func unnoticed(o *model.Object) bool {
	ready := o.Condition("Ready")
	if ready == nil || ready.Status == "True" {
		return false
	}
	is, _ := said.Read(ready.Message)
	return is.Fault == said.SourceNotReady || is.Fault == said.SourceMissing
}
