package ui

import (
	"context"
	"errors"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/model/redact"
)

// syncTrial is an order that is tried as a dry run, to be shown or, where it
// was shown already, to be sent.
type syncTrial struct {
	order fluxsync.Order
	form  *syncForm
	// from is the dialog that asked; nil where none is open yet.
	from *dialog
	// shown is what was confirmed; nil while nothing was.
	shown *syncOrder
	// stakes are the objects that may go, as far as can be told before it.
	stakes []model.ObjectRef
}

// syncTriedMsg is what the server says about a trial.
type syncTriedMsg struct {
	epoch   uint64
	trial   *syncTrial
	live    liveInstance
	written *model.Written
	seen    fluxsync.Seen // what may go, as it is now
	err     error
}

// trySync asks the server what an order would do, and reads what may go by it. The dialog it was asked from
// stays, and takes no keys until the answer is there.
func (a *App) trySync(t *syncTrial) tea.Cmd {
	a.presses = 0
	if t.from != nil {
		a.dialog = t.from
		t.from.said, t.from.busy = "", "asking the server what this would do …"
	}
	t.stakes = fluxsync.Look{Store: a.store, Live: t.order.Live, Want: t.order.Want}.AtStake()
	return trySync(a.ctx, a.cluster, a.epoch, t)
}

func trySync(ctx context.Context, cluster Cluster, epoch uint64, t *syncTrial) tea.Cmd {
	order := t.order
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = syncTriedMsg{epoch: epoch, trial: t, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		var sync *fluxsync.Spec
		if order.Want == nil {
			sync = order.Live.Sync
		}
		live, err := instanceNow(ctx, cluster, order.Live.Key, sync)
		if err == nil && live.denied != "" {
			err = errors.New(live.denied)
		}
		if err == nil && order.Want == nil && live.Sync == nil {
			err = errors.New(noSync)
		}
		if err != nil {
			return syncTriedMsg{epoch: epoch, trial: t, live: live, err: err}
		}
		order.Live = live.Live
		write := order.Write()
		write.DryRun = true
		written, err := cluster.Do(ctx, write)
		if err != nil {
			return syncTriedMsg{epoch: epoch, trial: t, live: live, err: err}
		}
		return syncTriedMsg{epoch: epoch, trial: t, live: live, written: written, seen: readStakes(ctx, cluster, t.stakes)}
	}
}

// syncTried goes on with what the server said.
func (a *App) syncTried(msg syncTriedMsg) tea.Cmd {
	t := msg.trial
	if msg.epoch != a.epoch || t.from != nil && a.dialog != t.from {
		return nil // the dialog was left meanwhile
	}
	a.dirty = true
	verb := t.order.Verb()
	switch {
	case t.from != nil:
		t.from.busy = ""
	case a.dialog != nil || a.menu != nil || a.presses > 0:
		a.notice = givenUp(verb)
		return nil
	default:
		a.notice = ""
	}
	order := t.order
	if msg.live.UID != "" {
		order.Live = msg.live.Live
	}
	order.Who = msg.live.who
	if msg.err != nil {
		return a.syncNot(t, order, msg)
	}
	if msg.written.UID != "" && msg.written.UID != order.Live.UID {
		msg.err = errors.New("another FluxInstance took its place while it was read")
		return a.syncNot(t, order, msg)
	}
	changes, err := fluxsync.Changes(order.Live, msg.written)
	if err != nil {
		msg.err = err
		return a.syncNot(t, order, msg)
	}
	next := a.newSyncOrder(order, changes, msg, t.form)
	if t.shown == nil {
		a.ask(a.orderDialog(next))
		return nil
	}
	if differs := t.shown.differs(next); differs != "" {
		next.carry(t.shown)
		a.ask(a.orderDialog(next))
		a.dialog.said = differs + "; nothing was sent, look again"
		return nil
	}
	return a.sendSync(t.shown, order)
}

// syncNot says why an order can't be done: in the dialog it was asked from, so
// that nothing typed is lost.
func (a *App) syncNot(t *syncTrial, order fluxsync.Order, msg syncTriedMsg) tea.Cmd {
	var problem *model.WriteError
	if errors.As(msg.err, &problem) && problem.Reason == model.WriteConflict {
		a.ask(a.conflictDialog(t, order, problem, msg.live))
		return nil
	}
	if t.from == nil {
		a.notice = t.order.Verb().String() + " is refused: " + msg.err.Error()
		return nil
	}
	t.from.said = msg.err.Error()
	return nil
}

// sendSync starts what was confirmed.
func (a *App) sendSync(shown *syncOrder, order fluxsync.Order) tea.Cmd {
	order.Shown, order.Stamp = shown.changes, a.stamp()
	order.Guards, order.Keep = shown.ticked(), shown.keep
	plan := order.Plan(a.store)
	if shown.form != nil {
		shown.form.sent = true
		a.putDraft(syncDraftOf(shown.form.live), nil)
		plan.Asked = redact.Kept(shown.form.spec())
	}
	a.dialog = nil
	return a.begin(plan)
}

// markButton makes a dialog begin at one of its buttons, seen from the top.
func markButton(d *dialog, i int) { d.begins = func() int { return len(d.focusables()) + i } }

// verbOf is the word on the button that does it.
func verbOf(o fluxsync.Order) string {
	word := upperFirst(o.Verb().String())
	if o.Force {
		word += " by force"
	}
	return word
}
