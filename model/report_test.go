package model

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The pinned JSON: a change here is a change of the interface, and keys are
// only ever added.
func TestReportGolden(t *testing.T) {
	w := newWorld(t)
	w.put(namespace("fluxdemo-stage", LabelTenant, "stage"), namespace("fluxdemo-prod", LabelTenant, "prod"), namespace("flux-system"))
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		k := kust(ns, "flux-stage-prod", "flux-stage-prod")
		w.put(account(ns, ns), git(ns, "flux-stage-prod", rev1), k, deploy(ns, "kcheck", 6, 6, 3, 3, 3, 3))
	}
	broken := kust("fluxdemo-prod", "escape", "flux-stage-prod", cond("Ready", "False", "ReconciliationFailed",
		`ConfigMap/fluxdemo-stage/c dry-run failed (Forbidden): configmaps "c" is forbidden: User "system:serviceaccount:fluxdemo-prod:fluxdemo-prod" cannot patch resource "configmaps" in API group "" in the namespace "fluxdemo-stage"`))
	w.put(broken, controller("source-controller"), controller("kustomize-controller", "--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default"),
		lease("source-controller-leader-election", time.Second),
		obj(FluxInstance, "flux-system", "flux", &Instance{Applied: "v2.9.4@sha256:1", Sync: &InstanceSync{Kind: "GitRepository", URL: "https://git.example/fleet", Ref: "refs/heads/main", Path: "./clusters/a"}},
			cond("Ready", "True", "ReconciliationSucceeded", "Reconciliation finished in 52s")))
	w.synced()
	w.Apply(Batch{Conn: &Connection{State: ConnLive, Context: "lab", Server: "https://127.0.0.1:6443"},
		Scopes: []ScopeStatus{{Kind: HelmRelease, State: ScopeAbsent}, {Kind: Secret, State: ScopeDenied, Verb: "list"}}})
	got, err := json.MarshalIndent(Report(w.Store), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("..", "testdata", "golden", "status.json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("status -o json changed; compare with %s, and rewrite it with -update if that is meant\n%s", path, got)
	}
}

func TestRefusedWithinTheAskedScope(t *testing.T) {
	denied := func(single bool) []string {
		w := newWorld(t)
		b := Batch{Conn: &Connection{}}
		ns := ""
		if single {
			ns, b.Conn.Namespaces = "a", []string{"a"}
		}
		for _, k := range []Kind{FluxInstance, Secret, Lease, Kustomization, Namespace} {
			b.Scopes = append(b.Scopes, ScopeStatus{Kind: k, Namespace: ns, State: ScopeDenied, Verb: "list"})
		}
		w.Apply(b)
		return Refused(w.Store)
	}
	if got := denied(true); len(got) != 1 || got[0] != "you may not list kustomizations in a" {
		t.Errorf("in a tenant's namespace: %q", got)
	}
	if got := denied(false); len(got) != 3 {
		t.Errorf("cluster-wide: %q", got)
	}
}
