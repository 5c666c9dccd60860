package ui

import (
	"context"
	"errors"
	"io"
	"runtime/debug"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/journal"
)

// Programs are the person's own tools, which setup can start when it is told
// to.
type Programs interface {
	// Find returns where a program is.
	Find(name string) (path string, err error)
	// Knows reports whether a program's help for a command mentions a word.
	Knows(ctx context.Context, path, command, word string) (bool, error)
	// Start starts a program that has no terminal. It goes on when the dashboard
	// ends.
	Start(path string, args []string) (ProgramRun, error)
}

// ProgramRun is a program that was started.
type ProgramRun interface {
	// Next waits for more lines of its output; the last come with io.EOF, or with
	// how else it ended.
	Next(context.Context) ([]string, error)
}

// programRun is the program that runs, or ran last.
type programRun struct {
	program string
	context string // the cluster it was started for
	began   time.Time
	lines   []string
	over    bool
	err     error
	record  string // in the journal
}

// keptOutput is how many lines of a program are kept, and how long one is.
const (
	keptOutput = 200
	keptLine   = 1000
)

func (r *programRun) health() model.Health {
	switch {
	case !r.over:
		return model.Reconciling
	case r.err != nil:
		return model.Failed
	}
	return model.Ready
}

func (r *programRun) words() string {
	switch {
	case !r.over:
		return r.program + " runs"
	case r.err != nil:
		return r.err.Error()
	}
	return r.program + " is through"
}

// hint is what helps where a program stands in its own way.
func (r *programRun) hint() string {
	if r.over && r.err != nil {
		for _, l := range r.lines {
			if strings.Contains(l, "another operation (install/upgrade/rollback) is in progress") {
				return "An earlier run was broken off and left the release pending: `helm rollback` it, or `helm uninstall` it, in its namespace; then run it again."
			}
		}
		return "Nothing of what it did is lost: run it again when what it says is mended, or have somebody else run it."
	}
	return ""
}

// programStartedMsg: the program runs, or why not.
type programStartedMsg struct {
	run *programRun
	out ProgramRun
	err error
}

// outputMsg is more of a program's output; err: it has ended.
type outputMsg struct {
	run   *programRun
	out   ProgramRun
	lines []string
	err   error
}

// startProgram runs what was confirmed. It is written down before.
func (a *App) startProgram(f foundProgram) tea.Cmd {
	if why := a.mayNotRun(f); why != "" {
		a.notice = why
		return nil
	}
	stamp := a.stamp()
	conn := a.store.Connection()
	r := &programRun{program: f.Program, context: conn.Context, began: a.local, record: stamp}
	a.installing.run = r
	record := journal.Record{ID: stamp, At: a.store.Now().UTC(), Context: conn.Context, Server: conn.Server, Who: a.setupLook().Who, As: conn.User, Verb: "run", Subject: commandLine(f.Command)}
	programs, j, path, args := a.opts.Programs, a.opts.Journal, f.path, f.Args
	return func() (msg tea.Msg) {
		defer func() {
			if v := recover(); v != nil {
				msg = programStartedMsg{run: r, err: &bug{value: v, stack: debug.Stack()}}
			}
		}()
		if j != nil {
			if err := j.Begin(record); err != nil {
				return programStartedMsg{run: r, err: &unwritten{err}}
			}
		}
		out, err := programs.Start(path, args)
		return programStartedMsg{r, out, err}
	}
}

func (a *App) programStarted(msg programStartedMsg) tea.Cmd {
	a.dirty = true
	if msg.err != nil {
		return a.programEnded(msg.run, msg.err)
	}
	return nextOutput(a.ctx, msg.run, msg.out)
}

// nextOutput waits for more of a program's output.
func nextOutput(ctx context.Context, r *programRun, out ProgramRun) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if v := recover(); v != nil {
				msg = outputMsg{run: r, out: out, err: &bug{value: v, stack: debug.Stack()}}
			}
		}()
		lines, err := out.Next(ctx)
		return outputMsg{r, out, lines, err}
	}
}

func (a *App) tookOutput(msg outputMsg) tea.Cmd {
	r := msg.run
	a.dirty = true
	for _, l := range msg.lines {
		if runes := []rune(l); len(runes) > keptLine {
			l = string(runes[:keptLine])
		}
		if strings.TrimSpace(l) != "" {
			r.lines = append(r.lines, l)
		}
	}
	if n := len(r.lines) - keptOutput; n > 0 {
		r.lines = r.lines[n:]
	}
	if p, ok := a.page().(*setupPage); ok && p.at == setup.Operator {
		p.top = p.last + len(msg.lines) + 4 // the latest is what is looked at; drawing sets the bound
	}
	if msg.err == nil {
		return nextOutput(a.ctx, r, msg.out)
	}
	if errors.Is(msg.err, io.EOF) {
		msg.err = nil
	}
	return a.programEnded(r, msg.err)
}

func (a *App) programEnded(r *programRun, err error) tea.Cmd {
	r.over, r.err = true, err
	word := "done"
	a.notice = r.words() + "; the operator is waited for"
	if err != nil {
		word, a.notice = "failed: "+err.Error(), r.words()
	}
	cmds := []tea.Cmd{refresh(a.cluster)} // which kinds are served is asked anew at once
	if a.opts.Journal != nil {
		cmds = append(cmds, a.endRecord(r.record, word))
	}
	return tea.Batch(cmds...)
}
