package demo

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/flux"
	"tenantry/kube/demo/tree"
)

func ready(o Object) (status, reason, message string) {
	for _, c := range tree.Maps(o, "status", "conditions") {
		if c["type"] == "Ready" {
			return tree.Str(c, "status"), tree.Str(c, "reason"), tree.Str(c, "message")
		}
	}
	return "", "", ""
}

func manualCompany(t testing.TB, opts CompanyOptions) *Company {
	t.Helper()
	opts.Manual, opts.Seed = true, 1
	opts.Now = func() time.Time { return time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC) }
	opts.Log = func(s string) { t.Error(s) }
	c := NewCompany(opts)
	t.Cleanup(c.Close)
	return c
}

func TestCompanyShowsWhatItPromises(t *testing.T) {
	began := time.Now()
	c := manualCompany(t, CompanyOptions{})
	t.Logf("the company stands after %v, at revision %d", time.Since(began), c.Cluster.API.Store().Revision())
	client := c.client("test")
	for _, gk := range []schema.GroupKind{flux.Instance, flux.GitRepository, flux.Kustomization, flux.HelmRelease, control.Deployment} {
		for _, o := range client.List(gk, "") {
			status, reason, message := ready(o)
			t.Logf("%-14s %-30s gen %d %s %s %.90s", gk.Kind, tree.Str(o, "metadata", "namespace")+"/"+tree.Str(o, "metadata", "name"),
				tree.Int(o, "metadata", "generation"), status, reason, message)
		}
	}
	now := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	for _, o := range client.List(flux.Kustomization, "") {
		if status, _, _ := ready(o); status != "True" || tree.Bool(o, "spec", "suspend") {
			continue
		}
		runs := tree.Maps(o, "status", "history")
		last, err := time.Parse(time.RFC3339, tree.Str(runs[0], "lastReconciled"))
		if err != nil || now.Sub(last) > 10*time.Minute {
			t.Errorf("%s/%s was looked at %v ago: its controller seems to have forgotten it", tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name"), now.Sub(last))
		}
	}
	want := func(gk schema.GroupKind, namespace, name, reason, part string) {
		t.Helper()
		o, err := client.Get(gk, namespace, name)
		if err != nil {
			t.Error(err)
			return
		}
		if _, r, m := ready(o); r != reason || !strings.Contains(m, part) {
			t.Errorf("%s/%s is %s %q, want %s %q", namespace, name, r, m, reason, part)
		}
	}
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		want(flux.Kustomization, ns, "flux-stage-prod", "ReconciliationSucceeded", "Applied revision: main@sha1:")
	}
	want(flux.Instance, "flux-system", "flux", "ReconciliationSucceeded", "Reconciliation finished in")
	want(flux.GitRepository, "billing", "billing", "AuthenticationFailed", `secrets "deploy-key" not found`)
	want(flux.Kustomization, "billing", "billing", "ReconciliationSucceeded", "Applied")
	want(flux.Kustomization, "payments", "payments", "ReconciliationFailed", `cannot patch resource "configmaps" in API group "" in the namespace "webshop"`)
	want(flux.Kustomization, "checkout", "checkout", "DependencyNotReady", "dependency 'checkout/checkout-db' is not ready")
	want(flux.Kustomization, "checkout", "checkout-db", "HealthCheckFailed", "Deployment/checkout/checkout-db")
	want(flux.HelmRelease, "metrics", "podinfo", "UpgradeSucceeded", "podinfo@6.5.3")
	reports, err := client.Get(flux.Kustomization, "reports", "reports")
	if err != nil || !tree.Bool(reports, "spec", "suspend") {
		t.Errorf("reports is not suspended: %v", err)
	}
}

