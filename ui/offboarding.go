package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/offboard"
)

// offboarding is a tenant that is to be taken out, or the rest of one.
type offboarding struct {
	name string
	plan func(*model.Store, offboard.Known) offboard.Plan
	// known was read for the dialog that is open, and shown is what it shows.
	known   offboard.Known
	shown   offboard.Plan
	chosen  map[model.Key]*bool // of what is offered
	changed []string            // since an earlier dialog, which this one takes the place of
}

// look plans as it is now.
func (l *offboarding) look(s *model.Store, stamp string) action.Plan {
	l.shown = l.plan(s, l.known)
	return l.shown.Action(stamp, "")
}

// left are the offered steps that are not ticked.
func (l *offboarding) left() map[model.Key]bool {
	out := map[model.Key]bool{}
	for k, on := range l.chosen {
		out[k] = !*on
	}
	return out
}

// changes says what is not any more as it was shown.
func (l *offboarding) changes(s *model.Store) []string { return l.shown.Changes(l.plan(s, l.known)) }

// leavingTenant is the tenant that off-boarding would be about here: that of
// the row or the page, "" for none.
func (a *App) leavingTenant() string {
	at := a.page().subject().spot
	if p, ok := a.page().(*tenantPage); ok && !p.platform {
		return p.name
	}
	if at.key == (model.Key{}) && at.tenant != model.PlatformKey {
		return at.tenant
	}
	return ""
}

// offboardItem is the line of the actions' menu that takes a tenant out.
func (a *App) offboardItem() (item, bool) {
	name := a.leavingTenant()
	if name == "" || a.marksWords() != "" {
		return item{}, false
	}
	it := item{text: action.OffBoard.String(), note: "take the tenant out, in the order its finalizers need", take: func() tea.Cmd { return a.offboard(name) }}
	if a.rules().ReadOnly {
		it.note = "refused: this session is read-only"
	}
	return it, true
}

// offboard plans how to take a tenant out and asks whether the user may.
func (a *App) offboard(name string) tea.Cmd {
	return a.leave(&offboarding{name: name, plan: func(s *model.Store, known offboard.Known) offboard.Plan { return offboard.New(s, name, known) }})
}

// leave asks whether the user may, and reads what it takes to say what goes.
func (a *App) leave(l *offboarding) tea.Cmd {
	plan := l.plan(a.store, nil)
	why := ""
	switch {
	case a.rules().ReadOnly:
		why = "off-board is " + readOnlyWhy
	case a.store.Connection().State != model.ConnLive:
		why = "off-board is refused: " + serverAway
	case plan.Blocked != "":
		why = "off-board is refused: " + plan.Blocked
	}
	if why != "" {
		a.notice, a.closing = why, ""
		return nil
	}
	a.notice, a.presses = "asking whether you may off-board "+l.name, 0
	ask := *l
	return permitLeaving(a.ctx, a.cluster, permitMsg{epoch: a.epoch, plan: plan.Action(a.stamp(), ""), leaving: &ask}, plan.Unread)
}

// lookedAt bounds how many objects are read for one dialog.
const lookedAt = 60

// permitLeaving is permit, and reads the marks of what nothing watches.
func permitLeaving(ctx context.Context, cluster Cluster, ask permitMsg, unread []model.ObjectRef) tea.Cmd {
	permitted := permit(ctx, cluster, ask, nil)
	return func() (msg tea.Msg) {
		defer caught(&msg)
		known := make(chan offboard.Known, 1)
		go func() {
			known <- readAllMarks(ctx, cluster, unread)
		}()
		msg = permitted()
		ask.leaving.known = <-known
		return msg
	}
}

func readAllMarks(ctx context.Context, cluster Cluster, unread []model.ObjectRef) offboard.Known {
	return readEach(ctx, unread[:min(len(unread), lookedAt)], func(ctx context.Context, ref model.ObjectRef) (model.Marks, error) {
		return readMarks(ctx, cluster, ref)
	})
}
