package ui

import (
	"context"
	"errors"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/setup"
)

// A FluxInstance is tried as a dry run before what will happen is shown.

// instanceTrial is an order that is tried as a dry run before it is shown.
type instanceTrial struct {
	order setup.Order
	form  *instanceForm
	from  *dialog
}

// instanceTriedMsg is what the server says about a trial.
type instanceTriedMsg struct {
	epoch   uint64
	trial   *instanceTrial
	live    *liveInstance // as it is by now; nil: there is none
	who     string
	denied  string
	role    string
	written *model.Written
	err     error
}

// tryInstance asks the server what an order would do. The dialog it was asked
// from stays, and takes no keys until the answer is there.
func (a *App) tryInstance(t *instanceTrial) tea.Cmd {
	a.dialog, a.presses = t.from, 0
	t.from.said, t.from.busy = "", "asking the server what this would do …"
	return tryInstance(a.ctx, a.cluster, a.epoch, t)
}

func tryInstance(ctx context.Context, cluster Cluster, epoch uint64, t *instanceTrial) tea.Cmd {
	order := t.order
	return func() (msg tea.Msg) {
		out := instanceTriedMsg{epoch: epoch, trial: t}
		defer func() {
			if r := recover(); r != nil {
				out.err = &bug{value: r, stack: debug.Stack()}
				msg = out
			}
		}()
		out.who = cluster.Who(ctx)
		out.denied, out.role = mayMakeInstance(ctx, cluster, order.Want.Namespace, out.who)
		live, err := instanceNow(ctx, cluster, order.Key(), nil)
		var missing *model.RequestError
		switch {
		case err == nil:
			out.live, order.Live = &live, &live.Live
		case errors.As(err, &missing) && missing.Reason == model.RequestNotFound:
			order.Live = nil
		default:
			out.err = err
			return out
		}
		if out.denied != "" {
			return out
		}
		write := order.Write()
		write.DryRun = true
		out.written, out.err = cluster.Do(ctx, write)
		return out
	}
}

// mayMakeInstance says what of making an instance the user may not, in the
// plan's own words, and what would allow it.
func mayMakeInstance(ctx context.Context, cluster Cluster, namespace, who string) (denied, role string) {
	permissions, err := cluster.Can(ctx, setup.Needs(setup.Instance, namespace))
	if err != nil {
		return "", "" // it is tried: the server says it then
	}
	plan := action.Plan{Wish: action.Wish{Who: who}}
	for _, p := range permissions {
		plan.Steps = append(plan.Steps, action.Step{Needs: p.Access})
	}
	plan.Permit(permissions)
	for _, s := range plan.Steps {
		if s.Denied != "" {
			return s.Denied, plan.RoleYAML()
		}
	}
	return "", ""
}

// instanceTried goes on with what the server said.
func (a *App) instanceTried(msg instanceTriedMsg) tea.Cmd {
	t := msg.trial
	if msg.epoch != a.epoch || a.dialog != t.from {
		return nil // the dialog was left meanwhile
	}
	a.dirty = true
	t.from.busy = ""
	order := t.order
	order.Live, order.Who = nil, msg.who
	if msg.live != nil {
		order.Live = &msg.live.Live
	}
	var problem *model.WriteError
	switch {
	case msg.denied != "":
		t.from.said = msg.denied + "; ctrl+o prints it for somebody who may, ctrl+y shows the Role"
		body := yamlOf(order.Write().Body)
		t.from.detail = func() string { return body + roleText(msg.role) }
		return nil
	case errors.As(msg.err, &problem) && problem.Reason == model.WriteConflict && order.Live != nil:
		a.ask(a.instanceConflict(t, order, problem))
		return nil
	case msg.err != nil:
		t.from.said = msg.err.Error()
		return nil
	case order.Live != nil && order.Live.Made() != "":
		a.ask(a.ownedDialog(msg.live)) // it has come meanwhile
		return nil
	}
	changes, err := order.Changes(msg.written)
	if err != nil {
		t.from.said = err.Error()
		return nil
	}
	order.Shown = changes
	a.ask(a.instanceOrderDialog(t, order))
	return nil
}
