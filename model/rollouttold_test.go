package model

import (
	"testing"
	"time"
)

// When the commit of before the session was live is still told when others have
// followed it.
func TestWhatWasToldOfACommitStaysTold(t *testing.T) {
	h := newShop(t)
	h.lax = true
	for _, ns := range shopTenants {
		h.sync(ns, revision(0), "done")
	}
	s := h.anew()
	repo := s.RepoOf(Key{Kind: GitRepository, Namespace: "stage", Name: "shop"})
	before := map[Key]Moment{}
	for _, l := range s.Chain(repo).Commits[0].Lines {
		if before[l.Sync] = l.LiveAt; !l.LiveAt.Known() || !l.LiveAt.Reconstructed {
			t.Fatalf("%s: live at %+v", l.Tenant, l.LiveAt)
		}
	}
	h.Store = s
	for n := 1; n <= 2; n++ {
		h.pass(time.Minute)
		h.push(n)
		h.pass(5 * time.Second)
		old := s.Chain(repo).Commits[n]
		if !SameRevision(old.Revision, revision(0)) || old.Live != 2 {
			t.Fatalf("%+v", old)
		}
		for _, l := range old.Lines {
			if l.LiveAt != before[l.Sync] || l.seenLive != 0 {
				t.Errorf("%s: live at %+v, told was %+v", l.Tenant, l.LiveAt, before[l.Sync])
			}
		}
	}
}

// A retry of what failed does not make what runs unknown for its while.
func TestARetryLeavesWhatRunsLive(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "ReconciliationFailed: ConfigMap/x/y dry-run failed (Forbidden): no")
	h.pass(10 * time.Second)
	for _, state := range []string{"ReconciliationFailed: ConfigMap/x/y dry-run failed (Forbidden): no", "fetching"} {
		h.sync("stage", revision(1), state)
		if l := h.line("stage", revision(0)); !l.Live {
			t.Errorf("%s: %+v", state, l)
		}
	}
}

// Another commit that only prod has fetched has not overtaken what stage is
// still at work on, or has yet to take up.
func TestACommitUnderWayIsNotOvertaken(t *testing.T) {
	for _, state := range []string{"checks", "fetching", ""} {
		h := newShop(t)
		for _, ns := range shopTenants {
			h.fetch(ns, 1)
		}
		h.pass(time.Second)
		h.change("prod", 1)
		h.pods("prod", 2, 2)
		h.sync("prod", revision(1), "done")
		if state != "" {
			h.change("stage", 1)
			h.sync("stage", revision(1), state)
		}
		h.pass(time.Second)
		h.fetch("prod", 2)
		if c := h.chain().Commits[1]; c.OvertakenBy != "" {
			t.Errorf("%q: it was overtaken by %s: %+v", state, c.OvertakenBy, c.Lines)
		}
	}
}

// Before its controller has seen a new template, no pod is of it.
func TestPodsOfTheGenerationBeforeAreNotNew(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	old := h.Get(Key{Kind: Deployment, Namespace: "stage", Name: "kcheck"})
	o := *old
	d := *old.Detail.(*Workload)
	d.Containers = []Container{{Name: "kcheck", Image: "reg/kcheck:1"}}
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: h.unix()}}
	o.Detail, o.Generation = &d, old.Generation+1 // seen by nobody yet
	h.put(h.stamped(&o))
	h.sync("stage", revision(1), "checks")
	moves := h.line("stage", revision(1)).Moves
	if len(moves) != 1 || moves[0].Updated != 0 || moves[0].Old != 2 || moves[0].Desired != 2 {
		t.Errorf("%+v", moves)
	}
}
