package model

import (
	"strings"
	"testing"
	"time"
)

// What the sources have is newest, however late a sync came to its end with the
// commit before: seen with a health check of two minutes, its history begins
// when the check is over.
func TestNewestIsWhatTheSourcesHave(t *testing.T) {
	for name, state := range map[string]string{
		"checked":  "checks",
		"failed":   "HealthCheckFailed: health check failed after 2m0s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']",
		"building": "BuildFailed: kustomize build failed",
	} {
		h := newShop(t)
		h.fetch("stage", 1)
		h.pass(25 * time.Second)
		for _, ns := range shopTenants {
			h.fetch(ns, 2)
		}
		h.sync("prod", revision(2), "done")
		h.pass(time.Minute)
		h.sync("stage", revision(1), state)
		// A fresh process sees only how it stands.
		fresh := *h
		fresh.world = newWorld(t)
		fresh.now = h.now
		for _, ns := range shopTenants {
			for _, k := range []Key{{Namespace, "", ns}, {ServiceAccount, ns, ns}, {Deployment, ns, "kcheck"}, {GitRepository, ns, "shop"}, {Kustomization, ns, "shop"}} {
				fresh.put(h.Get(k))
			}
		}
		fresh.synced()
		if head := fresh.Rollouts()[0]; head.Revision != revision(2) || head.Live != 1 || head.Of != 2 {
			t.Errorf("%s: newest is %s, live in %d of %d", name, head.Revision, head.Live, head.Of)
		}
		if seen := fresh.Find(digits(9), ""); len(seen.Newest) != 1 || seen.Newest[0].Revision != revision(2) {
			t.Errorf("%s: %+v", name, seen.Newest)
		}
		if seen := fresh.Find(digits(1), ""); len(seen.Matches) != 1 {
			t.Errorf("%s: what is worked on is not found", name)
		}
	}
}

// A source that nobody follows may fail: what Git says to it is not the reason
// of anything.
func TestASourceNobodyFollowsSaysNothing(t *testing.T) {
	h := newShop(t)
	for name, why := range map[string]string{"a-unused": "its secret has a password and no username", "shop": "secret lost"} {
		o := git("stage", name, revision(0), cond("Ready", "False", "AuthenticationFailed", why))
		o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "https://git.example/acme/shop.git", "branch main"
		h.put(h.stamped(o))
	}
	o := git("prod", "shop", revision(0), cond("Ready", "False", "AuthenticationFailed", "secret lost"))
	o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "https://git.example/acme/shop.git", "branch main"
	h.put(h.stamped(o))
	if a := h.chain().Asked; !a.Failing || !strings.Contains(a.Cause, "secret lost") {
		t.Errorf("%+v", a)
	}
}

func TestSourceThatCannotFetchBlocks(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	o := git("prod", "shop", revision(0), cond("Ready", "False", "AuthenticationFailed", `failed to get secret 'prod/key': secrets "key" not found`))
	o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "ssh://git@git.example/acme/shop", "branch main"
	h.put(h.stamped(o))
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeBlocked || l.At.Kind != GitRepository || l.Cause != "GitRepository shop: secret key is missing" && !strings.Contains(l.Cause, "missing") {
		t.Errorf("%+v", l)
	}
}

func TestSubjectsOutliveTheirEvents(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	e := obj(Event, "stage", "shop.1", &EventDetail{Type: "Normal", Reason: "NewArtifact", Revision: revision(1),
		Message: "stored artifact for commit 'Say it's three'", Regarding: Ref{"GitRepository", "stage", "shop"}})
	h.put(e)
	h.drop(e.Key)
	if c := h.chain(); c.Commits[0].Subject != "Say it's three" {
		t.Errorf("subject %q", c.Commits[0].Subject)
	}
	for n := range maxSubjects + 10 {
		h.trails.subjects.put(revision(n+100), "x")
	}
	if n := len(h.trails.subjects.of); n != maxSubjects || h.Subject(revision(1)) != "" {
		t.Errorf("%d subjects kept, the oldest still %q", n, h.Subject(revision(1)))
	}
}

