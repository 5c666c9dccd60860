package fluxsync

import (
	"path"

	"tenantry/model"
)

// Seen are live objects as they were just read, by their refs without a
// version. What is not among them is taken for something that goes, unless the
// store knows better.
type Seen map[model.ObjectRef]model.Marks

// isGone is why an object that is not there does not go.
const isGone = "is not there any more"

// spares says why a Kustomization does not delete an object of its inventory,
// behind the object's name, "" when it does: it looks at the live object, and
// leaves alone one that is marked and one that does not carry its own name
// (kustomize-controller's deleteObjects). Child is the object as the store has
// it, nil for none.
func (s Seen) spares(ref model.ObjectRef, child *model.Object, by model.Key) string {
	ref.Version = ""
	m, read := s[ref]
	if !read && child != nil {
		m = child.Marks()
	}
	name, namespace := m.Labels.Get(model.LabelKustomizationName), m.Labels.Get(model.LabelKustomizationNS)
	mark := m.Spares(model.Kustomization)
	switch {
	case m.Gone:
		return isGone
	case mark != (model.Pair{}):
		return "stays: " + path.Base(mark.Name) + " " + mark.Value
	case name == by.Name && namespace == by.Namespace:
		return ""
	case name != "":
		return "stays: Kustomization/" + namespace + "/" + name + " wrote it last"
	case read: // the store keeps not all labels of all kinds
		return "stays: it does not carry the label of " + by.String()
	}
	return ""
}

// AtStake are the objects whose own words decide whether they go: they have to
// be read before it can be said what does. The gravest come first.
func (l Look) AtStake() []model.ObjectRef {
	var out []model.ObjectRef
	known := map[model.ObjectRef]bool{}
	add := func(ref model.ObjectRef) {
		if ref.Version = ""; !known[ref] {
			known[ref] = true
			out = append(out, ref)
		}
	}
	for _, h := range l.pruned() {
		for _, ref := range h.Falls.Objects {
			add(ref)
		}
		for _, s := range h.Falls.Stays {
			add(s.Ref)
		}
	}
	return out
}
