package ui

import (
	"tenantry/model/action"
	"tenantry/ui/keymap"
)

const readOnlyWhy = "refused: this session is read-only (--read-only, or the configuration says so for this context)"

// refusal says why a key that has a meaning here does nothing now; "" when it
// works. Refused keys are greyed, not hidden, and say so when pressed.
func (a *App) refusal(action keymap.Action) string {
	switch action {
	case keymap.Sort:
		if _, ok := a.page().(sortable); !ok {
			return "nothing to sort, this page has its own order"
		}
	case keymap.Reconcile, keymap.Fetch, keymap.Suspend, keymap.Credential, keymap.AddTenant:
		if a.rules().ReadOnly {
			return readOnlyWhy
		}
	case keymap.ThisRun, keymap.PreviousLogs, keymap.Times:
		if p, ok := a.page().(logging); ok {
			if _, on := p.logWant(); on {
				return ""
			}
		}
		return "that narrows logs, and these are none"
	case keymap.ViewAs:
		return a.refusesView()
	case keymap.Owners:
		if p, ok := a.page().(*objectPage); !ok || p.view != viewYAML {
			return "fields have owners in the YAML: y shows it"
		}
	case keymap.PickContext:
		if a.opts.Contexts == nil || a.opts.Connect == nil {
			return "there is only this one cluster to look at"
		}
	case keymap.GoRollouts, keymap.GoFindings, keymap.GoSuspended, keymap.GoSources, keymap.GoSyncs, keymap.GoWorkloads, keymap.GoEvents, keymap.GoPlatform:
		if _, ok := placeTitle(action); !ok {
			return "not built yet"
		}
	}
	return ""
}

// pointless reports whether a key of the key line would only be refused on the
// row under the cursor. The key line names what helps; pressed all the same,
// such a key says why not.
func (a *App) pointless(key keymap.Action) bool {
	var verbs []action.Verb
	targets := a.targets
	switch key {
	case keymap.Reconcile:
		verbs = []action.Verb{action.Reconcile}
	case keymap.Fetch:
		verbs = []action.Verb{action.Fetch}
		targets = func() []action.Target { return a.origins().Targets }
	case keymap.Suspend:
		verbs = []action.Verb{action.Suspend, action.Resume}
	default:
		return false
	}
	if a.marksWords() != "" {
		return false // of many, some may be refused
	}
	for _, t := range targets() {
		for _, v := range verbs {
			if action.Possible(a.store, v, t) {
				return false
			}
		}
	}
	return true
}
