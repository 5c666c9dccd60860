package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
)

// permitMsg is what the server says about a plan's permissions.
type permitMsg struct {
	epoch       uint64
	plan        action.Plan
	who         string
	permissions []model.Permission
	err         error
}

// targets are what an action is for: the marked rows, else what is under the
// cursor.
func (a *App) targets() []action.Target {
	var out []action.Target
	if p, ok := a.page().(markable); ok {
		for _, at := range p.marked() {
			out = append(out, target(at))
		}
	}
	if len(out) > 0 {
		return out
	}
	at := a.page().subject().spot
	if p, home := a.page().(*tenants); home {
		if r, ok := p.table.Current(); ok && r.id.kind != rowTenant {
			return nil // a cause that several share is nobody's object
		}
	}
	if _, inside := a.page().(*tenantPage); at == (spot{}) || inside && at.key == (model.Key{}) {
		return nil // the head of a section is no object, and the whole tenant was not meant
	}
	return []action.Target{target(at)}
}

// origins are what is fetched: where the cursor stands on a repository, all of
// its sources.
func (a *App) origins() []action.Target {
	var out []action.Target
	if p, ok := a.page().(interface{ origins() []model.Key }); ok && a.marksWords() == "" {
		for _, k := range p.origins() {
			out = append(out, action.Object(k))
		}
	}
	if len(out) > 0 {
		return out
	}
	return a.targets()
}

func target(at spot) action.Target {
	if at.key != (model.Key{}) {
		return action.Object(at.key)
	}
	return action.Target{Row: at.tenant}
}

// wish plans a verb for what is meant and asks whether the user may do it.
func (a *App) wish(verb action.Verb, targets []action.Target) tea.Cmd {
	switch {
	case len(targets) == 0:
		a.notice = "nothing here to " + verb.String() + ": put the cursor on an object or on a tenant"
		return nil
	case a.displaced():
		a.notice = "what was under the cursor is gone; it stands on " + a.page().subject().name + " now: press again to " + verb.String() + " that"
		return nil
	case a.rules().ReadOnly:
		a.notice = verb.String() + " is " + readOnlyWhy
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = verb.String() + " is refused: the API server is away, and what is shown may be old"
		return nil
	}
	return a.permit(action.New(a.store, action.Wish{Verb: verb, Targets: targets, Stamp: a.stamp()}))
}

// stamp marks a request: the server's time, and never the same twice.
func (a *App) stamp() string {
	at := a.store.Now().UTC()
	if !at.After(a.stamped) {
		at = a.stamped.Add(time.Nanosecond)
	}
	a.stamped = at
	return at.Format(time.RFC3339Nano)
}

// permit asks for a plan's permissions, or says why there is nothing to do.
func (a *App) permit(plan action.Plan) tea.Cmd {
	if len(plan.Steps) == 0 {
		why := refusals(plan.Refused, 2)
		if len(plan.Refused) == 1 {
			why = plan.Refused[0].Why
		}
		a.notice = plan.Wish.Verb.String() + " is refused: " + why
		return nil
	}
	// What is marked may not be on the screen.
	plan.Asks = plan.Asks || a.marksWords() != ""
	a.notice, a.presses = "asking whether you may "+plan.Title, 0
	return permit(a.ctx, a.cluster, a.epoch, plan)
}

func permit(ctx context.Context, cluster Cluster, epoch uint64, plan action.Plan) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		permissions, err := cluster.Can(ctx, plan.Needs())
		return permitMsg{epoch, plan, cluster.Who(ctx), permissions, err}
	}
}

// displaced reports, once, whether the cursor came to stand where it is because
// the row under it went away: a key must not hit what took its place.
func (a *App) displaced() bool {
	p, ok := a.page().(interface{ displaced() bool })
	return ok && p.displaced() && a.marksWords() == ""
}

// permitted goes on with a plan: at once where nothing has to be asked, else by
// dialog.
func (a *App) permitted(msg permitMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	a.notice, a.dirty = "", true
	plan := msg.plan
	plan.Wish.Who = msg.who
	plan.Permit(msg.permissions)
	if msg.err != nil {
		var problem *model.RequestError
		if errors.As(msg.err, &problem) && problem.Reason == model.RequestUnreachable {
			a.notice = plan.Wish.Verb.String() + " is refused: " + problem.Text
			return nil
		}
	}
	if plan.Asks || a.rules().Protected || len(plan.Allowed()) < len(plan.Steps) {
		if a.dialog != nil || a.menu != nil || a.presses > 0 {
			// A key that was meant for the page must not answer a dialog.
			a.notice = plan.Title + " was given up: other keys were pressed meanwhile"
			return nil
		}
		if plan.Wish.Verb == action.OffBoard {
			a.askOffboard(plan)
		} else {
			a.askPlan(plan)
		}
		return nil
	}
	return a.begin(plan)
}

// refusals names at most n objects and why each is left out.
func refusals(all []action.Refusal, n int) string {
	var out []string
	for i, r := range all {
		if i == n {
			out = append(out, fmt.Sprintf("and %d more", len(all)-n))
			break
		}
		name := r.Key.String()
		switch {
		case r.Row == model.PlatformKey:
			name = "the platform"
		case r.Row != "":
			name = r.Row
		}
		out = append(out, name+": "+r.Why)
	}
	return strings.Join(out, "; ")
}

// suspendOrResume asks for the one that makes sense; with both kinds among what
// is meant, which one is asked first.
func (a *App) suspendOrResume() tea.Cmd {
	targets := a.targets()
	suspended, running := action.Mixed(a.store, targets)
	switch {
	case suspended > 0 && running > 0:
		a.show(&menu{title: "some of it is suspended", items: []item{
			{text: fmt.Sprintf("resume the %d that %s suspended", suspended, are(suspended)), take: func() tea.Cmd { return a.wish(action.Resume, targets) }},
			{text: fmt.Sprintf("suspend the %d that %s not", running, are(running)), take: func() tea.Cmd { return a.wish(action.Suspend, targets) }},
		}})
		return nil
	case suspended > 0:
		return a.wish(action.Resume, targets)
	}
	return a.wish(action.Suspend, targets)
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
