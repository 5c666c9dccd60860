package fluxsync

import (
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// How long each part may take before nobody can be expected to answer.
const (
	takeUpLimit = 2 * time.Minute
	fetchLimit  = 3 * time.Minute
	applyLimit  = 10 * time.Minute // the Kustomization's interval, which is also its timeout
	goneLimit   = 5 * time.Minute
	readySlack  = time.Minute
)

const noOperator = "the operator has not taken it up: see whether it runs, under platform"

// instance is the instance as the store has it, nil with the reason when it is
// not the one the order is for.
func (o Order) instance(s *model.Store) (*model.Object, *model.Instance, action.Progress) {
	obj := s.Get(o.Live.Key)
	switch {
	case obj == nil:
		return nil, nil, action.Progress{State: action.Failed, Words: "the FluxInstance is gone"}
	case obj.UID != o.Live.UID:
		return nil, nil, action.Progress{State: action.Failed, Words: "another FluxInstance took its place"}
	}
	d, ok := obj.Detail.(*model.Instance)
	if !ok {
		return nil, nil, action.Progress{State: action.Failed, Words: "the FluxInstance can't be read: " + obj.Undecodable}
	}
	return obj, d, action.Progress{}
}

// wanted reports whether an instance states the sync of the order.
func (o Order) wanted(is *model.InstanceSync) bool {
	w := o.Want
	return is != nil && is.Kind == w.Kind && is.URL == w.URL && is.Ref == w.Ref && is.Path == w.Path &&
		is.PullSecret == w.PullSecret && is.Name == w.Name && is.Provider == w.Provider
}

// takenUp: the operator has made, or changed, source and Kustomization.
func (o Order) takenUp(s *model.Store, sent, now time.Time) action.Progress {
	obj, d, lost := o.instance(s)
	if obj == nil {
		return lost
	}
	if !o.wanted(d.Sync) {
		if obj.Generation > o.Live.Generation+1 {
			return action.Progress{State: action.Failed, Words: "somebody else changed the sync meanwhile"}
		}
		return action.WaitsFor(sent, now, time.Minute, "not seen on the FluxInstance yet", "the FluxInstance does not show it: look before you try again")
	}
	if v := s.Verdict(obj.Key); v.Health == model.Stalled || v.Health == model.Suspended {
		return action.Progress{State: action.Failed, Words: model.Sentence(obj, v)}
	}
	source, sync := o.Want.Made(o.Live.Key.Namespace)
	if o.sourceMade(s.Get(source)) && o.syncMade(s.Get(sync), source) {
		return action.Progress{State: action.Done, Words: "taken up by the operator"}
	}
	return action.WaitsFor(sent, now, takeUpLimit, "set; the operator is at it", noOperator)
}

func (o Order) sourceMade(src *model.Object) bool {
	d, ok := sourceDetail(src)
	if !ok {
		return false
	}
	if o.Want.Kind == model.Bucket.String() {
		return d.URL == o.Want.URL+"/"+o.Want.Ref && secretIs(d, o.Want.PullSecret)
	}
	_, ref, _ := strings.Cut(d.Ref, " ")
	return d.URL == o.Want.URL && ref == o.Want.Ref && secretIs(d, o.Want.PullSecret)
}

func secretIs(d *model.Source, name string) bool {
	is := ""
	for _, p := range d.Secrets {
		if p.Name == "secretRef" {
			is = p.Value
		}
	}
	return is == name
}

func sourceDetail(o *model.Object) (*model.Source, bool) {
	if o == nil {
		return nil, false
	}
	d, ok := o.Detail.(*model.Source)
	return d, ok
}

func (o Order) syncMade(sync *model.Object, source model.Key) bool {
	d, ok := detail(sync)
	return ok && samePath(d.Path, o.Want.Path) && d.SourceRef.Kind == source.Kind.String() && d.SourceRef.Name == source.Name
}

// fetched: the source has what the sync asks for.
func (o Order) fetched(s *model.Store, sent, now time.Time) action.Progress {
	source, _ := o.Want.Made(o.Live.Key.Namespace)
	obj := s.Get(source)
	d, ok := sourceDetail(obj)
	if !ok || !o.sourceMade(obj) {
		return action.WaitsFor(sent, now, takeUpLimit, "no source yet", noOperator)
	}
	if v := s.Verdict(source); d.Revision == "" && v.Health == model.Ready {
		return action.WaitsFor(sent, now, fetchLimit, "fetching", "it has fetched nothing within "+fetchLimit.String())
	}
	return action.Settles(s, obj, sent, now, fetchLimit, "fetching", "fetched "+model.ShortRevision(d.Revision))
}

// appliedBy: the Kustomization has applied what was fetched. A failure with
// another revision says nothing about it; which of the two came first does not
// tell, since each controller dates by its own clock.
func (o Order) appliedBy(s *model.Store, sent, now time.Time) action.Progress {
	source, sync := o.Want.Made(o.Live.Key.Namespace)
	obj := s.Get(sync)
	d, ok := detail(obj)
	if !ok || !o.syncMade(obj, source) {
		return action.WaitsFor(sent, now, takeUpLimit, "no Kustomization yet", noOperator)
	}
	src, ok := sourceDetail(s.Get(source))
	if ok && src.Revision == "" { // what it says is of before there was anything to apply
		return action.WaitsFor(sent, now, applyLimit, "waiting for its source", "its source has fetched nothing within "+applyLimit.String())
	}
	if v := s.Verdict(sync); v.Health == model.Ready && ok && src.Revision != "" && !model.SameRevision(src.Revision, d.Applied) {
		return action.WaitsFor(sent, now, applyLimit, "applying", "it has not applied what was fetched within "+applyLimit.String())
	}
	if ready := obj.Condition("Ready"); ok && src.Revision != "" && ready != nil && ready.Status == "False" &&
		(!model.SameRevision(src.Revision, s.TriedBy(sync)) || strings.Contains(ready.Message, "artifact not found")) {
		return action.WaitsFor(sent, now, applyLimit, "applying", "it has not looked at what was fetched within "+applyLimit.String())
	}
	return action.Settles(s, obj, sent, now, applyLimit, "applying", "applied "+model.ShortRevision(d.Applied))
}

// takenAway: the instance states no sync any more.
func (o Order) takenAway(s *model.Store, sent, now time.Time) action.Progress {
	obj, d, lost := o.instance(s)
	if obj == nil {
		return lost
	}
	if d.Sync == nil {
		return action.Progress{State: action.Done, Words: "cleared"}
	}
	return action.WaitsFor(sent, now, time.Minute, "not seen cleared yet", "the FluxInstance still states a sync: look before you try again")
}

// goes is an object that the operator deletes.
func (o Order) goes(k model.Key) action.Step {
	return action.Step{Key: k, Watch: true, Wait: true, Words: "wait for the end of " + k.String(), Judge: func(s *model.Store, sent, now time.Time) action.Progress {
		if s.Get(k) == nil {
			return action.Progress{State: action.Done, Words: k.Kind.String() + " gone"}
		}
		return action.WaitsFor(sent, now, goneLimit, k.Kind.String()+" is going", k.String()+" is still there after "+goneLimit.String())
	}}
}

// installed: the operator is through with the instance.
func (o Order) installed() action.Step {
	return action.Step{Key: o.Live.Key, Watch: true, Words: "wait for " + o.Live.Key.String(), Judge: func(s *model.Store, sent, now time.Time) action.Progress {
		obj, _, lost := o.instance(s)
		if obj == nil {
			return lost
		}
		return action.Settles(s, obj, sent, now, time.Duration(obj.Timeout())*time.Second+readySlack, "the operator looks at it all", "FluxInstance ready")
	}}
}
