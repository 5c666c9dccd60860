package restore

import (
	"tenantry/model"
	"tenantry/model/action"
)

// Action is what is sent, as every action is: decided in full, for the journal
// and for access reviews. Nothing is forced. The steps are in the order of
// Sends.
func (p *Plan) Action(folder, stamp, who string) action.Plan {
	out := action.Plan{
		Wish:  action.Wish{Verb: action.Restore, Stamp: stamp, Who: who},
		Title: action.Restore.String() + " " + folder, Asks: true,
		Back: "nothing is deleted; what was changed is put back by hand, from what is shown here.",
	}
	if len(p.Deleting()) > 0 {
		out.Back = "what Flux deletes by it comes back only by what made it; what was changed is put back by hand, from what is shown here."
	}
	for _, o := range p.Sends() {
		key, known := o.Key()
		if !known {
			key = model.Key{Namespace: o.Ref.Namespace, Name: o.Ref.Name}
		}
		step := action.Step{
			Key: key, Words: "apply " + o.Ref.String(), Wait: true,
			Write: model.Write{Ref: o.Ref, Op: model.WriteApply, Body: o.Body(), UID: o.UID},
			Needs: model.Access{Verb: "patch", Group: o.Ref.Group, Resource: o.Kind.Resource, Namespace: o.Ref.Namespace, Name: o.Ref.Name},
			Judge: action.Appears(key, known),
		}
		if o.Becomes != nil {
			step.Check = o.Moved
		}
		if o.Kind.Flux || o.Kind.Operator { // what Flux would delete was judged from this spec, and no other
			step.Write.Generation = o.Generation
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}

// Permit takes what access reviews say of objects the server could not be asked
// about as such.
func (p *Plan) Permit(steps []action.Step) {
	for i, o := range p.Sends() {
		if i < len(steps) && steps[i].Denied != "" {
			o.State, o.Why = Refused, steps[i].Denied
		}
	}
}

// AwaitedKinds are the kinds that come only with Flux.
func (p *Plan) AwaitedKinds() []model.Kind {
	var out []model.Kind
	seen := map[model.Kind]bool{}
	for _, o := range p.Sends() {
		k, known := o.Key()
		if known && !seen[k.Kind] && p.live.Absent[[2]string{o.Ref.Group, o.Ref.Kind}] {
			seen[k.Kind] = true
			out = append(out, k.Kind)
		}
	}
	return out
}
