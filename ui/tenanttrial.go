package ui

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"reflect"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/model/onboard"
	"tenantry/model/redact"
)

// A tenant is asked about twice: before it is shown what would happen, and once
// more when that is confirmed.

// tenantTrial is a tenant that is asked about.
type tenantTrial struct {
	from     *dialog
	form     *tenantForm
	spec     onboard.Spec
	problems []onboard.Problem
	plan     action.Plan
	there    map[string]bool
	uids     map[int]string // of what is there as far as is known, by step
	// What the server said, by step.
	refused map[int]string
	becomes map[int]string
	live    map[int]liveStep // of what is there already
	losses  []onboard.Loss   // what may be deleted by it
	// shown is the trial whose outcome was confirmed; nil for the first one.
	shown *tenantTrial
}

// tenantTriedMsg is what the server says about a trial.
type tenantTriedMsg struct {
	epoch            uint64
	trial            *tenantTrial
	who              string
	permissions      []model.Permission
	refused, becomes map[int]string
	live             map[int]liveStep
	err              error
}

// liveStep is an object that is there already, and what an apply changes of it.
type liveStep struct {
	uid     string
	changes []fluxsync.Change
	unread  bool // it can't be read, so what changes is not known
}

// askTenant asks the server about a tenant as the cluster is now. The dialog
// stays, and takes no keys until the answer is there.
func (a *App) askTenant(from *dialog, f *tenantForm, spec onboard.Spec, shown *tenantTrial) tea.Cmd {
	a.dialog, a.presses = from, 0
	from.said, from.busy = "", "asking the server what this would do …"
	if shown != nil {
		from.busy = "looking once more before anything is sent …"
	}
	t := &tenantTrial{from: from, form: f, spec: spec, shown: shown,
		problems: onboard.Check(a.store, spec, f.before()), plan: spec.Plan(a.stamp(), ""), there: a.spacesThere(spec), uids: map[int]string{}}
	for i, s := range t.plan.Steps {
		if o := a.store.Get(s.Key); o != nil {
			t.uids[i] = o.UID
		}
	}
	return tryTenant(a.ctx, a.cluster, a.epoch, t)
}

// spacesThere are those of a tenant's namespaces that exist: only in these can
// the server be asked what it would do.
func (a *App) spacesThere(spec onboard.Spec) map[string]bool {
	there := map[string]bool{"": true, spec.Set: true}
	for _, sp := range spec.Spaces {
		there[sp.Namespace] = a.store.Get(model.Key{Kind: model.Namespace, Name: sp.Namespace}) != nil
	}
	return there
}

// tryTenant asks whether the user may, and what the server would say to each
// object, as dry runs.
func tryTenant(ctx context.Context, cluster Cluster, epoch uint64, t *tenantTrial) tea.Cmd {
	plan, there := t.plan, maps.Clone(t.there)
	return func() (msg tea.Msg) {
		out := tenantTriedMsg{epoch: epoch, trial: t, refused: map[int]string{}, becomes: map[int]string{}, live: map[int]liveStep{}}
		defer func() {
			if r := recover(); r != nil {
				out.err = &bug{value: r, stack: debug.Stack()}
				msg = out
			}
		}()
		out.who = cluster.Who(ctx)
		out.permissions, out.err = cluster.Can(ctx, plan.Needs())
		var away *model.RequestError
		if errors.As(out.err, &away) && away.Reason == model.RequestUnreachable {
			return out
		}
		out.err = nil
		for i, s := range plan.Steps {
			if s.Watch || !there[s.Write.Ref.Namespace] {
				continue
			}
			live, err := objectNow(ctx, cluster, s.Write.Ref)
			if errors.As(err, &away) && (away.Reason == model.RequestUnreachable || away.Reason == model.RequestTimedOut) {
				out.err = err
				return out
			}
			if s.Write.Ref.Namespace == "" && live != nil {
				there[s.Write.Ref.Name] = true // the store need not know: namespaces can't always be listed
			}
			if why := t.dare(i, live, err); why != "" {
				out.refused[i] = why
				continue
			}
			w := s.Write
			if w.UID = uidOf(live); err != nil {
				w.UID = t.uids[i]
			}
			if out.err = out.try(ctx, cluster, i, w, live); out.err != nil {
				return out
			}
		}
		return out
	}
}

// dare says why an object must not be applied as it was read, "" when it may.
// What can't be read is only written where it is known which object that is.
func (t *tenantTrial) dare(i int, live map[string]any, unread error) string {
	k, asSet := t.spec.SetKey()
	isSet := asSet && t.plan.Steps[i].Key == k
	switch {
	case unread != nil && isSet:
		return "it can't be read by you, so that it is not known which namespaces it makes, and flux-operator deletes those it makes no more: " + unread.Error()
	case unread != nil && t.uids[i] == "":
		return "it can't be read by you, so that it may be there, and what is there would be written over unseen: " + unread.Error()
	case isSet && live != nil:
		return t.spec.SetRefuses(live)
	}
	return ""
}

