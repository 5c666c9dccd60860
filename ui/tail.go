package ui

import (
	"context"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/logs"
)

// logging pages show logs, which are read while the page is on top.
type logging interface {
	// logWant says what to read now; false for nothing.
	logWant() (logs.Want, bool)
	logged(logs.Batch)
	logsFailed(error)
}

// tail is the one reading of logs there is. One command waits for its next
// batch; while the picture stands still none does, and the session holds what
// comes within its bounds.
type tail struct {
	id     uint64 // of the reading: what an older one says is dropped
	epoch  uint64
	on     bool
	want   logs.Want
	stream logs.Stream // nil until it is open
	held   bool        // nobody waits for the next batch
}

type (
	// logOpenedMsg: logs are being read, or why not.
	logOpenedMsg struct {
		id     uint64
		stream logs.Stream
		err    error
	}
	// logMsg is what came of them.
	logMsg struct {
		id    uint64
		batch logs.Batch
		err   error
	}
)

// tailErrands are the commands that begin, go on with and end the reading of
// logs.
func (a *App) tailErrands() []tea.Cmd {
	t := &a.tail
	var want logs.Want
	on := false
	if p, ok := a.page().(logging); ok {
		want, on = p.logWant()
	}
	if on == t.on && (!on || t.epoch == a.epoch && want.Equal(&t.want)) {
		if t.held && !a.paused && t.stream != nil {
			t.held = false
			return []tea.Cmd{nextLog(a.ctx, t.stream, t.id)}
		}
		return nil
	}
	var cmds []tea.Cmd
	if t.stream != nil {
		cmds = append(cmds, closeLog(t.stream))
	}
	*t = tail{id: t.id + 1, epoch: a.epoch, on: on, want: want}
	if on {
		cmds = append(cmds, openLog(a.ctx, a.cluster, t.id, want))
	}
	return cmds
}

// logOpened takes a reading that has begun.
func (a *App) logOpened(msg logOpenedMsg) tea.Cmd {
	switch {
	case msg.id != a.tail.id && msg.stream != nil:
		return closeLog(msg.stream)
	case msg.id != a.tail.id:
		return nil
	case msg.err != nil:
		a.logEnded(msg.err)
		return nil
	}
	a.tail.stream = msg.stream
	return nextLog(a.ctx, msg.stream, msg.id)
}

// tookLog hands lines to the page and asks for more.
func (a *App) tookLog(msg logMsg) tea.Cmd {
	if msg.id != a.tail.id {
		return nil
	}
	if msg.err != nil {
		if a.ctx.Err() == nil {
			a.logEnded(msg.err)
		}
		return nil
	}
	if p, ok := a.page().(logging); ok {
		p.logged(msg.batch)
		a.dirty = true
	}
	if a.paused {
		a.tail.held = true
		return nil
	}
	return nextLog(a.ctx, a.tail.stream, msg.id)
}

func (a *App) logEnded(err error) {
	a.log(err)
	if p, ok := a.page().(logging); ok {
		p.logsFailed(err)
		a.dirty = true
	}
}

func openLog(ctx context.Context, cluster Cluster, id uint64, want logs.Want) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = logOpenedMsg{id: id, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		stream, err := cluster.Logs(ctx, want)
		return logOpenedMsg{id, stream, err}
	}
}

func nextLog(ctx context.Context, stream logs.Stream, id uint64) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = logMsg{id: id, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		batch, err := stream.Next(ctx)
		return logMsg{id, batch, err}
	}
}

func closeLog(stream logs.Stream) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		stream.Close()
		return nil
	}
}
