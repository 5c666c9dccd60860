package uitest

import (
	"time"

	"tenantry/model"
)

// Prod is a cluster with one of everything: what a bad night looks like. Its
// tenants stage and prod have objects of the same names.
func Prod() *Cluster {
	c := NewCluster("prod-eu").Controllers()
	c.PlatformSync(Failing("AuthenticationFailed", `failed to get secret 'flux-system/flux-system': secrets "flux-system" not found`, 2*time.Hour))
	c.shared("fluxdemo-stage", "./stage", Rev2)
	c.shared("fluxdemo-prod", "./prod", Rev2)

	// Three tenants that wait for one thing.
	c.Tenant("shop-infra")
	c.Put(Sync("shop-infra", "shop-infra", "./deploy", Rev1, Failing("HealthCheckFailed", "timeout waiting for: [StatefulSet/shop-infra/postgres status: 'InProgress']", 9*time.Minute)))
	for _, name := range []string{"shop-api", "shop-web", "shop-mail"} {
		c.Tenant(name)
		k := Sync(name, name, "./deploy", Rev1, Failing("DependencyNotReady", "dependency 'shop-infra/shop-infra' is not ready", 9*time.Minute))
		k.Detail.(*model.Sync).DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "shop-infra", Name: "shop-infra"}}
		c.Put(k)
	}
	c.Tenant("search")
	c.Put(Sync("search", "search", "./deploy", Rev1,
		Failing("AccessDenied", "can't access 'GitRepository/shop-infra/shop-infra', cross-namespace references have been blocked", 72*time.Hour),
		Condition("Stalled", "True", "AccessDenied", "can't access 'GitRepository/shop-infra/shop-infra', cross-namespace references have been blocked", 72*time.Hour)))
	c.Tenant("billing-prod")
	c.Put(Sync("billing-prod", "billing-prod", "./prod2", Rev1, Failing("ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-8123/prod2: no such file or directory", 73*time.Hour)))

	c.Tenant("docs")
	c.Put(Git("docs", "docs", "https://github.com/acme/docs", Rev3),
		Sync("docs", "docs", "./deploy", Rev2, Condition("Ready", "Unknown", "Progressing", "Running health checks for revision "+Rev3+" with a timeout of 4m50s", 4*time.Second),
			Condition("Reconciling", "True", "Progressing", "Running health checks for revision "+Rev3+" with a timeout of 4m50s", 4*time.Second)),
		Deployment("docs", "web", 6, 4, 2, 3, 2))

	suspended := Sync("team-x", "team-x", "./deploy", Rev1)
	suspended.Detail.(*model.Sync).Suspend = true
	suspended.Annotations = model.Pairs{{Name: model.AnnotationSuspendedBy, Value: "kingdon"}, {Name: model.AnnotationSuspendReason, Value: "freeze for the demo"},
		{Name: model.AnnotationSuspendedAt, Value: "2026-11-13T03:00:00Z"}, {Name: model.AnnotationSuspendUntil, Value: "2026-11-20"}}
	c.Tenant("team-x").Put(suspended)

	old := Git("legacy", "legacy", "https://git.acme.io/legacy", Rev1)
	old.Detail.(*model.Source).Suspend = true
	c.Tenant("legacy").Put(old)

	for _, name := range []string{"accounts", "admin-tools", "assets", "audit", "backoffice", "crm", "media", "orders", "returns", "stock"} {
		c.Tenant(name)
	}
	return c
}

// shared adds a tenant whose repository and objects are called the same as
// those of the other tenants of that repository.
func (c *Cluster) shared(ns, path, revision string) *Cluster {
	c.Put(Namespace(ns, ns)).Put(Access(ns)...)
	sync := Sync(ns, "flux-stage-prod", path, revision)
	sync.Detail.(*model.Sync).Inventory = Inventory(ns, "kcheck")
	return c.Put(Git(ns, "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", revision), sync, Deployment(ns, "kcheck", 5, 3, 3, 3, 0))
}

// Loading is a cluster of which little has been read yet.
func Loading() *Cluster {
	c := NewCluster("prod-eu")
	for i, k := range model.Kinds() {
		state := model.ScopeSyncing
		if i < 6 || k == model.Namespace {
			state = model.ScopeSynced
		}
		c.Scope(model.ScopeStatus{Kind: k, State: state})
	}
	return c.Put(Namespace("accounts", "accounts"), Namespace("assets", "assets"), Git("assets", "assets", "https://github.com/acme/assets", Rev1))
}

// NoFlux serves none of Flux's kinds.
func NoFlux() *Cluster {
	c := NewCluster("kind-new")
	for _, k := range model.Kinds() {
		if g := k.Group(); g == model.Kustomization.Group() || g == model.GitRepository.Group() || g == model.HelmRelease.Group() || g == model.FluxInstance.Group() {
			c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeAbsent})
		}
	}
	return c.Put(Namespace("default", ""), Deployment("default", "nginx", 1, 1, 1, 1, 0))
}

// NoTenants has Flux and nobody using it.
func NoTenants() *Cluster { return NewCluster("prod-eu").Controllers().PlatformSync() }

// Forbidden is what somebody with rights in one namespace sees.
func Forbidden() *Cluster {
	c := &Cluster{}
	c.Conn = &model.Connection{State: model.ConnLive, Context: "team-a@prod-eu", Server: "https://127.0.0.1:6443", User: "team-a",
		Namespaces: []string{"team-a"}, NamespacesReason: "cluster-wide lists are refused", Since: Ago(time.Hour)}
	for _, k := range model.Kinds() {
		if !k.Namespaced() {
			c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeDenied, Verb: "list", Message: "namespaces is forbidden"})
			continue
		}
		state := model.ScopeStatus{Kind: k, Namespace: "team-a", State: model.ScopeSynced}
		switch k {
		case model.FluxInstance, model.HelmRelease, model.HelmRepository, model.HelmChart, model.Lease, model.Secret:
			state.State, state.Verb = model.ScopeDenied, "list"
		}
		c.Scope(state)
	}
	return c.Put(Access("team-a")...).Put(Git("team-a", "app", "https://github.com/acme/team-a", Rev2), Sync("team-a", "app", "./deploy", Rev2), Deployment("team-a", "web", 3, 2, 2, 2, 0))
}

// Lost is Prod after the connection went.
func Lost() *Cluster {
	c := Prod()
	c.Conn = &model.Connection{State: model.ConnLost, Context: "prod-eu", Server: "https://127.0.0.1:6443", Version: "v1.36.4", Since: Ago(38 * time.Second),
		RetryAt: model.Unix(Start.Add(4 * time.Second).Unix()), Err: "dial tcp 127.0.0.1:6443: connect: connection refused"}
	return c
}

// Hostile is a cluster whose text tries to leave its cell.
func Hostile() *Cluster {
	c := NewCluster("prod\x1b[31m-eu\u202e").Controllers()
	for _, name := range []string{"a\x1b[2J\x1b[1;1Hb", "evil\u202egnp", "wide-世界世界世界世界世界世界", "zero\u200b\u200d\ufeffwidth", "bell\a\a\r\n\ttabs", "👩‍👩‍👧‍👦 family"} {
		c.Tenant(name)
		c.Put(Sync(name, name, "./\x1b]0;owned\x07", Rev1, Failing("Bad\x1b[7mReason", "line one\nline two\r\n\x1b]52;c;b3duZWQ=\x07\u202edetsegid era uoy", time.Minute)))
	}
	return c
}
