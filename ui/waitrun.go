package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/ui/draw"
	"tenantry/ui/exitcode"
	"tenantry/ui/glyph"
)

// Newest, as a revision, means what the sources have once they were asked.
const Newest = "newest"

// WaitRun says what is waited for and how it is told.
type WaitRun struct {
	Tenants  []string
	Revision string // a commit, or Newest; "" waits for the tenants to be ready
	Format   string // "" or "json"
	Limit    time.Duration
	Rules    func(context string) Rules // nil = nothing is ruled
	Options  StatusOptions
	Talk     TalkOptions
	Clock    func() time.Time // this machine's; nil = the usual one
}

// WaitFormats are the ways a result is printed, the usual one first.
func WaitFormats() []string { return []string{"text", "json"} }

// Check says what is wrong with how it is asked, before anything is read.
func (r *WaitRun) Check() error {
	switch {
	case !slices.Contains(WaitFormats(), r.Format):
		return fmt.Errorf("unknown format %q for -o: there are %s", r.Format, strings.Join(WaitFormats(), ", "))
	case r.Limit <= 0:
		return fmt.Errorf("--timeout %s: want more than 0", r.Limit)
	case r.Revision != Newest:
		if err := model.CheckRevision(r.Revision); err != nil {
			return fmt.Errorf("--revision %w", err)
		}
	case len(r.Tenants) == 0:
		return errors.New("--revision newest asks sources to fetch: name the tenants whose sources are meant")
	}
	return nil
}

// allowed says why newest is refused in a context, nil when it isn't.
func (r *WaitRun) allowed(context string) error {
	if r.Revision != Newest || r.Rules == nil {
		return nil
	}
	switch rules := r.Rules(context); {
	case rules.ReadOnly:
		return errors.New("--revision newest asks sources to fetch, which is a write, and this context is read-only: name the commit instead")
	case rules.Protected:
		return errors.New("--revision newest asks sources to fetch, and in a protected context every write is asked for: fetch with R in the dashboard, then name the commit")
	}
	return nil
}

// waiter is one wait.
type waiter struct {
	WaitRun
	cluster Cluster
	store   *model.Store
	waiting *model.Waiting
	report  model.WaitReport
	asking  *fetchAsk // nil: nothing is asked for
	talk    *teller
	wanted  []model.Want
	began   time.Time
}

// waitTick is how often the store looks at the clock when nothing comes.
const waitTick = 500 * time.Millisecond

// Wait waits until the commit is live or the tenants are ready, until that
// can't come any more, or until the time is over. Progress goes to talk, the
// result to w. Errors have the exit codes of their meaning; one that the result
// has said has no words.
func Wait(ctx context.Context, c Cluster, w, talk io.Writer, run WaitRun) error {
	if err := run.Check(); err != nil {
		return exitcode.With(exitcode.Usage, err)
	}
	if run.Clock == nil {
		run.Clock = time.Now
	}
	d := &waiter{WaitRun: run, cluster: c, store: model.NewStore(run.Clock), began: run.Clock()}
	d.talk = newTeller(talk, run.Talk)
	err := d.wait(ctx)
	d.talk.end()
	if code := exitcode.Of(err); d.waiting == nil || code == exitcode.Interrupted || code == exitcode.Unknown && d.report.State != model.WaitBlind {
		return err // nothing to tell, but why
	}
	if werr := d.print(w); werr != nil {
		return werr
	}
	return err
}

// wait returns nil when it came, and else an error with a code.
func (d *waiter) wait(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, d.Limit)
	defer cancel()
	for {
		if done, err := d.step(within); done || err != nil {
			return err
		}
		tick, stop := context.WithTimeout(within, waitTick)
		b, err := d.cluster.Next(tick)
		stop()
		switch {
		case err == nil:
			d.store.Apply(b)
		case ctx.Err() != nil:
			return ctx.Err()
		case within.Err() != nil:
			return d.timedOut()
		case errors.Is(err, context.DeadlineExceeded):
			d.store.Tick()
		default:
			return exitcode.With(exitcode.Unknown, err)
		}
	}
}

