package ui

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/journal"
)

// deed is an action on its way: its steps are sent one after the other and
// followed to how they end, wherever the person has gone meanwhile.
type deed struct {
	id      string // in the journal
	plan    action.Plan
	began   time.Time // the server's clock, as are all its times
	steps   []deedStep
	over    bool
	offered bool // to be sent again from the step whose answer was lost
	// noEvent is why an Event that was to be left was not written.
	noEvent string
	// endedAt is this machine's time.
	endedAt time.Time
	form    *credentialForm // what it came of; nil for what was no credential
}

// deedStep is how far one step of a deed has come.
type deedStep struct {
	state stepState
	sent  time.Time
	ended time.Time
	words string
	// took is how long it took, where that is known.
	took  time.Duration
	known bool
	// lost is when it was sent and no answer was heard; zero for one that was
	// answered.
	lost    time.Time
	arrival arrival
	// undone says who took back what a finished step had brought about; settled:
	// nobody can any more, for somebody of here did, or the object is gone.
	undone  string
	settled bool
}

type stepState uint8

const (
	stepWaits   stepState = iota // not sent yet
	stepSending                  // being sent
	stepSent                     // followed
	stepDone
	stepFailed
	stepLeft // not sent, because one before it failed or the person left
)

// sentMsg is the server's answer to a step.
type sentMsg struct {
	epoch uint64
	deed  *deed
	step  int
	// written is what the server said, nil with err.
	written *model.Written
	err     error
	event   string // why the Event was not written
}

// Journal keeps what is done, so that a killed dashboard can say on its next
// start which steps happened. Its methods may write to a disk: they are called
// by commands only.
type Journal interface {
	// Begin notes an action before anything of it is sent.
	Begin(journal.Record) error
	// Note notes what became of a step, and End that nothing more will come.
	Note(id string, step int, word, detail string) error
	End(id, word string) error
	// Unfinished are the actions on a cluster that nobody brought to an end.
	Unfinished(context, server string) ([]journal.Record, error)
}

// begin starts a plan.
func (a *App) begin(plan action.Plan) tea.Cmd {
	d := &deed{id: plan.Wish.Stamp, plan: plan, began: a.store.Now(), steps: make([]deedStep, len(plan.Steps))}
	a.deeds = append(a.deeds, d)
	if i := slices.IndexFunc(a.deeds, func(d *deed) bool { return d.over }); i >= 0 && len(a.deeds) > keptDeeds {
		a.deeds = slices.Delete(a.deeds, i, i+1)
	}
	a.dirty = true
	var end tea.Cmd
	if a.closing != "" { // what an earlier dashboard left is brought to an end by this
		end, a.closing = a.endRecord(a.closing, "taken up"), ""
	}
	if p, ok := a.page().(markable); ok && len(plan.Wish.Targets) > 1 {
		p.unmark()
	}
	return tea.Batch(end, a.takenUp(a.record(d)), a.next(d))
}

// keptDeeds is how many actions are remembered on the screen.
const keptDeeds = 50

// next sends the next step of a deed, if its turn has come.
func (a *App) next(d *deed) tea.Cmd {
	for i := range d.steps {
		switch s := &d.steps[i]; {
		case s.state == stepSending:
			return nil
		case d.plan.Steps[i].Wait && s.state == stepSent:
			return nil // what follows waits for how it ends
		case s.state == stepWaits && d.plan.Steps[i].Watch:
			s.state, s.sent = stepSent, a.store.Now()
			if a.follow(d, i, s.sent); d.plan.Steps[i].Wait && s.state == stepSent {
				return nil
			}
		case s.state == stepWaits:
			if still := d.plan.Steps[i].Still; still != nil {
				version, why := still(a.store)
				if why != "" {
					a.refuse(d, i, d.plan.Steps[i].Key.String()+": "+why+"; nothing was written, look again")
					return nil
				}
				d.plan.Steps[i].Write.Version = version
			}
			s.state, s.sent = stepSending, a.store.Now()
			return send(a.ctx, a.cluster, a.epoch, a.opts.Journal, d, i, a.record(d))
		}
	}
	return nil
}

// record is the deed as the journal keeps it.
func (a *App) record(d *deed) journal.Record {
	conn := a.store.Connection()
	w := d.plan.Wish
	r := journal.Record{ID: d.id, At: d.began.UTC(), Context: conn.Context, Server: conn.Server, Who: w.Who, As: conn.User, Verb: w.Verb.String(),
		Subject: strings.TrimPrefix(d.plan.Title, w.Verb.String()+" "), Reason: w.Reason, Until: w.Until, Asked: d.plan.Asked}
	for _, s := range d.plan.Steps {
		if s.Watch && w.Verb != action.OffBoard {
			continue // nothing is sent; but what goes with a ResourceSet tells which objects the tenant was
		}
		r.Steps = append(r.Steps, journal.Step{Kind: s.Write.Ref.Kind, Namespace: s.Write.Ref.Namespace, Name: s.Write.Ref.Name, UID: s.Write.UID, Watch: s.Watch})
	}
	return r
}

