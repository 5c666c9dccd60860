package ui

import (
	"context"
	"errors"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/journal"
)

// How a step of an action is sent, and its answer taken.

// send does one step. It is written down before, so that nothing happens that
// the journal does not know of.
func send(ctx context.Context, cluster Cluster, epoch uint64, j Journal, d *deed, i int, r journal.Record) tea.Cmd {
	write, check, event := d.plan.Steps[i].Write, d.plan.Steps[i].Check, d.plan.Steps[i].Event
	first := i == 0
	return func() (msg tea.Msg) {
		if write.Ref.Group == "" && write.Ref.Kind == model.Secret.String() {
			defer clear(write.Body) // also when it was never sent
		}
		defer func() {
			if r := recover(); r != nil { // it may have been sent, so it is followed
				msg = sentMsg{epoch: epoch, deed: d, step: i, err: &model.WriteError{Reason: model.WriteNoAnswer, Text: fmt.Sprintf("internal error: %v", r)}}
			}
		}()
		if j != nil {
			err := error(nil)
			if first {
				err = j.Begin(r)
			}
			if err == nil {
				err = j.Note(r.ID, i, "sending", "")
			}
			if err != nil {
				return sentMsg{epoch: epoch, deed: d, step: i, err: &unwritten{err}}
			}
		}
		err := error(nil)
		if check != nil {
			err = tried(ctx, cluster, write, check)
		}
		var written *model.Written
		if err == nil {
			written, err = cluster.Do(ctx, write)
		}
		out := sentMsg{epoch: epoch, deed: d, step: i, written: written, err: err}
		if err == nil && event != nil { // its failure changes nothing about what was done
			if _, problem := cluster.Do(ctx, *event); problem != nil {
				out.event = problem.Error()
			}
		}
		if j != nil {
			word, detail := journalWord(err)
			_ = j.Note(r.ID, i, word, detail) // it was done; what could not be noted is looked at on the cluster
		}
		return out
	}
}

// journalWord is what the journal says of a step by its answer. One whose answer was
// lost may have happened: it stays on its way.
func journalWord(err error) (word, detail string) {
	switch {
	case err == nil:
		return "sent", ""
	case noAnswer(err):
		return "sending", err.Error()
	}
	return "failed", err.Error()
}

// noAnswer reports whether a write was sent and nothing was heard of it.
func noAnswer(err error) bool {
	var problem *model.WriteError
	return errors.As(err, &problem) && problem.Reason == model.WriteNoAnswer
}

// tried makes a write as a dry run and asks whether it still does what was
// shown.
func tried(ctx context.Context, cluster Cluster, write model.Write, check func(*model.Written) string) error {
	write.DryRun = true
	written, err := cluster.Do(ctx, write)
	if noAnswer(err) { // what nothing was to come of is not followed
		return &model.WriteError{Reason: model.WriteUnreachable, Text: write.Ref.String() + ": the dry run before it was not answered; nothing was written"}
	}
	if err != nil {
		return err
	}
	if why := check(written); why != "" {
		return &model.WriteError{Reason: model.WriteChanged, Text: write.Ref.String() + ": " + why + "; nothing was written"}
	}
	return nil
}

// took takes the answer to a step.
func (a *App) took(msg sentMsg) tea.Cmd {
	a.dirty = true
	s := &msg.deed.steps[msg.step]
	s.state = stepSent
	if msg.event != "" {
		msg.deed.noEvent = msg.event
	}
	switch {
	case msg.err == nil:
		if msg.written != nil {
			w := *msg.written
			w.Object = nil // what it looks like comes by the watch
			if msg.deed.plan.Steps[msg.step].Written = w; w.Gone {
				s.state, s.words, s.ended = stepDone, "was gone already", a.store.Now()
			}
		}
	case noAnswer(msg.err) && msg.deed.plan.Steps[msg.step].Key.Kind == model.Secret:
		// Nothing watches Secrets, and a fetch may go well with what was there
		// before: this is never known from here.
		s.state, s.words, s.ended, s.lost = stepDone, "sent, no answer: not known whether it was written", a.store.Now(), a.store.Now()
	case noAnswer(msg.err):
		s.words, s.lost = sentUnheard, a.store.Now()
	default:
		a.refuse(msg.deed, msg.step, msg.err.Error())
	}
	if u := (*unwritten)(nil); errors.As(msg.err, &u) {
		msg.deed.leave("not sent either")
	}
	var cmd tea.Cmd
	if msg.step == 0 && msg.deed.form != nil {
		cmd = msg.deed.form.written(s.state == stepFailed, msg.err)
	}
	return tea.Batch(cmd, a.tend())
}