// step looks at the store once.
func (d *waiter) step(ctx context.Context) (done bool, err error) {
	conn := d.store.Connection()
	if conn.State == model.ConnLost {
		if read, _ := d.store.Progress(); read == 0 {
			return false, exitcode.With(exitcode.Unknown, errors.New(conn.Err))
		}
		d.talk.say(d.elapsed(), "the server does not answer: "+conn.Err)
		return false, nil
	}
	if d.store.Complete() {
		if gone := model.MissingNamespaces(d.store); len(gone) > 0 {
			return false, exitcode.With(exitcode.Unknown, fmt.Errorf("no such namespace: %s", strings.Join(gone, ", ")))
		}
		if err := d.begin(ctx); err != nil {
			return false, err
		}
	}
	if d.waiting == nil {
		d.talk.now(d.elapsed(), "reading the cluster")
		return false, nil
	}
	d.report = d.waiting.Step(d.store)
	if d.report.State == model.WaitRunning {
		d.watch()
	}
	for _, line := range d.report.Moved {
		d.talk.say(d.elapsed(), line)
	}
	d.talk.now(d.elapsed(), d.waiting.Sentence(&d.report))
	switch d.report.State {
	case model.WaitRunning:
		return false, nil
	case model.WaitDone:
		return true, nil
	case model.WaitBlind:
		return true, &exitcode.Error{Code: exitcode.Unknown, Err: errors.New(d.report.Cause)}
	}
	return true, &exitcode.Error{Code: exitcode.Unhealthy}
}

// begin starts to wait once everything is read, and asks for what is to be
// asked for.
func (d *waiter) begin(ctx context.Context) error {
	if d.waiting == nil {
		if err := d.allowed(d.store.Connection().Context); err != nil {
			return exitcode.With(exitcode.Usage, err)
		}
		want := model.WaitFor{Tenants: d.Tenants, Since: model.Unix(d.store.Now().Unix())}
		switch d.Revision {
		case "":
			want.Ready = true
		case Newest:
			d.asking = newFetchAsk(d.store)
			want.Newest, want.Asked = true, d.asking.stamp
		default:
			if err := model.CheckBranch(d.store, d.Revision); err != nil {
				return exitcode.With(exitcode.Usage, fmt.Errorf("--revision %w", err))
			}
			want.Revision = d.Revision
		}
		d.waiting = model.NewWaiting(want)
		if d.asking != nil {
			d.asking.plan(d.store, d.waiting)
		}
	}
	if d.asking == nil {
		return nil
	}
	return d.asking.send(ctx, d.cluster, d.store, func(words string) { d.talk.say(d.elapsed(), words) })
}

// watch reads the pods and events that can say why something does not come up.
func (d *waiter) watch() {
	if want := d.report.Watch(d.store); !slices.Equal(want, d.wanted) {
		d.wanted = want
		d.cluster.Want(want)
	}
}

func (d *waiter) elapsed() time.Duration { return d.Clock().Sub(d.began) }

// timedOut says what was not there in time. Without the server's answers, or
// before everything was read, nothing can be said.
func (d *waiter) timedOut() error {
	conn := d.store.Connection()
	switch {
	case conn.State == model.ConnLost:
		return exitcode.With(exitcode.Unknown, fmt.Errorf("the server does not answer: %s", conn.Err))
	case d.waiting == nil:
		read, total := d.store.Progress()
		return exitcode.With(exitcode.Unknown, fmt.Errorf("%w: %d of %d kinds within %s%s", ErrIncomplete, read, total, d.Limit, because(d.store)))
	}
	if len(d.report.Targets) == 0 && !d.waiting.Ready() {
		d.report.Cause = d.nowhere()
		if refused := model.Refused(d.store); len(refused) > 0 {
			return exitcode.With(exitcode.Unknown, fmt.Errorf("%s, but not everything could be read: %s", d.waiting.Sentence(&d.report), refused[0]))
		}
	}
	return &exitcode.Error{Code: exitcode.TimedOut}
}

// nowhere says where a commit is that nobody has.
func (d *waiter) nowhere() string {
	if d.Revision == Newest {
		return d.waiting.Sentence(&d.report)
	}
	row := ""
	if len(d.Tenants) == 1 {
		row = model.RowNamed(d.Tenants[0])
	}
	seen := d.store.Find(d.Revision, row)
	return seen.Sentence(model.Unix(d.store.Now().Unix()))
}

// print writes the result.
func (d *waiter) print(w io.Writer) error {
	if d.Format == "json" {
		return printJSON(w, d.waiting.Result(d.store, &d.report, d.elapsed()))
	}
	if d.report.State == model.WaitBlind {
		return nil // said as the error
	}
	kit := draw.Kit{Glyph: glyph.Unicode}
	if d.Options.ASCII {
		kit.Glyph = glyph.Plain
	}
	health, words := model.Ready, d.waiting.Sentence(&d.report)
	switch d.report.State {
	case model.WaitRunning:
		health, words = model.Pending, "not within "+shortDuration(d.Limit)+": "+words
	case model.WaitFailed, model.WaitOvertaken:
		health = model.Failed
	}
	m := kit.Glyph.Of(health)
	shape := m.Shape
	if d.Options.Theme != nil {
		shape = d.Options.Theme.Paint(m.Role, 0, shape)
	}
	_, err := fmt.Fprintln(w, shape+" "+kit.Text(words))
	return err
}

// shortDuration is a duration without the units that are zero: 5m, not 5m0s.
func shortDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
