package kube

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http/httptrace"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"tenantry/model"
)

const (
	// A silent server is noticed within probeEvery + probeTimeout, which has
	// to stay below six seconds.
	probeEvery   = 2500 * time.Millisecond
	probeTimeout = 2 * time.Second
	// firstTimeout is for the first answer, which may need a login helper and
	// a TLS handshake across the world.
	firstTimeout = 5 * time.Second
	// A dead server is asked again this often at least.
	lostRetryCap  = time.Second
	loginRetryCap = 3 * time.Second // after a 401: nothing heals by itself
)

// conn watches over the connection to the API server. Every request of the
// session waits at its gate, which is closed while nothing reaches the server:
// one prober asks, and all wait together and go on together.
type conn struct {
	client *rest.RESTClient
	heard  *heard
	report func(model.Connection)
	// onLost is called when the server is lost, onLive when it is back.
	onLost func(err error)
	onLive func()
	// onBack is called when the server answers after something broke, before
	// those that wait go on: its state may be another one.
	onBack func(ctx context.Context)
	now    func() model.Unix

	suspects chan error
	refresh  chan struct{}

	mu      sync.Mutex
	state   model.Connection
	problem string        // why the configuration could not be loaded anew
	open    chan struct{} // closed = the gate is open
	isUp    bool
}

func newConn(client *rest.RESTClient, h *heard, initial model.Connection, now func() model.Unix) *conn {
	return &conn{client: client, heard: h, state: initial, now: now,
		suspects: make(chan error, 1), refresh: make(chan struct{}, 1), open: make(chan struct{})}
}

// wait returns when requests make sense.
func (c *conn) wait(ctx context.Context) error {
	c.mu.Lock()
	open := c.open
	c.mu.Unlock()
	select {
	case <-open:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// suspect asks for a probe now, because a request failed.
func (c *conn) suspect(err error) {
	select {
	case c.suspects <- err:
	default:
	}
}

// poke asks for a probe now, because the person did.
func (c *conn) poke() {
	select {
	case c.refresh <- struct{}{}:
	default:
	}
}

func (c *conn) openGate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.isUp {
		c.isUp = true
		close(c.open)
	}
}

func (c *conn) closeGate() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.isUp {
		c.isUp = false
		c.open = make(chan struct{})
	}
}

// set changes the connection's public state and reports it, in the order of
// the changes.
func (c *conn) set(change func(*model.Connection)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.state
	change(&c.state)
	if c.state.State != before.State {
		c.state.Since = c.now()
	}
	c.state.ClockOffsetMS = c.heard.offset().Milliseconds()
	c.report(c.state)
}

// setProblem says why the configuration could not be loaded anew; "" when it
// was. It is told while the server is lost.
func (c *conn) setProblem(problem string) {
	c.mu.Lock()
	c.problem = problem
	c.mu.Unlock()
}

func (c *conn) current() model.Connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// run probes until the context ends.
func (c *conn) run(ctx context.Context) {
	// The first probe opens the gate as soon as there is a connection: the
	// lists then share it instead of each starting a handshake of its own.
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {},
		GotConn:          func(httptrace.GotConnInfo) { c.openGate() },
	})
	err := c.probeVersion(traced, firstTimeout)
	for ctx.Err() == nil {
		if err != nil {
			c.lost(ctx, err)
		}
		err = c.live(ctx)
	}
}

// live says so and returns the error that ends it.
func (c *conn) live(ctx context.Context) error {
	c.openGate()
	if c.current().State != model.ConnLive {
		c.set(func(s *model.Connection) { s.State, s.Err, s.RetryAt = model.ConnLive, "", 0 })
	}
	c.onLive()
	timer := time.NewTimer(probeEvery)
	defer timer.Stop()
	for {
		asked := false
		select {
		case <-ctx.Done():
			return nil
		case <-c.suspects:
			asked = true
		case <-c.refresh:
			asked = true
		case <-timer.C:
		}
		// Whatever arrives shows that the server lives: the silence counts from
		// there, so that it is noticed in the same time wherever it begins.
		if quiet := c.heard.since(); !asked && quiet < probeEvery {
			timer.Reset(probeEvery - quiet)
			continue
		}
		timer.Reset(probeEvery)
		err := c.probe(ctx, "/version", probeTimeout)
		if isTimeout(err) && c.heard.since() < probeTimeout {
			err = nil // busy with our lists, not silent
		}
		if isConnectionError(err) && !isTimeout(err) {
			err = c.probe(ctx, "/version", probeTimeout/2) // a stale connection is no dead server
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		if asked {
			c.onBack(ctx)
		}
		c.driftClock()
	}
}

// driftClock reports the clock offset when it moved by half a second or more.
func (c *conn) driftClock() {
	offset := c.heard.offset().Milliseconds()
	if d := offset - c.current().ClockOffsetMS; d >= 500 || d <= -500 {
		c.set(func(*model.Connection) {})
	}
}

// lost says so and returns when the server answers again and is ready.
func (c *conn) lost(ctx context.Context, err error) {
	c.closeGate()
	c.onLost(err)
	pause := newBackoff()
	for ctx.Err() == nil {
		limit := lostRetryCap
		if apierrors.IsUnauthorized(err) {
			limit = loginRetryCap
		}
		wait := min(pause.next(), limit)
		if limit == loginRetryCap {
			wait = limit
		}
		c.set(func(s *model.Connection) {
			s.State, s.Err = model.ConnLost, explain(err, s.Server)
			if c.problem != "" {
				s.Err += "; " + c.problem
			}
			s.RetryAt = c.now() + model.Unix((wait+time.Second-1)/time.Second)
		})
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-c.refresh:
		case <-timer.C:
		}
		timer.Stop()
		if err = c.probe(ctx, "/readyz", probeTimeout); err == nil {
			if err = c.probeVersion(ctx, probeTimeout); err == nil {
				select { // what was suspected before does not count
				case <-c.suspects:
				default:
				}
				c.onBack(ctx)
				return
			}
		}
	}
}

// probe asks for a small document everyone may read. An answer of any kind but
// 401, 429 and 5xx means the server is there.
func (c *conn) probe(ctx context.Context, path string, timeout time.Duration) error {
	_, err := c.ask(ctx, path, timeout)
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (c *conn) ask(ctx context.Context, path string, timeout time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.client.Get().AbsPath(path).SetHeader("Accept", "application/json, */*").MaxRetries(0).DoRaw(ctx)
}

// probeVersion probes and reads the server's version.
func (c *conn) probeVersion(ctx context.Context, timeout time.Duration) error {
	raw, err := c.ask(ctx, "/version", timeout)
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var v struct {
		GitVersion string `json:"gitVersion"`
	}
	if json.Unmarshal(raw, &v) == nil {
		c.mu.Lock()
		c.state.Version = v.GitVersion
		c.mu.Unlock()
	}
	return nil
}
