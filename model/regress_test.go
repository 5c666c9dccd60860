package model

import (
	"testing"
	"time"
)

// A tenant may be called what it likes.
func TestTenantCalledPlatform(t *testing.T) {
	bad := kust("platform", "k", "g", cond("Ready", "False", "BuildFailed", "x"))
	w := newWorld(t).synced().put(namespace("platform"), account("platform", "platform"), git("platform", "g", rev1), bad, controller("source-controller"))
	tn := w.Tenant("platform")
	if tn == nil || tn.IsPlatform || tn.Health != Failed || !Unhealthy(w.Store) {
		t.Fatalf("%+v", tn)
	}
	if p := w.Tenant(PlatformKey); p == nil || !p.IsPlatform || p.Name != PlatformName {
		t.Errorf("%+v", p)
	}
}

// Helm's words in a HelmRelease's history are no verdicts of Flux.
func TestHelmUpgradeUnderWayIsNoFailure(t *testing.T) {
	hr := obj(HelmRelease, "a", "app", &Sync{Interval: 600, Applied: "1.0.0", History: []HistoryEntry{{Status: "deployed", First: ago(time.Hour)}}},
		cond("Reconciling", "True", "Progressing", "Running 'upgrade' action"), cond("Ready", "Unknown", "Progressing", "Running 'upgrade' action"))
	w := newWorld(t).put(hr).synced().pass(5 * time.Second)
	if v := w.Verdict(hr.Key); v.Health != Reconciling {
		t.Errorf("%s: %s", v.Health, v.Message)
	}
}

// A fix is a new try, whatever the history of the old spec says.
func TestFixedSpecIsNotTheOldFailure(t *testing.T) {
	past := []HistoryEntry{{Revision: rev1, Status: "ReconciliationFailed", First: ago(time.Hour), Last: ago(time.Minute)}}
	bad := kust("a", "k", "g", cond("Ready", "False", "ReconciliationFailed", "x"))
	sync(bad).History = past
	w := newWorld(t).put(git("a", "g", rev1), bad).synced()
	fixed := kust("a", "k", "g", cond("Reconciling", "True", "Progressing", "x"), cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	sync(fixed).History, fixed.Generation = past, 2
	for i := range fixed.Conditions {
		fixed.Conditions[i].ObservedGeneration = 2
	}
	if v := w.put(fixed).Verdict(fixed.Key); v.Health != Reconciling {
		t.Errorf("%s: %s", v.Health, v.Message)
	}
}

func TestRecreatedObjectInheritsNothing(t *testing.T) {
	w := newWorld(t).put(git("a", "g", rev1), kust("a", "k", "g", cond("Ready", "False", "BuildFailed", "x"))).synced()
	again := kust("a", "k", "g", cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	again.UID = "another"
	if v := w.put(again).Verdict(again.Key); v.Health != Reconciling {
		t.Errorf("%s: %s", v.Health, v.Message)
	}
}

// The retry of the old revision ends while the new one is already fetched: the
// run of the new one is a new try.
func TestFailureOfTheOldRevisionIsNotTheNewOnes(t *testing.T) {
	bad := kust("a", "k", "g", cond("Ready", "False", "BuildFailed", "x"))
	w := newWorld(t).put(git("a", "g", rev2), bad).synced() // attempted rev1
	run := kust("a", "k", "g", cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	if v := w.put(run).Verdict(run.Key); v.Health != Reconciling {
		t.Errorf("%s: %s", v.Health, v.Message)
	}
}

// The first run of a sync fails for want of an artifact. The run that follows
// once there is one is no retry of that, in whichever order the two were seen.
func TestTheRunAfterTheFirstFetchIsNoRetry(t *testing.T) {
	none := cond("Ready", "False", "ArtifactFailed", "Source artifact not found, retrying in 30s")
	running := cond("Ready", "Unknown", "Progressing", "Reconciliation in progress")
	k := Key{Kustomization, "a", "k"}
	for name, order := range map[string][]*Object{
		"source last":  {git("a", "g", "", cond("Ready", "Unknown", "Progressing", "building artifact")), kust("a", "k", "g", none), git("a", "g", rev1), kust("a", "k", "g", running)},
		"source first": {git("a", "g", rev1), kust("a", "k", "g", none), kust("a", "k", "g", running)},
	} {
		w := newWorld(t).synced()
		for _, o := range order {
			w.put(o)
		}
		if v := w.Verdict(k); v.Health != Reconciling || v.Retrying {
			t.Errorf("%s: %s %q", name, v.Health, v.Message)
		}
	}
}

func TestLeaseLeftBehind(t *testing.T) {
	w := newWorld(t).synced().put(controller("source-controller"),
		lease("source-controller-leader-election", 48*time.Hour), lease("source-controller-leader-election-1a2b3c4d", 3*time.Second))
	if c := w.Platform().Controllers[0]; c.LeaseStale || c.Health != Ready {
		t.Errorf("an old lease beside the one in use: %+v", c)
	}
	w.drop(Key{Lease, "flux-system", "source-controller-leader-election-1a2b3c4d"})
	if c := w.put(controller("source-controller", "--enable-leader-election=false")).Platform().Controllers[0]; c.LeaseStale {
		t.Errorf("election is off: %+v", c)
	}
}

func TestRefusedSyncsAreNotNone(t *testing.T) {
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1))
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Kustomization, State: ScopeDenied, Verb: "list"}}})
	if tn := w.Tenant("a"); !tn.Chain[LinkSync].Denied || tn.Health != Unknown {
		t.Errorf("%s %+v", tn.Health, tn.Chain[LinkSync])
	}
}

// A label alone does not make a tenant's namespace Flux's own.
func TestLabelAloneIsNoController(t *testing.T) {
	fake := labelled(deploy("a", "web", 1, 1, 1, 1, 1, 1), LabelPartOf, "flux")
	w := newWorld(t).synced().put(controller("source-controller"), namespace("a", LabelTenant, "a"), git("a", "g", rev1), fake)
	if w.Tenant("a") == nil {
		t.Error("the tenant hides in the platform's row")
	}
}

func TestForeignWorkloadMovesWithItsSync(t *testing.T) {
	far := labelled(deploy("apps", "web", 1, 1, 1, 1, 1, 1), LabelKustomizationName, "k", LabelKustomizationNS, "a")
	w := newWorld(t).synced().put(far, namespace("apps"), namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1))
	count := func() int { return len(w.Platform().Row.Workloads) + len(w.Tenant("a").Workloads) }
	if count() != 1 {
		t.Fatalf("in %d rows", count())
	}
	w.put(kust("a", "k", "g"))
	if n := count(); n != 1 || len(w.Tenant("a").Workloads) != 1 {
		t.Errorf("after its sync came: in %d rows", n)
	}
	w.drop(Key{Kustomization, "a", "k"})
	if n := count(); n != 1 {
		t.Errorf("after its sync went: in %d rows", n)
	}
}
