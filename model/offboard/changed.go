package offboard

import (
	"fmt"
	"slices"

	"tenantry/model"
	"tenantry/model/action"
)

// Changes says what would be otherwise now than was shown, empty when nothing
// would: which objects go, what else goes with each, what stays and who else is
// concerned.
func (p Plan) Changes(now Plan) []string {
	if p.Blocked != now.Blocked {
		return []string{now.Blocked}
	}
	var out []string
	was := map[model.Key]*action.Step{}
	for i := range p.Steps {
		was[p.Steps[i].Key] = &p.Steps[i]
	}
	for i := range now.Steps {
		s := &now.Steps[i]
		if why := stepChange(was[s.Key], s); why != "" {
			out = append(out, s.Key.String()+" "+why)
		} else if why := went(p.deletes[s.Key], now.deletes[s.Key]); why != "" {
			out = append(out, "deleting "+s.Key.String()+" "+why)
		}
		delete(was, s.Key)
	}
	for _, s := range p.Steps { // in their order
		if was[s.Key] != nil {
			out = append(out, s.Key.String()+" is gone already, or is not this tenant's any more")
		}
	}
	if len(out) == 0 && !slices.EqualFunc(p.Steps, now.Steps, func(a, b action.Step) bool { return a.Key == b.Key }) {
		out = append(out, "the order is another")
	}
	for _, of := range [][2][]string{{p.outside(), now.outside()}, {p.Shared, now.Shared}, {p.Listed, now.Listed}, {p.Returns, now.Returns}, {p.Notes, now.Notes}, {p.offers(), now.offers()}} {
		out = append(out, without("new: ", of[1], of[0])...)
		out = append(out, without("not any more: ", of[0], of[1])...)
	}
	return out
}

// stepChange says what is otherwise of one step.
func stepChange(was, now *action.Step) string {
	switch {
	case was == nil:
		return "has come meanwhile" + unlessEmpty(": ", now.Effect)
	case was.Write.UID != now.Write.UID:
		return "is another object of that name now"
	case was.Effect != now.Effect:
		return "changed: " + now.Effect
	case was.Watch != now.Watch:
		return "changed: " + now.Words
	case was.Write.Generation != now.Write.Generation:
		return fmt.Sprintf("has another spec now (generation %d was %d)", now.Write.Generation, was.Write.Generation)
	}
	return ""
}

// went says what is deleted now with a step and was not, or the other way round.
func went(was, now []string) string {
	if slices.Equal(was, now) {
		return ""
	}
	for _, of := range []struct {
		words   string
		in, out []string
	}{{"takes %s along as well now", now, was}, {"does not take %s along any more", was, now}} {
		for _, id := range of.in {
			if ref, ok := model.InventoryRef(id); ok && !slices.Contains(of.out, id) {
				return fmt.Sprintf(of.words, ref)
			}
		}
	}
	return ""
}

func without(before string, all, known []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(known, s) {
			out = append(out, before+s)
		}
	}
	return out
}

// String says what becomes of an object outside.
func (o Outside) String() string {
	switch {
	case o.Stays != "":
		return fmt.Sprintf("%s, of %s: %s", o.Ref, o.Sync, o.Stays)
	case o.Unsure:
		return fmt.Sprintf("%s, applied by %s, unless it is kept from being pruned, which could not be read", o.Ref, o.Sync)
	}
	return fmt.Sprintf("%s, applied by %s", o.Ref, o.Sync)
}

func (p Plan) outside() []string {
	out := make([]string, len(p.Outside))
	for i, o := range p.Outside {
		out[i] = o.String()
		if o.Stays == "" {
			out[i] += ", goes"
		} else {
			out[i] += ", stays"
		}
	}
	return out
}

func (p Plan) offers() []string {
	out := make([]string, len(p.Offered))
	for i, o := range p.Offered {
		out[i] = fmt.Sprintf("%s may be left out%s", o.Key, unlessEmpty(": ", o.Why))
	}
	return out
}
