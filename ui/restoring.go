package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/export"
	"tenantry/model/restore"
	"tenantry/ui/archive"
	"tenantry/ui/exitcode"
	"tenantry/ui/journal"
	"tenantry/ui/text"
)

// RestoreRun says what is restored and how it is asked.
type RestoreRun struct {
	Dir    string
	DryRun bool // only say what would be done
	Yes    bool // do not ask
	// AllowPrune applies, too, what Flux would delete something by.
	AllowPrune bool
	Limit      time.Duration
	Rules      func(context string) Rules
	// Journal keeps what is sent; nil keeps nothing.
	Journal Journal
	// Ask asks the person at the terminal and returns a line; nil when nobody
	// sits there.
	Ask  Ask
	Talk TalkOptions
	// Inside: the dashboard waits, and makes what is missing of Secrets itself.
	Inside bool
	// Missing is told which Secrets are missing; nil for nobody.
	Missing func([]export.Secret)
	Clock   func() time.Time // this machine's; nil = the usual one
}

// readLimit is how long reading the cluster may take.
const readLimit = time.Minute

// restorer is one restore.
type restorer struct {
	RestoreRun
	c      Archive
	out    io.Writer // the plan and the result
	talk   *teller
	store  *model.Store
	folder *archive.Folder
	plan   *restore.Plan
	begun  time.Time

	missing []export.Secret   // that the objects need
	there   []export.Secret   // that they need and have
	unsure  []string          // why it can't be told of some
	whys    map[string]string // what was said of why, and of which object first
	earlier []journal.Record
	record  string // the id of what is sent, in the journal
	sent    int
	// followed: it was seen to its end.
	followed bool
	lost     bool      // the server does not answer
	ready    string    // how many are how, once that is followed
	paused   bool      // the person was given time for the Secrets
	over     time.Time // when the time for all of it is over
}

// Restore compares a folder that was exported with the cluster, says what it
// would do, asks, does it in order and follows it to its end. What is as the
// folder has it is left alone, so that the same command again takes up what was
// cut off. Errors have the exit codes of their meaning.
func Restore(ctx context.Context, c Archive, out, talk io.Writer, run RestoreRun) error {
	if run.Clock == nil {
		run.Clock = time.Now
	}
	r := &restorer{RestoreRun: run, c: c, out: out, talk: newTeller(talk, run.Talk), store: model.NewStore(run.Clock), begun: run.Clock()}
	defer r.talk.end()
	objects, err := r.read()
	if err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	r.talk.now(0, "reading the cluster")
	if err := Collect(ctx, c, r.store, min(readLimit, run.Limit)); err != nil {
		return exitcode.With(exitcode.Unknown, err)
	}
	conn := r.store.Connection()
	if err := r.allowed(conn.Context); err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	r.findEarlier(conn)
	who := c.Who(ctx)
	if err := r.examine(ctx, objects, who); err != nil {
		return err
	}
	r.talk.end()
	r.say(conn, who)
	if err := r.unable(); err != nil || r.DryRun {
		return err
	}
	if err := r.confirm(ctx, conn); err != nil {
		return err
	}
	return r.do(ctx, conn, who)
}

// read reads the folder, and nothing else.
func (r *restorer) read() ([]*restore.Object, error) {
	folder, err := archive.Read(r.Dir)
	if err != nil {
		return nil, err
	}
	r.folder = folder
	var out []*restore.Object
	for _, k := range folder.Objects {
		o, err := restore.Check(k.File, k.Object)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("there is nothing in %s to restore", r.Dir)
	}
	return out, restore.Unique(out)
}

// rules are those of a context.
func (r *restorer) rules(context string) Rules {
	if r.Rules == nil {
		return Rules{}
	}
	return r.Rules(context)
}

// allowed says why it is refused in a context, before the server is asked about
// anything.
func (r *restorer) allowed(context string) error {
	switch rules := r.rules(context); {
	case rules.ReadOnly:
		return errors.New("restore is " + readOnlyWhy)
	case r.DryRun:
	case rules.Protected && r.Yes:
		return errors.New("in a protected context every write is asked for: leave --yes out and run it in a terminal")
	case r.Ask == nil && !r.Yes:
		return errors.New("there is no terminal to ask on: --yes applies without asking, --dry-run only says what would be done")
	}
	return nil
}

