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

// The verdicts that end it at once, each about the very commit.
func TestWaitEndsOnAVerdict(t *testing.T) {
	stage := []string{"stage"}
	for name, c := range map[string]struct {
		want  WaitFor
		play  func(h *shop)
		state WaitState
		cause string
	}{
		"build": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), "BuildFailed: kustomize build failed: accumulating resources")
		}, WaitFailed, "failed: kustomize build failed: accumulating resources"},
		"refused": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), `ReconciliationFailed: Deployment/x/y dry-run failed (Invalid): spec.selector: field is immutable`)
		}, WaitFailed, "refused: Deployment/x/y is not accepted (Invalid): spec.selector: field is immutable"},
		"denied by a webhook": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), `ReconciliationFailed: Deployment/x/y dry-run failed (BadRequest): admission webhook "v" denied the request: no latest tag`)
		}, WaitFailed, "refused: the admission webhook v refused it: no latest tag"},
		"path": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), "ArtifactFailed: kustomization path not found: stat /tmp/k-1/stage: no such file or directory")
		}, WaitFailed, "failed: there is no path ./stage in the repository"},
		"unhealthy": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), "HealthCheckFailed: health check failed after 30s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']")
		}, WaitFailed, "failed: "},
		"no progress": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.sync("stage", revision(1), "done")
			h.change("stage", 1)
			o := *h.Get(Key{Deployment, "stage", "kcheck"})
			o.Conditions = []Condition{cond("Progressing", "False", "ProgressDeadlineExceeded", "")}
			h.put(&o)
		}, WaitFailed, "does not roll out: Deployment kcheck: rollout exceeded its progress deadline"},
		"overtaken": {WaitFor{Revision: digits(1)}, func(h *shop) { h.fetch("stage", 2) }, WaitOvertaken, "was overtaken by " + ShortRevision(revision(2)) + " before it was live"},
		"was live, is not any more": {WaitFor{Revision: digits(1)}, func(h *shop) {
			h.push(1)
			h.push(2)
		}, WaitOvertaken, "was overtaken by " + ShortRevision(revision(2))},
		"an older one of before the session": {WaitFor{Revision: digits(9)}, func(h *shop) {
			h.history["stage"] = append(h.history["stage"], HistoryEntry{Revision: revision(9), Status: "ReconciliationSucceeded", First: ago(2 * time.Hour), Last: ago(2 * time.Hour), Total: 1})
			h.sync("stage", revision(0), "done")
		}, WaitOvertaken, ShortRevision(revision(9)) + " was overtaken by"},
		"suspended and named": {WaitFor{Revision: digits(1), Tenants: stage}, func(h *shop) {
			o := kust("stage", "shop", "shop")
			sync(o).Suspend = true
			h.put(h.stamped(o))
		}, WaitFailed, "will not apply"},
		"source can't fetch": {WaitFor{Revision: digits(7), Tenants: stage}, func(h *shop) {
			o := git("stage", "shop", revision(0), cond("Ready", "False", "AuthenticationFailed", `secrets "key" not found`))
			o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "https://git.example/acme/shop.git", "branch main"
			h.put(h.stamped(o))
		}, WaitFailed, "can't be fetched"},
		"source can't fetch for a moment": {WaitFor{Revision: digits(7), Tenants: stage}, func(h *shop) {
			o := git("stage", "shop", revision(0), cond("Ready", "False", "GitOperationFailed", `dial tcp 10.0.0.1:443: i/o timeout`))
			o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "https://git.example/acme/shop.git", "branch main"
			h.put(h.stamped(o))
		}, WaitRunning, ""},
		"no such tenant":       {WaitFor{Revision: digits(1), Tenants: []string{"stgae"}}, func(*shop) {}, WaitFailed, "there is no tenant stgae"},
		"two commits begin so": {WaitFor{Revision: digits(1)[:8]}, func(*shop) {}, WaitFailed, "means several commits: " + digits(1) + " of acme/shop main and " + digits(0) + " of acme/shop main"},
		"another commit failed": {WaitFor{Revision: digits(5)}, func(h *shop) {
			h.sync("stage", revision(1), "BuildFailed: x")
		}, WaitRunning, ""},
		"failed before, tried again now": {WaitFor{Revision: digits(1), Since: Unix(t0.Unix()) + 60}, func(h *shop) {
			h.sync("stage", revision(1), "BuildFailed: x")
			h.pass(time.Minute)
			h.sync("stage", revision(1), "fetching")
		}, WaitRunning, ""},
		"failed before": {WaitFor{Revision: digits(1), Since: Unix(t0.Unix()) + 60}, func(h *shop) {
			h.sync("stage", revision(1), "BuildFailed: x")
			h.pass(time.Minute)
		}, WaitFailed, "failed: x"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newShop(t)
			h.fetch("stage", 1)
			w := NewWaiting(c.want)
			c.play(h)
			r := w.Step(h.Store)
			if r.State != c.state || !strings.Contains(r.Cause, c.cause) {
				t.Errorf("state %d, %q\nwant %d, %q", r.State, r.Cause, c.state, c.cause)
			}
			if c.state == WaitFailed && len(c.want.Tenants) == 0 && r.Tenant != "stage" && !strings.Contains(c.cause, "several") {
				t.Errorf("whose: %q", r.Tenant)
			}
		})
	}
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

