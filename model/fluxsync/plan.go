package fluxsync

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// Order is a sync to be set or cleared, decided in full.
type Order struct {
	Live Live
	// Want is the sync; nil clears it.
	Want *Spec
	// Guards are the annotations to be put on the instance first.
	Guards []Guard
	// Keep suspends the Kustomization before the sync is cleared, so that what
	// it applied stays.
	Keep bool
	// Force takes over fields others own.
	Force bool
	// Shown are the changes of spec the dry run showed; nothing else is done.
	Shown []Change
	Stamp string
	Who   string
}

// Write is the change of the instance itself: what is tried as a dry run, and
// sent with the same bytes. Setting is applied, so that others' fields are not
// taken over silently. Clearing takes the field away whoever owns it, and is
// bound to the very spec that was shown.
func (o Order) Write() model.Write {
	w := model.Write{Ref: o.Live.Key.ObjectRef()}
	if o.Want != nil {
		w.Op, w.Body, w.Force = model.WriteApply, With(o.Want.Body(o.Live.Key.Namespace), o.Live.Applied(".spec.sync")), o.Force
		return w
	}
	w.Op, w.Body = model.WriteMerge, []byte(`{"spec":{"sync":null}}`)
	w.UID, w.Generation = o.Live.UID, o.Live.Generation
	return w
}

// Verb is what a button carries.
func (o Order) Verb() action.Verb {
	if o.Want == nil {
		return action.ClearSync
	}
	return action.SetSync
}

// Needs are the permissions of an order, each once.
func Needs(live model.Key, sync *Spec) []model.Access {
	out := []model.Access{patchOf(live)}
	if sync != nil {
		_, k := sync.Made(live.Namespace)
		out = append(out, patchOf(k))
	}
	return out
}

func patchOf(k model.Key) model.Access {
	return model.Access{Verb: "patch", Group: k.Kind.Group(), Resource: k.Kind.Resource(), Namespace: k.Namespace, Name: k.Name}
}

// Plan spells an order out: guards first, then the sync, then what comes of it.
func (o Order) Plan(s *model.Store) action.Plan {
	p := action.Plan{
		Wish:  action.Wish{Verb: o.Verb(), Targets: []action.Target{action.Object(o.Live.Key)}, Stamp: o.Stamp, Who: o.Who},
		Title: o.Verb().String() + " of " + o.Live.Key.String(), Asks: true, Stops: o.Want == nil,
	}
	for _, g := range o.Guards {
		p.Steps = append(p.Steps, o.guard(g))
	}
	if o.Want == nil && o.Keep {
		if step, ok := o.suspend(s); ok {
			p.Steps = append(p.Steps, step)
		}
	}
	main := action.Step{Key: o.Live.Key, Write: o.Write(), Words: o.Verb().String(), Needs: patchOf(o.Live.Key), Wait: true}
	if len(p.Steps) > 0 { // the dry run that was confirmed is not the last thing done
		main.Check = o.Differs
	}
	if o.Want == nil {
		main.Judge = o.takenAway
		p.Steps = append(p.Steps, main)
		source, sync := o.Live.Sync.Made(o.Live.Key.Namespace)
		p.Steps = append(p.Steps, o.goes(sync), o.goes(source), o.installed())
		return p
	}
	main.Judge = o.takenUp
	p.Steps = append(p.Steps, main)
	source, sync := o.Want.Made(o.Live.Key.Namespace)
	p.Steps = append(p.Steps,
		action.Step{Key: source, Watch: true, Wait: true, Words: "fetch " + source.String(), Judge: o.fetched, Took: action.FetchTook(source)},
		action.Step{Key: sync, Watch: true, Wait: true, Words: "apply " + sync.String(), Judge: o.appliedBy, Took: action.SettleTook(sync)},
		o.installed())
	return p
}

// Differs says in words what a dry run would do else than was shown, "" when
// it would do the very same to the same object.
func (o Order) Differs(w *model.Written) string {
	if w.UID != "" && w.UID != o.Live.UID {
		return "another object of that name has taken its place"
	}
	changes, err := Changes(o.Live, w)
	if err != nil {
		return "what the server says can't be read: " + err.Error()
	}
	differs, same := SameChanges(o.Shown, changes)
	if same {
		return ""
	}
	return "it is not what was shown any more: " + differs
}

// Changes are the leaves of spec a dry run would change.
func Changes(live Live, w *model.Written) ([]Change, error) {
	after, err := SpecOf(w.Object)
	if err != nil {
		return nil, err
	}
	return Diff(live.Spec, after), nil
}

// guard is one annotation, as a write of its own.
func (o Order) guard(g Guard) action.Step {
	body, _ := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{g.Annotation: g.Value}}})
	short := g.Annotation[strings.LastIndex(g.Annotation, "/")+1:]
	words := fmt.Sprintf("guarded, %s: %s", short, g.Value)
	return action.Step{
		Key: o.Live.Key, Wait: true, Words: "guard " + short + ": " + g.Value, Needs: patchOf(o.Live.Key),
		Write: model.Write{Ref: o.Live.Key.ObjectRef(), Op: model.WriteMerge, UID: o.Live.UID, Body: body,
			Was: model.Pairs{{Name: g.Annotation, Value: o.Live.Annotations[g.Annotation]}}},
		Judge: func(s *model.Store, sent, now time.Time) action.Progress {
			i := s.Get(o.Live.Key)
			if i != nil && strings.EqualFold(i.Annotations.Get(g.Annotation), g.Value) {
				return action.Progress{State: action.Done, Words: words}
			}
			return action.WaitsFor(sent, now, time.Minute, "not seen guarded yet", "the annotation was not seen within a minute")
		},
	}
}

// suspend is the suspension of the Kustomization before it is deleted.
func (o Order) suspend(s *model.Store) (action.Step, bool) {
	_, k := o.Live.Sync.Made(o.Live.Key.Namespace)
	plan := action.New(s, action.Wish{Verb: action.Suspend, Targets: []action.Target{action.Object(k)}, Stamp: o.Stamp, Who: o.Who,
		Reason: "its sync is being cleared; what it applied is to stay"})
	if len(plan.Steps) != 1 {
		return action.Step{}, false // it is suspended already, or not there
	}
	step := plan.Steps[0]
	step.Wait = true
	uid := step.Write.UID
	step.Judge = func(s *model.Store, sent, now time.Time) action.Progress {
		switch ks := s.Get(k); {
		case ks == nil || ks.UID != uid:
			return action.Progress{State: action.Failed, Words: k.String() + " is gone"}
		case ks.IsSuspended():
			return action.Progress{State: action.Done, Words: k.Name + " suspended"}
		}
		return action.WaitsFor(sent, now, time.Minute, "not seen suspended yet", "it was not seen suspended within a minute")
	}
	return step, true
}
