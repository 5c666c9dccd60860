package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

func (a *App) applyTick() tea.Cmd {
	a.store.Tick()
	a.stepFollowing()
	a.takePicture()
	if !a.paused {
		a.countViews(true)
	}
	if a.page().held() && !a.handsOn() && !a.paused {
		a.page().derive(false)
	}
	if !a.quitAt.IsZero() && a.local.Sub(a.quitAt) > handsOff {
		a.quitAt, a.notice = time.Time{}, ""
	}
	a.dirty = a.dirty || a.ticking()
	return tick()
}

// ticking reports whether a second's passing shows: something turns, flashes
// or counts in seconds, or a minute has begun. Else drawing would only find
// that nothing changed, and an idle dashboard should cost nothing.
func (a *App) ticking() bool {
	minute := a.now.Truncate(time.Minute)
	if !minute.Equal(a.minute) {
		a.minute = minute
		return true
	}
	conn := a.store.Connection()
	kinds, _ := a.stale()
	return len(a.pages) > 1 || a.fault != nil || conn.State != model.ConnLive || !a.store.Complete() || len(kinds) > 0 ||
		a.notice != "" || a.moving || a.acting() || a.installing.running() || a.local.Sub(a.changed) < freshFor+time.Second ||
		a.now.Sub(time.Unix(int64(a.youngest), 0)) < time.Minute+time.Second
}

// takePicture takes a new picture if there is something new in the store.
func (a *App) takePicture() {
	if a.store.Revision() == a.seen {
		return
	}
	a.dirty = true
	if a.paused {
		return
	}
	a.seen = a.store.Revision()
	a.census()
	a.countViews(false)
	a.page().derive(a.handsOn())
}

// census counts what of the tenants in the scope needs no page to be known.
func (a *App) census() {
	a.bad, a.moving, a.youngest, a.outside = 0, false, 0, 0
	for _, t := range a.store.Tenants() {
		if !a.scope.covers(t.Name, t.Namespaces...) {
			a.outside++
			continue
		}
		if rank(t) >= unhealthyRank {
			a.bad++
		}
		a.count(t)
	}
	a.count(a.store.Platform().Row)
}

// count notes what of a row ticks.
func (a *App) count(t *model.Tenant) {
	a.moving = a.moving || t.Health == model.Reconciling
	a.youngest = max(a.youngest, t.Since, t.MovedAt)
}

// handsOn reports whether a key was pressed so lately that rows hold still.
func (a *App) handsOn() bool {
	return !a.lastKey.IsZero() && a.local.Sub(a.lastKey) < handsOff
}
