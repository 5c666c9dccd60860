package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// event makes an event about an object, said n times, last some time ago.
func event(about model.Ref, typ, reason, message string, n int32, last time.Duration) *model.Object {
	name := fmt.Sprintf("%s.%x", about.Name, len(reason+message)+int(last/time.Second))
	return uitest.Object(model.Event, about.Namespace, name, &model.EventDetail{Type: typ, Reason: reason, Message: message,
		Regarding: about, Controller: "kustomize-controller", Count: n, First: uitest.Ago(last + time.Hour), Last: uitest.Ago(last)})
}

// talk is Prod with its events read.
func talk() *uitest.Cluster {
	sync := func(ns, name string) model.Ref { return model.Ref{Kind: "Kustomization", Namespace: ns, Name: name} }
	return uitest.Prod().Scope(model.ScopeStatus{Kind: model.Event, State: model.ScopeSynced}).Put(
		event(sync("fluxdemo-stage", "flux-stage-prod"), "Normal", "ReconciliationSucceeded", "Reconciliation finished in 812ms, next run in 10m0s", 1, 8*time.Second),
		event(sync("fluxdemo-prod", "flux-stage-prod"), "Normal", "Progressing", "Deployment/fluxdemo-prod/kcheck configured", 1, 9*time.Second),
		event(sync("billing-prod", "billing-prod"), "Warning", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-8123/prod2: no such file or directory", 431, 40*time.Second),
		event(sync("shop-infra", "shop-infra"), "Warning", "HealthCheckFailed", "timeout waiting for: [StatefulSet/shop-infra/postgres status: 'InProgress']", 9, 2*time.Minute),
		event(model.Ref{Kind: "Job", Namespace: "shop-infra", Name: "migrate"}, "Warning", "BackoffLimitExceeded", "Job has reached the specified backoff limit", 1, 5*time.Minute),
		event(model.Ref{Kind: "GitRepository", Namespace: "docs", Name: "docs"}, "Normal", "NewArtifact", "stored artifact for commit 'kcheck 1.0.3'", 1, 6*time.Second),
		event(model.Ref{Kind: "GitRepository", Namespace: "flux-system", Name: "flux-system"}, "Warning", "AuthenticationFailed", `failed to get secret 'flux-system/flux-system': secrets "flux-system" not found`, 120, 50*time.Second),
	)
}

// What a Job's event says is not said of its tenant: no key does something to
// all of it.
func TestAnEventOfAnUnwatchedObjectIsNoTenants(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, talk())
	d.press("8", "/")
	d.typ("migrate")
	d.press("enter")
	for _, key := range []string{"r", "R", "s"} {
		d.act(key)
		d.wants("nothing here to ")
	}
	if w := d.session.Writes(); len(w) > 0 || d.dialog != nil {
		t.Errorf("written: %+v, dialog %v", w, d.dialog != nil)
	}
	d.press("esc", "/")
	d.typ("prod2")
	d.press("enter")
	d.act("r")
	if w := d.session.Writes(); len(w) != 1 || w[0].Ref.Name != "billing-prod" {
		t.Errorf("of an event about a sync was written %+v", w)
	}
}

func TestEvents(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("8")
	d.wants("Reading events")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeSynced}}})
	d.wants("No events", "keeps them for an hour")
	d.feed(model.Batch{Changes: talk().Changes})
	d.wants("7 events  4 warnings", "GitRepository", "stored artifact for commit 'kcheck 1.0.3'", "job/migrate")
	if row := d.row(); !strings.HasPrefix(row, "docs") {
		t.Errorf("first is %q, want the newest", row)
	}
	d.press("!")
	d.misses("NewArtifact", "Progressing")
	d.wants("ArtifactFailed", "431", "3 hidden")
	d.press("!", "/")
	d.typ("fluxdemo-stage")
	d.wants("ReconciliationSucceeded")
	d.misses("kcheck configured") // prod has a sync of the same name
	d.press("enter", "enter")
	d.wants("▸ Events ▸ Kustomization flux-stage-prod", "in fluxdemo-stage")
	d.press("esc", "esc", "/")
	d.typ("migrate")
	d.press("enter", "enter")
	d.wants("Job migrate is of a kind that is not read here")
	d.press("esc", "1", "/")
	d.typ("billing")
	d.press("enter", "8")
	if row := d.row(); !strings.HasPrefix(row, "billing-prod") {
		t.Errorf("the cursor went to %q", row)
	}
}

