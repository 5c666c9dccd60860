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