// unable says why nothing is applied: half a restore is none.
func (r *restorer) unable() error {
	blocked := r.plan.Blocked()
	if len(blocked) == 0 {
		if r.DryRun && len(r.plan.Left())+len(r.plan.Spared()) > 0 {
			return &exitcode.Error{Code: exitcode.Unhealthy}
		}
		return nil
	}
	code, at := exitcode.Unhealthy, blocked[0]
	for _, o := range blocked {
		if o.State == restore.Unread {
			code = exitcode.Unknown
		}
		if o.Kind.Operator && !at.Kind.Operator {
			at = o // what Flux itself lacks explains the rest
		}
	}
	return &exitcode.Error{Code: code, Err: fmt.Errorf("nothing is applied: %d of %d objects can't be, %s among them: %s",
		len(blocked), len(r.plan.Objects), at.Ref, clean(at.Why))}
}

// confirm asks whether to go on. A protected context is named in full.
func (r *restorer) confirm(ctx context.Context, conn model.Connection) error {
	n := len(r.plan.Sends())
	if n == 0 || r.Yes {
		return nil
	}
	where := contextWords(conn)
	means := "Nothing is deleted."
	if d := len(r.plan.Deleting()); d > 0 {
		means = fmt.Sprintf("By %d of them Flux deletes what is said above.", d)
	}
	word, question := "yes", fmt.Sprintf("Apply %s to %s? %s Type yes: ", countWords(n, "object"), where, means)
	if r.rules(conn.Context).Protected {
		word, question = conn.Context, fmt.Sprintf("%s is protected. %s Type its name to apply %s: ", where, means, countWords(n, "object"))
	}
	said, err := r.Ask(ctx, clean(question))
	switch {
	case err != nil:
		return err
	case strings.TrimSpace(said) != word:
		return &exitcode.Error{Code: exitcode.Unhealthy, Err: errors.New("nothing was applied")}
	}
	return nil
}

// do applies what is to be applied and follows all of it.
func (r *restorer) do(ctx context.Context, conn model.Connection, who string) error {
	r.over = time.Now().Add(r.Limit)
	if r.Missing != nil {
		r.Missing(r.missing)
	}
	following := r.following()
	err := r.send(ctx, conn, who)
	if err == nil {
		err = r.follow(ctx, following)
	}
	r.end(err)
	switch {
	case ctx.Err() != nil:
		r.talk.end()
		return &exitcode.Error{Code: exitcode.Interrupted, Err: errors.New(r.interrupted(len(r.plan.Sends())))}
	case errors.Is(err, context.DeadlineExceeded):
		return &exitcode.Error{Code: exitcode.TimedOut, Err: fmt.Errorf("not within %s; the same command again goes on from there", shortDuration(r.Limit))}
	}
	return err
}

// interrupted says how far it got: with applying, and then with what it waits for.
func (r *restorer) interrupted(sends int) string {
	far := fmt.Sprintf("with %d of %s applied", r.sent, countWords(sends, "object"))
	if sends == 0 {
		far = "with nothing to apply"
	}
	if r.ready != "" {
		far += ", " + r.ready
	}
	return "interrupted " + far + ": the same command again goes on from there"
}

// subject is the folder as it is written down.
func (r *restorer) subject() string {
	if abs, err := filepath.Abs(r.Dir); err == nil {
		return abs
	}
	return r.Dir
}

// action is what would be sent now.
func (r *restorer) action(who string) action.Plan {
	return r.plan.Action(r.subject(), r.store.Now().UTC().Format(time.RFC3339Nano), who)
}

func (r *restorer) elapsed() time.Duration { return r.Clock().Sub(r.begun) }

// clean takes out of a folder's or cluster's words what a terminal would obey.
func clean(s string) string { return text.Clean(s) }

func contextWords(conn model.Connection) string {
	if conn.Context != "" {
		return conn.Context
	}
	return conn.Server
}

func countWords(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
