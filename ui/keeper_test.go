package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var stageGit = model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}

// withSecrets is a company whose sources have pull secrets of the same name.
func withSecrets() *uitest.Cluster {
	c := uitest.Prod()
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		c.Put(private(ns))
	}
	return c.Put(uitest.Namespace("kube-system", ""))
}

func private(ns string, conditions ...model.Condition) *model.Object {
	o := uitest.Git(ns, "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", uitest.Rev2, conditions...)
	o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "git"}}
	return o
}

// wipe is what a cluster says after stage's Secret was deleted.
func (d *desk) wipe() {
	why := `failed to get secret 'fluxdemo-stage/git': failed to get secret 'fluxdemo-stage/git': secrets "git" not found`
	d.put(private("fluxdemo-stage", uitest.Failing("AuthenticationFailed", why, 0)))
}

// laterDesk is a dashboard that starts so long after the first, with the same
// folder.
func laterDesk(t *testing.T, dir string, now time.Duration, w int, c *uitest.Cluster) *desk {
	t.Helper()
	d := &desk{TB: t, clock: uitest.NewClock(), session: uitest.NewSession()}
	d.clock.Pass(now)
	app, err := newApp(t.Context(), Options{State: dir, Cluster: d.session, Clock: d.clock.Now, Theme: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	d.App = app
	d.resize(w, 40)
	d.feed(c.Batch)
	return d
}

// The story of a wiped secret, told afterwards by a dashboard that did not see
// it; the one that did was killed.
func TestTheWipedSecretIsToldAfterwards(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 120, 40, Options{State: dir}, withSecrets())
	d.pass(2 * time.Second)
	d.wipe()
	d.pass(2 * time.Second) // and then it is killed

	later := func(now time.Duration, w int) *desk {
		return laterDesk(t, dir, now, w, withSecrets().Put(private("fluxdemo-stage", uitest.Failing("AuthenticationFailed", `failed to get secret 'fluxdemo-stage/git': secrets "git" not found`, 0))))
	}
	d = later(2*time.Second, 140) // within the very second of the loss
	d.at(stageGit, "h")
	d.wants("as earlier ones saw it", "missing: GitRepository/fluxdemo-stage/flux-stage-prod")
	d = later(6*time.Hour, 140)
	d.at(stageGit, "h")
	d.wants("as earlier ones saw it", "tenantry began to watch", "Secret git  ✗ missing: GitRepository/fluxdemo-stage/flux-stage-prod asked for it and did not find it", "02:58:16", "Ready → Failed")
	d.press("esc")
	d.at(model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}, "h")
	d.misses("missing:", "Ready → Failed")
	d.press("esc")
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	d.press("tab", "tab", "tab", "tab")
	d.wants("Secret git", "missing: GitRepository/fluxdemo-stage/flux-stage-prod")
	d.press("esc")
	d.visit(newTenantPage(&d.App.env, "fluxdemo-prod", false))
	d.press("tab", "tab", "tab", "tab")
	d.misses("missing:")
	// It is put back, and that is told too.
	d.put(private("fluxdemo-stage"))
	d.pass(2 * time.Second)
	d = later(20*time.Hour, 140)
	d.at(stageGit, "h")
	d.wants("there again: GitRepository/fluxdemo-stage/flux-stage-prod no longer misses it")
}

