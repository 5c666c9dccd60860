package restore

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/modeltest"
)

// cluster is one some objects of a folder are in already.
type cluster struct {
	*testing.T
	at time.Time
	s  *model.Store
}

func newCluster(t *testing.T) *cluster {
	c := &cluster{T: t, at: modeltest.Now}
	c.s = modeltest.StoreAt(func() time.Time { return c.at })
	return c
}

// put has an object report something, since some time ago; no reason is Ready.
func (c *cluster) put(k model.Kind, ns, name string, ago time.Duration, reason, message string, d model.Detail) {
	o := modeltest.Object(k, ns, name, d)
	o.Generation, o.ObservedGeneration, o.Created = 1, 1, model.Unix(c.at.Add(-ago).Unix())
	status := "False"
	if reason == "" {
		status, reason = "True", "Succeeded"
	}
	o.Conditions = []model.Condition{{Type: "Ready", Status: status, Reason: reason, Message: message, ObservedGeneration: 1, LastTransition: o.Created}}
	modeltest.Put(c.s, o)
}

func (c *cluster) source(ago time.Duration, reason, message string) {
	revision := ""
	if reason == "" {
		revision = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"
	}
	c.put(model.GitRepository, "stage", "app", ago, reason, message, &model.Source{URL: "https://a", Revision: revision})
}

func (c *cluster) sync(ago time.Duration, reason, message string) {
	d := &model.Sync{Path: "./a", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}}
	if reason == "" {
		d.Applied = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"
	}
	c.put(model.Kustomization, "stage", "app", ago, reason, message, d)
}

// follow begins to follow a folder; what begins with + is applied, all else is
// the same.
func (c *cluster) follow(known Known, folder ...string) *Following {
	c.Helper()
	var objects []*Object
	for _, text := range folder {
		o := object(c.T, strings.TrimPrefix(text, "+"))
		if o.State = Same; text[0] == '+' {
			o.State = New
		}
		objects = append(objects, o)
	}
	return (&Plan{Objects: objects}).Follow(c.s, known)
}

const (
	refused  = "failed to checkout and determine revision: unable to list remote for 'https://a': repository not found"
	noSource = "Source artifact not found, retrying in 30s"
	account  = `{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"app","namespace":"stage"}}`
	binding  = `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"app","namespace":"prod"},"subjects":[{"kind":"ServiceAccount","name":"app","namespace":"stage"}]}`
	role     = `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"app","namespace":"prod"}}`
	humans   = `{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"ops"},"subjects":[{"kind":"Group","name":"ops"}]}`
)

// What was broken before, and has nothing to do with what is applied, is said
// and neither waited for nor called failed.
func TestFollowWhatWasBrokenBefore(t *testing.T) {
	c := newCluster(t)
	c.source(time.Hour, "GitOperationFailed", refused)
	c.sync(time.Hour, "ArtifactFailed", noSource)
	f := c.follow(Known{}, stage, "+"+prod, "+"+humans, source, sync)
	r := f.Step(c.s, c.at)
	if !r.Ended || r.Fine || len(r.Before) != 2 || len(r.Failed)+len(r.Open)+len(r.Held)+len(r.Moved) > 0 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []string{"GitRepository/stage/app: ", "Kustomization/stage/app: waits for GitRepository app: "} {
		if !strings.HasPrefix(r.Before[i], want) || strings.Contains(strings.TrimPrefix(r.Before[i], want), "stage") {
			t.Errorf("%q", r.Before[i])
		}
	}
	if got := r.Counts(); got != "0 of 2 ready, 2 broken as before" {
		t.Error(got)
	}
	// It comes right by itself, and then breaks anew.
	c.source(time.Hour, "", "stored")
	c.sync(time.Hour, "", "applied")
	if r = f.Step(c.s, c.at); !r.Fine || r.Done != 2 {
		t.Errorf("come right: %+v", r)
	}
	c.source(0, "GitOperationFailed", refused)
	f.Step(c.s, c.at)
	c.at = c.at.Add(failedFor)
	if r = f.Step(c.s, c.at); len(r.Failed) != 1 || len(r.Before) > 0 {
		t.Errorf("broken anew: %+v", r)
	}
}

// What was made a moment ago, by a restore that was cut off, may be fine in the
// next.
func TestFollowWhatIsNewAndBroken(t *testing.T) {
	c := newCluster(t)
	c.source(failedFor-time.Second, "GitOperationFailed", refused)
	f := c.follow(Known{}, stage, source)
	if r := f.Step(c.s, c.at); r.Ended || len(r.Open) != 1 {
		t.Errorf("a moment after: %+v", r)
	}
	c.at = c.at.Add(time.Second)
	if r := f.Step(c.s, c.at); !r.Ended || len(r.Before) != 1 {
		t.Errorf("once it has lasted: %+v", r)
	}
}

