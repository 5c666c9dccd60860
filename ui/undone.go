package ui

import (
	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/text"
)

// watchUndone looks, after a suspension has ended well, whether it is taken
// back by somebody else: what applies the object may do so at its next run,
// long after everybody has looked away.
func (a *App) watchUndone() {
	if a.undoneAt == a.store.Revision() {
		return
	}
	a.undoneAt = a.store.Revision()
	for i, d := range a.deeds {
		if d.plan.Wish.Verb != action.Suspend {
			continue
		}
		for j := range d.steps {
			s, step := &d.steps[j], &d.plan.Steps[j]
			if s.state != stepDone || s.settled || s.undone != "" {
				continue
			}
			o := a.store.Get(step.Key)
			switch {
			case o == nil || o.UID != step.Write.UID || a.resumedSince(i, step.Key):
				s.settled = true
			case !o.IsSuspended():
				s.undone, a.dirty = a.undoneBy(o), true
				a.notice = "its suspension is undone: " + step.Key.String() + " runs again, " + s.undone
			}
		}
	}
}

// resumedSince reports whether an action of here resumed the object later.
func (a *App) resumedSince(deed int, k model.Key) bool {
	for _, d := range a.deeds[deed+1:] {
		if d.plan.Wish.Verb != action.Resume {
			continue
		}
		for i := range d.steps {
			if d.plan.Steps[i].Key == k && d.steps[i].state >= stepSending && d.steps[i].state != stepLeft {
				return true
			}
		}
	}
	return false
}

// undoneBy says what is known of who took a suspension back.
func (a *App) undoneBy(o *model.Object) string {
	words := "resumed " + text.Clock(a.now, a.now)
	if owner, ok := action.Applier(o); ok {
		return words + " by somebody else or by " + owner.String() + ", which applies it"
	}
	return words + " by somebody else"
}
