package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/restore"
	"tenantry/ui/exitcode"
	"tenantry/ui/journal"
)

// send applies what is new or different, stage by stage, each seen in the
// cluster before the next.
func (r *restorer) send(ctx context.Context, conn model.Connection, who string) error {
	sends := r.plan.Sends()
	if len(sends) == 0 {
		return nil
	}
	plan := r.action(who)
	record := journal.Record{ID: plan.Wish.Stamp, At: r.store.Now().UTC(), Context: conn.Context, Server: conn.Server, Who: who, As: conn.User,
		Verb: plan.Wish.Verb.String(), Subject: r.subject()}
	for _, s := range plan.Steps {
		record.Steps = append(record.Steps, journal.Step{Kind: s.Write.Ref.Kind, Namespace: s.Write.Ref.Namespace, Name: s.Write.Ref.Name, UID: s.Write.UID})
	}
	if r.Journal != nil {
		if err := r.Journal.Begin(record); err != nil {
			return &exitcode.Error{Code: exitcode.Unknown, Err: &unwritten{err}}
		}
		r.record = record.ID
	}
	awaited, at := r.plan.AwaitedKinds(), map[*restore.Object]int{}
	for i, o := range sends {
		at[o] = i
	}
	for i, stage := range r.plan.Stages {
		if stage.NeedsFlux() {
			if err := r.awaitKinds(ctx, awaited); err != nil {
				return err
			}
			awaited = nil
			if err := r.pauseForSecrets(ctx); err != nil {
				return err
			}
		}
		var of []int
		for _, o := range stage.Of {
			if n, sent := at[o]; sent {
				of = append(of, n)
			}
		}
		if len(of) == 0 {
			continue
		}
		r.talk.say(r.elapsed(), fmt.Sprintf("step %d of %d, %s: applying %s", i+1, len(r.plan.Stages), stage.Words, countWords(len(of), "object")))
		if err := r.sendStage(ctx, record.ID, plan.Steps, sends, of); err != nil {
			return err
		}
	}
	return nil
}

// end notes that nothing more comes of it: it was followed to its end, or failed
// before anything can have been applied. What was cut off, while it was followed
// as well, stays unfinished: the same command takes it up, and has to know what
// is of its own making.
func (r *restorer) end(err error) {
	word := "applied"
	switch {
	case r.Journal == nil:
		return
	case r.followed:
	case err == nil, r.sent > 0, noAnswer(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return
	default:
		word = err.Error()
	}
	if r.record != "" {
		if problem := r.Journal.End(r.record, word); problem != nil {
			r.talk.say(r.elapsed(), "the action log can't be written: "+problem.Error())
		}
	}
	for _, e := range r.earlier {
		if r.followed {
			_ = r.Journal.End(e.ID, "taken up by the same command")
		}
	}
}

// sendStage applies some steps and waits until they are seen.
func (r *restorer) sendStage(ctx context.Context, id string, steps []action.Step, objects []*restore.Object, of []int) error {
	sentAt := r.store.Now()
	var mu sync.Mutex
	var seen []int
	var failed error
	within, cancel := context.WithDeadline(ctx, r.over)
	defer cancel()
	err := atOnce(within, len(of), func(ctx context.Context, n int) error {
		i := of[n]
		err := r.sendStep(ctx, id, i, steps[i])
		var problem *model.WriteError
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			r.sent++
			seen = append(seen, i)
		case errors.As(err, &problem) && problem.Reason == model.WriteConflict: // since it was tried
			objects[i].State, objects[i].Why = restore.Theirs, problem.Text
			r.talk.say(r.elapsed(), objects[i].Ref.String()+" is left as it is: "+problem.Text)
		default:
			failed = err
			return err
		}
		return nil
	}, func() {})
	if failed != nil {
		code := exitcode.Unhealthy
		if untold(failed) {
			code = exitcode.Unknown
		}
		if within.Err() != nil {
			return within.Err()
		}
		return &exitcode.Error{Code: code, Err: fmt.Errorf("%w; %s applied, and the same command again goes on from there", failed, countWords(r.sent, "object"))}
	}
	if err != nil {
		return err
	}
	return r.pump(ctx, func() (bool, error) {
		now := r.store.Now()
		for _, i := range seen {
			switch p := steps[i].Judge(r.store, sentAt, now); p.State {
			case action.Done:
			case action.Failed:
				return false, &exitcode.Error{Code: exitcode.Unhealthy, Err: fmt.Errorf("%s: %s", steps[i].Write.Ref, p.Words)}
			default:
				r.talk.now(r.elapsed(), steps[i].Write.Ref.String()+": "+p.Words)
				return false, nil
			}
		}
		return true, nil
	})
}

