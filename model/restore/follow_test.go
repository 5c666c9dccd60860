package restore

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// What was exported as suspended is done once it is applied, and what waits for
// it is waited for no more: nothing comes of that by itself.
func TestFollowWhatIsSuspended(t *testing.T) {
	at := modeltest.Now
	s := modeltest.StoreAt(func() time.Time { return at })
	space := modeltest.Object(model.Namespace, "", "stage", &model.NamespaceDetail{Phase: "Active"})
	git := modeltest.Object(model.GitRepository, "stage", "app", &model.Source{URL: "https://a", Suspend: true})
	git.Generation, git.ObservedGeneration = 1, -1
	app := modeltest.Object(model.Kustomization, "stage", "app", &model.Sync{Path: "./a", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}})
	app.Generation, app.ObservedGeneration = 1, 1
	app.Conditions = []model.Condition{{Type: "Ready", Status: "False", Reason: "ArtifactFailed", Message: "Source artifact not found, retrying in 30s", ObservedGeneration: 1, LastTransition: model.Unix(at.Unix())}}
	modeltest.Put(s, space, git, app)

	paused := strings.Replace(source, `"url"`, `"suspend":true,"url"`, 1)
	step := func(folder ...string) Report {
		var objects []*Object
		for _, text := range folder {
			objects = append(objects, object(t, text))
		}
		f := Compare(objects, Live{Exists: func(model.Key) bool { return false }}).Follow(nil)
		return f.Step(s, at)
	}
	r := step(stage, paused)
	if !r.Fine || r.Done != 1 || len(r.Moved) != 1 || r.Moved[0] != "GitRepository/stage/app: suspended, as exported" {
		t.Errorf("suspended alone: %+v", r)
	}
	r = step(stage, paused, sync)
	if !r.Ended || r.Fine || len(r.Rests) != 1 || r.Rests[0] != "Kustomization/stage/app: waits for GitRepository/stage/app, which is suspended, as exported" || len(r.Open) > 0 {
		t.Errorf("with what waits for it: %+v", r)
	}
	r = step(stage, source, sync)
	if r.Ended || len(r.Rests) > 0 {
		t.Errorf("suspended, though not exported so: %+v", r)
	}
}
