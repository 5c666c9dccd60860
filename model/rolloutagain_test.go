package model

import (
	"testing"
	"time"
)

// before is a shop whose commit 0 was live before anybody looked, so that when
// is read off its status.
func before(t *testing.T) *shop {
	h := newShop(t)
	h.lax = true
	for _, ns := range shopTenants {
		h.sync(ns, revision(0), "done")
	}
	h.Store = h.anew()
	if l := h.line("stage", revision(0)); !l.LiveAt.Known() || !l.LiveAt.Reconstructed {
		t.Fatalf("live at %+v", l.LiveAt)
	}
	return h
}

// A commit that is fetched again after another, as after a push that was forced
// back, begins its way anew: that it was live before is no end of it.
func TestACommitFetchedAgainWasNotLiveBefore(t *testing.T) {
	for _, state := range []string{"BuildFailed: x", ""} {
		h := before(t)
		h.pass(time.Minute)
		h.push(1)
		h.pass(time.Minute)
		h.fetch("stage", 0)
		h.pass(5 * time.Second)
		if state != "" {
			h.sync("stage", revision(0), state)
		}
		h.fetch("stage", 2)
		h.pass(time.Second)
		h.sync("stage", revision(2), "done")
		h.pass(time.Second)
		l := h.line("stage", revision(0))
		if l.LiveAt.Known() || l.Live || !l.Overtaken || l.Outcome == OutcomeWaiting {
			t.Errorf("%q: %s, fetched at %+v, live at %+v, overtaken: %v", state, l.Word(), l.Fetched, l.LiveAt, l.Overtaken)
		}
	}
}

// What was applied all the while was not overtaken before it was: its sync never
// took up the other, and went from it to the next.
func TestWhatWasNeverLeftIsNotOvertaken(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	h.push(1)
	for _, n := range []int{2, 1, 3} { // of 2 it takes nothing up
		h.pass(5 * time.Second)
		h.fetch("stage", n)
	}
	h.pass(time.Second)
	h.sync("stage", revision(3), "fetching")
	h.pass(time.Second)
	h.sync("stage", revision(3), "done")
	if l := h.line("stage", revision(1)); l.Overtaken || l.Outcome != OutcomeApplied {
		t.Errorf("%s, overtaken: %v", l.Word(), l.Overtaken)
	}
	if l := h.line("stage", revision(2)); !l.Overtaken || l.Outcome != OutcomeOvertaken {
		t.Errorf("the other: %s, overtaken: %v", l.Word(), l.Overtaken)
	}
}

// What a sync applies once more, after another that failed, it is at work on: it
// neither waits nor is overtaken by what comes meanwhile.
func TestWhatIsAppliedOnceMoreIsUnderWay(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.pass(time.Second)
	h.sync("stage", revision(1), "ReconciliationFailed: x")
	h.pass(time.Second)
	h.fetch("stage", 0)
	h.pass(time.Second)
	h.sync("stage", revision(0), "fetching")
	for _, newer := range []string{"", revision(2)} {
		if newer != "" {
			h.fetch("stage", 2)
		}
		if l := h.line("stage", revision(0)); l.Outcome != OutcomeApplying || l.Newer != newer || l.Overtaken {
			t.Errorf("%s, followed by %q, overtaken: %v", l.Word(), l.Newer, l.Overtaken)
		}
	}
}
