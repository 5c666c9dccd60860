package kube

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"

	"tenantry/model"
)

// maxLists is how many lists run at once.
const maxLists = 8

// Options say what a session reads and as whom it is shown.
type Options struct {
	// Context is the kubeconfig context's name, for the header; "" in-cluster.
	Context string
	// Namespaces restricts the session to these (-n).
	Namespaces []string
	// AllNamespaces forbids the fallback to single namespaces (-A).
	AllNamespaces bool
	// DefaultNamespace is the context's own namespace, tried when cluster-wide
	// lists are refused; "" when the context names none.
	DefaultNamespace string
	// Epoch marks every batch of the session.
	Epoch uint64
	// Clock is the local time; nil means time.Now.
	Clock func() time.Time
	// Log receives what is worth knowing later; nil means nothing is logged.
	Log *slog.Logger
	// Stderr receives what login plugins write there; nil means it is dropped.
	// It must not be the terminal the dashboard draws on.
	Stderr *os.File
	// ReadOnly refuses everything that would write, dry runs included.
	ReadOnly bool
	// Secrets reads the metadata of Secrets too, where that is allowed.
	Secrets bool
	// Reload loads the configuration anew, for Refresh; nil means it never
	// changes.
	Reload func() (*Target, error)
	// RequestTimeout bounds every request but watches; 0 means no limit.
	RequestTimeout time.Duration

	rulesEvery time.Duration // for tests; 0 means rulesEvery
}

// Session reads one cluster until it is closed.
type Session struct {
	opts        Options
	log         *slog.Logger
	client      *rest.RESTClient
	transport   *transport
	feed        *feed
	conn        *conn
	versions    *versions
	resources   *resources
	permissions *permissions
	lists       slots
	ctx         context.Context
	cancel      context.CancelFunc
	wg          sync.WaitGroup
	gc          gcTarget

	rulesComplete atomic.Bool

	mu               sync.Mutex
	scopes           map[scopeKey]*scope
	wants            []model.Want        // as asked for
	wanted           map[scopeKey]*scope // what of it is read
	namespaces       []string            // read one by one; nil = cluster-wide
	automatic        bool                // fell back to single namespaces by itself
	listedNamespaces bool                // the fallback took the listed namespaces
	complete         bool
	who              string // as the server said
}

