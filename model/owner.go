package model

import "slices"

// isController reports whether a Deployment runs Flux's controllers: by its
// label and by what runs in it, since anyone may set a label.
func isController(o *Object) bool {
	if o.Labels.Get(LabelPartOf) != "flux" || isOperator(o) {
		return false
	}
	if controllerName(o.Name) {
		return true
	}
	w, ok := o.Detail.(*Workload)
	return ok && slices.ContainsFunc(w.Containers, func(c Container) bool { return controllerName(c.Name) })
}

func isOperator(o *Object) bool { return o.Labels.Get(LabelAppName) == "flux-operator" }

func ownerKey(o *Object) Key { return o.Owner() }

// Owner is the sync or FluxInstance whose labels the object carries; the zero
// Key when none. Labels can be stale or copied, so an owner counts only if it
// exists.
func (o *Object) Owner() Key {
	for _, l := range []struct {
		name, namespace string
		kind            Kind
	}{
		{LabelKustomizationName, LabelKustomizationNS, Kustomization},
		{LabelHelmReleaseName, LabelHelmReleaseNS, HelmRelease},
		{LabelResourceSetName, LabelResourceSetNS, ResourceSet},
		{LabelInstanceName, LabelInstanceNS, FluxInstance},
	} {
		if name := o.Labels.Get(l.name); name != "" {
			return Key{Kind: l.kind, Namespace: o.Labels.Get(l.namespace), Name: name}
		}
	}
	return Key{}
}
