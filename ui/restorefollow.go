package ui

import (
	"context"
	"fmt"

	"tenantry/model/restore"
	"tenantry/ui/exitcode"
)

// follow watches how what the folder holds is getting on, to the end.
func (r *restorer) follow(ctx context.Context) error {
	following := r.plan.Follow(r.missing)
	var report restore.Report
	err := r.pump(ctx, func() (bool, error) {
		report = following.Step(r.store, r.store.Now())
		for _, line := range report.Moved {
			r.talk.say(r.elapsed(), line)
		}
		r.ready = fmt.Sprintf("%d of %d ready", report.Done, report.Of)
		r.talk.now(r.elapsed(), report.Sentence())
		return report.Fine || report.Ended && (r.Talk.Width == 0 || r.Inside || len(report.Wants) == 0), nil
	})
	r.talk.end()
	r.result(&report)
	switch {
	case err != nil:
		return err
	case !report.Fine || len(r.plan.Left()) > 0:
		return &exitcode.Error{Code: exitcode.Unhealthy}
	}
	return nil
}

// result says how it ended.
func (r *restorer) result(report *restore.Report) {
	say := func(format string, args ...any) { fmt.Fprintln(r.out, clean(fmt.Sprintf(format, args...))) }
	same := len(r.plan.Objects) - len(r.plan.Sends()) - len(r.plan.Left())
	say("%s applied, %d as they were, %d left to others; %d of %d ready, after %s", countWords(r.sent, "object"), same, len(r.plan.Left()),
		report.Done, report.Of, elapsedWords(r.elapsed()))
	for _, line := range report.Failed {
		say("failed: %s", line)
	}
	for _, line := range report.Rests {
		say("at rest: %s; it goes on once that is resumed", line)
	}
	conn := r.store.Connection()
	for _, name := range report.Wants {
		step := ""
		for _, s := range r.folder.Secrets {
			if s.Namespace+"/"+s.Name == name {
				step = ": " + r.secretStep(conn, s)
			}
		}
		say("missing: Secret %s%s", name, step)
	}
	if !report.Ended {
		for _, line := range report.Open {
			say("open: %s", line)
		}
	}
	if len(report.Wants) > 0 && !r.Inside {
		say("once they are there the sources fetch; tenantry wait, or this command again, follows it")
	}
}