// What did not answer just now is no refusal: the controller tries again, and
// so the waiting goes on.
func TestWaitOutlastsWhatIsTriedAgain(t *testing.T) {
	for _, why := range []string{
		`ReconciliationFailed: Deployment/stage/kcheck dry-run failed (InternalError): Internal error occurred: failed calling webhook "v": Post "https://x.svc/": dial tcp 10.0.0.1:443: connect: connection refused`,
		`ReconciliationFailed: Deployment/stage/kcheck dry-run failed: Internal error occurred: failed calling webhook "v": Post "https://x.svc/": EOF`,
		"ReconciliationFailed: Deployment/stage/kcheck dry-run failed (Timeout): Timeout: request did not complete within requested timeout",
		"ReconciliationFailed: Deployment/stage/kcheck dry-run failed (ServiceUnavailable): etcd leader changed",
		"ReconciliationFailed: Deployment/stage/kcheck dry-run failed (TooManyRequests): retry later",
		"ArtifactFailed: failed to download archive: GET http://source-controller.flux-system.svc/x.tar.gz: dial tcp 10.1.1.1:80: connect: connection refused",
	} {
		h := newShop(t)
		h.fetch("stage", 1)
		w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}})
		h.sync("stage", revision(1), why)
		if l := h.line("stage", revision(1)); l.Outcome != OutcomeFailed {
			t.Errorf("%s: %s", why, l.Outcome)
		}
		if r := w.Step(h.Store); r.State != WaitRunning || len(r.Open) != 1 || !strings.Contains(r.Open[0], " failed: ") {
			t.Errorf("%s: %s, %q, open %q", why, r.State.Word(), r.Cause, r.Open)
		}
		h.change("stage", 1)
		h.pods("stage", 2, 2)
		h.sync("stage", revision(1), "done")
		if r := w.Step(h.Store); r.State != WaitDone {
			t.Errorf("%s, then done: %s, %q", why, r.State.Word(), r.Cause)
		}
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

