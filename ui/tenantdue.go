package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/model/onboard"
)

// due are the sources of a tenant that was just added: of those whose Secret
// turns out to be missing, the credential's dialog opens, one after the other.
type due struct {
	sources []model.Key
	epoch   uint64
	asking  bool      // a dialog is on its way
	until   time.Time // when a source that is not there is given up
}

// dueWithin is how long a source may take to be seen after it was applied.
const dueWithin = 30 * time.Second

// expectCredentials notes the sources of a tenant that is being added.
func (a *App) expectCredentials(spec onboard.Spec) {
	a.due = due{epoch: a.epoch, until: a.store.Now().Add(dueWithin)}
	if spec.Source.Secret == "" || a.opts.Remote == nil {
		return
	}
	name := spec.Source.Name
	if name == "" {
		name = spec.Name
	}
	for _, sp := range spec.Spaces {
		a.due.sources = append(a.due.sources, model.Key{Kind: model.GitRepository, Namespace: sp.Namespace, Name: name})
	}
}

// askDue opens the next of these dialogs, unless the person is at something
// else.
func (a *App) askDue() tea.Cmd {
	if a.due.epoch != a.epoch {
		a.due = due{}
	}
	if a.dialog != nil || a.menu != nil || a.due.asking || a.store.Connection().State != model.ConnLive {
		return nil
	}
	for len(a.due.sources) > 0 {
		k := a.due.sources[0]
		v := a.store.Verdict(k)
		switch {
		case a.store.Get(k) == nil && (a.acting() || a.store.Now().Before(a.due.until)):
			return nil
		case v.Cause != nil && v.Cause.Kind == model.Secret.String() && v.Cause.Reason == "Missing":
			a.due.sources = a.due.sources[1:]
			if all, _ := credential.Targets(a.store, "", k); len(all) > 0 {
				a.due.asking = true
				return a.credentialFor(all[0])
			}
		case v.Health == model.Pending, v.Health == model.Reconciling, v.Health == model.Outdated:
			return nil
		default: // it fetches, or fails for something a credential does not mend
			a.due.sources = a.due.sources[1:]
		}
	}
	return nil
}
