package model

import (
	"strings"
	"time"
)

// sharpFor is for how long changes may wait to be read without a whole run
// going unseen between two states of its sync: a fetch, a build and an apply
// take longer.
const sharpFor = 300 * time.Millisecond

// sight is what was seen of a run, in the order of the server's own versions.
// Controllers date what they do by their own clocks, which may be ahead of the
// server's or behind it.
type sight struct {
	after       uint64 // what it wrote is newer than that; exact: it was seen before it wrote
	first, last uint64 // versions of the first and the last state that tells of it; 0 unknown
	heard       Unix   // when the last was seen, by the server's clock
	verdict     Unix   // when its verdict was seen first, by that clock too
	seenLive    Unix   // when it was seen to be live, by that clock; 0 for what only its status tells
	exact, idle bool   // idle: in the last it writes nothing any more
	before      uint64 // the version of the sync's state before the first;
	blurred     bool   // another run, of which nothing is known, may have been between these two
	// A HelmRelease's rollback writes what is newer than that, and its next try
	// to upgrade what is newer than retried; 0 for none.
	rollback, retried uint64
	backTo            string // the chart's version that was rolled back to
}

// see takes a state of a sync into what was seen of its run.
func (r *run) see(old, new *Object, w work, blurred bool, now Unix) {
	version := versionOf(new)
	writes := w.running && !w.checking
	if r.first == 0 {
		r.first, r.before, r.after, r.exact = version, versionOf(old), versionOf(old), writes
		r.blurred = blurred && old != nil
		if writes { // what it applies comes after this state
			r.after = version
		}
	}
	rolling := new.Kind == HelmRelease && r.rolls(old, new, version)
	r.last, r.heard, r.idle = version, now, !writes && !rolling
}

// rolls notes that helm-controller rolls back what a run upgraded, and reports
// whether it is at it. Ready stays False meanwhile; Reconciling names what runs.
func (r *run) rolls(old, new *Object, version uint64) bool {
	action := ""
	if c := new.Condition("Reconciling"); c != nil && c.Status == "True" {
		action = between(c.Message, "Running '", "' action")
	}
	ready := new.Condition("Ready")
	switch {
	case action == "rollback":
		if r.rollback == 0 || r.retried != 0 {
			r.rollback, r.retried, r.backTo = version, 0, r.base
		}
	case action == "upgrade":
		if r.rollback != 0 && r.retried == 0 {
			r.retried = version
		}
	case ready != nil && strings.HasPrefix(ready.Reason, "Rollback"):
		if r.rollback == 0 || r.retried != 0 {
			r.rollback, r.retried = versionOf(old), 0
		}
		r.backTo = new.Detail.(*Sync).Applied
	}
	return action == "rollback"
}

// toldAt is when a run's verdict was there at the latest, by the server's
// clock: what was seen had happened, whatever its controller's clock says.
func (r *run) toldAt() Unix {
	if r.verdict != 0 {
		return min(r.verdict, r.concluded.At)
	}
	return r.concluded.At
}
