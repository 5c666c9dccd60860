package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/restore"
	"tenantry/ui/exitcode"
)

// following begins to follow what the folder holds, as long as nothing is
// applied: what is broken already is told apart by that.
func (r *restorer) following() *restore.Following {
	known := restore.Known{Missing: r.missing, There: r.there}
	for _, e := range r.earlier {
		for _, s := range e.Steps {
			if s.Word != "" {
				known.Earlier = append(known.Earlier, model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name})
			}
		}
	}
	return r.plan.Follow(r.store, known)
}

// follow watches how what the folder holds is getting on, to the end.
func (r *restorer) follow(ctx context.Context, following *restore.Following) error {
	var report restore.Report
	err := r.pump(ctx, func() (bool, error) {
		report = following.Step(r.store, r.store.Now())
		for _, line := range report.Moved {
			r.talk.say(r.elapsed(), line)
		}
		r.ready = report.Counts()
		r.talk.now(r.elapsed(), report.Sentence())
		return report.Fine || report.Ended && (r.Talk.Width == 0 || r.Inside || len(report.Wants) == 0), nil
	})
	r.talk.end()
	r.followed = err == nil
	r.result(&report)
	switch {
	case err != nil:
		return err
	case !report.Fine || len(r.plan.Left())+len(r.plan.Spared()) > 0:
		return &exitcode.Error{Code: exitcode.Unhealthy}
	}
	return nil
}

// result says how it ended.
func (r *restorer) result(report *restore.Report) {
	say := func(format string, args ...any) { fmt.Fprintln(r.out, clean(fmt.Sprintf(format, args...))) }
	spared := r.plan.Spared()
	same := len(r.plan.Objects) - len(r.plan.Sends()) - len(r.plan.Left()) - len(spared)
	left := fmt.Sprintf("%d left to others", len(r.plan.Left()))
	if len(spared) > 0 {
		left += fmt.Sprintf(", %d left because Flux would delete by it", len(spared))
	}
	say("%s applied, %d as they were, %s; %s, after %s", countWords(r.sent, "object"), same, left, report.Counts(), elapsedWords(r.elapsed()))
	for _, o := range spared {
		say("would delete: %s: %s; left as it is", o.Ref, o.Prunes)
	}
	for _, line := range report.Failed {
		say("failed: %s", line)
	}
	for _, line := range report.Before {
		say("was as broken before: %s", line)
	}
	for _, line := range report.Fell {
		say("failed meanwhile: %s; it was on its way before, and not applied now", line)
	}
	for _, line := range report.Asleep {
		say("was so before: %s; resume it: s in the dashboard, or flux resume", line)
	}
	if len(report.Before) > 0 {
		say("what was as broken before is not this restore's doing, and nothing it applies mends it")
	}
	for _, line := range report.Rests {
		say("at rest: %s; it goes on once that is resumed", line)
	}
	conn := r.store.Connection()
	for _, name := range report.Wants {
		s := r.secretNamed(name)
		was := ""
		if slices.ContainsFunc(r.there, func(t export.Secret) bool { return t.Namespace == s.Namespace && t.Name == s.Name }) {
			was = "it was there when this began, and is not found; where it is there, R in the dashboard on what wants it has it looked for again, else "
		}
		say("missing: Secret %s: %s%s", name, was, r.secretStep(conn, s))
	}
	for _, line := range slices.Concat(report.Open, report.Held) {
		say("open: %s", line)
	}
	if len(report.Wants) > 0 && !r.Inside {
		they, are := "they", "are"
		if len(report.Wants) == 1 {
			they, are = "it", "is"
		}
		say("once %s %s there the sources fetch; tenantry wait, or this command again, follows it", they, are)
	}
}

// secretNamed is a Secret the folder refers to, as namespace/name; else that
// what is restored asks for it is all that is known of it.
func (r *restorer) secretNamed(name string) export.Secret {
	for _, s := range r.folder.Secrets {
		if s.Namespace+"/"+s.Name == name {
			return s
		}
	}
	namespace, name, _ := strings.Cut(name, "/")
	return export.Secret{Namespace: namespace, Name: name}
}
