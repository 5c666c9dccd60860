package model

import (
	"strings"
	"testing"
	"time"
)

// Stage goes through a commit that prod never fetches: it has the next at once.
func TestACommitThatATenantSkipped(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "done")
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeWaiting || l.Newer != "" {
		t.Fatalf("it may still come: %+v", l)
	}
	w := NewWaiting(WaitFor{Revision: revision(1), Tenants: []string{"prod"}, Since: h.unix()})
	if r := w.Step(h.Store); r.State != WaitRunning {
		t.Fatalf("%+v", r)
	}
	h.pass(time.Minute)
	for _, ns := range shopTenants {
		h.fetch(ns, 2)
		h.sync(ns, revision(2), "done")
	}
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeOvertaken || l.OvertakenBy != revision(2) {
		t.Errorf("%s, overtaken by %q", l.Outcome, l.OvertakenBy)
	}
	if c := h.chain().Commits[1]; c.OvertakenBy != revision(2) || !c.Past {
		t.Errorf("%+v", c)
	}
	if r := w.Step(h.Store); r.State != WaitOvertaken {
		t.Errorf("the waiting for it: %s: %s", r.State.Word(), r.Cause)
	}
}

// A suspended tenant waits for the newest commit; those before it are past.
func TestSuspendedOnlyForTheNewest(t *testing.T) {
	h := newShop(t)
	held := *h.Get(Key{Kustomization, "prod", "shop"})
	d := *sync(&held)
	d.Suspend = true
	held.Detail = &d
	h.put(h.stamped(&held))
	for n := 1; n <= 2; n++ {
		h.pass(time.Minute)
		for _, ns := range shopTenants {
			h.fetch(ns, n)
		}
		h.sync("stage", revision(n), "done")
		h.pass(time.Minute)
		h.Tick()
	}
	if l := h.line("prod", revision(2)); l.Outcome != OutcomeSuspended {
		t.Errorf("the newest: %s", l.Outcome)
	}
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeOvertaken {
		t.Errorf("the one before: %s", l.Outcome)
	}
	if c := h.chain().Commits[1]; c.Live != 1 || c.Of != 1 {
		t.Errorf("the one before is live in %d of %d", c.Live, c.Of)
	}
}

// What was live and is not the newest any more was live; of what was applied
// without health checks before the session nobody knows.
func TestAPastCommitIsSaidToHaveBeen(t *testing.T) {
	h := newShop(t)
	h.lax = true
	for _, ns := range shopTenants {
		h.history[ns] = append(h.history[ns], HistoryEntry{Revision: revision(9), Status: "ReconciliationSucceeded", First: ago(3 * time.Hour), Last: ago(3 * time.Hour), Total: 1})
	}
	h.push(1)
	h.pass(time.Minute)
	h.push(2)
	for n, want := range map[int]string{2: ": live in 2 of 2", 1: ": was live in 2 of 2, 66s ago", 9: ": applied in 2 of 2, where whether it was live is not known"} {
		f := h.Find(RevisionSum(revision(n)), "")
		if got := f.Sentence(h.unix()); !strings.Contains(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A pod that is lost after a commit was live puts it on no way again.
func TestPodsThatComeAndGoAreNoRollout(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.pass(time.Minute)
	at := h.line("stage", revision(1)).LiveAt
	h.pods("stage", 2, 1)
	if l := h.line("stage", revision(1)); l.Live || l.Moving() || l.LiveAt != at {
		t.Errorf("%+v", l)
	}
	if c := h.chain(); c.Moving || c.Stirring != 1 || c.Live != 1 {
		t.Errorf("%+v", c.Head)
	}
}
