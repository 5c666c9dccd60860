package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
)

// lookAt opens the page a key asks for, of what the cursor stands on: an
// object's view; for a tenant's row the object that decides its state, or the
// tenant's own events, history or tree.
func (a *App) lookAt(action keymap.Action) tea.Cmd {
	at := a.page().subject().spot
	view, _ := viewFor(action)
	if at.key != (model.Key{}) {
		return a.open(newObjectPageAt(&a.env, at.key, view))
	}
	t := a.store.Tenant(at.tenant)
	if at.tenant == "" || t == nil {
		a.notice = "nothing under the cursor to look at"
		return nil
	}
	switch view {
	case viewEvents:
		return a.openTenant(t, tabEvents)
	case viewLogs:
		return a.openTenant(t, tabLogs)
	case viewHistory:
		return a.openTenant(t, tabHistory)
	case viewTree:
		return a.openTenant(t, tabOverview)
	}
	key := a.looked(at)
	if key == (model.Key{}) {
		a.notice = t.Name + " has no object to look at"
		return nil
	}
	return a.open(newObjectPageAt(&a.env, key, view))
}

// mainObject is what stands for a tenant in which nothing is wrong.
func mainObject(t *model.Tenant) model.Key {
	for _, keys := range [][]model.Key{t.Syncs, t.Sources, t.Workloads, t.Access} {
		if len(keys) > 0 {
			return keys[0]
		}
	}
	return model.Key{}
}

// openTenant opens a tenant's page at a tab; if it is the page on top, it only
// goes to the tab.
func (a *App) openTenant(t *model.Tenant, tab tenantTab) tea.Cmd {
	if p, ok := a.page().(*tenantPage); ok && p.row() == rowKey(t) {
		p.show(tab)
		return nil
	}
	p := newTenantPage(&a.env, t.Name, t.IsPlatform)
	p.tab = tab
	return a.open(p)
}
