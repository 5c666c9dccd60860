package onboard

import (
	"encoding/json"

	"tenantry/model"
	"tenantry/model/export"
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
