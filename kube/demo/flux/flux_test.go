package flux

import (
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/tree"
)

func push(w *world, r *git.Repo, subject string, files map[string]string) *git.Commit {
	changes := map[string]*string{}
	for p, text := range files {
		changes[p] = &text
	}
	return r.Push("main", subject, "dev@example.org", w.env.Now(), changes)
}

const teamX = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: bad, namespace: team-x}
spec: {interval: 1m, url: "http://git.local/bad.git", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: nosecret, namespace: team-x}
spec: {interval: 1m, url: "ssh://git@git.local/bad.git", ref: {branch: main}, secretRef: {name: flux-system}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: nobranch, namespace: team-x}
spec: {interval: 1m, url: "http://git.local/bad.git", ref: {branch: nope}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: norepo, namespace: team-x}
spec: {interval: 1m, url: "http://git.local/none.git", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: nohost, namespace: team-x}
spec: {interval: 1m, url: "https://git.invalid/none.git", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: suspended, namespace: team-x}
spec: {interval: 1m, suspend: true, url: "http://git.local/bad.git", ref: {branch: main}}
`

func ks(name, path, source, account, extra string) string {
	return "\n---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: " + name + ", namespace: team-x}\n" +
		"spec: {interval: 5m, retryInterval: 30s, timeout: 30s, path: " + path + ", prune: true, sourceRef: {kind: GitRepository, name: " + source + "}, serviceAccountName: '" + account + "'" + extra + "}\n"
}

// TestFailuresReadAsOnARealCluster makes what the lab's broken tenant has and
// compares the words with those a real Flux said.
func TestFailuresReadAsOnARealCluster(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	w.tenant("fluxdemo-prod")
	repo := w.git.Add("http://git.local/bad.git", git.Access{})
	push(w, repo, "bad things", map[string]string{
		"good/x.yaml":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fine}\n",
		"escape/x.yaml":    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: intruder, namespace: fluxdemo-prod}\n",
		"badyaml/x.yaml":   "apiVersion: v1\nkind: ConfigMap\nmetadata: name: x\n",
		"unhealthy/x.yaml": strings.ReplaceAll(strings.ReplaceAll(deploymentYAML, "NS", ""), "spec:\n  replicas: 1", "spec:\n  progressDeadlineSeconds: 15\n  replicas: 1") + "      nodeSelector: {no: such}\n",
	})
	w.apply(teamX)
	target := ", targetNamespace: team-x"
	w.apply(ks("escape", "./escape", "bad", "team-x", "") + ks("badyaml", "./badyaml", "bad", "team-x", "") +
		ks("nopath", "./nopath", "bad", "team-x", "") + ks("unhealthy", "./unhealthy", "bad", "team-x", target+", wait: true") +
		ks("good", "./good", "bad", "team-x", target) + ks("nosa", "./good", "bad", "ghost", target) + ks("defaultsa", "./good", "bad", "", target) +
		ks("waitfor", "./good", "bad", "team-x", target+", dependsOn: [{name: nopath}]") + ks("nosource", "./good", "missing", "team-x", "") +
		ks("fromnosecret", "./good", "nosecret", "team-x", "") +
		strings.Replace(ks("crossns", "./good", "bad", "team-x", ""), "name: bad}", "name: git-demo-dev, namespace: fluxdemo-dev}", 1))
	w.pass(2 * time.Minute)
	rev := "main@sha1:" + repo.Head("main").SHA
	stored := "stored artifact for revision '" + rev + "'"
	w.wants(GitRepository, "team-x", "bad", "Ready True Succeeded "+stored, "ArtifactInStorage True Succeeded "+stored)
	source := func(name, reason, message string) {
		t.Helper()
		w.wants(GitRepository, "team-x", name, "Reconciling True ProgressingWithRetry building artifact",
			"Ready False "+reason+" "+message, "FetchFailed True "+reason+" "+message)
		if n := tree.Int(w.get(GitRepository, "team-x", name), "status", "observedGeneration"); n != -1 {
			t.Errorf("%s: observedGeneration %d, want -1", name, n)
		}
	}
	source("nosecret", "AuthenticationFailed", `failed to get secret 'team-x/flux-system': failed to get secret 'team-x/flux-system': secrets "flux-system" not found`)
	source("nobranch", "GitOperationFailed", `failed to checkout and determine revision: unable to clone 'http://git.local/bad.git': couldn't find remote ref "refs/heads/nope"`)
	source("norepo", "GitOperationFailed", `failed to checkout and determine revision: unable to clone 'http://git.local/none.git': repository not found: `)
	source("nohost", "GitOperationFailed", `failed to checkout and determine revision: unable to clone 'https://git.invalid/none.git': Get "https://git.invalid/none.git/info/refs?service=git-upload-pack": dial tcp: lookup git.invalid on 10.96.0.10:53: no such host`)
	w.wants(GitRepository, "team-x", "suspended")

	retry := "Reconciling True ProgressingWithRetry "
	with := " for revision " + rev + " with a timeout of 30s"
	w.wants(Kustomization, "team-x", "good", "Ready True ReconciliationSucceeded Applied revision: "+rev)
	w.wants(Kustomization, "team-x", "escape", retry+"Detecting drift"+with,
		`Ready False ReconciliationFailed ConfigMap/fluxdemo-prod/intruder dry-run failed (Forbidden): configmaps "intruder" is forbidden: User "system:serviceaccount:team-x:team-x" cannot patch resource "configmaps" in API group "" in the namespace "fluxdemo-prod"`+"\n")
	for name, account := range map[string]string{"nosa": "ghost", "defaultsa": "default"} {
		w.wants(Kustomization, "team-x", name, retry+"Detecting drift"+with,
			`Ready False ReconciliationFailed ConfigMap/team-x/fine dry-run failed (Forbidden): configmaps "fine" is forbidden: User "system:serviceaccount:team-x:`+account+`" cannot patch resource "configmaps" in API group "" in the namespace "team-x"`+"\n")
	}
	w.wants(Kustomization, "team-x", "badyaml", retry+"Building manifests"+with,
		"Ready False BuildFailed failed to decode Kubernetes YAML from /tmp/kustomization-…/badyaml/x.yaml: MalformedYAMLError: yaml: line 3: mapping values are not allowed in this context")
	w.wants(Kustomization, "team-x", "nopath", retry+"Fetching manifests"+with,
		"Ready False ArtifactFailed kustomization path not found: stat /tmp/kustomization-…/nopath: no such file or directory")
	w.wants(Kustomization, "team-x", "unhealthy", retry+"Running health checks"+with,
		"Ready False HealthCheckFailed health check failed after …: failed early due to stalled resources: [Deployment/team-x/kcheck status: 'Failed']",
		"Healthy False HealthCheckFailed failed early due to stalled resources: [Deployment/team-x/kcheck status: 'Failed']")
	denied := "can't access 'GitRepository/fluxdemo-dev/git-demo-dev', cross-namespace references have been blocked"
	w.wants(Kustomization, "team-x", "crossns", "Stalled True AccessDenied "+denied, "Ready False AccessDenied "+denied)
	w.wants(Kustomization, "team-x", "waitfor", "Ready False DependencyNotReady dependency 'team-x/nopath' is not ready")
	w.wants(Kustomization, "team-x", "nosource", `Ready False ArtifactFailed GitRepository.source.toolkit.fluxcd.io "missing" not found`)
	w.wants(Kustomization, "team-x", "fromnosecret", "Ready False ArtifactFailed Source artifact not found, retrying in 30s")
	if e := w.events("team-x", "good"); !strings.Contains(e, "ConfigMap/team-x/fine created") || !strings.Contains(e, "next run in 5m0s") {
		t.Errorf("events of good:\n%s", e)
	}
	if _, err := w.c.Get(Kustomization, "team-x", "nopath"); err != nil || tree.Has(w.get(Kustomization, "team-x", "nopath"), "status", "lastAttemptedRevision") {
		t.Error("a missing path must not count as attempted")
	}
}