// A look that begins after the fact: what the last hour's events say.
func TestEventsTellOfBefore(t *testing.T) {
	h := newShop(t)
	gitRepo, kustomization := Ref{"GitRepository", "stage", "shop"}, Ref{"Kustomization", "stage", "shop"}
	told := func(name string, about Ref, reason, message string, n int, ago time.Duration) {
		at := Unix(t0.Add(-ago).Unix())
		h.put(obj(Event, "stage", name, &EventDetail{Type: "Normal", Reason: reason, Message: message, Regarding: about, Revision: revision(n), First: at, Last: at}))
	}
	h.source("stage", revision(2), ago(10*time.Minute))
	h.sync("stage", revision(2), "done")
	o := *h.Get(Key{Kustomization, "stage", "shop"})
	d := *sync(&o)
	d.History, o.Detail = nil, &d
	h.put(&o)
	h.trails.fetches.forget(Key{GitRepository, "stage", "shop"}) // as if the session began here
	h.trails.runs.forget(Key{Kustomization, "stage", "shop"})
	rs := obj(ReplicaSet, "stage", "kcheck-a", &Replica{Owner: "kcheck", OwnerUID: "Deploymentstagekcheck", Revision: 4, Images: []string{"x"}})
	rs.Created = ago(29 * time.Minute)
	h.put(rs)
	told("a", gitRepo, "NewArtifact", "stored artifact for commit 'First'", 1, 30*time.Minute)
	told("b", kustomization, "Progressing", "Service/stage/web configured\nDeployment/stage/kcheck configured", 1, 29*time.Minute)
	told("c", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 1, 28*time.Minute)
	told("d", gitRepo, "NewArtifact", "stored artifact for commit 'Second'", 2, 10*time.Minute)
	told("e", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 2, 9*time.Minute)
	told("f", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 2, 4*time.Minute)
	c := h.chain().Commits
	if len(c) < 2 || c[0].Subject != "Second" || c[1].Subject != "First" || c[1].Fetched != (Moment{ago(30 * time.Minute), ProofEvent, true}) {
		t.Fatalf("%+v", c)
	}
	if l := h.line("stage", revision(1)); l.Applied != (Moment{ago(29 * time.Minute), ProofEvent, true}) || l.Newer != revision(2) {
		t.Errorf("the first: %+v", l)
	}
	if l := h.line("stage", revision(2)); l.Concluded != (Moment{ago(9 * time.Minute), ProofEvent, true}) || l.Applied.Known() || !l.Live {
		t.Errorf("the second: %+v", l)
	}
	if g := h.generations("stage")[0]; g.Commit != revision(1) || g.AtOrBefore {
		t.Errorf("the generation: %+v", g)
	}
}

// A commit that was live before the session stays so when status.history calls
// its content by the commit that went back to it: the event of its end is there.
func TestTheEndOfAContentThatCameBack(t *testing.T) {
	h := newShop(t)
	h.push(1)
	kustomization := Key{Kustomization, "stage", "shop"}
	h.trails.runs.forget(kustomization) // as if the session began here
	h.pass(time.Minute)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "checks")
	h.pass(time.Minute)
	h.fetch("stage", 3)
	h.history["stage"] = nil
	h.sync("stage", revision(3), "fetching")
	h.sync("stage", revision(3), "done")
	if l := h.line("stage", revision(1)); l.LiveAt.Known() {
		t.Fatalf("known without its event: %+v", l)
	}
	first := ago(0) + 5
	h.put(obj(Event, "stage", "e", &EventDetail{Type: "Normal", Reason: "ReconciliationSucceeded", Message: "Reconciliation finished in 1s, next run in 5m0s",
		Regarding: Ref{"Kustomization", "stage", "shop"}, Revision: revision(1), First: first, Last: first}))
	if l := h.line("stage", revision(1)); l.LiveAt != (Moment{first, ProofEvent, true}) || l.Overtaken {
		t.Errorf("%+v", l)
	}
}