// unwritten: an action that can't be written down is not done.
type unwritten struct{ err error }

func (u *unwritten) Error() string {
	return "nothing was sent, because it can't be written down: " + u.err.Error()
}

// leave gives up all that was not sent yet.
func (d *deed) leave(why string) {
	for i := range d.steps {
		if d.steps[i].state == stepWaits {
			d.steps[i].state, d.steps[i].words = stepLeft, why
		}
	}
}

// refuse ends a step of which nothing was written, and what waits for it.
func (a *App) refuse(d *deed, i int, why string) {
	s := &d.steps[i]
	s.state, s.words, s.ended, a.dirty = stepFailed, why, a.store.Now(), true
	if a.leaveRest(d, i); i == len(d.steps)-1 && a.opts.Journal != nil && d.halfway() {
		s.words += finishedLater
	}
}

// leaveRest gives up the steps that wait for one that failed.
func (a *App) leaveRest(d *deed, failed int) {
	if !d.plan.Steps[failed].Wait || d.plan.Wish.Verb == action.Resume {
		return // a source that can't be fetched keeps nothing suspended
	}
	for i := failed + 1; i < len(d.steps); i++ {
		if d.steps[i].state == stepWaits {
			d.steps[i].state = stepLeft
			d.steps[i].words = "not sent: " + d.plan.Steps[failed].Key.String() + " failed"
			switch {
			case d.plan.Steps[i].Watch:
				d.steps[i].words = ""
			case a.opts.Journal != nil && d.halfway():
				d.steps[i].words += finishedLater
			}
		}
	}
}

// finishedLater is what becomes of a step that is left of a tenant.
const finishedLater = "; the next start offers to finish it"

// tend looks how the deeds are getting on: after every batch, answer and tick.
func (a *App) tend() tea.Cmd {
	var cmds []tea.Cmd
	now := a.store.Now()
	for _, d := range a.deeds {
		if d.over {
			continue
		}
		for i := range d.steps {
			a.follow(d, i, now)
			if cmd := a.lookForArrival(d, i, now); cmd != nil {
				cmds = append(cmds, cmd)
			}
		}
		if cmd := a.next(d); cmd != nil {
			cmds = append(cmds, cmd)
		}
		if d.ended() {
			d.over, d.endedAt, a.dirty = true, a.local, true
			a.forgetSent(d)
			if _, open := d.unheardOf(); !open {
				cmds = append(cmds, a.endDeed(d))
			}
		}
	}
	a.watchUndone()
	if d := a.dialog; d != nil && d.refresh != nil && d.seen != a.store.Revision() {
		d.seen = a.store.Revision()
		d.refresh(d)
	}
	return tea.Batch(cmds...)
}

// follow looks at one step that was sent.
func (a *App) follow(d *deed, i int, now time.Time) {
	s := &d.steps[i]
	if s.state != stepSent {
		return
	}
	var p action.Progress
	if d.mayHaveArrived(i) {
		p = a.awaitArrival(d, i, now)
	} else if p = action.Follow(a.store, d.plan.Wish, d.plan.Steps[i], s.sent, now); p.State == action.Waiting && !s.lost.IsZero() {
		p = a.unheard(d, i, p, now)
	}
	if p.Words != s.words {
		s.words, a.dirty = p.Words, true
	}
	switch p.State {
	case action.Done:
		s.state, s.ended = stepDone, now
		a.timed(d, i)
	case action.Failed:
		s.state, s.ended = stepFailed, now
		a.leaveRest(d, i)
	}
}

func (d *deed) ended() bool {
	for i := range d.steps {
		if d.steps[i].state < stepDone {
			return false
		}
	}
	return true
}

// acting reports whether a deed is still on its way.
func (a *App) acting() bool {
	for _, d := range a.deeds {
		if !d.over {
			return true
		}
	}
	return false
}

// endDeed writes down how a deed ended.
func (a *App) endDeed(d *deed) tea.Cmd {
	if a.opts.Journal == nil || d.halfway() {
		return nil
	}
	return a.endRecord(d.id, d.result())
}

// halfway reports whether a tenant was taken out in part: what is left may not
// be recognised as one any more, so the action stays open in the journal, and
// the next start offers to finish it.
func (d *deed) halfway() bool {
	done, left := false, false
	for i := range d.steps {
		state := d.steps[i].state
		done = done || state == stepDone
		left = left || (state == stepLeft || state == stepFailed) && !d.plan.Steps[i].Watch
	}
	return d.plan.Wish.Verb == action.OffBoard && done && left
}

// noteMsg says something in the rule.
type noteMsg struct{ text string }