// Events are read only while the page is open.
func TestEventsAreReadOnlyWhileShown(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	wants := func() string { return fmt.Sprint(d.wanted()) }
	if wants() != "[]" {
		t.Errorf("the first page wants %s", wants())
	}
	d.press("8")
	if want := fmt.Sprint([]model.Want{{Kind: model.Event}}); wants() != want {
		t.Errorf("the events page wants %s", wants())
	}
	d.press("esc")
	if wants() != "[]" {
		t.Errorf("after it is closed %s are wanted", wants())
	}
}

func TestEventsDeniedAndCapped(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("8")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeDenied, Verb: "list"}}})
	d.wants("events", "⊘ No access", "You may not list events cluster-wide", "events (core)")
	d.press("enter") // there is nothing to open
	d.wants("⊘ No access")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeSynced, Newest: 5000}}, Changes: talk().Changes})
	d.wants("of the newest 5000")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeStale, Since: uitest.Ago(time.Minute)}}})
	d.wants("1m old: the watch is broken")
}

// BenchmarkEvents is what arranging as many events costs as are ever kept.
func BenchmarkEvents(b *testing.B) {
	c := uitest.NewCluster("big").Many(1000).Scope(model.ScopeStatus{Kind: model.Event, State: model.ScopeSynced})
	for i := range 5000 {
		ns := fmt.Sprintf("tenant-%05d", i%1000)
		c.Put(uitest.Object(model.Event, ns, fmt.Sprintf("e-%d", i), &model.EventDetail{Type: "Normal", Reason: "Progressing",
			Message: "said", Regarding: model.Ref{Kind: "Kustomization", Namespace: ns, Name: ns}, Last: uitest.Ago(time.Duration(i) * time.Second)}))
	}
	d := newDesk(b, 120, 40, Options{}, c)
	d.press("8")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		ns := fmt.Sprintf("tenant-%05d", i%1000)
		d.put(event(model.Ref{Kind: "Kustomization", Namespace: ns, Name: ns}, "Normal", "Progressing", "again", 2, 0))
	}
}

// A thousand events a second while as many are kept as ever are: a batch is
// taken within a frame, no more than those are held, and what they say does
// nothing to the terminal.
func TestEventsKeepUp(t *testing.T) {
	const kept, batches, each = 5000, 60, 100
	said := []string{"said", "\x1b[2J\x1b[31mred", "\u202egnp.exe", "\x07\x00bell", "wide 漢字 e\u0301\u200b", strings.Repeat("W", 4000), "a\r\nb"}
	key := func(i int) model.Key {
		return model.Key{Kind: model.Event, Namespace: fmt.Sprintf("tenant-%05d", i%100), Name: fmt.Sprintf("e-%d", i)}
	}
	storm := func(i int) *model.Object {
		k := key(i)
		return uitest.Object(model.Event, k.Namespace, k.Name, &model.EventDetail{Type: "Warning", Reason: said[i%len(said)], Message: said[(i+1)%len(said)],
			Regarding: model.Ref{Kind: "Kustomization", Namespace: k.Namespace, Name: k.Namespace}, Last: model.Unix(uitest.Start.Unix()) + model.Unix(i)})
	}
	c := uitest.NewCluster("big").Many(100).Scope(model.ScopeStatus{Kind: model.Event, State: model.ScopeSynced, Newest: kept})
	for i := range kept {
		c.Put(storm(i))
	}
	d := newDesk(t, 80, 24, Options{Calm: true}, c)
	d.press("8")
	began := time.Now()
	for n := range batches {
		var b model.Batch // as the session sends them: the newest, and the oldest gone
		for j := range each {
			i := kept + n*each + j
			gone := key(i - kept)
			b.Changes = append(b.Changes, model.ObjectChange{Key: key(i), Object: storm(i)}, model.ObjectChange{Key: gone})
		}
		d.feed(b)
		if n%20 == 0 {
			if err := d.fits(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if per := time.Since(began) / batches; per > 50*time.Millisecond && uitest.Slowdown == 1 {
		t.Errorf("a batch of a hundred events took %s", per)
	}
	if _, of := d.page().position(); of > kept {
		t.Errorf("%d events are shown", of)
	}
	if n := len(d.store.Events("")); n != kept {
		t.Errorf("%d events are held, want %d", n, kept)
	}
}
