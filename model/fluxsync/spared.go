package fluxsync

import (
	"encoding/json"
	"strings"

	"tenantry/model"
)

// Meta is what a live object says of itself that decides whether it is pruned.
type Meta struct {
	Gone                bool // it was looked for, and is not there
	Labels, Annotations map[string]string
}

// Seen are live objects as they were just read, by their refs without a
// version. What is not among them is taken for something that goes, unless the
// store knows better.
type Seen map[model.ObjectRef]Meta

// isGone is why an object that is not there does not go.
const isGone = "is not there any more"

// MetaOf reads it off an object.
func MetaOf(object []byte) (Meta, error) {
	var in struct {
		Metadata struct{ Labels, Annotations map[string]string } `json:"metadata"`
	}
	err := json.Unmarshal(object, &in)
	return Meta{Labels: in.Metadata.Labels, Annotations: in.Metadata.Annotations}, err
}

func (m Meta) marked(name, value string) bool {
	return strings.EqualFold(m.Annotations[name], value) || strings.EqualFold(m.Labels[name], value)
}

// spares says why a Kustomization does not delete an object of its inventory,
// behind the object's name, "" when it does: it looks at the live object, and leaves alone one that is
// marked and one that does not carry its own name (kustomize-controller's
// deleteObjects). Child is the object as the store has it, nil for none.
func (s Seen) spares(ref model.ObjectRef, child *model.Object, by model.Key) string {
	ref.Version = ""
	m, read := s[ref]
	if !read && child != nil {
		m = Meta{Labels: pairs(child.Labels), Annotations: pairs(child.Annotations)}
	}
	name, namespace := m.Labels[model.LabelKustomizationName], m.Labels[model.LabelKustomizationNS]
	switch {
	case m.Gone:
		return isGone
	case m.marked(markPrune, "disabled"):
		return "stays: prune disabled"
	case m.marked(markReconcile, "disabled"):
		return "stays: reconcile disabled"
	case m.marked(markSSA, "ignore"):
		return "stays: ssa Ignore"
	case name == by.Name && namespace == by.Namespace:
		return ""
	case name != "":
		return "stays: Kustomization/" + namespace + "/" + name + " wrote it last"
	case read: // the store keeps not all labels of all kinds
		return "stays: it does not carry the label of " + by.String()
	}
	return ""
}

func pairs(all model.Pairs) map[string]string {
	out := make(map[string]string, len(all))
	for _, p := range all {
		out[p.Name] = p.Value
	}
	return out
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
