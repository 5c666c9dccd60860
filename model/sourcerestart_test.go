package model

import (
	"testing"
	"time"
)

// source-controller stores what it fetched in an emptyDir: after each start it
// fetches everything again, and nothing of that is news.
func TestSourceControllerStartsAnew(t *testing.T) {
	h := newShop(t)
	h.push(1)
	before := h.line("stage", revision(1))
	h.pass(2 * time.Hour)
	h.source("stage", "", 0)
	h.pass(2 * time.Second)
	h.source("stage", revision(1), h.unix())
	h.pass(time.Second)
	h.Tick()
	if l, c := h.line("stage", revision(1)), h.chain(); l.Fetched != before.Fetched || c.Fetched != before.Fetched || !l.Live || len(l.Moves) != 1 || c.Live != 2 {
		t.Errorf("%+v\nwas %+v", l, before)
	}
	h.pass(time.Second)
	h.fetch("stage", 2)
	if l := h.line("stage", revision(2)); l.Fetched.At != h.unix() || h.line("stage", revision(1)).Newer != revision(2) {
		t.Errorf("the next one: %+v", l)
	}
}

// Nothing was seen of this source before it starts anew, be it with or without
// a state in between that has no artifact.
func TestSourceControllerStartsAnewOnWhatNeverMoved(t *testing.T) {
	for _, between := range []bool{true, false} {
		h := newShop(t)
		h.pass(time.Hour)
		if between {
			h.source("stage", "", 0)
		}
		h.source("stage", revision(0), h.unix())
		if l := h.line("stage", revision(0)); l.Fetched.At != ago(2*time.Hour) || l.Outcome != OutcomeApplied {
			t.Errorf("%+v", l)
		}
	}
}

// The session begins after such a start: that the content is older than the
// artifact says nothing of the commit.
func TestFirstLookAfterSourceControllerStartedAnew(t *testing.T) {
	for _, before := range []time.Duration{30 * time.Minute, 30 * time.Second} {
		h := newShop(t)
		for _, ns := range shopTenants {
			h.source(ns, revision(0), ago(before))
		}
		h.trails = newTrails()
		for _, ns := range shopTenants {
			if l := h.line(ns, revision(0)); l.Outcome != OutcomeApplied || !l.Live {
				t.Errorf("%s before: %s: %+v", before, ns, l)
			}
		}
	}
}
