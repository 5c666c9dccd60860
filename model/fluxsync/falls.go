package fluxsync

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// Falls is what goes when a Kustomization is deleted, or may go when other
// content is put under it.
type Falls struct {
	Sync model.Key
	// Objects are those that go, the gravest first: FluxInstance, Namespaces,
	// volumes, CRDs, then what takes its own along, then the rest.
	Objects []model.ObjectRef
	// Through are the Kustomizations among them that prune what they applied in
	// turn, with how many objects.
	Through []Through
	// Stays are those that nothing prunes, by what they say themselves.
	Stays []Stay
	// Shared are those among Objects that another Kustomization applies from the
	// very content that is to come, so that they should stay; the others may
	// stay as well.
	Shared map[model.ObjectRef]model.Key
	// Unread: its Kustomization can't be read, so that what goes is not known.
	Unread bool
	// Safe says why nothing goes, "" when something may.
	Safe string
}

// Stay is an object that is not pruned. Why goes on behind its name: "stays:
// prune disabled".
type Stay struct {
	Ref model.ObjectRef
	Why string
}

// Through is a Kustomization that takes its own objects along.
type Through struct {
	Key model.Key
	N   int
}

// deep bounds how far Kustomizations within Kustomizations are followed.
const deep = 10

// FallsOf returns what goes with a Kustomization that is deleted. Its finalizer
// deletes what is in its inventory unless it is suspended, by deletionPolicy:
// Orphan never, Delete always, MirrorPrune, which is the default, where it
// prunes (kustomize-controller's finalizerShouldDeleteResources). Seen are the
// objects as they were just read, nil for none.
func FallsOf(s *model.Store, sync model.Key, seen Seen) Falls {
	return falls(s, sync, seen, func(d *model.Sync) string { return safe(d, true) })
}

// MayFallOf returns what may go when a Kustomization applies other content:
// what is in its inventory and not in that.
func MayFallOf(s *model.Store, sync model.Key, seen Seen) Falls {
	return falls(s, sync, seen, func(d *model.Sync) string { return safe(d, false) })
}

// MayFallPruning is MayFallOf for one that is made to prune along with it.
func MayFallPruning(s *model.Store, sync model.Key, seen Seen) Falls {
	return falls(s, sync, seen, func(*model.Sync) string { return "" })
}

