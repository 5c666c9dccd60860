package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"
	"tenantry/ui/text"
)

// An apply whose answer was lost: the object is read, for that it is there
// proves nothing. What can't be told is said, and offered to be sent again.

// arrival is what is known of whether such a step has arrived.
type arrival struct {
	seen   bool // it has
	asking bool
	asked  time.Time // last
	unread string    // why the object can't be read, "" where it can
	never  bool      // that won't change by waiting
}

// arrivalEvery is how often the object is looked at.
const arrivalEvery = 2 * time.Second

// mayHaveArrived reports whether a step is one that has to be looked for.
func (d *deed) mayHaveArrived(i int) bool {
	return !d.steps[i].lost.IsZero() && d.plan.Steps[i].Arrived != nil && !d.steps[i].arrival.seen
}

// awaitArrival judges such a step by what was read last.
func (a *App) awaitArrival(d *deed, i int, now time.Time) action.Progress {
	s := &d.steps[i]
	if !s.arrival.never {
		if a.store.Connection().State != model.ConnLive || !a.store.Complete() {
			s.lost = now
		}
		if now.Sub(s.lost) <= arrivalLimit || s.arrival.asking || s.arrival.asked.IsZero() {
			return action.Progress{State: action.Waiting, Words: sentUnheard}
		}
	}
	if s.arrival.unread != "" {
		return action.Progress{State: action.Failed, Words: "not known whether it arrived: " + s.arrival.unread}
	}
	return action.Progress{State: action.Failed, Words: "it did not arrive: the API server answers again, and the object shows nothing of it"}
}

// arrivalMsg is what an object shows of a step whose answer was lost.
type arrivalMsg struct {
	epoch uint64
	deed  *deed
	step  int
	seen  bool
	err   error
}

// lookForArrival reads the object of such a step, from time to time.
func (a *App) lookForArrival(d *deed, i int, now time.Time) tea.Cmd {
	s := &d.steps[i]
	if s.state != stepSent || !d.mayHaveArrived(i) || s.arrival.asking || now.Sub(s.arrival.asked) < arrivalEvery || a.store.Connection().State != model.ConnLive {
		return nil
	}
	s.arrival.asking, s.arrival.asked = true, now
	ctx, cluster, epoch, step, sent := a.ctx, a.cluster, a.epoch, &d.plan.Steps[i], s.sent
	ref, arrived := step.Write.Ref, step.Arrived
	return func() (msg tea.Msg) {
		out := arrivalMsg{epoch: epoch, deed: d, step: i}
		defer func() {
			if r := recover(); r != nil {
				out.err = fmt.Errorf("internal error: %v", r)
				msg = out
			}
		}()
		out.seen, out.err = arrivedBy(ctx, cluster, ref, arrived, sent)
		return out
	}
}

func arrivedBy(ctx context.Context, cluster Cluster, ref model.ObjectRef, arrived func(map[string]any, []model.FieldOwner, time.Time) bool, sent time.Time) (bool, error) {
	doc, err := cluster.Document(ctx, ref)
	var problem *model.RequestError
	if errors.As(err, &problem) && problem.Reason == model.RequestNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	live := map[string]any{}
	if err := yaml.Unmarshal([]byte(doc.YAML), &live); err != nil {
		return false, fmt.Errorf("%s can't be read: %w", ref, err)
	}
	return arrived(live, doc.Owners, sent), nil
}

// tookArrival takes in what was read.
func (a *App) tookArrival(msg arrivalMsg) {
	s := &msg.deed.steps[msg.step]
	s.arrival.asking = false
	if msg.epoch != a.epoch || s.state != stepSent {
		return
	}
	a.dirty = true
	var problem *model.RequestError
	s.arrival.seen, s.arrival.unread, s.arrival.never = msg.seen, "", false
	if msg.err != nil {
		s.arrival.unread = msg.err.Error()
		s.arrival.never = errors.As(msg.err, &problem) && (problem.Reason == model.RequestForbidden || problem.Reason == model.RequestWithheld)
	}
}

// unheardOf is the step a deed stopped at because its answer was lost.
func (d *deed) unheardOf() (int, bool) {
	for i := range d.steps {
		if d.steps[i].state == stepFailed && d.mayHaveArrived(i) {
			return i, true
		}
	}
	return 0, false
}

// offerAgain asks, once the person is at nothing else, about what is not known
// to have arrived. It is never sent again by itself. As long as it is not
// answered, the action stays open in the journal.
func (a *App) offerAgain() {
	if a.dialog != nil || a.menu != nil {
		return
	}
	for _, d := range a.deeds {
		if i, ok := d.unheardOf(); ok && d.over && !d.offered {
			d.offered, a.dirty = true, true
			a.ask(a.againDialog(d, i))
			return
		}
	}
}

func (a *App) againDialog(d *deed, i int) *dialog {
	s := &d.steps[i]
	box := &dialog{title: fmt.Sprintf("No answer: %s on %s", d.plan.Title, a.contextName())}
	box.parts = []part{
		{label: "STEP", inset: true, text: fmt.Sprintf("%s: sent %s, and no answer came", d.plan.Steps[i].Write.Ref, text.Clock(s.sent.In(a.now.Location()), a.now)), state: a.glyphs.Of(model.Unknown)},
		{label: "NOW", gap: true, text: s.words},
		{label: "AGAIN", gap: true, role: themes.Text, text: "The very same is applied once more, and what comes after it: that changes nothing where it has arrived, and nothing is forced."},
	}
	left := 0
	for j := range d.steps {
		if d.steps[j].state == stepLeft && !d.plan.Steps[j].Watch {
			left++
		}
	}
	if left > 0 {
		box.parts = append(box.parts, part{label: "LEFT", gap: true, text: countWords(left, "object") + " after it were not sent"})
	}
	box.buttons = []button{
		{word: "Leave it", harmless: true, press: func() tea.Cmd { return a.endDeed(d) }},
		{word: "Send again", press: func() tea.Cmd { return a.sendAgain(d, i) }},
	}
	return box
}

// sendAgain takes a deed up where it stopped.
func (a *App) sendAgain(d *deed, from int) tea.Cmd {
	d.over, d.offered = false, false
	for i := range d.steps[from:] {
		d.steps[from+i] = deedStep{}
	}
	a.dirty = true
	return a.next(d)
}
