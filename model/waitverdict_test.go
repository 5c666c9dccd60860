package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

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