func TestFollowing(t *testing.T) {
	h := newShop(t)
	var f Following
	commit, prod, kcheck := Followed{Revision: digits(1)}, Followed{Key: Key{Kustomization, "prod", "shop"}}, Followed{Key: Key{Deployment, "stage", "kcheck"}}
	for _, of := range []Followed{commit, prod, kcheck, commit} {
		f.Add(h.Store, of)
	}
	rings := func(want ...string) {
		t.Helper()
		var got []string
		for _, n := range f.Step(h.Store) {
			got = append(got, n.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("rings %q, want %q", got, want)
		}
	}
	rings()
	if st := f.States(); len(st) != 3 || st[0].State != WaitRunning || st[1].State != WaitDone || st[2].State != WaitDone {
		t.Fatalf("%+v", st)
	}
	for _, ns := range shopTenants {
		h.fetch(ns, 1)
		h.sync(ns, revision(1), "fetching")
	}
	h.change("stage", 1)
	rings()
	if st := f.States(); st[0].Text != ShortRevision(revision(1))+" live in 0 of 2" || st[1].State != WaitRunning || st[2].State != WaitRunning {
		t.Fatalf("%+v", st)
	}
	h.pass(5 * time.Second)
	h.pods("stage", 2, 2)
	rings("generation 2 rolled out in 5s")
	h.sync("stage", revision(1), "done")
	h.sync("prod", revision(1), "BuildFailed: broken")
	short := ShortRevision(revision(1))
	rings("prod: "+short+" failed: broken", "prod: "+short+" failed: broken")
	rings()
	// What failed comes up after all: the sync is followed on, the commit was told of.
	h.pass(time.Second)
	h.sync("prod", revision(1), "fetching")
	h.change("prod", 1)
	h.pods("prod", 2, 2)
	h.sync("prod", revision(1), "done")
	rings(short + " live in 1 of 1, 6s after the first fetch")
	// A newer commit takes over; it rings again when that one is there.
	for _, ns := range shopTenants {
		h.fetch(ns, 2)
	}
	rings()
	h.sync("prod", revision(2), "fetching")
	h.change("prod", 2)
	h.pods("prod", 2, 2)
	h.sync("prod", revision(2), "done")
	rings(ShortRevision(revision(2)) + " live in 1 of 1, 0s after the first fetch")
	f.Remove(prod)
	if f.Has(prod) || len(f.States()) != 2 {
		t.Error("not removed")
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

func TestWaitNamesWhatKeepsPods(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}})
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "done")
	h.change("stage", 1)
	r := w.Step(h.Store)
	want := []Want{{Pod, "stage"}, {Event, "stage"}}
	if got := r.Watch(h.Store); !slices.Equal(got, want) {
		t.Errorf("read: %+v", got)
	}
	crash := func(restarts int32) {
		pod := &Object{Key: Key{Pod, "stage", "kcheck-1-x"}, UID: "p", Labels: Pairs{{LabelPodTemplateHash, "1"}}, Detail: &PodDetail{Phase: "Running", Owner: PodOwner{Kind: "ReplicaSet", Name: "kcheck-1", UID: "rs"},
			Containers: []PodContainer{{Name: "kcheck", State: ContainerWaiting, Reason: "CrashLoopBackOff", Restarts: restarts, Last: &Termination{ExitCode: 1, Reason: "Error"}}}}}
		set := &Object{Key: Key{ReplicaSet, "stage", "kcheck-1"}, UID: "rs", Detail: &Replica{Owner: "kcheck", OwnerUID: h.Get(Key{Deployment, "stage", "kcheck"}).UID}}
		h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Pod, Namespace: "stage", State: ScopeSynced}},
			Changes: []ObjectChange{{Key: set.Key, Object: set}, {Key: pod.Key, Object: pod}}})
	}
	crash(1)
	r = w.Step(h.Store)
	if len(r.Moved) != 1 || !strings.Contains(r.Moved[0], "; kcheck crashes with exit code 1") {
		t.Errorf("said: %q", r.Moved)
	}
	crash(2)
	if r = w.Step(h.Store); len(r.Moved) != 0 || !strings.Contains(w.Sentence(&r), "restarted 2 times") {
		t.Errorf("one crash more is news: %q, %q", r.Moved, w.Sentence(&r))
	}
	res := w.Result(h.Store, &r, 1500*time.Millisecond)
	if res.Outcome != "timedOut" || res.Live != 0 || res.Of != 1 || res.TookSeconds != 1.5 || len(res.Targets) != 1 || len(res.Targets[0].Workloads) != 1 || res.Targets[0].Applied == nil || res.Targets[0].LiveAt != nil {
		t.Errorf("%+v", res)
	}
}