func TestSinceYouLeftTellsWhatWasSeen(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 140, 40, Options{State: dir}, withSecrets())
	d.pass(61 * time.Second) // a look
	d.wipe()
	d.pass(3 * time.Second) // killed
	d = &desk{TB: t, clock: uitest.NewClock(), session: uitest.NewSession()}
	d.clock.Pass(7 * time.Minute)
	app, err := newApp(t.Context(), Options{State: dir, Cluster: d.session, Clock: d.clock.Now, Theme: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	d.App = app
	d.resize(140, 40)
	c := withSecrets().Put(private("fluxdemo-stage", uitest.Failing("AuthenticationFailed", `failed to get secret 'fluxdemo-stage/git': secrets "git" not found`, 0)))
	d.feed(c.Batch)
	d.press("h")
	d.wants("broken", "fluxdemo-stage")
	d.wants("SEEN", "Secret git missing: GitRepository/fluxdemo-stage/flux-stage-prod")
}

// What became of namespaces and the sync while nobody watched is found out by
// the last look.
func TestWhatHappenedUnwatched(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 140, 40, Options{State: dir}, withSecrets())
	d.pass(61 * time.Second)
	if err := d.farewell(); err != nil {
		t.Fatal(err)
	}
	d = &desk{TB: t, clock: uitest.NewClock(), session: uitest.NewSession()}
	d.clock.Pass(5 * time.Hour)
	app, err := newApp(t.Context(), Options{State: dir, Cluster: d.session, Clock: d.clock.Now, Theme: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	d.App = app
	d.resize(140, 40)
	c := withSecrets()
	anew := uitest.Namespace("fluxdemo-stage", "fluxdemo-stage")
	anew.UID, anew.Created = "another", model.Unix(uitest.Start.Add(3*time.Hour).Unix())
	c.Put(anew)
	for i := range c.Changes {
		if o := c.Changes[i].Object; o.Kind == model.FluxInstance {
			gone, was := *o, o.Detail.(*model.Instance)
			instance := *was
			instance.Sync, instance.SpecBy, instance.SpecAt = nil, "helm", model.Unix(uitest.Start.Add(2*time.Hour).Unix())
			gone.Detail = &instance
			c.Changes[i].Object = &gone
		}
	}
	d.feed(c.Batch)
	d.pass(2 * time.Second)
	d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
	d.press("tab", "tab", "tab", "tab", "ctrl+l")
	d.wants("Namespace fluxdemo-stage", "made anew: another object of the same name (nobody watched)", "05:58:14")
	d.press("esc", "esc")
	d.at(model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}, "h")
	d.wants("spec.sync was removed, by helm", "it was: GitRepository ssh://git@github.com/acme/fleet refs/heads/main", "04:58:14")
}

// A sync that is set, changed and removed while somebody watches is told with
// who did it, where that is known.
func TestSyncInTheHistory(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	key := model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}
	set := func(path, by string, ago time.Duration) {
		o := *d.store.Get(key)
		instance := *o.Detail.(*model.Instance)
		if instance.Sync = nil; path != "" {
			instance.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "https://ann:hunter22@git.acme.io/fleet", Ref: "refs/heads/main", Path: path}
		}
		instance.SpecBy, instance.SpecAt = by, uitest.Ago(ago)
		o.Detail = &instance
		d.put(&o)
	}
	set("./other", "kubectl-edit", time.Minute)
	set("", "kubectl-edit", time.Minute) // taken away by who left no trace
	d.at(key, "h")
	d.wants("spec.sync was changed, by kubectl-edit: GitRepository https://[redacted]@git.acme.io/fleet refs/heads/main ./other", "spec.sync was removed  it was: ")
	d.misses("hunter22")
}

func TestNoHistoryIsKept(t *testing.T) {
	dir := t.TempDir()
	for _, o := range []Options{{State: dir, NoHistory: true}, {}} {
		d := newDesk(t, 120, 40, o, withSecrets())
		d.pass(2 * time.Second)
		d.wipe()
		d.pass(2 * time.Second)
		d.at(stageGit, "h")
		d.wants("missing:")
		d.misses("as earlier ones")
		if err := d.farewell(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "history")); err == nil {
		t.Error("a history was written")
	}
}

// A dashboard that watches beside this one tells nothing twice.
func TestTwoDashboardsTellOneHistory(t *testing.T) {
	dir := t.TempDir()
	var desks []*desk
	for range 2 {
		desks = append(desks, newDesk(t, 140, 40, Options{State: dir}, withSecrets()))
	}
	for _, d := range desks {
		d.pass(2 * time.Second)
		d.wipe()
		d.pass(2 * time.Second)
	}
	desks[0].at(stageGit, "h")
	if n := strings.Count(desks[0].screen(), "missing:"); n != 1 {
		t.Errorf("told %d times:\n%s", n, desks[0].screen())
	}
}

// A controller that died while nobody looked is told the morning after: in the
// platform's history and in its own, by a dashboard that did not see it.
func TestADeadControllerIsToldAfterwards(t *testing.T) {
	dir := t.TempDir()
	key := model.Key{Kind: model.Deployment, Namespace: "flux-system", Name: "kustomize-controller"}
	c := func() *uitest.Cluster { return uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a") }
	d := newDesk(t, 140, 40, Options{State: dir}, c().Put(uitest.Namespace("kube-system", "")))
	renew := func(d *desk, names ...string) {
		for _, name := range names {
			d.put(uitest.Object(model.Lease, "flux-system", name+"-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35, RenewedMS: d.clock.T.UnixMilli()}))
		}
		d.pass(2 * time.Second)
	}
	for range 4 { // kustomize-controller does not renew
		d.pass(20 * time.Second)
		renew(d, "source-controller", "helm-controller", "notification-controller", "flux-operator")
	}
	d.visit(newTenantPage(&d.App.env, "", true))
	d.press("h")
	d.wants("Deployment kustomize-controller", "Ready → Unobserved  kustomize-controller is not at work: its lease was last renewed at")
	d.misses("Deployment source-controller")
	renew(d, "kustomize-controller")
	d.wants("Unobserved → Ready")
	d.pass(2 * time.Second)

	later := &desk{TB: t, clock: uitest.NewClock(), session: uitest.NewSession()}
	later.clock.Pass(12 * time.Hour)
	app, err := newApp(t.Context(), Options{State: dir, Cluster: later.session, Clock: later.clock.Now, Theme: "dark"})
	if err != nil {
		t.Fatal(err)
	}
	later.App = app
	later.resize(140, 40)
	later.feed(c().Put(uitest.Namespace("kube-system", "")).Batch)
	later.at(key, "h")
	later.wants("as earlier ones saw it", "Ready → Unobserved", "Unobserved → Ready")
}