// What was on its way before, and is nothing the restore bears on, is waited for,
// but no failure of the restore; and what has been there for long, not for long.
func TestFollowWhatWasOnItsWayBefore(t *testing.T) {
	for age, ends := range map[time.Duration]bool{freshFor / 2: false, 2 * freshFor: true} {
		c := newCluster(t)
		running := func() {
			o := modeltest.Object(model.GitRepository, "stage", "app", &model.Source{URL: "https://a"})
			o.Generation, o.ObservedGeneration, o.Created = 1, 1, model.Unix(c.at.Add(-age).Unix())
			o.Conditions = []model.Condition{{Type: "Reconciling", Status: "True", Reason: "Progressing", ObservedGeneration: 1},
				{Type: "Ready", Status: "Unknown", Reason: "Progressing", ObservedGeneration: 1, LastTransition: model.Unix(c.at.Unix())}}
			modeltest.Put(c.s, o)
		}
		running()
		f := c.follow(Known{}, stage, "+"+prod, source)
		if r := f.Step(c.s, c.at); r.Ended || len(r.Open) != 1 || len(r.Moved) != 1 {
			t.Errorf("%s, at first: %+v", age, r)
		}
		c.at = c.at.Add(failedFor)
		running()
		r := f.Step(c.s, c.at)
		if r.Ended != ends || len(r.Before) > 0 != ends || ends && r.Before[0] != "GitRepository/stage/app: still reconciling" {
			t.Errorf("%s, still on its way: %+v", age, r)
		}
		c.source(time.Minute, "GitOperationFailed", refused)
		f.Step(c.s, c.at)
		c.at = c.at.Add(failedFor)
		if r := f.Step(c.s, c.at); !r.Ended || r.Fine || len(r.Failed)+len(r.Before) > 0 || len(r.Fell) != 1 || !strings.Contains(r.Fell[0], "repository not found") ||
			r.Counts() != "0 of 1 ready, 1 failed meanwhile" {
			t.Errorf("%s, broken: %+v", age, r)
		}
		c.source(time.Minute, "", "stored")
		if r := f.Step(c.s, c.at); !r.Fine || len(r.Moved) != 1 {
			t.Errorf("%s, come right: %+v", age, r)
		}
	}
}

