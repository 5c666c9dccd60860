package restore

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/modeltest"
)

func TestFollow(t *testing.T) {
	at := modeltest.Now
	s := modeltest.StoreAt(func() time.Time { return at })
	put := func(ns string, d model.Detail, status, reason, message string) {
		o := modeltest.Object(model.GitRepository, ns, "app", d)
		o.Generation, o.ObservedGeneration = 1, 1
		o.Conditions = []model.Condition{{Type: "Ready", Status: status, Reason: reason, Message: message, ObservedGeneration: 1, LastTransition: model.Unix(at.Unix())}}
		modeltest.Put(s, o)
	}
	other := strings.Replace(source, "stage", "prod", 1)
	p := Compare([]*Object{object(t, source), object(t, other)}, Live{Exists: func(model.Key) bool { return false }})
	f := p.Follow(s, Known{})
	git := &model.Source{URL: "https://a", Revision: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"}
	put("stage", git, "True", "Succeeded", "stored")
	r := f.Step(s, at)
	if r.Done != 1 || r.Ended || len(r.Open) != 1 {
		t.Fatalf("one is there: %+v", r)
	}
	put("prod", &model.Source{URL: "https://a"}, "False", "AuthenticationFailed", `failed to get secret 'prod/key': secrets "key" not found`)
	if r = f.Step(s, at); r.Ended || len(r.Wants) != 1 || r.Wants[0] != "prod/key" {
		t.Errorf("a Secret is missing: %+v", r)
	}
	at = at.Add(settledFor)
	if r = f.Step(s, at); !r.Ended || r.Fine {
		t.Errorf("and nothing else moves: %+v", r)
	}
	put("prod", &model.Source{URL: "https://a"}, "False", "GitOperationFailed", "connection refused")
	if r = f.Step(s, at); r.Ended || len(r.Failed) != 0 {
		t.Errorf("it has only just failed: %+v", r)
	}
	at = at.Add(failedFor)
	if r = f.Step(s, at); len(r.Failed) != 1 || r.Ended {
		t.Errorf("it has failed long enough: %+v", r)
	}
	at = at.Add(settledFor)
	if r = f.Step(s, at); !r.Ended || r.Fine {
		t.Errorf("and stands still: %+v", r)
	}
}

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
		f := Compare(objects, Live{Exists: func(model.Key) bool { return false }}).Follow(s, Known{})
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
