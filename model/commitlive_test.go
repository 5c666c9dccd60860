package model

import (
	"testing"
	"time"
)

// The watch of Deployments broke before the commit was applied: what is known
// of them is from before it.
func TestNotLiveWhileWorkloadsAreNotWatched(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Deployment, State: ScopeStale, Since: h.unix()}}})
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}, Since: h.unix()})
	if !h.line("prod", revision(0)).Live {
		t.Error("what was live before the watch broke is not any more")
	}
	h.sync("stage", revision(1), "done")
	for range 20 {
		h.pass(time.Second)
		h.Tick()
		if l, r := h.line("stage", revision(1)), w.Step(h.Store); l.Live || l.LiveAt.Known() || r.State != WaitRunning {
			t.Fatalf("%s: %+v", r.State.Word(), l)
		}
	}
	back := []ScopeStatus{{Kind: Deployment, State: ScopeSynced, Since: h.unix()}}
	h.change("stage", 1)
	h.Apply(Batch{Scopes: back})
	if c := h.chain().Commits[0]; c.Live != 0 {
		t.Errorf("counted as live while it rolls out: %+v", c)
	}
	h.pods("stage", 2, 2)
	if r := w.Step(h.Store); r.State != WaitDone {
		t.Errorf("%s: %s", r.State.Word(), r.Cause)
	}
}

// A commit that changes no workload is live once their watch is back.
func TestLiveOnceWorkloadsAreWatchedAgain(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Deployment, State: ScopeStale, Since: h.unix()}}})
	h.sync("stage", revision(1), "done")
	h.pass(10 * time.Second)
	h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Deployment, State: ScopeSynced, Since: h.unix()}}})
	h.pass(3 * time.Second)
	h.Tick()
	if l := h.line("stage", revision(1)); !l.Live || !l.LiveAt.Known() {
		t.Errorf("%+v", l)
	}
}