// What was broken before and may come right by what is applied is followed as
// everything else.
func TestFollowWhatIsMended(t *testing.T) {
	key := []export.Secret{{Namespace: "stage", Name: "key"}}
	const noKey = `failed to get secret 'stage/key': secrets "key" not found`
	git := func(c *cluster) { c.source(time.Hour, "GitOperationFailed", refused) }
	app := func(c *cluster) { c.source(time.Hour, "", "stored") }
	for name, e := range map[string]struct {
		folder []string
		known  Known
		is     func(*cluster)
	}{
		"its namespace":        {[]string{"+" + stage, source}, Known{}, git},
		"its account":          {[]string{"+" + account, source, sync}, Known{}, func(c *cluster) { app(c); c.sync(time.Hour, "ReconciliationFailed", "it failed") }},
		"its account's rights": {[]string{"+" + binding, source, sync}, Known{}, func(c *cluster) { app(c); c.sync(time.Hour, "ReconciliationFailed", "it failed") }},
		"its source": {[]string{"+" + source, sync}, Known{}, func(c *cluster) {
			c.sync(time.Hour, "ArtifactFailed", `GitRepository.source.toolkit.fluxcd.io "app" not found`)
		}},
		"what its source needs": {[]string{source, sync}, Known{Missing: key}, func(c *cluster) {
			c.source(time.Hour, "AuthenticationFailed", noKey)
			c.sync(time.Hour, "ArtifactFailed", noSource)
		}},
		"its Secret, not there":    {[]string{source}, Known{Missing: key}, func(c *cluster) { c.source(time.Hour, "AuthenticationFailed", noKey) }},
		"its Secret, there by now": {[]string{source}, Known{There: key}, func(c *cluster) { c.source(time.Hour, "AuthenticationFailed", noKey) }},
		"Flux itself":              {[]string{"+" + flux, source}, Known{}, git},
		"by what was cut off":      {[]string{source}, Known{Earlier: []model.Ref{{Kind: "GitRepository", Namespace: "stage", Name: "app"}}}, git},
		"where it applies": {[]string{"+" + prod, source, sync}, Known{}, func(c *cluster) {
			app(c)
			c.sync(time.Hour, "ReconciliationFailed", `ConfigMap/prod/x not found: namespaces "prod" not found`)
		}},
		"its rights where it applies": {[]string{"+" + role, source, sync}, Known{}, func(c *cluster) {
			app(c)
			c.sync(time.Hour, "ReconciliationFailed", `ConfigMap/prod/x dry-run failed (Forbidden): configmaps "x" is forbidden: User "system:serviceaccount:stage:app" cannot patch resource "configmaps" in API group "" in the namespace "prod"`)
		}},
		"a source that comes": {[]string{source, sync}, Known{}, func(c *cluster) { app(c); c.sync(time.Hour, "ArtifactFailed", noSource) }},
		"what it depends on": {[]string{source, sync}, Known{}, func(c *cluster) {
			app(c)
			c.put(model.Kustomization, "stage", "base", time.Minute, "", "applied", &model.Sync{Path: "./b"})
			c.put(model.Kustomization, "stage", "app", time.Hour, "DependencyNotReady", "dependency 'stage/base' is not ready",
				&model.Sync{Path: "./a", DependsOn: []model.Ref{{Kind: "Kustomization", Namespace: "stage", Name: "base"}}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCluster(t)
			e.is(c)
			f := c.follow(e.known, e.folder...)
			if r := f.Step(c.s, c.at); r.Ended || len(r.Before)+len(r.Failed) > 0 {
				t.Errorf("at first: %+v", r)
			}
			c.at = c.at.Add(time.Minute)
			if r := f.Step(c.s, c.at); len(r.Before) > 0 || r.Ended != (len(e.known.Missing) > 0) || r.Fine {
				t.Errorf("later: %+v", r)
			}
			c.put(model.FluxInstance, "flux-system", "flux", 0, "", "installed", &model.Instance{})
			c.source(0, "", "stored")
			c.sync(0, "", "applied")
			if r := f.Step(c.s, c.at); !r.Fine {
				t.Errorf("at last: %+v", r)
			}
		})
	}
}

// A tenant's workload that was broken before is not the restore's doing either;
// one of a tenant that something is restored in is.
func TestFollowTenantsBrokenBefore(t *testing.T) {
	for folder, before := range map[string]int{source: 1, "+" + source: 0} {
		c := newCluster(t)
		c.source(time.Hour, "", "stored")
		modeltest.Put(c.s, modeltest.Object(model.Namespace, "", "stage", &model.NamespaceDetail{Phase: "Active"}, "toolkit.fluxcd.io/tenant", "stage"))
		c.put(model.Kustomization, "stage", "web", time.Hour, "HealthCheckFailed", "health check failed", &model.Sync{Path: "./web"})
		f := c.follow(Known{}, stage, folder)
		c.at = c.at.Add(2 * failedFor)
		r := f.Step(c.s, c.at)
		if len(r.Before) != before || r.Done != 1 || r.Ended != (before > 0) || r.Fine {
			t.Errorf("%.1s: %+v", folder, r)
		}
		if before > 0 && !strings.HasPrefix(r.Before[0], "tenant stage: failed: ") {
			t.Error(r.Before[0])
		}
	}
}

// One that waits for what was broken before is held by it, and the restore ends.
func TestFollowWhatWaitsForTheBroken(t *testing.T) {
	c := newCluster(t)
	c.source(time.Hour, "GitOperationFailed", refused)
	f := c.follow(Known{}, stage, source, "+"+sync)
	c.sync(0, "ArtifactFailed", noSource)
	if r := f.Step(c.s, c.at); r.Ended || len(r.Before) != 1 || len(r.Held) != 1 {
		t.Errorf("at first: %+v", r)
	}
	c.at = c.at.Add(settledFor)
	if r := f.Step(c.s, c.at); !r.Ended || r.Fine || r.Counts() != "0 of 2 ready, 1 broken as before, 1 waiting" {
		t.Errorf("in the end: %+v", r)
	}
}

// One that waits for what is ready by now is on its way: its controller has yet
// to see that, however long ago all else has come to its end.
func TestFollowWhatWaitsForWhatHasCome(t *testing.T) {
	c := newCluster(t)
	c.put(model.GitRepository, "prod", "app", time.Hour, "GitOperationFailed", refused, &model.Source{URL: "https://a"})
	c.source(time.Hour, "", "stored")
	f := c.follow(Known{}, stage, source, strings.Replace(source, "stage", "prod", 1), "+"+sync)
	c.put(model.Kustomization, "stage", "app", 0, "DependencyNotReady", "dependency 'stage/base' is not ready",
		&model.Sync{DependsOn: []model.Ref{{Kind: "Kustomization", Namespace: "stage", Name: "base"}}})
	c.put(model.Kustomization, "stage", "base", 0, "", "applied", &model.Sync{})
	for range 2 {
		if r := f.Step(c.s, c.at); r.Ended || len(r.Before) != 1 || len(r.Open) != 1 {
			t.Errorf("at %s: %+v", c.at, r)
		}
		c.at = c.at.Add(2 * failedFor)
	}
}
