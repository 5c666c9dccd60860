package kube

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
	"tenantry/model"
)

// keeper lets one token through and takes it for the administrator's.
type keeper struct {
	token atomic.Pointer[string]
	next  http.RoundTripper
}

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	token := "Bearer " + demo.AdminToken
	if r.Header.Get("Authorization") != "Bearer "+*k.token.Load() {
		token = "Bearer expired"
	}
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", token)
	return k.next.RoundTrip(r)
}

func (k *keeper) takes(token string) { k.token.Store(&token) }

// underLogins runs a test on a session whose configuration is loaded anew by
// reload.
func underLogins(t *testing.T, config rest.Config, reload func(rest.Config) (*rest.Config, error), test func(faulty, *keeper)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := faulty{newEmbedded(t)}
		k := &keeper{next: api.Transport{Handler: e.cluster.Handler()}}
		k.takes("first")
		config.Host, config.Transport = demo.Host, k
		session, err := Open(t.Context(), &config, Options{Reload: func() (*Target, error) {
			next, err := reload(config)
			return &Target{Config: next}, err
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(session.Close)
		e.session = session
		e.within(time.Second, "all is read", e.settled)
		test(e, k)
	})
}

func (e faulty) lostWith(words ...string) func() bool {
	return func() bool {
		c := e.store.Connection()
		for _, w := range words {
			if !strings.Contains(c.Err, w) {
				return false
			}
		}
		return c.State == model.ConnLost
	}
}

// TestLoginAgain: a token expires, the person logs in and presses ctrl+r.
func TestLoginAgain(t *testing.T) {
	token := "first"
	underLogins(t, rest.Config{BearerToken: token}, func(c rest.Config) (*rest.Config, error) {
		c.BearerToken = token
		return &c, nil
	}, func(e faulty, k *keeper) {
		k.takes("second")
		e.within(soon, "the login is refused", e.lostWith("401", "log in again", "ctrl+r"))
		e.session.Refresh()
		e.pass(time.Minute)
		if !e.lostWith("401")() {
			t.Fatalf("nothing changed, yet: %+v", e.store.Connection())
		}
		token = "second"
		e.session.Refresh()
		e.within(time.Second, "all is read", e.settled)
	})
}

// TestLoginChangesWhileRead: another user's rights count at once.
func TestLoginChangesWhileRead(t *testing.T) {
	underLogins(t, rest.Config{BearerToken: "first"}, func(c rest.Config) (*rest.Config, error) {
		c.Impersonate.UserName = "dev"
		return &c, nil
	}, func(e faulty, _ *keeper) {
		e.session.Refresh()
		e.within(soon, "dev is refused", e.is("denied"))
		if got := e.store.Connection().User; got != "dev" {
			t.Errorf("the user is %q", got)
		}
	})
}

func TestTokenFileChanges(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("first")
	underLogins(t, rest.Config{BearerTokenFile: file}, func(c rest.Config) (*rest.Config, error) { return &c, nil }, func(e faulty, k *keeper) {
		k.takes("second")
		e.within(soon, "the login is refused", e.lostWith("401"))
		write("second")
		e.session.Refresh()
		e.within(time.Second, "all is read", e.settled)
	})
}

// TestConfigurationThatCannotBeUsed: why is said beside the refusal.
func TestConfigurationThatCannotBeUsed(t *testing.T) {
	for want, reload := range map[string]func(rest.Config) (*rest.Config, error){
		"the kubeconfig is malformed": func(rest.Config) (*rest.Config, error) {
			return nil, &ConfigError{Problem: "the kubeconfig is malformed", Err: errors.New("line 3")}
		},
		"another server for this context now, https://other": func(c rest.Config) (*rest.Config, error) {
			c.Host = "https://other"
			return &c, nil
		},
		"no client can be made": func(c rest.Config) (*rest.Config, error) {
			c.BearerTokenFile = "/nowhere/token"
			c.Username, c.Password = "both", "at once"
			return &c, nil
		},
	} {
		t.Run(want, func(t *testing.T) {
			underLogins(t, rest.Config{BearerToken: "first"}, reload, func(e faulty, k *keeper) {
				k.takes("second")
				e.within(soon, "the login is refused", e.lostWith("401"))
				e.session.Refresh()
				e.within(soon, "it is said why", e.lostWith("401", want))
				k.takes("first")
				e.within(soon, "all is read with what there was", e.settled)
			})
		})
	}
}
