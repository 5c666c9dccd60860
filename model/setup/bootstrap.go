package setup

import (
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// A Flux that its own CLI set up, and what it syncs the cluster with.

// bootstrapSync is the Kustomization a bootstrapped Flux syncs the cluster
// with, nil for none.
func (l Look) bootstrapSync() *model.Object {
	ns := l.Namespace()
	if o := l.Store.Get(model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}); o != nil {
		if o.Labels.Get(model.LabelInstanceName) != "" {
			return nil // the operator made it
		}
		return o
	}
	var only *model.Object
	n := 0
	l.Store.ObjectsIn(ns, model.Kustomization, func(o *model.Object) bool {
		if o.Labels.Get(model.LabelKustomizationName) == o.Name { // it applies itself
			only, n = o, n+1
		}
		return true
	})
	if n == 1 {
		return only
	}
	return nil
}

// SyncStart is what a first sync begins with: what a bootstrapped Flux already
// syncs, under the same name, or two syncs would run side by side
// (flux-operator's guide for migrations); else nothing.
func (l Look) SyncStart() (fluxsync.Spec, bool) {
	ks := l.bootstrapSync()
	if ks == nil {
		return fluxsync.Spec{}, false
	}
	d, ok := ks.Detail.(*model.Sync)
	if !ok {
		return fluxsync.Spec{}, false
	}
	s := fluxsync.Spec{Kind: d.SourceRef.Kind, Path: d.Path, Interval: "1m"}
	if ks.Name != ks.Namespace {
		s.Name = ks.Name
	}
	k, known := model.Ref{Kind: d.SourceRef.Kind, Namespace: orWord(d.SourceRef.Namespace, ks.Namespace), Name: d.SourceRef.Name}.Key()
	src := l.Store.Get(k)
	if !known || src == nil {
		return s, true
	}
	if from, ok := src.Detail.(*model.Source); ok {
		s.URL = from.URL
		s.Ref = fullRef(from.Ref)
		for _, p := range from.Secrets {
			if p.Name == "secretRef" {
				s.PullSecret = p.Value
			}
		}
	}
	return s, true
}

// fullRef is a source's ref as a sync of an instance wants it.
func fullRef(ref string) string {
	kind, name, _ := strings.Cut(ref, " ")
	switch kind {
	case "branch":
		return "refs/heads/" + name
	case "tag":
		return "refs/tags/" + name
	}
	return name
}
