package fluxsync_test

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/ui/uitest"
)

// A failure counts when it is about what was fetched, whatever the clocks of
// source-controller and kustomize-controller say.
func TestAFailureIsAboutWhatWasFetched(t *testing.T) {
	const noPath = "kustomization path not found: stat /tmp/kustomization-1/clusters/prod: no such file or directory"
	trying := func(revision string) model.Condition {
		return uitest.Condition("Reconciling", "True", "ProgressingWithRetry", "Fetching manifests for revision "+revision+" with a timeout of 30s", 0)
	}
	for _, c := range []struct {
		name            string
		reason, message string
		attempted       string // as the status has it
		trying          string // as Reconciling names it
		want            action.State
	}{
		{"its build", "BuildFailed", "kustomize build failed: x", uitest.Rev2, uitest.Rev2, action.Failed},
		{"the build before", "BuildFailed", "kustomize build failed: x", uitest.Rev1, uitest.Rev1, action.Waiting},
		{"its path", "ArtifactFailed", noPath, uitest.Rev1, uitest.Rev2, action.Failed},
		{"the path before", "ArtifactFailed", noPath, uitest.Rev1, uitest.Rev1, action.Waiting},
	} {
		for _, ahead := range []time.Duration{-time.Minute, 0, time.Minute} { // source-controller's clock
			s := store(appOfDocs, nil)
			src := uitest.Git(ns, ns, "ssh://git@github.com/acme/fleet", uitest.Rev2)
			src.Detail.(*model.Source).Updated = uitest.Ago(-ahead)
			ks := uitest.Sync(ns, ns, "./clusters/prod", uitest.Rev1, uitest.Failing(c.reason, c.message, -2*time.Second), trying(c.trying))
			ks.Detail.(*model.Sync).Attempted = c.attempted
			s.Apply((&uitest.Cluster{}).Put(src, ks).Batch)
			plan := fluxsync.Order{Live: live(nil, nil), Want: spec("./clusters/prod")}.Plan(s)
			now := s.Now()
			if got := applies(t, plan, ks.Key)(s, now, now); got.State != c.want {
				t.Errorf("%s, %s ahead: %d %q, want %d", c.name, ahead, got.State, got.Words, c.want)
			}
		}
	}
}

// applies is what judges the step that waits for the Kustomization.
func applies(t *testing.T, plan action.Plan, sync model.Key) func(*model.Store, time.Time, time.Time) action.Progress {
	for _, step := range plan.Steps {
		if step.Key == sync {
			return step.Judge
		}
	}
	t.Fatal("no step waits for the Kustomization")
	return nil
}
