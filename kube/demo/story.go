package demo

import (
	"fmt"
	"strings"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/flux"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/tree"
)

// setUp installs the platform and schedules the company's past.
func (c *Company) setUp() {
	c.prepareRepositories()
	c.installPlatform()
	at := func(ago time.Duration, f func()) { c.env.Loop.After(past-ago, f) }
	// What people did by hand.
	at(past-time.Minute, func() {
		sync := Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": Object{"name": "flux", "namespace": c.flux.Namespace},
			"spec": Object{"sync": Object{"kind": "GitRepository", "url": gitBase + "platform/fleet", "ref": "refs/heads/main", "path": "clusters/demo", "interval": "1m"}}}
		_, _, _, err := c.client("tenantry").Apply(sync, false, false)
		c.try(nil, err)
	})
	at(past-2*time.Minute, func() { c.try(c.client("kubectl-create").Create(secretManifest("billing", "deploy-key"))) })
	at(past-3*time.Minute, func() {
		c.flux.FetchNow(c.app("billing").repo.URL)
		c.try(c.client("kubectl-create").Create(Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
			"metadata": Object{"name": "developers", "namespace": "fluxdemo-dev"},
			"roleRef":  Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
			"subjects": []any{Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "dev"}}}))
	})
	c.commits(at)
	at(76*time.Hour, c.suspendReports)
	at(26*time.Hour, c.breakCheckout)
	at(5*time.Hour, c.breakPayments)
	at(47*time.Minute, func() {
		c.try(nil, c.client("kubectl").Delete(control.Secret, "billing", "deploy-key", nil))
		c.flux.FetchNow(c.app("billing").repo.URL)
	})
}

// installPlatform installs the operator and Flux, locked down.
func (c *Company) installPlatform() {
	c.installOperator()
	admin := c.client("helm")
	c.try(admin.Create(Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance",
		"metadata": Object{"name": "flux", "namespace": c.flux.Namespace, "labels": Object{"app.kubernetes.io/managed-by": "Helm"},
			"annotations": Object{"meta.helm.sh/release-name": "flux", "meta.helm.sh/release-namespace": c.flux.Namespace}},
		"spec": Object{
			"distribution": Object{"version": "2.x", "registry": "ghcr.io/fluxcd"},
			"components":   []any{"source-controller", "kustomize-controller", "helm-controller"},
			"cluster":      Object{"type": "kubernetes", "multitenant": true, "networkPolicy": false},
		}}))
	c.env.Loop.After(time.Minute, func() {
		c.holdLeases("source-controller", "kustomize-controller", "helm-controller")
	})
}

func (c *Company) try(_ Object, err error) {
	if err != nil {
		c.log("the demo company: " + err.Error())
	}
}

func (c *Company) app(tenant string) *app {
	for _, a := range c.apps {
		if a.tenant == tenant {
			return a
		}
	}
	return nil
}

// commits spreads the teams' past work over the days, in office hours.
func (c *Company) commits(at func(time.Duration, func())) {
	each := map[string]int{"fluxdemo-dev": 5, "fluxdemo-stage": 3, "webshop": 3, "search": 2}
	for _, a := range c.apps {
		n, ok := each[a.tenant]
		if !ok {
			n = 1
		}
		for i := range n {
			day := time.Duration(1+(i*8)/max(n, 1)) * 24 * time.Hour
			ago := past - day + time.Duration(c.env.Loop.Float()*float64(9*time.Hour))
			if ago < time.Hour {
				ago = time.Hour + c.env.Loop.Between(0, 3*time.Hour)
			}
			at(ago, func() { c.commit(a) })
		}
	}
	for i := range 3 {
		at(time.Duration(7-2*i)*24*time.Hour, func() { c.releaseMetrics(i + 1) })
	}
}

// commit pushes a change to an app, and stage's to prod some time later.
func (c *Company) commit(a *app) {
	a.push(c.change(a), c.author(), c.env.Now())
	if c.env.Loop.History() {
		c.flux.FetchNow(a.repo.URL)
	}
	if a.tenant == "fluxdemo-stage" {
		c.env.Loop.After(c.env.Loop.Between(2*time.Minute, 6*time.Minute), func() { c.promote(a) })
	}
}

func (c *Company) promote(stage *app) {
	prod := c.app("fluxdemo-prod")
	if prod.tag == stage.tag && prod.replicas == stage.replicas && prod.colour == stage.colour && prod.content == stage.content {
		return
	}
	prod.tag, prod.replicas, prod.colour, prod.content = stage.tag, stage.replicas, stage.colour, stage.content
	prod.push(fmt.Sprintf("Promote kcheck 1.0.%d to prod", prod.tag), c.author(), c.env.Now())
	if c.env.Loop.History() {
		c.flux.FetchNow(prod.repo.URL)
	}
}

