package model

import "strings"

// Marks are the labels and annotations of one object: they decide whether it is
// passed over when the sync that applied it prunes or is deleted.
type Marks struct {
	Labels, Annotations Pairs
	Gone                bool // it was looked for, and is not there
}

// Marks are those of an object the store holds.
func (o *Object) Marks() Marks { return Marks{Labels: o.Labels, Annotations: o.Annotations} }

// Has reports whether a mark has a value, whatever its case, as an annotation or
// as a label: both count alike for Flux.
func (m Marks) Has(name, value string) bool {
	return strings.EqualFold(m.Labels.Get(name), value) || strings.EqualFold(m.Annotations.Get(name), value)
}

// Spares is the mark by which an object is passed over by the pruning of a sync
// of that kind, the zero Pair for none (kustomize-controller deleteObjects,
// flux-operator uninstall, helm uninstall).
func (m Marks) Spares(by Kind) Pair {
	for _, s := range sparing[by] {
		if m.Has(s.Name, s.Value) {
			return s
		}
	}
	return Pair{}
}

var sparing = map[Kind][]Pair{
	Kustomization: {{MarkKustomizePrune, "disabled"}, {MarkKustomizeReconcile, "disabled"}, {MarkKustomizeApply, "Ignore"}},
	ResourceSet:   {{MarkOperatorPrune, "disabled"}},
	HelmRelease:   {{MarkHelmPolicy, "keep"}},
}
