package model

import (
	"testing"
	"time"
)

// The end of one run and the beginning of the next are seen as one: what was
// applied stands in the sync's status, and with its health checks it was live.
func TestEndAndNextBeginningSeenAsOne(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}, Since: h.unix()})
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.pass(time.Second)
	h.change("stage", 1)
	h.sync("stage", revision(1), "checks")
	h.pass(5 * time.Second)
	h.pods("stage", 2, 2)
	h.fetch("stage", 2)
	h.applied["stage"] = revision(1)
	h.remember("stage", revision(1), "ReconciliationSucceeded")
	h.sync("stage", revision(2), "fetching")
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeApplied || l.LiveAt.At != h.unix() || l.OvertakenBy != "" {
		t.Errorf("%+v", l)
	}
	if r := w.Step(h.Store); r.State != WaitDone {
		t.Errorf("the waiting for it: %s: %s", r.State.Word(), r.Cause)
	}
}

// A watch that was away for a minute: what happened meanwhile, failures too, is
// read off status.history.
func TestWhatHappenedWhileTheWatchWasAway(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.pass(10 * time.Second)
	h.remember("stage", revision(1), "ReconciliationSucceeded")
	h.pass(10 * time.Second)
	h.remember("stage", revision(2), "HealthCheckFailed")
	h.pass(40 * time.Second)
	h.fetch("stage", 3)
	h.pass(time.Second)
	h.change("stage", 3)
	h.pods("stage", 2, 2)
	h.sync("stage", revision(3), "done")
	for n, want := range []Outcome{OutcomeApplied, OutcomeApplied, OutcomeFailed, OutcomeApplied} {
		if l := h.line("stage", revision(n)); l.Outcome != want {
			t.Errorf("%s is said to be %s, want %s", ShortRevision(revision(n)), l.Outcome, want)
		}
	}
	if runs := h.RunsOf(Key{Kustomization, "stage", "shop"}); len(runs) != 3 || runs[2].End.At != Unix(t0.Unix())+10 {
		t.Errorf("%+v", runs)
	}
}

// When it was live while the watch was away, nobody saw: a waiting that began
// meanwhile is not told that it was live since.
func TestWhatWasLiveWhileTheWatchWasAwayIsNotSince(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Kustomization, State: ScopeStale, Since: h.unix()}}})
	h.pass(10 * time.Second)
	h.applied["stage"] = revision(1)
	h.remember("stage", revision(1), "ReconciliationSucceeded")
	h.pass(30 * time.Second)
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}, Since: h.unix()})
	h.pass(time.Second)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Kustomization, State: ScopeSynced}}})
	if r := w.Step(h.Store); r.State != WaitOvertaken {
		t.Errorf("%s: %q", r.State.Word(), r.Cause)
	}
}
