package flux

import (
	"sort"

	"tenantry/kube/demo/tree"
)

// status edits the conditions of one object at one time.
type status struct {
	obj        Object
	generation int64
	now        string
}

// set puts a condition in place; its transition time moves with its status.
func (s status) set(typ, value, reason, message string) {
	st := tree.Make(s.obj, "status")
	c := Object{"type": typ, "status": value, "reason": reason, "message": message,
		"observedGeneration": s.generation, "lastTransitionTime": s.now}
	list := append([]any(nil), tree.List(st, "conditions")...)
	found := false
	for i, item := range list {
		old, _ := item.(map[string]any)
		if old["type"] == typ {
			if old["status"] == value {
				c["lastTransitionTime"] = old["lastTransitionTime"]
			}
			list[i], found = c, true
		}
	}
	if !found {
		list = append(list, c)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := weight(list[i]), weight(list[j])
		return a < b || a == b && generationOf(list[i]) > generationOf(list[j])
	})
	st["conditions"] = list
}

func generationOf(item any) int64 {
	c, _ := item.(map[string]any)
	return tree.Int(c, "observedGeneration")
}

// weight is the order Flux stores conditions in; of equals, those about the
// newest generation come first.
func weight(item any) int {
	c, _ := item.(map[string]any)
	switch c["type"] {
	case "Stalled":
		return 0
	case "Reconciling":
		return 1
	case "Ready":
		return 2
	}
	return 3
}

// drop removes conditions.
func (s status) drop(types ...string) {
	st := tree.Make(s.obj, "status")
	var left []any
	for _, item := range tree.List(st, "conditions") {
		c, _ := item.(map[string]any)
		gone := false
		for _, t := range types {
			gone = gone || c["type"] == t
		}
		if !gone {
			left = append(left, item)
		}
	}
	if left == nil {
		delete(st, "conditions")
		return
	}
	st["conditions"] = left
}

// conditionOf returns an object's condition, or nil.
func conditionOf(obj Object, typ string) Object {
	for _, c := range tree.Maps(obj, "status", "conditions") {
		if c["type"] == typ {
			return c
		}
	}
	return nil
}

// isReady says whether an object is ready for its current generation.
func isReady(obj Object) bool {
	c := conditionOf(obj, "Ready")
	return c != nil && c["status"] == "True" && tree.Int(c, "observedGeneration") == tree.Int(obj, "metadata", "generation")
}

// history puts a run first in status.history, as Flux keeps it: one entry per
// digest and outcome, at most five.
func (s status) history(digest, outcome, took string, metadata Object) {
	st := tree.Make(s.obj, "status")
	entry := Object{"digest": digest, "firstReconciled": s.now, "totalReconciliations": int64(0)}
	var rest []any
	for _, item := range tree.List(st, "history") {
		old, _ := item.(map[string]any)
		if old["digest"] == digest && old["lastReconciledStatus"] == outcome {
			entry = old
			continue
		}
		rest = append(rest, item)
	}
	entry["lastReconciled"], entry["lastReconciledDuration"], entry["lastReconciledStatus"] = s.now, took, outcome
	entry["totalReconciliations"] = tree.Int(entry, "totalReconciliations") + 1
	if metadata != nil {
		entry["metadata"] = metadata
	}
	list := append([]any{entry}, rest...)
	if len(list) > 5 {
		list = list[:5]
	}
	st["history"] = list
}

// handled copies the reconcile request that was answered.
func (s status) handled() {
	if v := tree.Str(s.obj, "metadata", "annotations", requestedAt); v != "" {
		tree.Make(s.obj, "status")["lastHandledReconcileAt"] = v
	}
}
