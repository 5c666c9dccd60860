package model

import (
	"strings"
	"testing"
	"time"
)

// A sync ends what it is at work on, its health checks too, before it takes up
// what its source has fetched meanwhile: whoever waits is told so, in the line,
// at the end and in what programs read alike.
func TestWaitSaysWhatTheSyncIsStillAt(t *testing.T) {
	for state, want := range map[string]string{"checks": "the sync still waits for health checks of ", "fetching": "the sync is still at work on "} {
		h := newShop(t)
		w := NewWaiting(WaitFor{Revision: digits(2), Tenants: []string{"stage"}, Since: h.unix()})
		h.fetch("stage", 1)
		h.sync("stage", revision(1), state)
		h.pass(time.Second)
		h.fetch("stage", 2)
		r := w.Step(h.Store)
		words := "fetched " + ShortRevision(revision(2)) + "; " + want + ShortRevision(revision(1))
		if len(r.Moved) != 1 || r.Moved[0] != "stage: "+words {
			t.Errorf("%s, said: %q, want %q", state, r.Moved, words)
		}
		if got := w.Sentence(&r); !strings.HasSuffix(got, "; stage: "+words) {
			t.Errorf("%s, in one line: %q", state, got)
		}
		if got := w.Result(h.Store, &r, 0).Targets[0]; got.Progress != words || got.BusyWith != revision(1) || got.Outcome != "waiting" {
			t.Errorf("%s, for programs: %+v", state, got)
		}
		h.sync("stage", revision(2), "fetching")
		if r := w.Step(h.Store); r.Targets[0].Busy != "" || len(r.Moved) != 1 || strings.Contains(r.Moved[0], "still") {
			t.Errorf("%s, taken up: %q %+v", state, r.Moved, r.Targets[0])
		}
	}
}
