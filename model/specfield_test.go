package model

import (
	"fmt"
	"testing"
)

func ofSpec(w *world, k Key) (got []string) {
	w.Log().Since(0, func(e Entry) bool {
		switch {
		case e.Key == k && e.Change == ChangeSpec:
			got = append(got, fmt.Sprintf("%s: %s > %s by %s", e.Field, e.From, e.To, e.Detail))
		case e.Key == k && (e.Change == ChangeSuspended || e.Change == ChangeResumed):
			got = append(got, e.Change.String()+" by "+e.Detail)
		}
		return true
	})
	return got
}

// Each field of a spec that changed is told with what it was, what it is and who
// wrote it; of the object of the same name in another namespace nothing is.
func TestSpecChangesAreTold(t *testing.T) {
	before := &Sync{Path: "./a", SourceRef: Ref{"GitRepository", "a", "g"}, Interval: 60, Prune: true, Secrets: []Pair{{"decryption.secretRef", "sops"}}}
	after := &Sync{Path: "./b", SourceRef: Ref{"GitRepository", "a", "other"}, DependsOn: []Ref{{"Kustomization", "a", "infra"}}, ServiceAccount: "robot", TargetNamespace: "x",
		Interval: 3600, RetryInterval: 90, Timeout: 300, Wait: true, Force: true, RemoteCluster: true, HealthChecks: 2, DeletionPolicy: "Orphan",
		Secrets: []Pair{{"decryption.secretRef", "keys"}, {"kubeConfig.secretRef", "far"}}}
	w := newWorld(t)
	was, is, other := kust("a", "k", "g"), kust("a", "k", "g"), kust("b", "k", "g")
	was.Detail, is.Detail, other.Detail = before, after, before
	was.Generation, is.Generation, other.Generation = 1, 2, 1
	is.SpecWriters = map[string]Manager{"interval": {Name: "kubectl-edit", Time: 9}, "decryption": {Name: "helm", Time: 8}, "kubeConfig": {Name: "kubectl-edit", Time: 9}}
	w.put(was, other).synced().put(is)
	want := []string{"path: ./a > ./b by ", "sourceRef: GitRepository/a/g > GitRepository/a/other by ", "dependsOn:  > a/infra by ", "serviceAccountName:  > robot by ",
		"targetNamespace:  > x by ", "interval: 1m > 1h by kubectl-edit", "retryInterval:  > 1m30s by ", "timeout:  > 5m by ", "prune: true > false by ", "wait: false > true by ",
		"force: false > true by ", "kubeConfig: false > true by kubectl-edit", "healthChecks: 0 > 2 by ", "deletionPolicy:  > Orphan by ", "decryption.secretRef: sops > keys by helm",
		"kubeConfig.secretRef:  > far by kubectl-edit"}
	if got := ofSpec(w, is.Key); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := ofSpec(w, other.Key); len(got) > 0 {
		t.Errorf("%q", got)
	}
}

func TestSpecChangesOfSourcesAndTheInstance(t *testing.T) {
	w := newWorld(t)
	n := 0
	change := func(kind Kind, before, after Detail, want ...string) {
		t.Helper()
		was, is := &Object{Key: Key{kind, "a", fmt.Sprint(n)}, UID: "u"}, &Object{Key: Key{kind, "a", fmt.Sprint(n)}, UID: "u"}
		n++
		was.Detail, is.Detail, was.Generation, is.Generation = before, after, 4, 5
		is.SpecWriters = map[string]Manager{"interval": {Name: "flux", Time: 9}, "suspend": {Name: "kubectl-patch", Time: 9}, "sync": {Name: "tenantry", Time: 9}}
		w.put(was).synced().put(is)
		if got := ofSpec(w, is.Key); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s\ngot  %q\nwant %q", kind, got, want)
		}
	}
	change(GitRepository, &Source{URL: "https://a/b", Ref: "branch main", Interval: 60, Secrets: []Pair{{"secretRef", "git"}}},
		&Source{URL: "https://a/c", Ref: "tag v1", Interval: 60, Verify: true},
		"url: https://a/b > https://a/c by ", "ref: branch main > tag v1 by ", "verify: false > true by ", "secretRef: git >  by ")
	change(HelmChart, &Source{URL: "podinfo", Ref: "version 1"}, &Source{URL: "podinfo", Ref: "version 2"}, "version: 1 > 2 by ")
	change(Bucket, &Source{Interval: 60}, &Source{Interval: 300}, "interval: 1m > 5m by flux")
	// Suspending is told once, and what nothing is kept of at least as a change.
	change(OCIRepository, &Source{}, &Source{Suspend: true}, "suspended by kubectl-patch")
	change(HelmRelease, &Sync{}, &Sync{}, ": 4 > 5 by flux")
	change(FluxInstance, &Instance{Sync: &InstanceSync{Interval: 60}}, &Instance{Sync: &InstanceSync{Interval: 600}}, "sync.interval: 1m > 10m by tenantry")
	change(FluxInstance, &Instance{Sync: &InstanceSync{Path: "a"}}, &Instance{Sync: &InstanceSync{Path: "b"}}) // told as the sync's
	change(Deployment, &Workload{Desired: 1}, &Workload{Desired: 2})
}
