package ui

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"tenantry/ui/keymap"
)

// Options are what the dashboard is run with. Only Cluster is needed.
type Options struct {
	Cluster Cluster
	Theme   string   // a built-in theme; "" = by NO_COLOR and the background
	ASCII   bool     // plain shapes only; also on for locales that have no others
	Calm    bool     // nothing turns
	NoMouse bool     // leave the mouse to the terminal, for selecting text
	NoBell  bool     // what is followed ends in silence
	Badges  []string // more words for line 1: DEMO
	// Journal keeps what is done; nil = nothing is kept.
	Journal Journal
	// Rules are how carefully a context is to be handled; nil = as usual.
	Rules  func(context string) Rules
	Keys   *keymap.Map // nil = the usual ones
	State  string      // the folder of what is remembered between runs; "" = nothing is
	Remote Remote      // makes keys and asks Git hosts; nil = no credentials are made here
	Demo   Demo        // the time of a made-up cluster; nil = the cluster is real
	// Setup begins on the page that sets Flux up.
	Setup bool
	// Programs are what setup can start; nil = it prints their calls only, for
	// which NoPrograms may say why. Kubeconfig is the file they have to be told
	// of, "" = the one they take by themselves.
	Programs   Programs
	NoPrograms string
	Kubeconfig string
	// NoHistory keeps nothing of what changed, although there is a State.
	NoHistory bool
	// Contexts lists the kubeconfig's contexts, and Connect opens one of them;
	// its context ends the attempt alone. nil where there is one cluster only.
	Contexts func() ([]Context, error)
	Connect  func(context.Context, Target) (Cluster, error)
	// Again opens another session with the cluster that is shown, for what has to
	// read it as a whole; nil = there is no export and no restore from here.
	Again func(context.Context, Target) (Cluster, error)
	Clock func() time.Time
	// Authors reads who made a commit; nil = nobody asked for that.
	Authors ReadAuthor
	Log     *slog.Logger // nil = none; never the terminal

	// Input and Output replace the terminal, Environ the environment, for
	// tests; nil = the process's own.
	Input   io.Reader
	Output  io.Writer
	Environ []string
}

// Rules say how carefully a context is to be handled.
type Rules struct {
	ReadOnly  bool // no writes
	Protected bool // actions are asked for twice
	Events    bool // what a dialog was confirmed for leaves an Event on the object
}

// rules are those of the context on the screen.
func (a *App) rules() Rules {
	if a.opts.Rules == nil {
		return Rules{}
	}
	return a.opts.Rules(a.store.Connection().Context)
}

// CheckTerminal says why the dashboard can't be shown here, nil when it can.
func CheckTerminal() error {
	const instead = "; `tenantry status` prints the same once"
	switch {
	case !term.IsTerminal(os.Stdin.Fd()) || !term.IsTerminal(os.Stdout.Fd()):
		return errors.New("the dashboard needs a terminal" + instead)
	case os.Getenv("TERM") == "dumb":
		return errors.New("TERM=dumb: the dashboard needs a terminal that can move its cursor" + instead)
	}
	return nil
}

// framesPerSecond bounds how often the terminal is written to. The renderer
// wakes up as often even when there is nothing to write: 60 cost as much as
// everything else an idle dashboard does. A key still shows within 34 ms.
const framesPerSecond = 30

// Run shows the dashboard until the person quits, the context ends or the
// process is told to. Quitting is no error. Whatever ends it, the terminal is
// left as it was. Closing the cluster is the caller's.
func Run(ctx context.Context, o Options) error {
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	if !o.ASCII && !unicodeLocale(o.Environ) {
		o.ASCII = true
		if o.Log != nil {
			o.Log.Info("plain characters only: the locale is not UTF-8, or one with wide glyphs", "locale", locale(o.Environ))
		}
	}
	if o.Theme == "" && getenv(o.Environ, "NO_COLOR") != "" {
		o.Theme = "mono"
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the outstanding Next
	app, err := newApp(ctx, o)
	if err != nil {
		return err
	}
	options := []tea.ProgramOption{tea.WithEnvironment(o.Environ), tea.WithFPS(framesPerSecond)}
	if o.Input != nil {
		options = append(options, tea.WithInput(o.Input))
	}
	if o.Output != nil {
		options = append(options, tea.WithOutput(o.Output))
	}
	program := tea.NewProgram(app, options...)
	defer endWith(ctx, program)()
	_, err = program.Run()
	if lost := app.farewell(); lost != nil && o.Log != nil {
		o.Log.Warn("memory", "error", lost)
	}
	if app.cluster != o.Cluster {
		app.cluster.Close() // connected from here
	}
	switch {
	case err == nil, ctx.Err() != nil && errors.Is(err, tea.ErrProgramKilled) && !errors.Is(err, tea.ErrProgramPanic):
		return nil
	case errors.Is(err, tea.ErrInterrupted):
		return context.Canceled
	}
	return err
}

// endWith ends the program on SIGHUP and with the context as Bubble Tea does on
// SIGTERM: through its own way out, which restores the terminal. Given the
// context itself, Bubble Tea closes its input while that is still being read.
func endWith(ctx context.Context, program *tea.Program) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		select {
		case <-signals:
			program.Send(terminateMsg{})
		case <-ctx.Done():
			program.Send(terminateMsg{})
		case <-done:
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

// unicodeLocale reports whether the locale can show the glyphs, one column
// each: UTF-8, and none in which ambiguous characters take two columns.
func unicodeLocale(environ []string) bool {
	locale := locale(environ)
	if locale == "" {
		// Containers and CI rarely set one; the terminal behind them speaks
		// UTF-8 nearly always.
		return true
	}
	lower := strings.ToLower(locale)
	for _, cjk := range []string{"zh", "ja", "ko"} {
		if strings.HasPrefix(lower, cjk) {
			return false
		}
	}
	return strings.Contains(lower, "utf-8") || strings.Contains(lower, "utf8")
}

// locale is what the environment says about characters; "" = nothing.
func locale(environ []string) string {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := getenv(environ, name); value != "" {
			return value
		}
	}
	return ""
}

func getenv(environ []string, name string) string {
	value := ""
	for _, kv := range environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v // the last one counts, as in a shell
		}
	}
	return value
}
