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
		"web":   "It is applied; the pods are what is wrong.",
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
	if e := why.Object(w.Store, sync); e.Effect != "It is applied; the pods are what is wrong." {
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
