package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// What something on its way waits for, in the words of a pane.

// overlaysOf are those of all of a row's syncs.
func (e *env) overlaysOf(t *model.Tenant) model.Overlay {
	var all model.Overlay
	for _, k := range t.Syncs {
		all |= e.store.Verdict(k).Overlays
	}
	return all
}

// rollsOut reports whether an object is a workload that rolls out, or a sync
// one of whose workloads does.
func (e *env) rollsOut(o *model.Object) bool {
	if o.Role() == model.RoleWorkload {
		return e.store.Rollout(o.Key).Moving()
	}
	for _, ref := range model.InventoryRefs(o) {
		if k, ok := ref.Key(); ok && k.Kind.Role() == model.RoleWorkload && e.store.Rollout(k).Moving() {
			return true
		}
	}
	return false
}

// podSentence says what the new pods of a workload, or of those a sync has
// applied, wait for, as far as they are read: nothing when nothing is in their
// way.
func (e *env) podSentence(o *model.Object) string {
	if o.Role() == model.RoleWorkload {
		// A probe that fails while a pod starts is nothing yet.
		if t := e.store.TroubleOf(o.Key); t.Kind != model.TroubleNone && t.Kind != model.TroubleProbe && e.store.Rollout(o.Key).Moving() {
			return fmt.Sprintf(" %s %s waits: %s", o.Kind, o.Name, sentence(t.Text))
		}
		return ""
	}
	words := ""
	for _, ref := range model.InventoryRefs(o) {
		if k, ok := ref.Key(); ok && k.Kind.Role() == model.RoleWorkload {
			if w := e.store.Get(k); w != nil {
				words += e.podSentence(w)
			}
		}
	}
	return words
}

// deadSentence says that a controller is not at work, where that is not said
// already.
func (e *env) deadSentence(c *model.ControllerView, said string) string {
	if c == nil || strings.Contains(said, c.Name) {
		return ""
	}
	return " " + sentence(upperFirst(c.Message))
}
