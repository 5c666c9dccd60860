package model

import (
	"slices"
	"strings"
)

// Serving is who should answer for an object.
type Serving struct {
	// Name is the controller's; "" for what no Flux controller reconciles.
	Name string
	// Known: Flux's controllers are readable, so that one that is not there is
	// not there.
	Known bool
	// View is the controller that takes the object; nil when none does.
	View *ControllerView
	// Shard is the object's shard label; with View nil it is why nobody answers.
	Shard string
	// Elsewhere: the operator serves one namespace only, this one, and the
	// object is outside of it (domain.md §1.1).
	Elsewhere string
}

// ServedBy tells which controller should answer for an object, by its kind and
// its shard label (domain.md §6, P25).
func (s *Store) ServedBy(o *Object) Serving {
	p := s.Platform()
	out := Serving{Name: controllerOf(o.Kind), Shard: o.Labels.Get(LabelShard)}
	if out.Name == "flux-operator" {
		out.Known, out.View, out.Shard = p.Operator != nil, p.Operator, ""
		if o.Kind == FluxInstance && p.Operator != nil && (o.Namespace != p.Operator.Key.Namespace || o.Name != "flux") {
			out.Elsewhere = p.Operator.Key.Namespace
		}
		return out
	}
	out.Known = len(p.Controllers) > 0
	for i := range p.Controllers {
		c := &p.Controllers[i]
		if baseController(c.Name) != out.Name || out.Name == "" {
			continue
		}
		if takes(c.Args, out.Shard) && (out.View == nil || out.View.Health != Ready) {
			out.View = c
		}
	}
	return out
}

// controllerOf is the controller of a kind of Flux's.
func controllerOf(k Kind) string {
	switch k {
	case GitRepository, OCIRepository, Bucket, HelmRepository, HelmChart:
		return "source-controller"
	case Kustomization:
		return "kustomize-controller"
	case HelmRelease:
		return "helm-controller"
	case FluxInstance, FluxReport, ResourceSet, ResourceSetInputProvider:
		return "flux-operator"
	}
	return ""
}

// takes reports whether a controller with these arguments takes objects of a
// shard, "" being those of none: without a selector it takes all.
func takes(args []string, shard string) bool {
	selector := flagValue(args, "--watch-label-selector")
	if selector == "" {
		return true
	}
	if !strings.Contains(selector, LabelShard) {
		return true // it selects by something else, which can't be judged here
	}
	negative := strings.HasPrefix(strings.TrimSpace(selector), "!") || strings.Contains(selector, "notin") || strings.Contains(selector, "!=")
	if negative {
		return shard == "" || !slices.Contains(strings.FieldsFunc(selector, func(r rune) bool { return strings.ContainsRune("=!(), ", r) }), shard) &&
			!strings.HasPrefix(strings.TrimSpace(selector), "!")
	}
	return shard != "" && selects(selector, shard)
}

// AtWork reports whether a controller works: that its Deployment is available,
// and as far as it holds a lease, that it renews it.
func (v *ControllerView) AtWork() bool {
	return v.Health != Unobserved && v.Health != Failed && v.Health != Stalled
}
