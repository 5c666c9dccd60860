// Package demo is an embedded Kubernetes cluster with Flux on it: an API
// server in this process that a rest.Config reaches through its Transport,
// and small controllers that behave as Flux and Kubernetes do. It serves the
// demo and, with faults, the tests; nothing else knows it is not a real one.
package demo

import (
	"net/http"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/fault"
	"tenantry/kube/demo/flux"
)

// Host is the server the demo's configurations name. It is never dialled.
const Host = "http://demo.tenantry.invalid"

// The tokens the embedded cluster knows.
const (
	AdminToken = "demo-admin" // may do everything
	// TenantToken is user "dev", who has no rights but those RoleBindings give.
	TenantToken = "demo-dev"
)

// Options configure an embedded cluster.
type Options struct {
	// Now is the cluster's clock; time.Now when nil.
	Now func() time.Time
	// Seed makes names, uids and everything drawn by lot repeatable.
	Seed int64
	// Kinds serves all Flux kinds from the start, without any controller.
	Kinds bool
	// Tokens are further users by bearer token.
	Tokens map[string]api.User
	// History is how many events per resource watches can resume from.
	History int
	// BookmarkEvery is how often watches get bookmarks; a minute when 0.
	BookmarkEvery time.Duration
	// MaxWatch ends watches early.
	MaxWatch time.Duration
	// Log receives what goes wrong inside.
	Log func(string)
}

// Cluster is an embedded cluster.
type Cluster struct {
	API    *api.Server
	faults *fault.Rules
}

// NewCluster returns a cluster with what every cluster starts with: namespaces,
// a node and the default roles. No controllers run on it.
func NewCluster(opts Options) *Cluster {
	tokens := map[string]api.User{
		AdminToken:  {Name: "admin", Groups: []string{api.Masters}},
		TenantToken: {Name: "dev"},
	}
	for t, u := range opts.Tokens {
		tokens[t] = u
	}
	server := api.New(api.Options{Now: opts.Now, Seed: opts.Seed, Tokens: tokens, History: opts.History,
		BookmarkEvery: opts.BookmarkEvery, MaxWatch: opts.MaxWatch, Log: opts.Log})
	c := &Cluster{API: server, faults: fault.New()}
	if opts.Kinds {
		client := c.Client("demo")
		for _, crd := range flux.Definitions() {
			if _, err := client.Create(crd); err != nil && opts.Log != nil {
				opts.Log("cannot define a kind: " + err.Error())
			}
		}
	}
	return c
}

// Client returns a client inside the cluster that may do everything and
// writes as the field manager.
func (c *Cluster) Client(manager string) *api.Client {
	return c.API.Client(api.System(manager), manager)
}

// Config returns a client configuration for an administrator.
func (c *Cluster) Config() *rest.Config { return c.ConfigFor(AdminToken) }

// ConfigFor returns a client configuration for the user of a token.
func (c *Cluster) ConfigFor(token string) *rest.Config {
	return &rest.Config{Host: Host, BearerToken: token, Transport: api.Transport{Handler: c.Handler()}}
}

// Faults returns the rules by which the cluster misbehaves; none at first.
func (c *Cluster) Faults() *fault.Rules { return c.faults }

// Handler returns the cluster's API as an HTTP handler, faults included, for
// tests that want it behind a real listener.
func (c *Cluster) Handler() http.Handler { return fault.Handler(c.faults, c.API) }
