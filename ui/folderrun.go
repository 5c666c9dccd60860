package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	tea "charm.land/bubbletea/v2"
)

// folderRun does what one of the commands does, in the terminal that the
// dashboard gives away meanwhile, on a session of its own. Nothing of the
// dashboard goes on until it is over.
type folderRun struct {
	open func(context.Context) (Cluster, error)
	do   folderWork
	in   io.Reader
	out  io.Writer
}

// folderWork is what is done; ask and terminal are nil where there is none.
type folderWork func(ctx context.Context, c Archive, ask Ask, terminal *os.File, out io.Writer) error

// folderDoneMsg: a folder's run is over.
type folderDoneMsg struct {
	err error
	// after is what there is to do then.
	after func() tea.Cmd
}

func (f *folderRun) SetStdin(r io.Reader)  { f.in = r }
func (f *folderRun) SetStdout(w io.Writer) { f.out = w }
func (f *folderRun) SetStderr(io.Writer)   {}

// Run does it, says how it ended and waits until the person has read it.
func (f *folderRun) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	over, end := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer end()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(over, cancel)()
	in, isFile := f.in.(*os.File)
	terminal, isTerminal := f.out.(*os.File)
	var ask Ask
	if isFile && isTerminal {
		ask = AskOn(in, terminal)
	}
	err := f.work(ctx, ask, terminal)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(f.out, "tenantry: "+clean(err.Error()))
	}
	if ask != nil {
		_, _ = ask(over, "\nenter goes back to the dashboard ")
	}
	return err
}

func (f *folderRun) work(ctx context.Context, ask Ask, terminal *os.File) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &bug{value: r, stack: debug.Stack()}
		}
	}()
	c, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	archive, ok := c.(Archive)
	if !ok {
		return errors.New("this cluster's objects can't be listed as they are")
	}
	return f.do(ctx, archive, ask, terminal, f.out)
}

// runFolder gives the terminal away for a run.
func (a *App) runFolder(do folderWork, after func(error) func() tea.Cmd) tea.Cmd {
	again, to := a.opts.Again, Target{Context: a.store.Connection().Context, Namespaces: a.contexts.now.Namespaces, As: a.contexts.now.As}
	run := &folderRun{do: do, open: func(ctx context.Context) (Cluster, error) { return again(ctx, to) }}
	return tea.Exec(run, func(err error) tea.Msg { return folderDoneMsg{err, after(err)} })
}
