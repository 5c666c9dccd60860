package ui

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// bug is a panic in a command. The screen and what it shows are sound, so the
// dashboard stays and says so; the stack goes to the log.
type bug struct {
	value any
	stack []byte
}

func (b *bug) Error() string { return fmt.Sprintf("internal error: %v", b.value) }

// Every command of the dashboard. A command captures plain values, never the
// app, a screen or the store.

// nextBatch waits for the session's next batch. Exactly one is outstanding:
// a slow terminal slows nothing and loses nothing, since later states
// overwrite earlier ones in the session's feed.
func nextBatch(ctx context.Context, cluster Cluster, epoch uint64) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = batchMsg{epoch: epoch, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		batch, err := cluster.Next(ctx)
		return batchMsg{epoch: epoch, batch: batch, err: err}
	}
}

// tick comes at the next full second of the wall clock, so that all ages turn
// at once.
func tick() tea.Cmd {
	return tea.Every(time.Second, func(at time.Time) tea.Msg { return tickMsg{at} })
}

// refresh asks the session to check again; it has nothing to report, the
// outcome arrives in batches.
func refresh(cluster Cluster) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		cluster.Refresh()
		return nil
	}
}

// inTurn lets only the latest of several commands count: commands run side by
// side, and one may overtake another.
type inTurn struct {
	mu     sync.Mutex
	issued uint64 // by the event loop alone
	done   uint64
}

// next numbers a command.
func (t *inTurn) next() uint64 { t.issued++; return t.issued }

// do calls f, unless that of a later number was called already.
func (t *inTurn) do(number uint64, f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if number > t.done {
		t.done = number
		f()
	}
}

// want says what is to be read on request from now on.
func want(cluster Cluster, turn *inTurn, wants []model.Want) tea.Cmd {
	number := turn.next()
	return func() (msg tea.Msg) {
		defer caught(&msg)
		turn.do(number, func() { cluster.Want(wants) })
		return nil
	}
}

// document asks for one live object.
func document(ctx context.Context, cluster Cluster, epoch uint64, ref model.ObjectRef) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = documentMsg{epoch: epoch, ref: ref, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		d, err := cluster.Document(ctx, ref)
		return documentMsg{epoch: epoch, ref: ref, document: d, err: err}
	}
}

// caught turns a panic of a command into a message.
func caught(msg *tea.Msg) {
	if r := recover(); r != nil {
		*msg = bugMsg{&bug{value: r, stack: debug.Stack()}}
	}
}
