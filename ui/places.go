package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
)

// place is a page with a digit of its own. It is made when it is first gone to
// and keeps its cursor and filter from then on.
type place struct {
	action keymap.Action
	title  string
	make   func(*env) screen
}

// places are the pages behind the digits, but for Tenants, which is always the
// first page.
var places = []place{
	{keymap.GoRollouts, "Rollouts", func(e *env) screen { return newRollouts(e) }},
	{keymap.GoFindings, "Findings", func(e *env) screen { return newFindings(e) }},
	{keymap.GoSuspended, "Suspended", newSuspended},
	{keymap.GoSources, "Sources", newSources},
	{keymap.GoSyncs, "Syncs", newSyncs},
	{keymap.GoWorkloads, "Workloads", newWorkloads},
	{keymap.GoEvents, "Events", newEvents},
	{keymap.GoPlatform, "Platform", func(e *env) screen { return newTenantPage(e, model.PlatformName, true) }},
}

// spot is what a page's cursor stands on, for going to another page of the
// same thing. Tenant is a row's key: model.PlatformKey for the platform.
type spot struct {
	tenant string
	key    model.Key
}

// aimable pages can put their cursor on a spot.
type aimable interface {
	// aim puts the cursor on the object, else on what else belongs to the
	// tenant; it leaves it where it is when there is neither.
	aim(spot)
}

// goTo opens a place; the cursor goes to what was selected where it was opened
// from. A place that is among the open pages already is gone back to.
func (a *App) goTo(action keymap.Action) tea.Cmd {
	from, at := a.page(), a.page().subject().spot
	s := a.placeFor(action)
	if s == nil || s == a.page() {
		return nil
	}
	pages := append(a.pages, s)
	for i, p := range a.pages {
		if p == s {
			pages = a.pages[:i+1]
		}
	}
	a.pages = pages
	if _, rows := s.position(); !a.paused || rows == 0 {
		s.derive(false) // a page that has no picture yet takes one even while it stands still
	}
	home, fromHome := from.(*tenants)
	if p, ok := s.(*rollouts); ok && fromHome && !home.chosen() && p.aimAtNews() {
		return nil
	}
	if p, ok := s.(aimable); ok && at != (spot{}) {
		p.aim(at)
	}
	return nil
}

// placeFor is the page behind a digit, nil for an action that is none.
func (a *App) placeFor(action keymap.Action) screen {
	if action == keymap.GoTenants {
		return a.pages[0]
	}
	for _, p := range places {
		if p.action != action {
			continue
		}
		if a.places[action] == nil {
			a.places[action] = p.make(&a.env)
		}
		return a.places[action]
	}
	return nil
}

// isPlace reports whether a page has a digit of its own.
func (a *App) isPlace(s screen) bool {
	for _, p := range a.places {
		if p == s {
			return true
		}
	}
	return s == a.pages[0]
}
