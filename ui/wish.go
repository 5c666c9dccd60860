package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
)

// serverAway are those of every refusal while the API server is away; they go
// when it is back.
const serverAway = "the API server is away, and what is shown may be old"

// permitMsg is what the server says about a plan's permissions.
type permitMsg struct {
	epoch       uint64
	plan        action.Plan
	who         string
	permissions []model.Permission
	owners      map[model.Key][]model.FieldOwner // who wrote what of the objects
	err         error
	before      *planForm    // that is shown anew
	leaving     *offboarding // the tenant that is to be taken out; nil for other verbs
}

// wish plans a verb for what is meant and asks whether the user may do it.
func (a *App) wish(verb action.Verb, targets []action.Target) tea.Cmd {
	return a.wishFor(action.Wish{Verb: verb, Targets: targets})
}

func (a *App) wishFor(w action.Wish) tea.Cmd {
	verb, targets := w.Verb, w.Targets
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
		a.notice = verb.String() + " is refused: " + serverAway
		return nil
	}
	w.Stamp = a.stamp()
	return a.permit(action.New(a.store, w), nil)
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
// Before is the form that asked for it last, nil for none.
func (a *App) permit(plan action.Plan, before *planForm) tea.Cmd {
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
	return permit(a.ctx, a.cluster, permitMsg{epoch: a.epoch, plan: plan, before: before}, plan.Owned(a.store))
}

// permit fills in what the server says of a plan: whether the user may do it,
// and who wrote what of the objects that something else applies.
func permit(ctx context.Context, cluster Cluster, ask permitMsg, owned []model.Key) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		owners := make(chan map[model.Key][]model.FieldOwner, 1)
		go func() { owners <- readOwners(ctx, cluster, owned) }()
		ask.permissions, ask.err = cluster.Can(ctx, ask.plan.Needs())
		ask.who = cluster.Who(ctx)
		ask.owners = <-owners
		return ask
	}
}

// ownersWithin bounds what a dialog waits for to be told more than it needs.
const ownersWithin = 2 * time.Second

// readOwners reads who wrote what of some objects. What can't be read in time is
// left out.
func readOwners(ctx context.Context, cluster Cluster, keys []model.Key) map[model.Key][]model.FieldOwner {
	return readEach(ctx, keys, func(ctx context.Context, k model.Key) ([]model.FieldOwner, error) {
		d, err := cluster.Document(ctx, k.ObjectRef())
		if err != nil {
			return nil, err
		}
		return d.Owners, nil
	})
}

// readEach reads something of many objects, four at a time. What fails, or takes
// longer than a dialog waits, is left out.
func readEach[K comparable, V any](ctx context.Context, keys []K, read func(context.Context, K) (V, error)) map[K]V {
	ctx, cancel := context.WithTimeout(ctx, ownersWithin)
	defer cancel()
	out := map[K]V{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	next := make(chan K)
	for range min(4, len(keys)) {
		wg.Go(func() {
			for k := range next {
				v, err := surviving(ctx, k, read)
				mu.Lock()
				if err == nil {
					out[k] = v
				}
				mu.Unlock()
			}
		})
	}
	for _, k := range keys {
		next <- k
	}
	close(next)
	wg.Wait()
	return out
}

// surviving reads one, and survives what goes wrong on the way: it is a
// goroutine's.
func surviving[K, V any](ctx context.Context, k K, read func(context.Context, K) (V, error)) (v V, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("internal error: %v", r)
		}
	}()
	return read(ctx, k)
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
	if msg.leaving != nil {
		if plan = msg.leaving.look(a.store, plan.Wish.Stamp); len(plan.Steps) == 0 { // gone while it was asked for
			a.notice, a.closing = "off-board is refused: "+msg.leaving.shown.Blocked, ""
			return nil
		}
	}
	plan.Wish.Who = msg.who
	plan.Permit(msg.permissions)
	plan.State(a.store, msg.owners)
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
			a.notice, a.closing = plan.Title+" was given up: other keys were pressed meanwhile", ""
			return nil
		}
		if msg.leaving != nil {
			a.askOffboard(msg.leaving, plan)
		} else {
			a.askPlan(plan, msg.before)
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

// resumes reports whether the key resumes all that it is for.
func (a *App) resumes() bool {
	suspended, running := action.Mixed(a.store, a.targets())
	return suspended > 0 && running == 0
}

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
