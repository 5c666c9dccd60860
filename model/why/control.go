package why

import (
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// control explains objects nobody answers for, and those whose controller is
// not at work: what is said of them may be old, and nothing new comes.
func (w *walk) control(o *model.Object, v model.Verdict) []Fault {
	if v.Suspended || v.Health == model.NotApplicable {
		return nil
	}
	serving := w.s.ServedBy(o)
	silent := v.Health == model.Unobserved || v.Health == model.Pending
	name := lower(refOf(o.Key))
	switch {
	case serving.Name == "":
		return nil
	case serving.Elsewhere != "" && (silent || v.Health == model.Unobserved):
		return []Fault{{Ours: WrongNamespace, Words: name + " is never reconciled: the operator serves only the instance flux in " + serving.Elsewhere}}
	case serving.View != nil && !serving.View.AtWork():
		c := serving.View
		return []Fault{{Ours: ControllerDown, Chain: []Link{{Ref: refOf(c.Key), Health: c.Health, Since: c.LeaseRenewed, Note: "its controller"}},
			Since: c.LeaseRenewed, Words: c.Message}}
	case serving.View == nil && serving.Shard != "" && serving.Known && v.Health != model.Ready:
		return []Fault{{Ours: NoShard, Words: "no " + serving.Name + " takes the shard " + serving.Shard + ", which " + name + " is labelled for"}}
	case serving.View == nil && serving.Known && serving.Shard == "" && silent && v.Health == model.Unobserved:
		return []Fault{{Ours: NoController, Chain: []Link{missing(model.Ref{Kind: "Deployment", Namespace: w.home(), Name: serving.Name}, "its controller")},
			Words: "no " + serving.Name + " runs in this cluster"}}
	case v.Overlays.Has(model.Overdue):
		return []Fault{{Ours: Unanswered, Words: name + " has not been looked at for longer than its interval, although " + serving.Name + w.seenAtWork(serving)}}
	case v.Health == model.Unobserved && serving.View != nil:
		words := " has no status since it was made, although "
		if v.Reason != "NoStatus" {
			words = " was changed, and nobody has looked at that since, although "
		}
		return []Fault{{Ours: Unanswered, Words: name + words + serving.Name + w.seenAtWork(serving)}}
	case v.Health == model.Unobserved:
		return []Fault{{Ours: Unanswered, Words: name + ": " + firstLine(v.Message)}}
	}
	return nil
}

func (w *walk) seenAtWork(s model.Serving) string {
	if s.View == nil {
		return " should"
	}
	if s.View.LeaseName != "" && !s.View.LeaseStale {
		return " is at work"
	}
	return " looks fine"
}

// home is Flux's namespace.
func (w *walk) home() string {
	if p := w.s.Platform(); len(p.Namespaces) > 0 {
		return p.Namespaces[0]
	}
	return "flux-system"
}

// controllerView is the controller a Deployment runs, if it does.
func (w *walk) controllerView(k model.Key) *model.ControllerView {
	p := w.s.Platform()
	if p.Operator != nil && p.Operator.Key == k {
		return p.Operator
	}
	var found *model.ControllerView
	for i := range p.Controllers {
		if c := &p.Controllers[i]; c.Key == k && (found == nil || !c.AtWork()) {
			found = c
		}
	}
	return found
}

// instance explains a FluxInstance. One that failed only because it waits for
// its sync is explained by that (domain.md §1.5): its own message lists, line
// by line, what was not ready.
func (w *walk) instance(o *model.Object, v model.Verdict) []Fault {
	if !v.Health.Unhealthy() || v.Health == model.Unobserved || v.Suspended {
		return nil
	}
	f := w.spoken(o, v)
	if f.Kind != said.InstanceWaits && f.Kind != said.HealthTimeout {
		return []Fault{f}
	}
	waited := said.WaitedFor(v.Message)
	// The sync before its source: that chain is the longer one.
	var out []Fault
	for _, first := range []bool{true, false} {
		for _, one := range waited {
			if (one.Kind == "Kustomization") != first {
				continue
			}
			r := model.Ref{Kind: one.Kind, Namespace: one.Namespace, Name: one.Name}
			out = append(out, w.follow(r, "it waits for this")...)
		}
	}
	if d, ok := o.Detail.(*model.Instance); ok && d.Sync != nil {
		// kstatus calls a Kustomization with a failing source ready: it need not
		// be in the list, and is the way to it all the same.
		name := orNone(d.Sync.Name, o.Namespace)
		out = append(out, w.follow(model.Ref{Kind: "Kustomization", Namespace: o.Namespace, Name: name}, "its sync")...)
	}
	out = merge(out)
	if len(out) > 0 {
		return out
	}
	for _, one := range waited {
		if one.Message == "" {
			continue
		}
		s, known := said.Read(one.Message)
		g := Fault{Raw: !known, Kind: s.Fault, Words: one.Kind + " " + one.Namespace + "/" + one.Name + ": " + one.Message,
			Chain: []Link{{Ref: model.Ref{Kind: one.Kind, Namespace: one.Namespace, Name: one.Name}, Health: model.Unknown, Word: "was not ready", Note: "it waits for this"}}}
		if known {
			g.Words = one.Kind + " " + one.Namespace + "/" + one.Name + ": " + s.Words
		}
		out = append(out, g)
	}
	if len(out) == 0 && len(waited) > 0 {
		f.Words = "it waited in vain for " + listWaited(waited) + "; all of it is ready by now: the next run, within an hour, will say so"
		f.Raw = false
	}
	if len(out) == 0 {
		out = []Fault{f}
	}
	return out
}

func listWaited(all []said.Waited) string {
	var names []string
	for _, one := range all {
		names = append(names, one.Kind+" "+one.Namespace+"/"+one.Name)
	}
	return strings.Join(names, ", ")
}
