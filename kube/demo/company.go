package demo

import (
	"context"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/fault"
	"tenantry/kube/demo/flux"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/workload"
)

// CompanyOptions configure the demo company.
type CompanyOptions struct {
	// Seed makes the company's life repeatable.
	Seed int64
	// Speed divides every delay: at 5, what takes a minute takes 12 seconds.
	// The clock stays true. 1 when 0.
	Speed float64
	// Empty is a cluster before Flux: no kinds, no operator, no tenants.
	Empty bool
	// Bare is a cluster with the platform but without tenants.
	Bare bool
	// OperatorAfter makes the operator appear by itself in an empty cluster, as
	// if somebody had installed its chart; 0 = only when InstallOperator is
	// called, and with Open, where nobody can call it, after half a minute.
	OperatorAfter time.Duration
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Manual leaves the clock standing: Advance moves it. For tests.
	Manual bool
	// Log receives what goes wrong inside.
	Log func(string)
}

// Company is a small company on an embedded cluster: its platform, its
// tenants and their repositories, alive until closed.
type Company struct {
	Cluster *Cluster
	Faults  *fault.Rules
	Git     *git.Host

	opts     CompanyOptions
	env      *control.Env
	flux     *flux.Controllers
	loads    *workload.Controllers
	apps     []*app
	fleet    *git.Repo
	patch    int
	operator bool // it is installed
	cancel   context.CancelFunc
	ended    chan struct{}
	asked    sync.Mutex
	shown    map[string]bool // deploy keys somebody was asked to add
	close    sync.Once
}

// Open starts the demo company and returns the configuration that reaches it
// and a function that ends it. Nothing leaves the process.
func Open(opts CompanyOptions) (*rest.Config, func()) {
	if opts.OperatorAfter == 0 {
		opts.OperatorAfter = 30 * time.Second
	}
	c := NewCompany(opts)
	return c.Config(), c.Close
}

// past is how long ago the company set its cluster up.
const past = 9 * 24 * time.Hour

// NewCompany makes the company and its past, and lets it live.
func NewCompany(opts CompanyOptions) *Company {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	now := opts.Now()
	loop := sim.New(now.Add(-past), opts.Seed)
	c := &Company{opts: opts, Git: git.NewHost(), ended: make(chan struct{})}
	c.Cluster = NewCluster(Options{Now: loop.Now, Seed: opts.Seed, Log: opts.Log})
	c.Faults = c.Cluster.Faults()
	c.env = control.New(c.Cluster.API, loop)
	c.env.EventsFrom = now.Add(-time.Hour)
	loop.SetHistory(true)
	c.loads = workload.Start(c.env)
	c.loads.RestLeases()
	c.flux = flux.Start(c.env, c.Git)
	switch {
	case opts.Bare:
		c.installPlatform()
	case opts.Empty:
		c.prepareRepositories()
		if opts.OperatorAfter > 0 {
			loop.After(past+opts.OperatorAfter, c.operatorArrives)
		}
	default:
		c.setUp()
		c.live(now)
	}
	loop.RunUntil(now)
	loop.SetHistory(false)
	c.loads.RenewLeases()
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	if opts.Manual {
		close(c.ended)
		return c
	}
	c.env.Loop.Start(opts.Now, opts.Speed)
	go func() {
		defer close(c.ended)
		loop.Follow(ctx)
	}()
	return c
}

// Config returns the administrator's configuration.
func (c *Company) Config() *rest.Config { return c.Cluster.Config() }

// Close ends the company: its controllers stop before it returns.
func (c *Company) Close() {
	c.close.Do(func() {
		c.cancel()
		<-c.ended
	})
}

// Advance moves a manual clock.
func (c *Company) Advance(d time.Duration) { c.env.Loop.Advance(d) }

// InstallOperator makes the Flux operator appear in an empty cluster, as after
// its chart's installation. It may be called at any time, from anywhere and
// more than once; the operator is there at the loop's next turn. What follows
// is up to whoever asks the API: a FluxInstance, and a sync with the fleet's
// repository, which brings the tenants.
func (c *Company) InstallOperator() { c.env.Loop.After(0, c.operatorArrives) }

// FleetURL is the repository that describes the company's tenants, for the
// sync of an empty cluster's FluxInstance; a bare cluster has none.
func (c *Company) FleetURL() string {
	if c.fleet == nil {
		return ""
	}
	return c.fleet.URL
}

// operatorArrives starts an empty cluster's life.
func (c *Company) operatorArrives() {
	if c.operator {
		return
	}
	c.installOperator()
	c.holdLeases("source-controller", "kustomize-controller", "helm-controller", "notification-controller")
	c.next()
}

func (c *Company) installOperator() {
	c.operator = true
	if err := c.flux.InstallOperator(); err != nil {
		c.log(err.Error())
		return
	}
	c.holdLeases("flux-operator")
}

func (c *Company) log(text string) {
	if c.opts.Log != nil {
		c.opts.Log(text)
	}
}

// client returns a client for a person or tool of the company.
func (c *Company) client(manager string) *api.Client { return c.Cluster.Client(manager) }

// holdLeases makes controllers show that they live.
func (c *Company) holdLeases(components ...string) {
	for _, name := range components {
		lease := name + "-leader-election"
		if name == "flux-operator" {
			lease = name
		}
		c.loads.HoldLease(c.flux.Namespace, lease, name, func() bool { return c.flux.Running(name) })
	}
}
