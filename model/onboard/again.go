package onboard

import (
	"encoding/json"

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

// Left are the objects of a tenant as it was asked for before that are none of
// it any more: nobody deletes them.
func Left(before, now Spec) []model.ObjectRef {
	is := map[model.ObjectRef]bool{}
	for _, o := range now.Objects() {
		is[o.Ref] = true
	}
	var out []model.ObjectRef
	for _, o := range before.Objects() {
		if !is[o.Ref] {
			out = append(out, o.Ref)
		}
	}
	return out
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
