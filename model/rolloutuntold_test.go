package model

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// fetchedEvent is what source-controller said when it fetched a commit.
func fetchedEvent(ns string, n int, at Unix) *Object {
	return obj(Event, ns, fmt.Sprint("fetched-", n), &EventDetail{Type: "Normal", Reason: "NewArtifact", Message: "stored artifact for commit 'x'",
		Regarding: Ref{"GitRepository", ns, "shop"}, Revision: revision(n), First: at, Last: at, Count: 1})
}

// restarted is the shop after a commit that was live, a broken one and its
// revert, as a session finds it that begins then: contents that are equal share
// one entry of status.history, under the last revision.
func restarted(t *testing.T) *shop {
	h := newShop(t)
	for _, ns := range shopTenants {
		h.history[ns] = []HistoryEntry{{Revision: revision(3), Status: "ReconciliationSucceeded", First: ago(3 * time.Hour), Last: ago(time.Minute), Duration: 1, Total: 3}}
		if ns == "stage" {
			h.history[ns] = append(h.history[ns], HistoryEntry{Revision: revision(2), Status: "HealthCheckFailed", First: ago(2 * time.Hour), Last: ago(2 * time.Hour), Total: 1})
		}
		h.applied[ns] = revision(3)
		h.source(ns, revision(3), ago(time.Hour))
		h.sync(ns, revision(3), "done")
		for n := 1; n <= 2; n++ {
			h.put(fetchedEvent(ns, n, ago(time.Duration(4-n)*time.Hour)))
		}
	}
	h.trails = newTrails()
	h.Tick()
	return h
}

// Nothing tells that a commit of before the session was live, nor that it was
// not.
func TestOfBeforeTheSessionNothingIsClaimed(t *testing.T) {
	h := restarted(t)
	for _, ns := range shopTenants {
		if l := h.line(ns, revision(1)); l.Outcome != OutcomeUntold || l.OvertakenBy != "" || l.Cause != "" {
			t.Errorf("%s: %s, overtaken by %q, %q", ns, l.Outcome, l.OvertakenBy, l.Cause)
		}
	}
	if l := h.line("stage", revision(2)); l.Outcome != OutcomeFailed {
		t.Errorf("the broken one, which the history tells of: %s", l.Outcome)
	}
	for _, c := range h.chain().Commits {
		if c.Revision == revision(1) && (c.OvertakenBy != "" || c.Live != 0 || c.Of != 0) {
			t.Errorf("%+v", c)
		}
	}
	f := h.Find(digits(1), "")
	if got := f.Sentence(h.unix()); !strings.Contains(got, "not known whether it was live") || strings.Contains(got, "overtaken") {
		t.Error(got)
	}
	r := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()}).Step(h.Store)
	want := "prod: " + ShortRevision(revision(1)) + ": not known whether it was live; the newest is " + ShortRevision(revision(3))
	if r.State != WaitOvertaken || r.Cause != want {
		t.Errorf("the waiting for it: %s, %q, want %q", r.State.Word(), r.Cause, want)
	}
}

// A sync that recovered from a failure and was suspended, both seen as one,
// runs the commit.
func TestRecoveredAndSuspendedIsLive(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "ArtifactFailed: kustomization path not found: stat /tmp/k-1/stage: no such file or directory")
	h.pass(time.Minute)
	if l := h.line("stage", revision(2)); l.Outcome != OutcomeFailed {
		t.Fatalf("%s", l.Outcome)
	}
	h.remember("stage", revision(2), "ReconciliationSucceeded")
	o := *h.Get(Key{Kustomization, "stage", "shop"})
	d := *sync(&o)
	d.Suspend, d.Applied, d.Attempted, d.History = true, revision(2), revision(2), h.history["stage"]
	o.Detail = &d
	o.Conditions = []Condition{cond("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+revision(2))}
	o.Conditions[0].LastTransition = h.unix()
	h.put(h.stamped(&o))
	h.pass(time.Minute)
	h.Tick()
	if l := h.line("stage", revision(2)); l.Outcome != OutcomeApplied || !l.Live || !l.Held || l.Cause != "" {
		t.Errorf("%s live %v held %v %q", l.Outcome, l.Live, l.Held, l.Cause)
	}
}

// What a sync had before it when the session began, and left for a newer one
// before its eyes, was overtaken before it was live.
func TestWhatTheSessionSawIsClaimed(t *testing.T) {
	h := newShop(t)
	h.source("stage", revision(1), ago(time.Second))
	h.trails = newTrails()
	h.Tick()
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "done")
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeOvertaken || l.OvertakenBy != revision(2) {
		t.Errorf("%s, overtaken by %q", l.Outcome, l.OvertakenBy)
	}
}