// suspendReports is what a colleague did and forgot: past its own date.
func (c *Company) suspendReports() {
	now := c.env.Now()
	_, err := c.client("tenantry").Edit(flux.Kustomization, "reports", "reports", func(o Object) error {
		tree.Make(o, "spec")["suspend"] = true
		a := tree.Make(o, "metadata", "annotations")
		a["tenantry.dev/suspended-by"] = "mara"
		a["tenantry.dev/suspended-at"] = now.Format(time.RFC3339)
		a["tenantry.dev/suspended-reason"] = "moving the reports database"
		a["tenantry.dev/suspended-until"] = now.Add(48 * time.Hour).Format(time.RFC3339)
		return nil
	})
	c.try(nil, err)
}

func ordersDatabase(tag int, fault string) *app {
	return &app{name: "checkout-db", namespace: "checkout", replicas: 1, image: "ghcr.io/example/checkout-db", tag: tag,
		colour: "none", content: "orders", fault: fault}
}

// breakCheckout gives checkout's database an image nobody built.
func (c *Company) breakCheckout() {
	a := c.app("checkout")
	text := strings.Replace(ordersDatabase(8, "imagepull").manifest(), "spec:\n  replicas", "spec:\n  progressDeadlineSeconds: 120\n  replicas", 1)
	a.repo.Push("main", "Move the orders database to 1.0.8", authors[1], c.env.Now(), git.Write("db/db.yaml", text))
	c.flux.FetchNow(a.repo.URL)
}

// breakPayments adds a manifest for a namespace that is not theirs.
func (c *Company) breakPayments() {
	a := c.app("payments")
	a.repo.Push("main", "Tell the webshop where we are", authors[2], c.env.Now(), git.Write("deploy/webshop.yaml",
		"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: payments-endpoint\n  namespace: webshop\ndata:\n  url: http://payments-service.payments\n"))
	c.flux.FetchNow(a.repo.URL)
}

// releaseMetrics moves the chart's version in the platform's repository.
func (c *Company) releaseMetrics(patch int) {
	for _, t := range tenants() {
		if t.name == "metrics" {
			text := fmt.Sprintf(t.manifest(), patch)
			c.fleet.Push("main", fmt.Sprintf("Update podinfo to 6.5.%d", patch), authors[0], c.env.Now(), git.Write("clusters/demo/metrics.yaml", text))
			if c.env.Loop.History() {
				c.flux.FetchNow(c.fleet.URL)
			}
		}
	}
}

// lastMinutes is how much of the past runs on true intervals, so that the first
// screen finds a living cluster.
const lastMinutes = 4 * time.Minute

// live ends the made-up past shortly before now and keeps pushes coming.
func (c *Company) live(now time.Time) {
	c.env.Loop.After(past-lastMinutes, func() {
		c.env.Loop.SetHistory(false)
		c.flux.Resume(lastMinutes / 2)
	})
	// The first minute is someone's first look: something moves at once.
	dev := c.app("fluxdemo-dev")
	c.env.Loop.After(past+3*time.Second, func() {
		c.commit(dev)
		c.flux.FetchNow(dev.repo.URL)
		c.next()
	})
}

// next schedules the next push.
func (c *Company) next() {
	c.env.Loop.After(c.env.Loop.Between(12*time.Second, 35*time.Second), func() {
		c.pushSomething()
		c.next()
	})
}

func (c *Company) pushSomething() {
	var active []*app
	for _, a := range c.apps {
		if !a.quiet && a.tenant != "fluxdemo-prod" {
			active = append(active, a)
			if a.tenant == "fluxdemo-dev" {
				active = append(active, a, a)
			}
		}
	}
	a := active[c.env.Loop.Pick(len(active))]
	if a.tenant == "search" && a.fault == "" && c.env.Loop.Pick(3) == 0 {
		a.fault = "crashloop"
		a.push("Try the new parser in search", c.author(), c.env.Now())
		c.env.Loop.After(90*time.Second, func() { c.commit(a) })
		return
	}
	if c.env.Loop.Pick(12) == 0 {
		c.patch++
		c.releaseMetrics(3 + c.patch)
		return
	}
	c.commit(a)
	if a.tenant == "fluxdemo-dev" {
		c.flux.FetchNow(a.repo.URL) // this team has a webhook
	}
}
