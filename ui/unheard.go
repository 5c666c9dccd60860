package ui

import (
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

const sentUnheard = "sent, no answer; watching whether it arrived"

// arrivalLimit is how long something that was sent and not answered may take to
// show once the API server answers again: what it had received it does at once.
const arrivalLimit = 10 * time.Second

// unheard judges a step whose answer was lost with the connection, and of which
// nothing shows. Waiting for its controller would be in vain if it never
// arrived; it is not sent again by itself.
func (a *App) unheard(d *deed, i int, p action.Progress, now time.Time) action.Progress {
	s := &d.steps[i]
	if !action.Unseen(a.store, d.plan.Wish, d.plan.Steps[i]) {
		return p
	}
	if a.store.Connection().State != model.ConnLive || !a.store.Complete() {
		s.lost = now
	}
	if now.Sub(s.lost) <= arrivalLimit {
		return action.Progress{State: action.Waiting, Words: sentUnheard}
	}
	return action.Progress{State: action.Failed,
		Words: "it did not arrive: the API server answers again, and the object shows nothing of it; it can be done again"}
}
