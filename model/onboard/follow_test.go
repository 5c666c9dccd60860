package onboard

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/modeltest"
)

const shopRevision = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"

var (
	shopSource = model.Key{Kind: model.GitRepository, Namespace: "shop", Name: "shop"}
	shopSync   = model.Key{Kind: model.Kustomization, Namespace: "shop", Name: "shop"}
)

func with(o *model.Object, status, reason, message string, at time.Time) *model.Object {
	o.Generation, o.ObservedGeneration = 1, 1
	o.Conditions = []model.Condition{{Type: "Ready", Status: status, Reason: reason, Message: message, ObservedGeneration: 1, LastTransition: model.Unix(at.Unix())}}
	return o
}

// What is said while a tenant comes is what its objects say.
func TestFollowedByWhatTheObjectsSay(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	spec := Spec{Name: "shop", Spaces: []Space{{Namespace: "shop"}}}.withDefaults()
	source := func(revision, status, reason, message string) *model.Object {
		return with(modeltest.Object(model.GitRepository, "shop", "shop", &model.Source{URL: "https://git.example/shop", Revision: revision}), status, reason, message, now)
	}
	sync := func(status, reason, message string) *model.Object {
		d := &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: "shop", Name: "shop"}}
		if status == "True" {
			d.Applied = shopRevision
		}
		return with(modeltest.Object(model.Kustomization, "shop", "shop", d), status, reason, message, now)
	}
	ready := func() *model.Object {
		return source(shopRevision, "True", "Succeeded", "stored artifact for revision '"+shopRevision+"'")
	}
	none := sync("False", "ArtifactFailed", "Source artifact not found, retrying in 30s")
	for _, c := range []struct {
		name    string
		objects []*model.Object
		judge   judge
		after   time.Duration
		state   action.State
		words   string
	}{
		{"fetched", []*model.Object{ready()}, fetched(shopSource), 0, action.Done, "fetched 41aaea2"},
		{"Ready before it has anything", []*model.Object{source("", "True", "Succeeded", "")}, fetched(shopSource), 0, action.Waiting, "fetching"},
		{"Ready and never anything", []*model.Object{source("", "True", "Succeeded", "")}, fetched(shopSource), time.Hour, action.Failed, "has fetched nothing"},
		{"nothing fetched yet", []*model.Object{source("", "Unknown", "Progressing", "building artifact"), none}, applied(shopSync, spec), 0, action.Waiting, "waits for its source"},
		{"fetched, and not noticed", []*model.Object{ready(), none}, applied(shopSync, spec), 20 * time.Second, action.Waiting, "its source has 41aaea2; it has not looked again yet"},
		{"fetched, and never noticed", []*model.Object{ready(), none}, applied(shopSync, spec), time.Hour, action.Failed, "does not look again"},
		// This is no waiting, however fresh its source is.
		{"no such folder", []*model.Object{ready(), sync("False", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/prod2: no such file or directory")},
			applied(shopSync, spec), 0, action.Failed, "prod2"},
		{"applied", []*model.Object{ready(), sync("True", "ReconciliationSucceeded", "Applied revision: "+shopRevision)}, applied(shopSync, spec), 0, action.Done, "applied 41aaea2"},
		{"gone", nil, applied(shopSync, spec), 0, action.Failed, "gone from the cluster"},
	} {
		if got := c.judge(modeltest.Store(c.objects...), now, now.Add(c.after)); got.State != c.state || !strings.Contains(got.Words, c.words) {
			t.Errorf("%s: %v %q, want %v %q", c.name, got.State, got.Words, c.state, c.words)
		}
	}
}

// How long a fetch and an apply took is what the objects say; what was there
// before nobody brought about.
func TestTook(t *testing.T) {
	began := time.Unix(1_700_000_000, 500_000_000)
	source := func(created, updated int64) *model.Store {
		o := modeltest.Object(model.GitRepository, "shop", "shop", &model.Source{Revision: shopRevision, Updated: model.Unix(began.Unix() + updated)})
		o.Created = model.Unix(began.Unix() + created)
		return modeltest.Store(o)
	}
	sync := func(status string, at int64) *model.Store {
		return modeltest.Store(with(modeltest.Object(model.Kustomization, "shop", "shop", &model.Sync{}), status, "", "", began.Add(time.Duration(at)*time.Second)))
	}
	for _, c := range []struct {
		name  string
		took  func(*model.Store, time.Time) (time.Duration, bool)
		store *model.Store
		want  time.Duration
		known bool
	}{
		{"fetched since it was made", action.FetchTook(shopSource), source(2, 5), 3 * time.Second, true},
		{"fetched by one that was there", action.FetchTook(shopSource), source(-60, 5), 5 * time.Second, true},
		{"fetched before", action.FetchTook(shopSource), source(-60, -50), 0, false},
		{"applied", action.SettleTook(shopSync), sync("True", 4), 4 * time.Second, true},
		{"applied before", action.SettleTook(shopSync), sync("True", -4), 0, false},
		{"not applied", action.SettleTook(shopSync), sync("False", 4), 0, false},
		{"gone", action.SettleTook(shopSync), modeltest.Store(), 0, false},
	} {
		if got, known := c.took(c.store, began); known != c.known || known && got != c.want {
			t.Errorf("%s: %v %v, want %v %v", c.name, got, known, c.want, c.known)
		}
	}
}

// What a sync says of the artifact before is no verdict on what was mended: not
// that it is Ready, and not that it has failed.
func TestAMendedTenantIsFollowedAnew(t *testing.T) {
	const next = "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3"
	sent := time.Unix(1_700_000_000, 0)
	spec := Spec{Name: "shop", Spaces: []Space{{Namespace: "shop"}}}.withDefaults()
	source := func(generation int64) *model.Object {
		o := with(modeltest.Object(model.GitRepository, "shop", "shop", &model.Source{URL: "https://git.example/shop", Revision: next}), "True", "Succeeded", "", sent)
		o.Generation = generation
		return o
	}
	sync := func(applied, status, message string, at time.Time) *model.Object {
		d := &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: "shop", Name: "shop"}, Applied: applied}
		return with(modeltest.Object(model.Kustomization, "shop", "shop", d), status, "ArtifactFailed", message, at)
	}
	const gone = "kustomization path not found: stat /tmp/kustomization-1/prod2: no such file or directory"
	for _, c := range []struct {
		name  string
		a, b  *model.Object
		state action.State
		words string
	}{
		{"the source is not looked at anew", source(2), sync(shopRevision, "True", "", sent.Add(-time.Minute)), action.Waiting, "waits for its source"},
		{"the one before is applied", source(1), sync(shopRevision, "True", "", sent.Add(-time.Minute)), action.Waiting, "it has not looked again yet"},
		{"the one before has failed", source(1), sync("", "False", gone, sent.Add(-time.Minute)), action.Waiting, "it has not looked again yet"},
		{"this one is applied", source(1), sync(next, "True", "", sent.Add(-time.Minute)), action.Done, "applied d634062"},
		{"this one has failed", source(1), sync("", "False", gone, sent.Add(time.Second)), action.Failed, "prod2"},
	} {
		p := applied(shopSync, spec)(modeltest.Store(c.a, c.b), sent, sent.Add(2*time.Second))
		if p.State != c.state || !strings.Contains(p.Words, c.words) {
			t.Errorf("%s: %v %q", c.name, p.State, p.Words)
		}
	}
}
