package model

import (
	"testing"
	"time"
)

// Retries move Ready's own time: since when something fails is read off what
// it last achieved.
func TestFailingSince(t *testing.T) {
	because := func(reason, applied string, h ...HistoryEntry) *Object {
		k := kust("a", "k", "g", cond("Ready", "False", reason, "x"))
		sync(k).Applied, sync(k).History = applied, h
		return k
	}
	failing := func(applied string, h ...HistoryEntry) *Object { return because("BuildFailed", applied, h...) }
	good, bad := "ReconciliationSucceeded", "HealthCheckFailed"
	for name, tc := range map[string]struct {
		o       *Object
		want    Unix
		atLeast bool
	}{
		"never succeeded":               {because(bad, ""), ago(time.Hour), false},
		"succeeded before":              {because(bad, rev1, HistoryEntry{Status: good, First: ago(50 * time.Minute), Last: ago(20 * time.Minute)}), ago(15 * time.Minute), true},
		"failed runs in a row":          {because(bad, rev1, HistoryEntry{Status: bad, First: ago(5 * time.Minute)}, HistoryEntry{Status: "ReconciliationFailed", First: ago(9 * time.Minute)}, HistoryEntry{Status: good, Last: ago(30 * time.Minute)}), ago(9 * time.Minute), false},
		"failed so before it succeeded": {because(bad, rev1, HistoryEntry{Status: bad, First: ago(5 * time.Hour), Last: ago(10 * time.Second)}, HistoryEntry{Status: good, Last: ago(30 * time.Minute)}), ago(25 * time.Minute), true},
		"no history but a success":      {because(bad, rev1), ago(10 * time.Second), false},
		// History has no build failures: what it has is of others.
		"never built":                    {failing(""), ago(time.Minute), true}, // since its revision came
		"built before":                   {failing(rev1, HistoryEntry{Status: good, First: ago(50 * time.Minute), Last: ago(20 * time.Minute)}), ago(15 * time.Minute), true},
		"built before, another revision": {failing(rev2, HistoryEntry{Status: good, First: ago(50 * time.Minute), Last: ago(20 * time.Minute)}), ago(time.Minute), true},
		// Each retry moves the condition; the revision came once.
		"another revision, an interval not over": {failing(rev2, HistoryEntry{Status: good, First: ago(50 * time.Minute), Last: ago(3 * time.Minute)}), ago(time.Minute), true},
		"unhealthy before":                       {failing(rev1, HistoryEntry{Status: bad, First: ago(3 * time.Hour), Last: ago(8 * time.Minute)}), ago(450 * time.Second), true},
		"unhealthy a moment ago":                 {failing(rev1, HistoryEntry{Status: bad, First: ago(3 * time.Hour), Last: ago(time.Minute)}), ago(30 * time.Second), true},
		"waits for another":                      {because("DependencyNotReady", "", HistoryEntry{Status: bad, First: ago(3 * time.Hour), Last: ago(time.Minute)}), ago(10 * time.Second), false},
	} {
		if v := newWorld(t).put(git("a", "g", rev1), tc.o).synced().Verdict(tc.o.Key); v.Since != tc.want || v.AtLeast != tc.atLeast {
			t.Errorf("%s: since %s (at least: %v), want %s", name, timeOf(v.Since).UTC(), v.AtLeast, timeOf(tc.want).UTC())
		}
	}
}

// What happens under our eyes has its own time.
func TestFailingSinceAsSeen(t *testing.T) {
	w := newWorld(t).put(git("a", "g", rev1), kust("a", "k", "g")).synced()
	w.pass(time.Minute)
	bad := kust("a", "k", "g", cond("Ready", "False", "BuildFailed", "x"))
	sync(bad).History = []HistoryEntry{{Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: ago(30 * time.Minute)}}
	bad.Conditions[0].LastTransition = Unix(w.now.Unix())
	if v := w.put(bad).Verdict(bad.Key); v.Since != Unix(w.now.Unix()) {
		t.Errorf("since %s, it failed at %s", timeOf(v.Since).UTC(), w.now)
	}
}

// A failure that history does not tell of, seen as it begins, has its own time;
// its retries do not move it, and another reason or revision is another failure.
func TestABuildFailureHasItsOwnTime(t *testing.T) {
	w := newWorld(t).put(git("a", "g", rev1), kust("a", "k", "g")).synced()
	fail := func(reason, attempted string) Unix {
		w.pass(time.Minute)
		k := kust("a", "k", "g", cond("Ready", "False", reason, "x"))
		sync(k).Attempted, k.Conditions[0].LastTransition = attempted, Unix(w.now.Unix())
		return w.put(k).Verdict(k.Key).Since
	}
	unhealthy := fail("HealthCheckFailed", rev1)
	if again := fail("ReconciliationFailed", rev1); again != unhealthy {
		t.Errorf("what history tells of began anew after %ds", again-unhealthy)
	}
	built := fail("BuildFailed", rev2)
	if built != unhealthy+120 {
		t.Errorf("the build fails %ds later, want 120", built-unhealthy)
	}
	if again := fail("BuildFailed", rev2); again != built {
		t.Errorf("a retry moved it by %ds", again-built)
	}
	if other := fail("BuildFailed", rev1); other != built+120 {
		t.Errorf("another revision began %ds later, want 120", other-built)
	}
}
