package onboard

import (
	"tenantry/model"
	"tenantry/model/action"
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
			watched = append(watched, action.Step{Key: key, Watch: true, Words: "fetch " + o.Ref.String(), Judge: fetched(key), Took: action.FetchTook(key)})
		case model.Kustomization:
			watched = append(watched, action.Step{Key: key, Watch: true, Words: "wait for " + o.Ref.String(), Judge: applied(key, s.withDefaults()), Took: action.SettleTook(key)})
		}
	}
	if set, ok := s.SetKey(); ok {
		watched = s.watchSet(set)
	}
	p.Steps = append(p.Steps, watched...)
	return p
}