// try asks what an object would become, as a dry run; an error is that nothing
// was heard. Live is the object that is there, nil for none or one that can't be
// read.
func (m *tenantTriedMsg) try(ctx context.Context, cluster Cluster, i int, w model.Write, live map[string]any) error {
	w.DryRun = true
	written, err := cluster.Do(ctx, w)
	var refused *model.WriteError
	switch {
	case err == nil:
		m.becomes[i] = onboard.Becomes(written)
		if live != nil {
			m.live[i] = liveStep{uid: w.UID, changes: onboard.Changes(live, written)}
		} else if w.UID != "" {
			m.live[i] = liveStep{uid: w.UID, unread: true}
		}
	case untold(err):
		return err
	default:
		m.refused[i] = err.Error()
		if errors.As(err, &refused) && refused.Reason == model.WriteConflict {
			m.refused[i] += "; mend it there, or type here what it is there"
		}
	}
	return nil
}

// tenantTried shows what will happen, or, where that was confirmed, begins.
func (a *App) tenantTried(msg tenantTriedMsg) tea.Cmd {
	t := msg.trial
	a.dirty = true
	if msg.epoch != a.epoch || a.dialog != t.from {
		return nil
	}
	t.from.busy = ""
	if msg.err != nil {
		t.from.said = msg.err.Error()
		if t.shown != nil {
			t.from.said = "nothing was sent: " + t.from.said
		}
		return nil
	}
	t.plan.Wish.Who, t.refused, t.becomes, t.live = msg.who, msg.refused, msg.becomes, msg.live
	for i, l := range t.live {
		t.plan.Steps[i].Write.UID = l.uid // another one of that name is left alone
	}
	t.losses = t.lossesIn(a.store)
	t.plan.Permit(msg.permissions)
	if t.shown != nil {
		return a.tenantTriedAgain(t)
	}
	a.ask(a.tenantOrderDialog(t))
	return nil
}

// tenantTriedAgain begins what was confirmed, if all is still as it was shown;
// else it shows what is not, and nothing is sent.
func (a *App) tenantTriedAgain(t *tenantTrial) tea.Cmd {
	t.problems = onboard.Check(a.store, t.spec, t.form.before()) // the cluster may have gone on while the server was asked
	for _, p := range t.problems {
		if p.Blocks {
			form := a.tenantFormDialog(t.form)
			a.ask(form)
			form.complain(p, "nothing was sent, for it has changed meanwhile: ")
			return nil
		}
	}
	if changed := t.changed(a.spacesThere(t.spec)); changed != "" {
		d := a.tenantOrderDialog(t)
		a.ask(d)
		d.said = "nothing was sent, for it has changed meanwhile: " + changed + "; this is what would happen now"
		return nil
	}
	a.dialog = nil
	t.plan.Asked = redact.Kept(t.spec)
	a.noteSent(t)
	a.expectCredentials(t.spec)
	return a.begin(t.plan)
}

// changed says what is not as it was shown, "" when all is. Now are the
// namespaces that exist by now.
func (t *tenantTrial) changed(now map[string]bool) string {
	if news := onboard.News(t.shown.problems, t.problems); news != "" {
		return news
	}
	if !reflect.DeepEqual(t.shown.losses, t.losses) {
		return "what may be deleted by it"
	}
	for ns, was := range t.shown.there {
		switch is := now[ns]; {
		case is && !was:
			return "there is a namespace " + ns + " by now"
		case was && !is:
			return "the namespace " + ns + " is gone"
		}
	}
	for i, s := range t.plan.Steps {
		was, name := t.shown, s.Write.Ref.String()
		switch {
		case s.Watch:
		case s.Denied != was.plan.Steps[i].Denied:
			return name + ": " + cmp.Or(s.Denied, "it is allowed by now")
		case t.refused[i] != was.refused[i]:
			return name + ": " + cmp.Or(t.refused[i], "the server would take it by now")
		case t.live[i].uid != was.live[i].uid:
			return name + ": " + replacedWords(was.live[i].uid, t.live[i].uid)
		case t.becomes[i] != was.becomes[i]:
			return name + " would become something else"
		default:
			if differs, same := fluxsync.SameChanges(was.live[i].changes, t.live[i].changes); !same {
				return name + " is not as it was: " + differs
			}
		}
	}
	return ""
}
