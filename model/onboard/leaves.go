package onboard

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
)

// What a ResourceSet makes for an input, flux-operator deletes once that input
// is none of it any more: the Namespace with all that is in it first of all.

// SetRefuses says why a live ResourceSet must not become the one that is asked
// for, "" where it may: neither an input it has nor a namespace it made is to
// go. What the store knows of it tells only what was made by now.
func (s Spec) SetRefuses(live export.Object) string {
	k, asSet := s.SetKey()
	if !asSet {
		return ""
	}
	spec, _ := live["spec"].(map[string]any)
	var spaces []string
	inputs, _ := spec["inputs"].([]any)
	for _, in := range inputs {
		input, _ := in.(map[string]any)
		if ns, _ := input["namespace"].(string); ns != "" {
			spaces = append(spaces, ns)
		}
	}
	status, _ := live["status"].(map[string]any)
	inventory, _ := status["inventory"].(map[string]any)
	entries, _ := inventory["entries"].([]any)
	var refs []model.ObjectRef
	for _, e := range entries {
		entry, _ := e.(map[string]any)
		id, _ := entry["id"].(string)
		if ref, ok := model.InventoryRef(id); ok {
			refs = append(refs, ref)
		}
	}
	return s.leavesWhy(k, append(spaces, spacesOf(refs)...))
}

// spacesOf are the namespaces among objects, and those they stand in.
func spacesOf(refs []model.ObjectRef) []string {
	var out []string
	for _, r := range refs {
		switch {
		case r.Group == "" && r.Kind == model.Namespace.String():
			out = append(out, r.Name)
		case r.Namespace != "":
			out = append(out, r.Namespace)
		}
	}
	return out
}

// leavesWhy refuses to take namespaces out of a ResourceSet; "" when all of
// those it has are still asked for.
func (s Spec) leavesWhy(k model.Key, has []string) string {
	slices.Sort(has)
	gone := slices.DeleteFunc(slices.Compact(has), func(ns string) bool {
		return slices.ContainsFunc(s.Spaces, func(sp Space) bool { return sp.Namespace == ns })
	})
	switch len(gone) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("without namespace %s here, flux-operator would delete it with all that is in it, for %s made it: name it here as well; off-board under a takes the whole tenant out", gone[0], k)
	}
	return fmt.Sprintf("without namespaces %s here, flux-operator would delete them with all that is in them, for %s made them: name them here as well; off-board under a takes the whole tenant out", strings.Join(gone, ", "), k)
}
