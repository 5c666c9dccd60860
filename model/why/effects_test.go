package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

func effects(e *why.Explanation) map[string]string {
	out := map[string]string{}
	for i := range e.Faults {
		out[e.Faults[i].Root().Ref.Name] = e.Faults[i].Effect
	}
	return out
}

// Of several faults each says what it stops itself, a source nobody uses that
// it stops nothing.
func TestEveryFaultHasItsOwnEffect(t *testing.T) {
	spare := fetching("GitOperationFailed", asksRemote+"authorization failed: no")
	spare.Name = "spare"
	never := at(other("bad", uitest.Failing("BuildFailed", "kustomize build failed: x", time.Hour)), func(d *model.Sync) { d.Applied = "" })
	w := newWorld(spare, never, stuckDeployment())
	got := effects(why.Row(w.Store, "eu"))
	want := map[string]string{
		"spare": "No sync uses it: nothing that runs came from it.",
		"bad":   "Nothing of Kustomization eu/bad has ever been applied.",
		"web":   "It is applied; the pods are what is wrong. No pod of Deployment eu/web serves.",
	}
	for name, words := range want {
		if got[name] != words {
			t.Errorf("%s: %q, want %q", name, got[name], words)
		}
	}
	// Whether a source is used is not said where its users can't be read.
	w.Apply(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.HelmRelease, State: model.ScopeDenied}}})
	if got := effects(why.Row(w.Store, "eu"))["spare"]; got != "" {
		t.Errorf("%q", got)
	}
}

// A first revision that never got healthy is in the cluster all the same: its
// inventory says so, although Flux does not call it applied.
func TestAppliedAndNeverHealthyIsNotNeverApplied(t *testing.T) {
	first := at(applying("HealthCheckFailed", waitsForWeb), func(d *model.Sync) { d.Applied = "" })
	w := newWorld(first, stuckDeployment())
	if e := why.Object(w.Store, sync); e.Effect != "It is applied; the pods are what is wrong. No pod of Deployment eu/web serves." {
		t.Errorf("%q", e.Effect)
	}
	w = newWorld(at(applying("BuildFailed", "kustomize build failed: x"), func(d *model.Sync) { d.Applied = "" }))
	if e := why.Object(w.Store, sync); !strings.HasPrefix(e.Effect, "Kustomization eu/app has put ") || !strings.Contains(e.Effect, "at 41aaea2, and was never Ready") {
		t.Errorf("%q", e.Effect)
	}
}

// What a ResourceSet calls its revision is a digest nobody can look up.
func TestNoDigestIsCalledARevision(t *testing.T) {
	set := uitest.Object(model.ResourceSet, "eu", "set", &model.Sync{Applied: "sha256:4565f7a0", Interval: 3600},
		uitest.Failing("BuildFailed", "failed to build resources: template: x", time.Hour))
	w := newWorld(set)
	if e := why.Object(w.Store, set.Key); strings.Contains(e.Effect, "4565f7a") || !strings.Contains(e.Effect, "keeps what it applied before") {
		t.Errorf("%q", e.Effect)
	}
}

// A rollout under way waits for its pods: they are asked for, and what keeps
// them from running is the cause, long before Flux's health check gives up.
func TestARolloutUnderWayWaitsForItsPods(t *testing.T) {
	moving := uitest.Deployment("eu", "web", 5, 4, 2, 2, 2)
	moving.Conditions = []model.Condition{{Type: "Progressing", Status: "True", Reason: "ReplicaSetUpdated", LastTransition: uitest.Ago(10 * time.Second)}}
	running := uitest.Sync("eu", "app", "./deploy", uitest.Rev1, uitest.Condition("Reconciling", "True", "Progressing", "Running health checks", 10*time.Second),
		uitest.Condition("Ready", "Unknown", "Progressing", "Running health checks for revision x with a timeout of 2m", 10*time.Second))
	w := newWorld(moving, running)
	e := why.Object(w.Store, sync)
	if len(e.Faults) != 0 || len(e.Wants) == 0 || e.Wants[0].Kind != model.Pod {
		t.Fatalf("%+v\n%s", e.Wants, e.Text(time.UTC))
	}
	c := (&uitest.Cluster{}).Watch("eu", model.Pod).Put(uitest.ReplicaSet("eu", "web", "7c44", 3, "x", 2, time.Minute),
		uitest.Pod("eu", "web", "7c44", "aaaaa", model.PodContainer{Name: "web", Image: "reg/web:9", State: model.ContainerWaiting, Reason: "ImagePullBackOff", Message: "reg/web:9: not found"}))
	w.Apply(c.Batch)
	for _, e := range []*why.Explanation{why.Object(w.Store, sync), why.Row(w.Store, "eu")} {
		if len(e.Faults) != 1 || e.Faults[0].Ours != why.ImageMissing || !strings.Contains(e.Headline, "can't pull reg/web:9") {
			t.Errorf("%s", e.Text(time.UTC))
		}
	}
}

// What nobody applies while its controller is down is not called applied.
func TestADeadControllerRulesNothingOut(t *testing.T) {
	w := newWorld(stuckDeployment())
	if e := why.Row(w.Store, "eu"); !strings.Contains(strings.Join(e.RuledOut, ", "), "its source and its sync (applied)") {
		t.Errorf("%v", e.RuledOut)
	}
	w.put(uitest.Object(model.Lease, "flux-system", "source-controller-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35, RenewedMS: uitest.Start.Add(-time.Hour).UnixMilli()}))
	if e := why.Row(w.Store, "eu"); strings.Contains(strings.Join(e.RuledOut, ", "), "its source and its sync") {
		t.Errorf("%v", e.RuledOut)
	}
}

// A HelmRelease that only its controller's last words are known of is not said to
// run nothing; one nobody looks at is not blamed on a controller that is at work.
func TestWhatARelaseDoesNotTell(t *testing.T) {
	d := &model.Sync{Interval: 60, Attempted: "1.4.0", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "eu", Name: "app"}}
	gave := uitest.Object(model.HelmRelease, "eu", "web", d, uitest.Failing("RetriesExceeded", "Failed to upgrade after 3 attempt(s)", time.Hour),
		uitest.Condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 3 attempt(s)", time.Hour))
	if e := why.Object(newWorld(gave).Store, gave.Key); strings.Contains(e.Text(time.UTC), "runs nothing") || e.Effect != "" {
		t.Errorf("%s", e.Text(time.UTC))
	}
	never := uitest.Object(model.HelmRelease, "eu", "web", d, uitest.Failing("InstallFailed", "Helm install failed for release eu/web with chart web@1.4.0: context deadline exceeded", time.Hour))
	if e := why.Object(newWorld(never).Store, never.Key); e.Effect != "Nothing of HelmRelease eu/web has ever been applied." {
		t.Errorf("%s", e.Text(time.UTC))
	}
	silent := uitest.Object(model.HelmRelease, "eu", "web", &model.Sync{Interval: 60})
	e := why.Object(newWorld(silent).Store, silent.Key)
	if len(e.Faults) != 1 || e.Faults[0].Words != "HelmRelease eu/web has no status since it was made, although helm-controller is at work" || e.Effect != "" {
		t.Errorf("%s", e.Text(time.UTC))
	}
}