// sendStep applies one object. It is written down before, so that nothing
// happens the journal does not know of.
func (r *restorer) sendStep(ctx context.Context, id string, i int, step action.Step) error {
	if r.Journal != nil {
		if err := r.Journal.Note(id, i, "sending", ""); err != nil {
			return &unwritten{err}
		}
	}
	err := error(nil)
	if step.Check != nil {
		err = tried(ctx, r.c, step.Write, step.Check)
	}
	if err == nil {
		_, err = r.c.Do(ctx, step.Write)
	}
	if r.Journal != nil {
		word, detail := journalWord(err)
		_ = r.Journal.Note(id, i, word, detail)
	}
	return err
}

// pump applies what the cluster sends until done says so, or the time is over.
func (r *restorer) pump(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithDeadline(ctx, r.over)
	defer cancel()
	for {
		// Of a server that does not answer nothing new is known.
		if conn := r.store.Connection(); !r.heard(conn) {
			r.talk.now(r.elapsed(), "the server does not answer: "+conn.Err)
		} else if ok, err := done(); ok || err != nil {
			return err
		}
		tick, stop := context.WithTimeout(ctx, waitTick)
		b, err := r.c.Next(tick)
		stop()
		switch {
		case err == nil:
			r.store.Apply(b)
		case errors.Is(ctx.Err(), context.DeadlineExceeded) && r.lost:
			return &exitcode.Error{Code: exitcode.Unknown, Err: fmt.Errorf("the server does not answer, and did not within %s: %s; the same command again goes on from there",
				shortDuration(r.Limit), r.store.Connection().Err)}
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			r.store.Tick()
		default:
			return exitcode.With(exitcode.Unknown, err)
		}
	}
}

// heard reports whether the server answers, and says when that changes.
func (r *restorer) heard(conn model.Connection) bool {
	switch lost := conn.State == model.ConnLost; {
	case lost && !r.lost:
		r.talk.say(r.elapsed(), "the server does not answer: "+conn.Err)
	case !lost && r.lost:
		r.talk.say(r.elapsed(), "the server answers again")
	}
	r.lost = conn.State == model.ConnLost
	return !r.lost
}

// awaitKinds waits until Flux has brought the kinds that are applied next.
func (r *restorer) awaitKinds(ctx context.Context, kinds []model.Kind) error {
	if len(kinds) == 0 {
		return nil
	}
	r.talk.say(r.elapsed(), "Flux is being installed: waiting for "+kinds[0].String())
	return r.pump(ctx, func() (bool, error) {
		for _, k := range kinds {
			if r.store.KindStatus(k).State != model.ScopeAbsent {
				continue
			}
			for _, o := range r.store.Objects(model.FluxInstance) {
				v := r.store.Verdict(o.Key)
				if o.IsSuspended() {
					return false, &exitcode.Error{Code: exitcode.Unhealthy, Err: fmt.Errorf("%s is suspended, as exported, and installs no Flux: resume it, then the same command goes on", o.Key)}
				}
				if v.Health == model.Stalled {
					return false, &exitcode.Error{Code: exitcode.Unhealthy, Err: fmt.Errorf("%s does not install Flux: %s", o.Key, v.Message)}
				}
				r.talk.now(r.elapsed(), fmt.Sprintf("waiting for %s; %s is %s", k, o.Key, strings.ToLower(v.Health.String())))
			}
			return false, nil
		}
		return true, nil
	})
}

// pauseForSecrets lets the person make Secrets before anything looks for them;
// once, and only where one is asked.
func (r *restorer) pauseForSecrets(ctx context.Context) error {
	if len(r.missing) == 0 || r.Ask == nil || r.Yes || r.Inside || r.paused {
		return nil
	}
	r.paused = true
	r.talk.end()
	asked := time.Now()
	defer func() { r.over = r.over.Add(time.Since(asked)) }()
	_, err := r.Ask(ctx, fmt.Sprintf("%s missing (above). The namespaces are there now: make them, or do it later; enter goes on: ", countWords(len(r.missing), "Secret")))
	return err
}

// findEarlier looks for a restore of this folder that was cut off.
func (r *restorer) findEarlier(conn model.Connection) {
	if r.Journal == nil {
		return
	}
	all, err := r.Journal.Unfinished(conn.Context, conn.Server)
	if err != nil {
		r.talk.say(r.elapsed(), "what was left unfinished can't be read: "+err.Error())
		return
	}
	for _, e := range all {
		if e.Verb == action.Restore.String() && e.Subject == r.subject() {
			r.earlier = append(r.earlier, e)
		}
	}
}
