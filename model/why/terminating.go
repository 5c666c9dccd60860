package why

import (
	"slices"
	"strings"

	"tenantry/model"
)

// terminating explains what holds an object that is being deleted. What was
// deleted just now only goes, unless whoever has to let it go is not at work.
func (w *walk) terminating(o *model.Object, v model.Verdict) []Fault {
	name := lower(refOf(o.Key))
	if fluxHolds(o) {
		if s := w.s.ServedBy(o); s.View != nil && !s.View.AtWork() {
			return []Fault{{Ours: ControllerDown, Chain: []Link{{Ref: refOf(s.View.Key), Health: s.View.Health, Note: "it has to let go of it"}}, Words: s.View.Message}}
		}
	}
	switch {
	case !w.s.Lingers(o):
		return nil
	case o.Kind == model.Namespace:
		return []Fault{{Ours: HeldByFinalizer, Words: name + " is " + v.Message}}
	case len(o.Finalizers) == 0:
		return []Fault{{Ours: HeldByFinalizer, Words: name + " is being deleted, and no finalizer says what holds it"}}
	}
	words := name + " is being deleted, and held by finalizer " + strings.Join(o.Finalizers, ", ")
	foreign := slices.DeleteFunc(slices.Clone(o.Finalizers), isFlux)
	switch {
	case len(foreign) == len(o.Finalizers):
		words += ", which is not Flux's: whoever set it has to take it off"
	case len(foreign) > 0:
		words += "; " + strings.Join(foreign, ", ") + " is not Flux's: whoever set it has to take it off"
	}
	return []Fault{{Ours: HeldByFinalizer, Words: words}}
}

// remedyHeld says how something gets away that is held.
func (w *walk) remedyHeld(f *Fault) {
	const rest = "; taking it off by hand leaves behind what it guards"
	k, _ := f.Root().Key()
	o := w.s.Get(k)
	switch {
	case o == nil:
	case k.Kind == model.Namespace && w.s.Verdict(k).Reason == "DiscoveryFailed":
		f.Fixes = append(f.Fixes, Fix{Do: DoCommand, At: k, Words: "mend the API that does not answer, or delete its APIService: no namespace goes before all of them answer",
			Command: "kubectl get apiservices"})
		return
	case k.Kind == model.Namespace:
		fix := Fix{Words: "find what is left in it, and let whoever set the finalizer do its part" + rest}
		if isName(k.Name) {
			fix.Do, fix.At = DoCommand, k
			fix.Command = "kubectl api-resources --verbs=list --namespaced -o name | xargs -n 1 kubectl get --show-kind --ignore-not-found -n " + k.Name
		}
		f.Fixes = append(f.Fixes, fix)
		return
	case fluxHolds(o):
		if c := w.s.ServedBy(o).View; c != nil {
			f.Fixes = append(f.Fixes, Fix{Do: DoLogs, At: c.Key, Words: "see in the logs of " + c.Name + " why it does not let go"})
		}
	}
	f.Fixes = append(f.Fixes, Fix{Words: "let whoever set the finalizer do its part" + rest})
}

// fluxHolds reports whether a controller of Flux has to let an object go.
func fluxHolds(o *model.Object) bool {
	return slices.ContainsFunc(o.Finalizers, isFlux)
}

func isFlux(finalizer string) bool {
	return strings.Contains(finalizer, "fluxcd.io") || strings.Contains(finalizer, "fluxcd.controlplane.io")
}
