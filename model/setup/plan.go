package setup

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
)

// How long each part may take before nobody can be expected to answer.
const (
	takeUpLimit = 2 * time.Minute
	readySlack  = time.Minute
)

// Order is a FluxInstance to be made or changed, decided in full.
type Order struct {
	// Live is the instance as the server has it; nil: there is none.
	Live *fluxsync.Live
	Want Spec
	// Force takes over fields others own.
	Force bool
	// Shown are the changes the dry run showed; nothing else is done.
	Shown      []fluxsync.Change
	Stamp, Who string
}

// Key is the instance's.
func (o Order) Key() model.Key {
	return model.Key{Kind: model.FluxInstance, Namespace: o.Want.Namespace, Name: fluxsync.InstanceName}
}

// Write is what is tried as a dry run, and sent with the same bytes.
func (o Order) Write() model.Write {
	w := model.Write{Ref: o.Key().ObjectRef(), Op: model.WriteApply, Body: o.Want.Body(), Force: o.Force}
	if o.Live != nil { // a sync that tenantry has set stays
		w.Body = fluxsync.With(w.Body, o.Live.Applied(".spec.distribution", ".spec.components", ".spec.cluster"))
	}
	return w
}

// Changes are the leaves of spec a dry run would change.
func (o Order) Changes(w *model.Written) ([]fluxsync.Change, error) {
	after, err := fluxsync.SpecOf(w.Object)
	if err != nil {
		return nil, err
	}
	var before any
	if o.Live != nil {
		before = o.Live.Spec
	}
	return fluxsync.Diff(before, after), nil
}

// Differs says in words what a dry run would do else than was shown, "" when it
// would do the very same.
func (o Order) Differs(w *model.Written) string {
	if o.Live != nil && w.UID != "" && w.UID != o.Live.UID {
		return "another FluxInstance has taken its place"
	}
	changes, err := o.Changes(w)
	if err != nil {
		return "what the server says can't be read: " + err.Error()
	}
	if differs, same := fluxsync.SameChanges(o.Shown, changes); !same {
		return "it is not what was shown any more: " + differs
	}
	return ""
}

// Plan spells an order out: it is applied once, and followed until Flux runs.
func (o Order) Plan() action.Plan {
	k := o.Key()
	need := model.Access{Verb: "patch", Group: k.Kind.Group(), Resource: k.Kind.Resource(), Namespace: k.Namespace, Name: k.Name}
	return action.Plan{
		Wish:  action.Wish{Verb: action.SetInstance, Targets: []action.Target{action.Object(k)}, Stamp: o.Stamp, Who: o.Who},
		Title: action.SetInstance.String() + " " + k.String(), Asks: true,
		Steps: []action.Step{
			{Key: k, Write: o.Write(), Words: "apply " + k.String(), Needs: need, Wait: true, Check: o.Differs, Judge: o.taken, Arrived: action.Applied(o.Write().Body)},
			{Key: k, Watch: true, Words: "wait for Flux", Judge: o.runs},
		},
	}
}

// States reports whether an instance states what was asked for, as far as it is
// known of it.
func (s Spec) States(d *model.Instance) bool {
	return d.Version == s.Version && d.Registry == s.Registry && d.Multitenant == s.Multitenant && d.Size == s.Size &&
		(d.ClusterType == s.Type || d.ClusterType == "" && s.Type == Types[0]) && slices.Equal(d.Components, s.Components)
}

// taken: the instance is there, as it was asked for.
func (o Order) taken(s *model.Store, sent, now time.Time) action.Progress {
	if obj := s.Get(o.Key()); obj != nil {
		if d, ok := obj.Detail.(*model.Instance); ok && o.Want.States(d) {
			return action.Progress{State: action.Done, Words: "stated"}
		}
	}
	if !s.Readable(o.Key()) {
		return action.Progress{State: action.Done, Words: "taken; you may not see what comes of it"}
	}
	return action.WaitsFor(sent, now, takeUpLimit, "not seen yet", "it is not seen on the cluster: look before you try again")
}

// runs: the operator is through with it.
func (o Order) runs(s *model.Store, sent, now time.Time) action.Progress {
	obj := s.Get(o.Key())
	switch {
	case obj == nil && !s.Readable(o.Key()):
		return action.Progress{State: action.Done, Words: "not yours to see"}
	case obj == nil:
		return action.Progress{State: action.Failed, Words: "the FluxInstance is gone"}
	}
	p := s.Platform()
	up := 0
	for _, c := range p.Controllers {
		if c.Health == model.Ready {
			up++
		}
	}
	doing := "the operator installs Flux"
	if len(p.Controllers) > 0 {
		doing = fmt.Sprintf("%d of %d controllers run", up, len(p.Controllers))
	}
	done := "Flux runs"
	if p.FluxVersion != "" {
		done = "Flux " + p.FluxVersion + " runs"
	}
	return action.Settles(s, obj, sent, now, time.Duration(obj.Timeout())*time.Second+readySlack, doing, done)
}

// Exposed are syncs of tenants that the lockdown would stop: without an account
// of their own, or from a source in another namespace.
func Exposed(s *model.Store) []string {
	home := s.Platform().Namespaces
	var out []string
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
		for _, o := range s.Objects(kind) {
			d, ok := o.Detail.(*model.Sync)
			if !ok || slices.Contains(home, o.Namespace) {
				continue
			}
			switch {
			case d.SourceRef.Namespace != "" && d.SourceRef.Namespace != o.Namespace:
				out = append(out, o.Key.String()+": its source is in "+d.SourceRef.Namespace)
			case d.ServiceAccount == "":
				out = append(out, o.Key.String()+": it names no account, and would run as default")
			}
		}
	}
	return out
}

// Lasting is where a change of an instance that somebody else keeps belongs,
// and what to put there, as JSON.
func Lasting(live fluxsync.Live, s Spec) (where string, text []byte) {
	nested := func(path ...string) []byte {
		var v any = json.RawMessage(s.Values())
		for _, name := range slices.Backward(path) {
			v = map[string]any{name: v}
		}
		return encode(v)
	}
	release := ""
	if r := live.HelmRelease(); r != "" {
		release = " of release " + r
	}
	switch live.Maker() {
	case fluxsync.ByCozystack:
		return "the platform's Kubernetes app in the management cluster, through addons.fluxcd.valuesOverride", nested("addons", "fluxcd", "valuesOverride", "flux-instance")
	case fluxsync.ByHelmRelease:
		return "spec.values of HelmRelease " + live.FluxRelease() + " (chart flux-instance)", s.Values()
	case fluxsync.ByHelm:
		return "the values of the chart flux-instance" + release, s.Values()
	case fluxsync.ByGit:
		k, _ := live.Kustomization()
		return "Git, in the manifest that Kustomization " + k.Namespace + "/" + k.Name + " applies", s.Body()
	}
	return "Git, as this FluxInstance's manifest", s.Body()
}
