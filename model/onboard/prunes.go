package onboard

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

// Loss is what may be deleted of what a tenant runs when it is applied over
// what is there.
type Loss struct {
	// Why says whose doing it is, and which of it.
	Why string
	// Falls are the objects; Unread, and none, when they can't be known.
	Falls fluxsync.Falls
}

// Losses are what may be deleted by applying a tenant: what its syncs have
// applied and other content does not hold, and what its ResourceSet makes no
// more.
func Losses(s *model.Store, spec Spec) []Loss {
	spec = spec.withDefaults()
	var out []Loss
	if l, any := spec.leftOut(s); any {
		out = append(out, l)
	}
	for _, sp := range spec.Spaces {
		if l, any := spec.pruned(s, sp); any {
			out = append(out, l)
		}
	}
	return out
}

// leftOut is what the ResourceSet has made and makes no more: flux-operator
// deletes it. (That none of it is a namespace is looked at by Check.)
func (s Spec) leftOut(store *model.Store) (Loss, bool) {
	k, asSet := s.SetKey()
	o := store.Get(k)
	if !asSet || o == nil {
		return Loss{}, false
	}
	left := model.InventoryRefs(o)
	makes := s.refs()
	left = slices.DeleteFunc(left, func(r model.ObjectRef) bool { return slices.Contains(makes, r) })
	return Loss{k.String() + " makes these no more, so that flux-operator deletes them", fluxsync.Falls{Sync: k, Objects: left}}, len(left) > 0
}

// pruned is what kustomize-controller may prune in a namespace: the moment
// between two of the objects that are applied counts, so it prunes where it did
// as well as where it is to.
func (s Spec) pruned(store *model.Store, sp Space) (Loss, bool) {
	k := model.Key{Kind: model.Kustomization, Namespace: sp.Namespace, Name: s.Source.Name}
	o := store.Get(k)
	if o == nil {
		if store.Readable(k) {
			return Loss{}, false
		}
		return Loss{k.String() + " can't be read by you: what it has applied is not known, and what other content does not hold of it is deleted", fluxsync.Falls{Sync: k, Unread: true}}, true
	}
	d, ok := o.Detail.(*model.Sync)
	if !ok {
		return Loss{}, false
	}
	changed := s.otherContent(store, o, d, sp)
	if len(changed) == 0 {
		return Loss{}, false
	}
	falls := fluxsync.MayFallOf(store, k, nil)
	if !s.Sync.NoPrune {
		falls = fluxsync.MayFallPruning(store, k, nil)
	}
	n := falls.Words()
	return Loss{k.String() + " gets another " + strings.Join(changed, " and ") + ": of the " + n + " it has applied, those are deleted that the new content, which is not read here, does not hold", falls}, n != ""
}

// otherContent says what of a sync that is there makes other content of it.
func (s Spec) otherContent(store *model.Store, o *model.Object, d *model.Sync, sp Space) []string {
	var out []string
	source := model.Key{Kind: model.GitRepository, Namespace: sp.Namespace, Name: s.Source.Name}
	from := d.SourceRef
	if from.Namespace == "" {
		from.Namespace = o.Namespace
	}
	is := store.Get(source)
	if k, ok := from.Key(); !ok || k != source || is == nil {
		out = append(out, "source") // or one that can't be compared
	} else if git, ok := is.Detail.(*model.Source); ok {
		if git.URL != s.Source.URL {
			out = append(out, "repository")
		}
		if model.RepoFor(source.Kind, git.URL, git.Ref).Ref != s.repo().Ref {
			out = append(out, "branch")
		}
	}
	if folder(d.Path) != folder(sp.Path) {
		out = append(out, "folder")
	}
	inside := ""
	if s.Sync.Inside {
		inside = sp.Namespace
	}
	if d.TargetNamespace != inside {
		out = append(out, "target namespace")
	}
	return out
}
