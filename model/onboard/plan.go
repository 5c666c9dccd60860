package onboard

import (
	"fmt"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// How long each part may take before nobody can be expected to answer.
const (
	fetchLimit = 3 * time.Minute
	applySlack = 2 * time.Minute
	// secretLimit is for a person who makes a credential meanwhile.
	secretLimit = 30 * time.Minute
)

// Plan spells out how a tenant is made: every object applied in order, each
// seen in the cluster before the next is sent, then source and sync followed to
// Ready. Nothing is forced: where somebody else owns a field with another
// value, the server refuses and names them.
func (s Spec) Plan(stamp, who string) action.Plan {
	p := action.Plan{
		Wish:  action.Wish{Verb: action.AddTenant, Targets: []action.Target{{Row: s.Name}}, Stamp: stamp, Who: who},
		Title: action.AddTenant.String() + " " + s.Name, Asks: true,
		Back: "off-board under a takes it out again, in the order it needs.",
	}
	var watched []action.Step
	for _, o := range s.Objects() {
		key, known := o.Ref.Key()
		if !known {
			key = model.Key{Namespace: o.Ref.Namespace, Name: o.Ref.Name}
		}
		step := action.Step{
			Key: key, Words: "apply " + o.Ref.String(), Effect: o.Why, Wait: true,
			Write: model.Write{Ref: o.Ref, Op: model.WriteApply, Body: o.Body},
			Needs: model.Access{Verb: "patch", Group: o.Ref.Group, Resource: o.Resource, Namespace: o.Ref.Namespace, Name: o.Ref.Name},
			Judge: action.Appears(key, known), Arrived: action.Applied(o.Body),
		}
		p.Steps = append(p.Steps, step)
		switch key.Kind {
		case model.GitRepository:
			watched = append(watched, action.Step{Key: key, Watch: true, Words: "fetch " + o.Ref.String(), Judge: fetched(key)})
		case model.Kustomization:
			watched = append(watched, action.Step{Key: key, Watch: true, Words: "wait for " + o.Ref.String(), Judge: applied(key, s.withDefaults())})
		}
	}
	if set, ok := s.SetKey(); ok {
		watched = s.watchSet(set)
	}
	p.Steps = append(p.Steps, watched...)
	return p
}

// made: the operator has made all a ResourceSet asks for.
func made(k model.Key) func(*model.Store, time.Time, time.Time) action.Progress {
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return action.Progress{State: action.Failed, Words: "it is gone from the cluster"}
		}
		return action.Settles(s, o, sent, now, fetchLimit, "being made", "made")
	}
}

// once judges an object that somebody else makes: not before it is there.
func once(k model.Key, judge func(*model.Store, time.Time, time.Time) action.Progress) func(*model.Store, time.Time, time.Time) action.Progress {
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

func fetched(k model.Key) func(*model.Store, time.Time, time.Time) action.Progress {
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return action.Progress{State: action.Failed, Words: "it is gone from the cluster"}
		}
		if secret := lacks(s, k); secret != "" {
			return action.WaitsFor(sent, now, secretLimit, "waits for the Secret "+secret+", which K makes", "the Secret "+secret+" is still missing")
		}
		revision := ""
		if d, ok := o.Detail.(*model.Source); ok {
			revision = model.ShortRevision(d.Revision)
		}
		return action.Settles(s, o, sent, now, fetchLimit, "fetching", "fetched "+revision)
	}
}

// applied: the sync is Ready. While its source is being fetched for the first
// time it fails for want of an artifact, which is no verdict yet.
func applied(k model.Key, spec Spec) func(*model.Store, time.Time, time.Time) action.Progress {
	limit, err := time.ParseDuration(spec.Sync.Timeout)
	if err != nil {
		limit = 5 * time.Minute
	}
	source := model.Key{Kind: model.GitRepository, Namespace: k.Namespace, Name: spec.Source.Name}
	return func(s *model.Store, sent, now time.Time) action.Progress {
		o := s.Get(k)
		if o == nil {
			return action.Progress{State: action.Failed, Words: "it is gone from the cluster"}
		}
		if from := s.Get(source); from != nil {
			switch v := s.Verdict(source); {
			case lacks(s, source) != "":
				return action.WaitsFor(sent, now, secretLimit, "waits for its source", "its source lacks the Secret "+lacks(s, source))
			case v.Health == model.Failed || v.Health == model.Stalled:
				return action.Progress{State: action.Failed, Words: fmt.Sprintf("its source %s can't be fetched", source)}
			case v.Health != model.Ready || now.Sub(timeOf(v.Since)) < 35*time.Second && s.Verdict(k).Health == model.Failed && s.Verdict(k).Reason == "ArtifactFailed":
				return action.WaitsFor(sent, now, fetchLimit+limit, "waits for its source", "its source has fetched nothing")
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

func timeOf(u model.Unix) time.Time { return time.Unix(int64(u), 0) }
