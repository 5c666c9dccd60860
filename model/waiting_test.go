package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func digits(n int) string { return RevisionSum(revision(n)) }

func TestWaitForACommit(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()})
	step := func(want WaitState, live int, moved ...string) {
		t.Helper()
		r := w.Step(h.Store)
		if r.State != want || r.Live != live || !slices.Equal(r.Moved, moved) {
			t.Fatalf("state %d live %d cause %q moved %q\nwant %d %d %q", r.State, r.Live, r.Cause, r.Moved, want, live, moved)
		}
	}
	short := ShortRevision(revision(1))
	step(WaitRunning, 0, "no source here has seen "+digits(1)+" yet")
	h.fetch("stage", 1)
	step(WaitRunning, 0, "stage: fetched "+short)
	step(WaitRunning, 0)
	h.sync("stage", revision(1), "fetching")
	h.change("stage", 1)
	step(WaitRunning, 0, "stage: applying "+short+", kcheck 0 of 2 new pods")
	h.pass(time.Second)
	h.sync("stage", revision(1), "checks")
	h.pods("stage", 2, 1)
	step(WaitRunning, 0, "stage: applied "+short+", kcheck 2 of 2 new pods starting, health checks run")
	h.pods("stage", 2, 2)
	h.sync("stage", revision(1), "done")
	step(WaitRunning, 1, "stage: "+short+" is live")
	h.fetch("prod", 1)
	h.sync("prod", revision(1), "done")
	step(WaitRunning, 1, "prod: applied "+short) // its Deployment has not shown anything
	h.change("prod", 1)
	h.pass(time.Minute)
	h.Tick()
	step(WaitRunning, 1, "prod: applied "+short+", kcheck 0 of 2 new pods")
	h.pods("prod", 2, 2)
	step(WaitDone, 2, "prod: "+short+" is live")
	step(WaitDone, 2)
}

// A commit that came and went before anybody looked is found in the events of
// its source, and is over: nobody waits for it until the time is up.
func TestWaitForACommitOnlyEventsKnow(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Revision: digits(7)})
	r := w.Step(h.Store)
	if want := (Want{Kind: Event, Namespace: "stage"}); r.State != WaitRunning || !slices.Contains(r.Watch(h.Store), want) {
		t.Fatalf("%+v wants %v", r, r.Watch(h.Store))
	}
	h.put(obj(Event, "stage", "a", &EventDetail{Type: "Normal", Reason: "NewArtifact", Message: "stored artifact for commit 'x'",
		Regarding: Ref{"GitRepository", "stage", "shop"}, Revision: revision(7), First: ago(3 * time.Hour), Last: ago(3 * time.Hour)}))
	if r := w.Step(h.Store); r.State != WaitOvertaken || !strings.Contains(r.Cause, "not known whether it was live; the newest is "+ShortRevision(revision(0))) {
		t.Fatalf("%+v", r)
	}
}

// One beginning in two repositories is two commits; one commit in two is one.
func TestWaitForWhatTwoRepositoriesHave(t *testing.T) {
	ours := "main@sha1:beef" + digits(1)[4:]
	for name, c := range map[string]struct {
		theirs string
		want   WaitFor
		of     int
		cause  string
	}{
		"one commit":          {"prod@sha1:beef" + digits(1)[4:], WaitFor{Revision: "beef"}, 3, ""},
		"two that begin so":   {"prod@sha1:beef" + digits(2)[4:], WaitFor{Revision: "beef"}, 0, " of acme/app master and beef"},
		"all of the digest":   {"prod@sha1:beef" + digits(2)[4:], WaitFor{Revision: ours}, 2, ""},
		"one tenant is meant": {"prod@sha1:beef" + digits(2)[4:], WaitFor{Revision: "beef", Tenants: []string{"far"}}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := newShop(t)
			theirs := git("far", "app", c.theirs)
			theirs.Detail.(*Source).URL = "https://git.example/acme/app"
			h.put(namespace("far", LabelTenant, "far"), theirs, kust("far", "app", "app"))
			for _, ns := range shopTenants {
				h.source(ns, ours, h.unix())
			}
			r := NewWaiting(c.want).Step(h.Store)
			if len(r.Targets) != c.of || !strings.Contains(r.Cause, c.cause) || (r.State == WaitFailed) != (c.cause != "") {
				t.Errorf("%s, %q, %d targets", r.State.Word(), r.Cause, len(r.Targets))
			}
		})
	}
}