// TestCommitBecomesPods follows a push through source, apply and rollout.
func TestCommitBecomesPods(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	repo := w.git.Add("http://git.local/app.git", git.Access{})
	push(w, repo, "first", map[string]string{"app/d.yaml": strings.ReplaceAll(deploymentYAML, "NS", ", namespace: team-x"),
		"app/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: team-x}\n"})
	w.apply("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: team-x}\nspec: {interval: 1m, url: 'http://git.local/app.git', ref: {branch: main}}\n" +
		ks("app", "./app", "app", "team-x", ", wait: true"))
	w.pass(30 * time.Second)
	first := w.get(control.Deployment, "team-x", "kcheck")
	if tree.Int(first, "status", "availableReplicas") != 1 || tree.Str(first, "metadata", "labels", GroupKustomize+"/name") != "app" {
		t.Fatalf("not rolled out: %v", first)
	}
	push(w, repo, "Scale to two and drop the extra", map[string]string{
		"app/d.yaml": strings.ReplaceAll(strings.ReplaceAll(deploymentYAML, "NS", ", namespace: team-x"), "replicas: 1", "replicas: 2")})
	repo.Push("main", "Remove extra", "dev", w.env.Now(), map[string]*string{"app/cm.yaml": nil})
	w.pass(90 * time.Second)
	d := w.get(control.Deployment, "team-x", "kcheck")
	if tree.Int(d, "metadata", "generation") != 2 || tree.Int(d, "status", "availableReplicas") != 2 ||
		tree.Str(d, "metadata", "annotations", "deployment.kubernetes.io/revision") != "1" {
		t.Fatalf("replicas alone: generation 2, revision 1; have %v %v", d["metadata"], d["status"])
	}
	if _, err := w.c.Get(control.Deployment.WithVersion("").GroupKind(), "team-x", "none"); err == nil {
		t.Fatal("no such Deployment")
	}
	k := w.get(Kustomization, "team-x", "app")
	if n := len(tree.List(k, "status", "inventory", "entries")); n != 1 {
		t.Fatalf("%d inventory entries after the prune, want 1", n)
	}
	managers := map[string]bool{}
	for _, m := range tree.Maps(d, "metadata", "managedFields") {
		managers[tree.Str(m, "manager")+"/"+tree.Str(m, "operation")] = true
	}
	if !managers["kustomize-controller/Apply"] {
		t.Fatalf("managers of the Deployment: %v", managers)
	}
	// Deleting the Kustomization takes what it applied.
	if err := w.c.Delete(Kustomization, "team-x", "app", nil); err != nil {
		t.Fatal(err)
	}
	w.pass(10 * time.Second)
	if _, err := w.c.Get(control.Deployment, "team-x", "kcheck"); err == nil {
		t.Fatal("the Deployment survived its Kustomization")
	}
}

