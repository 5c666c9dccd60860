package ui

import (
	"context"
	"errors"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/exitcode"
)

// fetchAsk asks the sources of what is waited for to fetch: one write to each,
// and those that are made from others only once these have answered.
type fetchAsk struct {
	stamp string
	wish  action.Wish
	steps []action.Step // not sent yet, in order
	sent  []action.Step
	at    time.Time // when the last was sent, by the server's clock
}

func newFetchAsk(s *model.Store) *fetchAsk {
	return &fetchAsk{stamp: s.Now().UTC().Format(time.RFC3339Nano)}
}

// plan decides what is asked. What nobody fetches counts as it is; what can't be
// asked, such as a suspended source, ends the waiting.
func (a *fetchAsk) plan(s *model.Store, w *model.Waiting) {
	a.wish = action.Wish{Verb: action.Fetch, Stamp: a.stamp}
	for _, k := range w.Sources(s) {
		a.wish.Targets = append(a.wish.Targets, action.Object(k))
	}
	plan := action.New(s, a.wish)
	a.steps = plan.Steps
	for _, r := range plan.Refused {
		why := r.Why
		if o := s.Get(r.Key); o != nil {
			if d, ok := o.Detail.(*model.Source); o.Kind == model.ExternalArtifact || ok && d.Static {
				why = ""
			}
		}
		w.Mute(r.Key, why)
	}
}

// send sends what can be sent now. Each is sent once, whatever becomes of it.
func (a *fetchAsk) send(ctx context.Context, c Cluster, s *model.Store, say func(string)) error {
	for len(a.steps) > 0 {
		step := a.steps[0]
		if step.Key.Kind == model.HelmChart && !a.answered(s) {
			return nil
		}
		a.steps = a.steps[1:]
		say("asking " + step.Key.String() + " to fetch: one annotation is written")
		a.at = s.Now()
		_, err := c.Do(ctx, step.Write)
		var failed *model.WriteError
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return nil // the caller says which end it is
		case errors.As(err, &failed) && failed.Reason == model.WriteNoAnswer:
			say(step.Key.String() + ": " + failed.Text)
		default:
			return exitcode.With(exitcode.Unknown, errors.New(step.Key.String()+" can't be asked to fetch: "+err.Error()))
		}
		a.sent = append(a.sent, step)
	}
	return nil
}

// answered reports whether everything sent so far has ended, well or badly.
func (a *fetchAsk) answered(s *model.Store) bool {
	for _, step := range a.sent {
		if st := action.Follow(s, a.wish, step, a.at, s.Now()).State; st == action.Waiting || st == action.Running {
			return false
		}
	}
	return true
}
