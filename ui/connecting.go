package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// answerWithin is how long a cluster may take to answer for the first time
// before the one that is shown is kept. Logging in takes its time.
const answerWithin = 30 * time.Second

type (
	// contextsMsg are the kubeconfig's contexts.
	contextsMsg struct {
		list []Context
		err  error
	}
	// connectedMsg: a cluster has answered, with what it has said so far, or
	// has not.
	connectedMsg struct {
		number  uint64
		cluster Cluster // nil with err
		batches []model.Batch
		err     error
	}
)

// listContexts reads the kubeconfig.
func listContexts(list func() ([]Context, error)) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = contextsMsg{err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		all, err := list()
		return contextsMsg{list: all, err: err}
	}
}

// connectTo opens a cluster and waits for its first answer. Opening alone
// tells nothing: it talks to nobody.
func connectTo(ctx context.Context, open func(context.Context, Target) (Cluster, error), t Target, number uint64) (cmd tea.Cmd, cancel func()) {
	ctx, cancel = context.WithCancel(ctx)
	return func() (msg tea.Msg) {
		var c Cluster
		defer func() {
			if r := recover(); r != nil {
				msg = connectedMsg{number: number, err: &bug{value: r, stack: debug.Stack()}}
			}
			if done, ok := msg.(connectedMsg); ok && done.err != nil && c != nil {
				c.Close()
			}
		}()
		c, err := open(ctx, t)
		if err != nil {
			return connectedMsg{number: number, err: err}
		}
		batches, err := firstAnswer(ctx, c)
		if err != nil {
			return connectedMsg{number: number, err: err}
		}
		return connectedMsg{number: number, cluster: c, batches: batches}
	}, cancel
}

// firstAnswer takes in what a session says until it is live, or says why it
// is not.
func firstAnswer(ctx context.Context, c Cluster) ([]model.Batch, error) {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var batches []model.Batch
	for {
		b, err := c.Next(ctx)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return nil, fmt.Errorf("no answer within %s", answerWithin)
		case err != nil:
			return nil, err
		}
		batches = append(batches, b)
		if b.Conn == nil {
			continue
		}
		switch b.Conn.State {
		case model.ConnLive:
			return batches, nil
		case model.ConnLost:
			return nil, errors.New(b.Conn.Err)
		}
	}
}

// closeCluster ends a session that is no longer shown. It waits for all that
// the session started, which is why it is a command.
func closeCluster(c Cluster) tea.Cmd {
	if c == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = bugMsg{&bug{value: r, stack: debug.Stack()}}
			}
		}()
		c.Close()
		return nil
	}
}