// Open starts reading a cluster and returns at once: everything that happens,
// an unreachable server included, comes through Next. It fails only when no
// client can be made of the configuration.
func Open(ctx context.Context, config *rest.Config, opts Options) (*Session, error) {
	if opts.Clock == nil {
		opts.Clock = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	h, t := &heard{}, &transport{}
	client, err := newClient(config, t, h, opts)
	if err != nil {
		return nil, &ConfigError{Problem: "no client can be made of the configuration", Where: opts.Context, Err: err}
	}
	s := &Session{opts: opts, log: opts.Log, client: client, transport: t, feed: newFeed(opts.Epoch), lists: make(slots, maxLists),
		scopes: map[scopeKey]*scope{}, wanted: map[scopeKey]*scope{}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	s.rulesComplete.Store(true)
	s.conn = newConn(client, h, model.Connection{Context: opts.Context, Server: config.Host, Since: s.now(),
		User: config.Impersonate.UserName}, s.now)
	s.conn.report = s.feed.putConn
	s.conn.onLost, s.conn.onLive, s.conn.onBack = s.lost, s.live, s.checkRestored
	s.versions = &versions{client: client, gate: s.conn}
	s.resources, s.permissions = newResources(s.versions), newPermissions()
	s.wg.Go(func() { s.conn.run(s.ctx) })
	s.plan()
	s.conn.set(func(*model.Connection) {})
	s.wg.Go(func() { s.watchCRDs(s.ctx) })
	s.wg.Go(func() { s.watchRules(s.ctx) })
	return s, nil
}

// newClient makes the one client of a session.
func newClient(config *rest.Config, t *transport, h *heard, opts Options) (*rest.RESTClient, error) {
	if err := t.use(config, h, opts); err != nil {
		return nil, err
	}
	config = rest.CopyConfig(config)
	config.QPS = -1 // the server knows better than a client how much it can take
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	return rest.UnversionedRESTClientForConfigAndClient(config, &http.Client{Transport: t})
}

// Next waits for what changed: the first batch and connection changes come at
// once, others about ten times a second, at most 4,000 changes each. There is
// one reader at a time. It fails only when ctx or the session has ended.
func (s *Session) Next(ctx context.Context) (model.Batch, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	b, err := s.feed.next(ctx)
	if err != nil && s.ctx.Err() != nil {
		return b, ErrClosed
	}
	return b, err
}

// ErrClosed is returned by Next after Close.
var ErrClosed = errors.New("the session is closed")

// Refresh loads the configuration anew, probes the connection and tries
// everything refused or absent again. Whatever runs well goes on.
func (s *Session) Refresh() {
	if s.opts.Reload == nil {
		s.checkAgain()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() == nil {
		s.wg.Go(func() {
			s.loginAgain()
			s.checkAgain()
		})
	}
}

func (s *Session) checkAgain() {
	s.conn.poke()
	s.resources.forget()
	s.recheck()
}

// Close ends the session and waits for everything it started.
func (s *Session) Close() {
	s.mu.Lock() // whoever starts something holds it: nothing starts after this
	s.cancel()
	s.mu.Unlock()
	s.wg.Wait()
}

func (s *Session) now() model.Unix { return model.Unix(s.opts.Clock().Unix()) }

func (s *Session) requestContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.opts.RequestTimeout > 0 {
		return context.WithTimeout(ctx, s.opts.RequestTimeout)
	}
	return context.WithCancel(ctx)
}

func (s *Session) allScopes() []*scope {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*scope, 0, len(s.scopes)+len(s.wanted))
	for _, c := range s.scopes {
		out = append(out, c)
	}
	for _, c := range s.wanted {
		out = append(out, c)
	}
	return out
}

// lost marks everything that was readable as stale and ends the watches, which
// then wait for the server.
func (s *Session) lost(err error) {
	s.log.Info("the API server is lost", "err", err)
	for _, c := range s.allScopes() {
		c.broken(err)
		c.restart()
		c.abandon()
	}
}

// live wakes whatever waits: the server is back.
func (s *Session) live() {
	for _, c := range s.allScopes() {
		if st := c.state(); st == model.ScopeStale || st == model.ScopeSyncing {
			c.wakeUp()
		}
	}
}

// recheck makes every scope show again that it is allowed what it does, or is
// still not.
func (s *Session) recheck() {
	s.permissions.forget()
	for _, c := range s.allScopes() {
		if c.waiting() {
			c.wakeUp()
		} else {
			c.restart()
		}
	}
}

// rotate rechecks the scope whose watch has been open for longest.
func (s *Session) rotate() {
	var oldest *scope
	var since time.Time
	for _, c := range s.allScopes() {
		c.mu.Lock()
		if c.watched && (oldest == nil || c.openedAt.Before(since)) {
			oldest, since = c, c.openedAt
		}
		c.mu.Unlock()
	}
	if oldest != nil {
		oldest.restart()
	}
}

func (s *Session) wakeDenied() {
	for _, c := range s.allScopes() {
		if c.state() == model.ScopeDenied {
			c.wakeUp()
		}
	}
}

func (s *Session) wakeAbsent() {
	for _, c := range s.allScopes() {
		if c.state() == model.ScopeAbsent {
			c.wakeUp()
		}
	}
}

// settle gives back what the first lists needed, once the reader has taken
// the last of them.
func (s *Session) settle() {
	s.gc.settled()
	ticker := time.NewTicker(feedWindow)
	defer ticker.Stop()
	for !s.feed.empty() {
		select {
		case <-s.ctx.Done():
			return
		case <-ticker.C:
		}
	}
	select { // and has drawn it
	case <-s.ctx.Done():
	case <-time.After(settleAfter):
		debug.FreeOSMemory()
	}
}

// settleAfter keeps the collection that gives memory back out of the way of
// the first complete screen.
const settleAfter = 500 * time.Millisecond