func TestSecretLostAndRestored(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	repo := w.git.Add("ssh://git@git.local/app", git.Access{Key: true})
	repo.Authorize("secret-key")
	push(w, repo, "first", map[string]string{"app/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team-x}\n"})
	secret := "apiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: team-x}\nstringData: {identity: secret-key, known_hosts: 'git.local ssh-ed25519 AAAA'}\n"
	w.apply(secret + "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: team-x}\nspec: {interval: 1m, url: 'ssh://git@git.local/app', ref: {branch: main}, secretRef: {name: key}}\n" +
		ks("app", "./app", "app", "team-x", ""))
	w.pass(10 * time.Second)
	if err := w.c.Delete(control.Secret, "team-x", "key", nil); err != nil {
		t.Fatal(err)
	}
	w.pass(2 * time.Minute)
	rev := "main@sha1:" + repo.Head("main").SHA
	lost := `AuthenticationFailed failed to get secret 'team-x/key': failed to get secret 'team-x/key': secrets "key" not found`
	w.wants(GitRepository, "team-x", "app", "Reconciling True ProgressingWithRetry reconciliation in progress", "Ready False "+lost,
		"ArtifactInStorage True Succeeded stored artifact for revision '"+rev+"'", "FetchFailed True "+lost)
	w.wants(Kustomization, "team-x", "app", "Ready True ReconciliationSucceeded Applied revision: "+rev)
	w.apply(secret)
	if _, err := w.c.Edit(GitRepository, "team-x", "app", func(o Object) error {
		tree.Make(o, "metadata", "annotations")[requestedAt] = "token"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.pass(5 * time.Second)
	o := w.get(GitRepository, "team-x", "app")
	if !isReady(o) || tree.Str(o, "status", "lastHandledReconcileAt") != "token" {
		t.Fatalf("not restored: %v", o["status"])
	}
}

func TestSetAndRemoveSync(t *testing.T) {
	w := newWorld(t)
	repo := w.git.Add("http://git.local/fleet.git", git.Access{})
	push(w, repo, "fleet", map[string]string{"dev/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fleet, namespace: default}\n"})
	tenantry := w.env.Client("tenantry")
	sync := Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": Object{"name": "flux", "namespace": "flux-system"},
		"spec": Object{"sync": Object{"kind": "GitRepository", "url": "http://git.local/fleet.git", "ref": "refs/heads/main", "path": "dev"}}}
	if _, _, _, err := tenantry.Apply(sync, false, false); err != nil {
		t.Fatal(err)
	}
	w.pass(20 * time.Second)
	w.wants(Kustomization, "flux-system", "flux-system", "Ready True ReconciliationSucceeded Applied revision: refs/heads/main@sha1:"+repo.Head("main").SHA)
	if a := tree.Str(w.get(Kustomization, "flux-system", "flux-system"), "spec", "serviceAccountName"); a != "kustomize-controller" {
		t.Errorf("the sync runs as %q", a)
	}
	if !isReady(w.get(Instance, "flux-system", "flux")) {
		t.Errorf("instance: %v", w.get(Instance, "flux-system", "flux")["status"])
	}
	if _, err := w.c.Edit(Instance, "flux-system", "flux", func(o Object) error { delete(tree.Make(o, "spec"), "sync"); return nil }); err != nil {
		t.Fatal(err)
	}
	w.pass(20 * time.Second)
	if _, err := w.c.Get(Kustomization, "flux-system", "flux-system"); err == nil {
		t.Error("the sync's Kustomization is still there")
	}
	if n := len(w.c.List(GitRepository, "flux-system")); n != 0 {
		t.Errorf("%d sources are left", n)
	}
}

func TestSuspendedAnswersRequestsAndKubectlFieldsAreTakenOver(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	repo := w.git.Add("http://git.local/app.git", git.Access{})
	push(w, repo, "first", map[string]string{"app/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: team-x}\ndata: {k: v}\n"})
	w.apply("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: team-x}\nspec: {interval: 1m, url: 'http://git.local/app.git', ref: {branch: main}}\n" +
		ks("app", "./app", "app", "team-x", ""))
	w.pass(10 * time.Second)
	cm := control.Namespace
	cm.Kind = "ConfigMap"
	edit := func(manager, field string) {
		if _, err := w.env.Client(manager).Edit(cm, "team-x", "a", func(o Object) error { tree.Make(o, "data")[field] = "x"; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	edit("kubectl-edit", "byhand")
	edit("tenantry", "ours")
	w.request("app", "one")
	w.pass(10 * time.Second)
	data := tree.Map(w.get(cm, "team-x", "a"), "data")
	if _, ok := data["byhand"]; ok || data["ours"] != "x" || data["k"] != "v" {
		t.Fatalf("data is %v: kubectl's field must go, ours must stay", data)
	}
	if _, err := w.c.Edit(Kustomization, "team-x", "app", func(o Object) error { tree.Make(o, "spec")["suspend"] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	w.request("app", "two")
	w.pass(5 * time.Second)
	if v := tree.Str(w.get(Kustomization, "team-x", "app"), "status", "lastHandledReconcileAt"); v != "two" {
		t.Fatalf("a suspended object still answers requests; have %q", v)
	}
}

func (w *world) request(name, token string) {
	if _, err := w.c.Edit(Kustomization, "team-x", name, func(o Object) error {
		tree.Make(o, "metadata", "annotations")[requestedAt] = token
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
}