// However many commits came since, and however many syncs follow the
// repository: what a controller is at work on is not lost sight of.
func TestWaitKeepsItsCommitInSight(t *testing.T) {
	for _, followers := range []int{0, maxLines / 3} {
		h := newShop(t)
		for i := range followers {
			k := kust("stage", fmt.Sprintf("more-%d", i), "shop")
			sync(k).Applied, sync(k).Attempted, sync(k).History = revision(0), revision(0), nil
			h.put(k)
		}
		h.fetch("stage", 1)
		h.sync("stage", revision(1), "checks")
		w := NewWaiting(WaitFor{Revision: digits(1), Sync: Key{Kustomization, "stage", "shop"}})
		for n := 2; n < 15; n++ {
			h.fetch("stage", n)
			if r := w.Step(h.Store); r.State != WaitRunning || len(r.Targets) != 1 {
				t.Fatalf("%d followers, %d newer: %s, %q, %d targets", followers, n-1, r.State.Word(), r.Cause, len(r.Targets))
			}
		}
		if f := h.Find(digits(1), ""); len(f.Matches) != 1 {
			t.Errorf("%d followers: found %d times", followers, len(f.Matches))
		}
		h.change("stage", 1)
		h.pods("stage", 2, 2)
		h.sync("stage", revision(1), "done")
		if r := w.Step(h.Store); r.State != WaitDone {
			t.Errorf("%d followers: %s, %q", followers, r.State.Word(), r.Cause)
		}
	}
}

// As long as no commit is known the sentence says what is waited for.
func TestWaitForTheNewestHasAName(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
	r := w.Step(h.Store)
	if got := w.Sentence(&r); got != "the newest commit live in 0 of 1; stage: its source is being asked" {
		t.Errorf("%q", got)
	}
}

func TestWaitForReady(t *testing.T) {
	h := newShop(t)
	if r := NewWaiting(WaitFor{Ready: true}).Step(h.Store); r.State != WaitDone || r.Live != 2 {
		t.Fatalf("%+v", r)
	}
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "BuildFailed: broken")
	h.pass(time.Minute)
	w := NewWaiting(WaitFor{Ready: true, Tenants: []string{"stage"}, Since: h.unix()})
	if r := w.Step(h.Store); r.State != WaitRunning {
		t.Fatalf("it failed before, and may be on its way to be mended: %+v", r)
	}
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.pass(time.Second)
	h.sync("stage", revision(2), "BuildFailed: broken anew")
	if r := w.Step(h.Store); r.State != WaitFailed || !strings.Contains(r.Cause, "broken anew") {
		t.Fatalf("%+v", r)
	}
}

// Whoever begins to look the moment after a commit was applied may be told of
// the Deployment as it was before: nothing is believed for a moment.
func TestWaitDoesNotTrustAFirstLook(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "done")
	fresh := h.anew()
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}})
	if r := w.Step(fresh); r.State != WaitRunning {
		t.Fatalf("believed at once: %+v", r)
	}
	h.pass(watchSlack * time.Second)
	fresh.Tick()
	if r := w.Step(fresh); r.State != WaitDone {
		t.Fatalf("never believed: %+v", r)
	}
}

func TestWaitSaysWhatItMayNotRead(t *testing.T) {
	h := newShop(t)
	var b Batch
	for _, k := range []Kind{Kustomization, HelmRelease, ResourceSet} {
		b.Scopes = append(b.Scopes, ScopeStatus{Kind: k, State: ScopeDenied, Verb: "list"})
	}
	for _, ns := range shopTenants {
		b.Changes = append(b.Changes, ObjectChange{Key: Key{Kustomization, ns, "shop"}})
	}
	h.Apply(b)
	r := NewWaiting(WaitFor{Revision: digits(1)}).Step(h.Store)
	if r.State != WaitBlind || !strings.Contains(r.Cause, "you may not list ") {
		t.Errorf("%+v", r)
	}
}
