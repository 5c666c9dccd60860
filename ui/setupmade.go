package ui

import (
	"encoding/json"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/fluxsync"
	"tenantry/model/redact"
	"tenantry/ui/state"
)

// The credential of a sync that is not set yet: nothing in the cluster says
// what it is for. That is remembered, so that neither leaving nor a kill makes
// anybody type the address again.

// madeFor is what the credential was made for; empty where none is known of.
func (a *App) madeFor() state.Setup {
	now := a.clusterUID()
	switch c := a.memory.contents; {
	case a.installing.made != nil && a.installing.on == now:
		return *a.installing.made
	case c == nil || c.Setup == nil || c.UID != "" && now != "" && c.UID != now:
		return state.Setup{}
	default:
		return *c.Setup
	}
}

// makeFor notes it.
func (a *App) makeFor(url, secret string) tea.Cmd {
	var made state.Setup
	if json.Unmarshal(redact.Kept(state.Setup{URL: url, Secret: secret}), &made) != nil {
		return nil
	}
	return a.noteMade(made)
}

// noteMade notes what a credential was made for, or that it was not: then what
// was noted before.
func (a *App) noteMade(made state.Setup) tea.Cmd {
	a.installing.made, a.installing.on, a.memory.edit.setup = &made, a.clusterUID(), &made
	if a.installing.on != "" {
		a.memory.edit.uid = a.installing.on // what is kept is this cluster's
	}
	return a.write()
}

// forgetMadeFor takes it away once the cluster shows it: there is a sync.
func (a *App) forgetMadeFor() {
	if p := a.store.Platform(); p != nil && p.Instance != nil && a.madeFor().URL != "" && fluxsync.LiveOf(p.Instance).Sync != nil {
		a.installing.made, a.installing.on, a.memory.edit.setup = &state.Setup{}, a.clusterUID(), &state.Setup{}
	}
}
