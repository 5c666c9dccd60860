package kube

import (
	"context"
	"sync"
	"time"

	"tenantry/model"
)

const (
	// relistEvery: where watching is refused but listing is not.
	relistEvery = 30 * time.Second
	// absentRetry: a kind the server does not serve, unless its CRD is seen
	// to appear before (crds.go).
	absentRetry = 30 * time.Second
	// confirmAfter: a scope that was readable is called denied after a second
	// refusal, because its objects are dropped then. An API server that is
	// still starting refuses everything for a moment.
	confirmAfter = time.Second
	// freshList: how long a list counts as proof that listing is allowed.
	freshList = 5 * time.Second
)

// scope reads one kind in one namespace, or cluster-wide, and says how that
// goes. It has one goroutine, run.
type scope struct {
	s     *Session
	e     *entry
	key   scopeKey
	store *store
	ctx   context.Context
	stop  context.CancelFunc
	wake  chan struct{}
	paged bool // only used by the list that runs

	mu       sync.Mutex
	version  string
	status   model.ScopeStatus
	listedAt time.Time // of the last complete list
	watched  bool      // a watch is open
	openedAt time.Time // when the last watch was opened, thus allowed
	end      context.CancelFunc
	verb     string // the verb of the last refused request
	refused  bool   // refused once while readable
	removed  bool
	anew     bool   // everything is to be read anew
	giveUp   func() // ends the last request; nil before the first
}

// run lists and watches until the scope is closed.
func (c *scope) run() {
	r := c.reflector()
	pause := newBackoff()
	for c.ctx.Err() == nil {
		if c.startsAnew() {
			r = c.reflector()
		}
		began := time.Now()
		err := r.ListAndWatchWithContext(c.ctx)
		if c.ctx.Err() != nil {
			return
		}
		if time.Since(began) > 2*backoffCap {
			pause.reset()
		}
		if c.startsAnew() {
			continue
		}
		wait := c.judge(err, pause)
		if c.pause(c.ctx, wait) != nil {
			return
		}
	}
}

// pause waits, unless the scope is woken or closed before.
func (c *scope) pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if d <= backoffCap {
		select { // a wake-up from before must not shorten a wait this short
		case <-c.wake:
		default:
		}
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-c.wake:
	case <-timer.C:
	}
	return nil
}

// wakeUp ends a pause.
func (c *scope) wakeUp() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// listed is told by the store that a list is complete.
func (c *scope) listed() {
	c.mu.Lock()
	c.listedAt = time.Now()
	c.refused = false
	watched := c.watched
	c.mu.Unlock()
	if watched { // a streaming list: it is the watch already
		c.report(model.ScopeSynced, "", nil)
	}
}

// watching is told that a watch was opened; end closes it.
func (c *scope) watching(end context.CancelFunc) {
	c.mu.Lock()
	c.watched, c.end, c.openedAt = true, end, time.Now()
	listed := !c.listedAt.IsZero()
	c.mu.Unlock()
	if listed {
		c.report(model.ScopeSynced, "", nil)
	}
}

// restart ends the running watch, if any; it is opened again from where it
// was, or refused.
func (c *scope) restart() {
	c.mu.Lock()
	end := c.end
	c.end, c.watched = nil, false
	c.mu.Unlock()
	if end != nil {
		end()
	}
}

// broken says that reading does not work at the moment: stale when the scope
// had been read, else still syncing, both with the reason.
func (c *scope) broken(err error) {
	c.mu.Lock()
	state := c.status.State
	c.watched = false
	said := c.status.Message != "" && state != model.ScopeSynced
	c.mu.Unlock()
	if said && isConnectionError(err) {
		return // said already; how the server is away may change every second
	}
	switch state {
	case model.ScopeSynced, model.ScopeStale:
		c.report(model.ScopeStale, "", err)
	case model.ScopeSyncing:
		c.report(model.ScopeSyncing, "", err)
	}
}

func (c *scope) currentVersion() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.version
}

func (c *scope) state() model.ScopeState {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status.State
}

// waiting reports whether the scope is refused something or absent, and only
// asks again now and then.
func (c *scope) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.status.State == model.ScopeDenied || c.status.State == model.ScopeAbsent || c.status.Verb != ""
}

// report hands a changed status to the feed and to the session.
func (c *scope) report(state model.ScopeState, verb string, err error) {
	message := ""
	if err != nil {
		message = plainError(err)
	}
	newest := c.store.left()
	c.mu.Lock()
	if c.removed || c.status.State == state && c.status.Verb == verb && c.status.Message == message && c.status.Newest == newest {
		c.mu.Unlock()
		return
	}
	if c.status.State != state || c.status.Since == 0 {
		c.status.Since = c.s.now()
	}
	c.status.State, c.status.Verb, c.status.Message, c.status.Newest = state, verb, message, newest
	status := c.status
	c.s.feed.putStatus(status)
	c.mu.Unlock()
	c.s.scopeChanged(c, state)
}

// retire ends the scope for good. Its objects are deleted except those heir
// has; with heir nil, all.
func (c *scope) retire(heir *store) {
	c.mu.Lock()
	c.removed = true
	status := c.status
	c.mu.Unlock()
	c.stop()
	c.store.close(heir)
	status.Removed = true
	status.Since = c.s.now()
	c.s.feed.putStatus(status)
}
