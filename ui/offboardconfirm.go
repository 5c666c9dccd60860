package ui

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/offboard"
)

// leavingReadMsg are the marks of what nothing watches, as they are at the
// press.
type leavingReadMsg struct {
	epoch   uint64
	leaving *offboarding
	who     string
	closing string // the record this brings to an end
	known   offboard.Known
}

// confirmLeaving begins what was shown. What nothing watches is read once more
// before: what was said to stay may go by now.
func (a *App) confirmLeaving(l *offboarding, who string) tea.Cmd {
	unread := l.plan(a.store, nil).Unread
	if len(unread) == 0 {
		return a.beginLeaving(l, who)
	}
	a.notice = "looking once more at what goes with " + l.name
	msg := leavingReadMsg{epoch: a.epoch, leaving: l, who: who, closing: a.closing}
	a.closing = "" // whatever begins meanwhile is not what it is brought to an end by
	ctx, cluster := a.ctx, a.cluster
	return func() (out tea.Msg) {
		defer caught(&out)
		msg.known = readAllMarks(ctx, cluster, unread)
		return msg
	}
}

// readLeaving goes on with what was read.
func (a *App) readLeaving(msg leavingReadMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	l := msg.leaving
	a.notice, a.dirty, a.closing = "", true, msg.closing
	// What could not be read for the dialog was shown as what may go.
	maps.DeleteFunc(msg.known, func(ref model.ObjectRef, _ model.Marks) bool {
		_, shown := l.known[ref]
		return !shown
	})
	l.known = msg.known
	return a.beginLeaving(l, msg.who)
}

// beginLeaving begins what was shown, unless it is not any more what would
// happen: that is shown anew, with what is otherwise.
func (a *App) beginLeaving(l *offboarding, who string) tea.Cmd {
	if l.changed = l.changes(a.store); len(l.changed) > 0 {
		return a.leave(l)
	}
	return a.begin(l.plan(a.store, l.known).Without(l.left()).Action(a.stamp(), who))
}
