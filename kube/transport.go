package kube

import (
	"bytes"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"sync/atomic"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"tenantry/model"
)

// transport is how a session reaches its server. It changes when the
// configuration names other credentials.
type transport struct {
	current atomic.Pointer[http.RoundTripper]

	mu     sync.Mutex // one is loaded at a time
	config *rest.Config
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	return t.WrappedRoundTripper().RoundTrip(r)
}

// WrappedRoundTripper lets client-go find the transport underneath.
func (t *transport) WrappedRoundTripper() http.RoundTripper { return *t.current.Load() }

// use makes a transport of a configuration, for all requests from now on.
func (t *transport) use(config *rest.Config, h *heard, opts Options) error {
	wrapped := rest.CopyConfig(config)
	wrapped.Timeout = 0 // would cut watches off; lists have RequestTimeout
	wrapped.Wrap(h.wrap)
	if opts.ReadOnly {
		server, _, err := rest.DefaultServerUrlFor(config)
		if err != nil {
			return err
		}
		wrapped.Wrap(func(next http.RoundTripper) http.RoundTripper { return readOnly{next, server.Path} })
	}
	client, err := quietly(opts.Stderr, wrapped, rest.HTTPClientFor)
	if err != nil {
		return err
	}
	next := client.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	before := t.current.Swap(&next)
	t.config = config
	if before != nil {
		utilnet.CloseIdleConnectionsFor(*before)
	}
	return nil
}

// loginAgain loads the configuration anew, after the person logged in or
// changed it. What is wrong with it is said beside why the server is lost.
func (s *Session) loginAgain() {
	if s.opts.Reload == nil {
		return
	}
	s.transport.mu.Lock()
	defer s.transport.mu.Unlock()
	target, err := s.opts.Reload()
	if err == nil {
		err = s.loginAs(target.Config)
	}
	problem := ""
	if err != nil {
		problem = oneLine(err.Error())
		s.log.Warn("the configuration was not loaded anew", "err", err)
	}
	s.conn.setProblem(problem)
}

func (s *Session) loginAs(config *rest.Config) error {
	before := s.transport.config
	if config.Host != before.Host || config.APIPath != before.APIPath {
		// Not in place: what a person is about to confirm was meant for the other.
		return fmt.Errorf("the configuration names another server for this context now, %s: change to the cluster again, or start tenantry again", config.Host)
	}
	if sameLogin(before, config) && s.conn.current().State == model.ConnLive {
		return nil // client-go itself reads the files it names now and then
	}
	if err := s.transport.use(config, s.conn.heard, s.opts); err != nil {
		return fmt.Errorf("no client can be made of the configuration: %w", err)
	}
	s.mu.Lock()
	s.who = ""
	s.mu.Unlock()
	s.conn.set(func(c *model.Connection) { c.User = config.Impersonate.UserName })
	if before.CAFile != config.CAFile || !bytes.Equal(before.CAData, config.CAData) {
		s.readAnew() // another cluster at the same address
	}
	return nil
}

// sameLogin reports whether two configurations name the same credentials.
func sameLogin(a, b *rest.Config) bool {
	type credentials struct {
		username, password, token, tokenFile string
		impersonate                          rest.ImpersonationConfig
		tls                                  rest.TLSClientConfig
		plugin                               *clientcmdapi.ExecConfig
		provider                             *clientcmdapi.AuthProviderConfig
	}
	of := func(c *rest.Config) credentials {
		return credentials{c.Username, c.Password, c.BearerToken, c.BearerTokenFile, c.Impersonate, c.TLSClientConfig, c.ExecProvider, c.AuthProvider}
	}
	return reflect.DeepEqual(of(a), of(b))
}
