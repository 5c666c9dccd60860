package restore

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// How far another one is that is waited for is no news of the one that waits,
// and Ready without a revision is only the half of a status.
func TestFollowTellsWhatHasComeOn(t *testing.T) {
	c := newCluster(t)
	f := c.follow(Known{}, "+"+source, "+"+sync)
	var told []string
	step := func() Report {
		r := f.Step(c.s, c.at)
		told = append(told, r.Moved...)
		return r
	}
	c.sync(0, "ArtifactFailed", noSource)
	for _, message := range []string{"processing object: new generation -1 -> 1", "building artifact"} {
		o := modeltest.Object(model.GitRepository, "stage", "app", &model.Source{URL: "https://a"})
		o.Generation, o.ObservedGeneration = 1, -1
		o.Conditions = []model.Condition{{Type: "Reconciling", Status: "True", Reason: "Progressing", Message: message, ObservedGeneration: 1},
			{Type: "Ready", Status: "Unknown", Reason: "Progressing", Message: message, ObservedGeneration: 1}}
		modeltest.Put(c.s, o)
		step()
	}
	c.source(0, "", "stored")
	half := &model.Sync{Path: "./a", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}}
	c.put(model.Kustomization, "stage", "app", 0, "", "applied", half)
	if r := step(); r.Ended || r.Done != 1 {
		t.Errorf("half a status: %+v", r)
	}
	c.sync(0, "", "applied")
	if r := step(); !r.Fine {
		t.Errorf("all of it: %+v", r)
	}
	want := []string{"GitRepository/stage/app: reconciling", "Kustomization/stage/app: waits for GitRepository app",
		"GitRepository/stage/app: fetched 41aaea2", "Kustomization/stage/app: applied 41aaea2"}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("told:\n%s", strings.Join(told, "\n"))
	}
	c.put(model.Kustomization, "stage", "app", 0, "", "applied", half) // and if it stays half, it is not waited for
	step()
	c.at = c.at.Add(settledFor)
	if r := step(); !r.Fine {
		t.Errorf("half for good: %+v", r)
	}
}

// Each line names its object once, and what comes and goes with every run of a
// controller is told once.
func TestFollowTellsOnce(t *testing.T) {
	c := newCluster(t)
	f := c.follow(Known{}, "+"+source, "+"+sync)
	c.source(0, "GitOperationFailed", refused)
	c.sync(0, "ArtifactFailed", noSource)
	running := func() {
		o := modeltest.Object(model.Kustomization, "stage", "app", &model.Sync{Path: "./a", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}})
		o.Generation, o.ObservedGeneration = 1, 1
		o.Conditions = []model.Condition{{Type: "Reconciling", Status: "True", Reason: "Progressing", ObservedGeneration: 1}, {Type: "Ready", Status: "Unknown", Reason: "Progressing", ObservedGeneration: 1}}
		modeltest.Put(c.s, o)
	}
	told := f.Step(c.s, c.at).Moved
	c.source(0, "", "stored") // which the sync has yet to see
	told = append(told, f.Step(c.s, c.at).Moved...)
	for range 3 {
		running()
		told = append(told, f.Step(c.s, c.at).Moved...)
		c.sync(0, "", "applied")
		told = append(told, f.Step(c.s, c.at).Moved...)
		c.at = c.at.Add(10 * time.Second)
	}
	want := []string{"GitRepository/stage/app: " + refused, "Kustomization/stage/app: waits for GitRepository app: " + refused,
		"GitRepository/stage/app: fetched 41aaea2", "Kustomization/stage/app: applied 41aaea2"}
	if strings.Join(told, "\n") != strings.Join(want, "\n") {
		t.Errorf("told:\n%s", strings.Join(told, "\n"))
	}
}
