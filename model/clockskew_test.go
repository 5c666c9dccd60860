package model

import (
	"fmt"
	"testing"
	"time"
)

// The controllers' clocks are ahead of the API server's or behind: which commit
// a generation is of, and when it is live, is told by the order in which things
// came about.
func TestControllersClocks(t *testing.T) {
	for _, skew := range []Unix{-60, -5, 0, 5, 60} {
		t.Run(fmt.Sprint(skew), func(t *testing.T) {
			h := newShop(t)
			h.skew = skew
			h.push(1)
			h.push(2)
			h.fetch("stage", 3)
			h.pass(time.Second)
			h.sync("stage", revision(3), "fetching")
			h.change("stage", 3)
			if g := h.generations("stage")[0]; g.Commit != revision(3) {
				t.Errorf("while it is applied, generation %d is said to be of %q", g.Number, g.Commit)
			}
			h.pass(time.Second)
			h.pods("stage", 2, 2)
			h.sync("stage", revision(3), "done")
			h.pass(time.Second)
			for _, g := range h.generations("stage")[:3] {
				if want := revision(int(g.Number) - 1); g.Commit != want || g.AtOrBefore || g.Drift || g.UndidDrift {
					t.Errorf("generation %d is said to be of %q, it is of %s: %+v", g.Number, g.Commit, want, g)
				}
			}
			for n := 1; n <= 3; n++ {
				if l := h.line("stage", revision(n)); len(l.Moves) != 1 || l.Moves[0].To != int64(n+1) || l.Outcome != OutcomeApplied {
					t.Errorf("%s: %s, %+v", revision(n), l.Outcome, l.Moves)
				}
			}
		})
	}
}

// A commit that moved no workload is live once their watch had time to say
// otherwise, by the server's clock.
func TestLiveByTheServersClock(t *testing.T) {
	for _, skew := range []Unix{-60, 60} {
		h := newShop(t)
		h.skew = skew
		h.fetch("stage", 1)
		h.sync("stage", revision(1), "done")
		if l := h.line("stage", revision(1)); l.Live && skew > 0 {
			t.Errorf("%d: it is live at once", skew)
		}
		h.pass(5 * time.Second)
		h.Tick()
		if l := h.line("stage", revision(1)); !l.Live {
			t.Errorf("%d: it is not live after 5 s: %+v", skew, l)
		}
	}
}