func TestCompanyMovesWithinAMinute(t *testing.T) {
	c := manualCompany(t, CompanyOptions{})
	client := c.client("test")
	generation := func() int64 {
		d, err := client.Get(control.Deployment, "fluxdemo-dev", "kcheck")
		if err != nil {
			t.Fatal(err)
		}
		return tree.Int(d, "metadata", "generation")
	}
	before := generation()
	c.Advance(10 * time.Second)
	if generation() == before {
		t.Error("nothing moved in the first ten seconds")
	}
	c.Advance(10 * time.Minute)
	if n := len(c.app("fluxdemo-dev").repo.Log("main")); n < 10 {
		t.Errorf("%d commits on dev's branch", n)
	}
}

func TestEmptyCompanyGetsItsOperator(t *testing.T) {
	c := manualCompany(t, CompanyOptions{Empty: true, OperatorAfter: 10 * time.Second})
	client := c.client("test")
	if client.Known(flux.Instance) != nil {
		t.Fatal("Flux is there already")
	}
	c.Advance(30 * time.Second)
	if client.Known(flux.Instance) == nil || client.Known(flux.GitRepository) != nil {
		t.Fatal("want the operator's kinds and no others")
	}
}

// An empty cluster becomes the company in three steps, two of them over the API.
func TestEmptyCompanyIsSetUp(t *testing.T) {
	c := manualCompany(t, CompanyOptions{Empty: true})
	client := c.client("tenantry")
	c.Advance(time.Hour)
	if client.Known(flux.Instance) != nil {
		t.Fatal("the operator came by itself")
	}
	c.InstallOperator()
	c.InstallOperator()
	c.Advance(20 * time.Second)
	instance := Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": Object{"name": "flux", "namespace": "flux-system"},
		"spec": Object{"distribution": Object{"version": "2.x", "registry": "ghcr.io/fluxcd"}, "cluster": Object{"multitenant": true}}}
	apply := func() {
		t.Helper()
		if _, _, _, err := client.Apply(instance, false, false); err != nil {
			t.Fatal(err)
		}
		c.Advance(time.Minute)
		o, err := client.Get(flux.Instance, "flux-system", "flux")
		if status, _, message := ready(o); err != nil || status != "True" {
			t.Fatalf("the instance is %s: %s %v", status, message, err)
		}
	}
	apply()
	if n := len(client.List(control.Lease, "flux-system")); n < 4 {
		t.Errorf("%d Leases: the controllers hold theirs once they run", n)
	}
	instance["spec"].(Object)["sync"] = Object{"kind": "GitRepository", "url": c.FleetURL(), "ref": "refs/heads/main", "path": "clusters/demo"}
	apply()
	c.Advance(3 * time.Minute)
	o, err := client.Get(flux.Kustomization, "webshop", "webshop")
	if err != nil {
		t.Fatal(err)
	}
	if status, _, message := ready(o); status != "True" {
		t.Errorf("webshop is %s: %s", status, message)
	}
	if n := len(c.app("webshop").repo.Log("main")) + len(c.app("fluxdemo-dev").repo.Log("main")); n < 3 {
		t.Error("nobody pushes anything")
	}
}

func TestCompanyIsTheSameWithTheSameSeed(t *testing.T) {
	print := func() string {
		c := manualCompany(t, CompanyOptions{})
		var b strings.Builder
		for _, gk := range []schema.GroupKind{control.Deployment, flux.Kustomization, control.Pod} {
			for _, o := range c.client("test").List(gk, "") {
				_, r, m := ready(o)
				b.WriteString(tree.Str(o, "metadata", "uid") + tree.Str(o, "metadata", "name") + r + m + "\n")
			}
		}
		return b.String()
	}
	if a, b := print(), print(); a != b {
		la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
		for i := range la {
			if i >= len(lb) || la[i] != lb[i] {
				t.Fatalf("line %d differs:\n%s\n%s", i, la[i], lb[min(i, len(lb)-1)])
			}
		}
	}
}

func BenchmarkCompany(b *testing.B) {
	for b.Loop() {
		manualCompany(b, CompanyOptions{})
	}
}
