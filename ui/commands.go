package ui

import (
	"context"
	"fmt"
	"runtime/debug"
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

// want says what is to be read on request from now on.
func want(cluster Cluster, wants []model.Want) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		cluster.Want(wants)
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
