package onboard

import (
	"encoding/json"
	"slices"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/fluxsync"
)

// News says what a later check found that the earlier one had not, or does not
// find any more; "" when both found the same.
func News(before, now []Problem) string {
	of := func(all []Problem) map[string]bool {
		out := map[string]bool{}
		for _, p := range all {
			out[p.Text] = true
		}
		return out
	}
	was, is := of(before), of(now)
	for _, p := range now {
		if !was[p.Text] {
			return p.Text
		}
	}
	for _, p := range before {
		if !is[p.Text] {
			return "it is not so any more that " + p.Text
		}
	}
	return ""
}

// Changes are the leaves of an object that a dry run would change.
func Changes(live export.Object, w *model.Written) []fluxsync.Change {
	var after export.Object
	if w == nil || json.Unmarshal(w.Object, &after) != nil {
		return nil
	}
	return fluxsync.DiffObjects(export.Clean(live), export.Clean(after))
}

// refs are the objects a tenant consists of: those that are applied, and those
// flux-operator makes of a ResourceSet.
func (s Spec) refs() []model.ObjectRef {
	var out []model.ObjectRef
	add := func(s Spec) {
		for _, o := range s.Objects() {
			out = append(out, o.Ref)
		}
	}
	if add(s); s.Set != "" {
		s.Set = ""
		add(s)
	}
	return out
}

// Left are the objects that were applied for a tenant before, may still be
// there, and are none of it as it is asked for now: nobody deletes them.
func Left(s *model.Store, before, now Spec) []model.ObjectRef {
	is := map[model.ObjectRef]bool{}
	for _, ref := range now.refs() {
		is[ref] = true
	}
	var out []model.ObjectRef
	for _, o := range before.Objects() {
		if !is[o.Ref] && maybe(s, o.Ref) {
			out = append(out, o.Ref)
		}
	}
	return out
}

// maybe reports whether an object may be there. One of a kind that is not
// watched is where its namespace is.
func maybe(s *model.Store, ref model.ObjectRef) bool {
	k, known := ref.Key()
	if !known {
		k = model.Key{Kind: model.Namespace, Name: ref.Namespace}
	}
	return s.Get(k) != nil || !s.Readable(k)
}

// There reports whether anything of a tenant may be there.
func There(s *model.Store, spec Spec) bool {
	return slices.ContainsFunc(spec.refs(), func(ref model.ObjectRef) bool { return maybe(s, ref) })
}

// Becomes is what an object would be by the answer to a dry run, without what
// differs from one run to the next, so that two answers can be compared.
func Becomes(w *model.Written) string {
	var o export.Object
	if w == nil || json.Unmarshal(w.Object, &o) != nil {
		return ""
	}
	text, _ := json.Marshal(export.Clean(o)) // it came from JSON
	return string(text)
}