func falls(s *model.Store, sync model.Key, seen Seen, safe func(*model.Sync) string) Falls {
	f := Falls{Sync: sync}
	o := s.Get(sync)
	if o == nil {
		f.Safe = sync.String() + " does not exist"
		if !s.Readable(sync) {
			f.Safe, f.Unread = "", true
		}
		return f
	}
	d, ok := o.Detail.(*model.Sync)
	if !ok {
		return f
	}
	if f.Safe = safe(d); f.Safe == "" {
		w := walk{Falls: &f, store: s, seen: seen, walked: map[model.Key]bool{sync: true}}
		w.add(o, 0)
		w.drag()
	}
	slices.SortStableFunc(f.Objects, func(a, b model.ObjectRef) int {
		return cmp.Or(cmp.Compare(gravity(a), gravity(b)), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
	})
	return f
}

func safe(d *model.Sync, deleted bool) string {
	switch {
	case d.Suspend && deleted:
		return "it is suspended: its finalizer deletes nothing"
	case !deleted && !d.Prune:
		return "it does not prune"
	case deleted && d.DeletionPolicy == "Orphan":
		return "its deletionPolicy is Orphan"
	case deleted && !d.Prune && (d.DeletionPolicy == "" || d.DeletionPolicy == "MirrorPrune"):
		return "it does not prune"
	}
	return ""
}

// walk follows Kustomizations into what they applied.
type walk struct {
	*Falls
	store  *model.Store
	seen   Seen
	walked map[model.Key]bool
}

func (w *walk) add(o *model.Object, level int) {
	for _, ref := range model.InventoryRefs(o) {
		var child *model.Object
		if key, known := ref.Key(); known {
			child = w.store.Get(key)
		}
		if why := w.seen.spares(ref, child, o.Key); why != "" {
			w.Stays = append(w.Stays, Stay{ref, why})
			continue
		}
		w.take(ref, child, level)
	}
}

// take is an object that goes, with what its end takes along.
func (w *walk) take(ref model.ObjectRef, child *model.Object, level int) {
	w.Objects = append(w.Objects, ref)
	d, ok := detail(child)
	if !ok || w.walked[child.Key] || level >= deep || safe(d, true) != "" {
		return
	}
	w.walked[child.Key] = true
	w.Through = append(w.Through, Through{child.Key, d.InventoryLen()})
	w.add(child, level+1)
}

// drag takes what nothing prunes, and is in a Namespace that goes.
func (w *walk) drag() {
	for {
		i := slices.IndexFunc(w.Stays, func(s Stay) bool {
			return s.Why != isGone && s.Ref.Namespace != "" && w.Holds(model.ObjectRef{Kind: "Namespace", Name: s.Ref.Namespace})
		})
		if i < 0 {
			return
		}
		ref := w.Stays[i].Ref
		w.Stays = slices.Delete(w.Stays, i, i+1)
		var child *model.Object
		if key, known := ref.Key(); known {
			child = w.store.Get(key)
		}
		w.take(ref, child, 0)
	}
}

// detail returns what a Kustomization applied, when the object is one.
func detail(o *model.Object) (*model.Sync, bool) {
	if o == nil || o.Kind != model.Kustomization {
		return nil, false
	}
	d, ok := o.Detail.(*model.Sync)
	return d, ok
}

// gravity orders what is lost: the lower, the worse.
func gravity(r model.ObjectRef) int {
	switch r.Kind {
	case "FluxInstance":
		return 0
	case "Namespace":
		return 1
	case "PersistentVolumeClaim", "PersistentVolume":
		return 2
	case "CustomResourceDefinition":
		return 3
	case "Secret":
		return 4
	case "Kustomization", "HelmRelease", "ResourceSet", "GitRepository", "OCIRepository":
		return 5
	}
	return 6
}

// Grave are the objects whose loss takes more along than themselves.
func (f Falls) Grave() []model.ObjectRef {
	i := slices.IndexFunc(f.Objects, func(r model.ObjectRef) bool { return gravity(r) > 4 })
	if i < 0 {
		i = len(f.Objects)
	}
	return f.Objects[:i]
}

// gravest counts those objects, for a sentence.
func (f Falls) gravest() string {
	var kinds []string
	n := map[string]int{}
	for _, r := range f.Grave() {
		if n[r.Kind]++; n[r.Kind] == 1 {
			kinds = append(kinds, r.Kind)
		}
	}
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = fmt.Sprintf("%d %s", n[k], k)
		if n[k] > 1 {
			words[i] += "s"
		}
		switch {
		case k == "Namespace" && n[k] == 1:
			words[i] += " with everything in it"
		case k == "Namespace":
			words[i] += " with everything in them"
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + strings.Join(words, ", ") + " among them"
}

// Holds reports whether an object is among those that go.
func (f Falls) Holds(ref model.ObjectRef) bool {
	return slices.ContainsFunc(f.Objects, func(r model.ObjectRef) bool {
		return r.Group == ref.Group && r.Kind == ref.Kind && r.Namespace == ref.Namespace && r.Name == ref.Name
	})
}

// Words say it shortly: "9 objects, Namespace/docs and FluxInstance/… first".
func (f Falls) Words() string {
	if len(f.Objects) == 0 {
		return ""
	}
	out := fmt.Sprintf("%d objects", len(f.Objects))
	if len(f.Objects) == 1 {
		out = "1 object"
	}
	names := make([]string, 0, 3)
	for _, r := range f.Objects[:min(3, len(f.Objects))] {
		names = append(names, r.String())
	}
	out += " (" + strings.Join(names, ", ")
	if len(f.Objects) > 3 {
		out += ", …"
	}
	return out + ")"
}
