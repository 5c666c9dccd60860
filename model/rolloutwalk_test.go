package model

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// walk is a shop in which pushes, forced ones too, and syncs go on by chance.
type walk struct {
	*shop
	r     *rand.Rand
	work  map[string]string // what a sync is at work on, by tenant
	last  map[string]string // and was last
	ran   map[string]bool   // tenant and commit: applied at some time since it was fetched last
	steps []string
}

func newWalk(t *testing.T, seed uint64) *walk {
	w := &walk{shop: newShop(t), r: rand.New(rand.NewPCG(seed, 7)), work: map[string]string{}, last: map[string]string{}, ran: map[string]bool{}}
	w.lax = w.r.IntN(2) == 0
	for _, ns := range shopTenants {
		w.sync(ns, revision(0), "done")
		w.last[ns] = revision(0)
	}
	if w.r.IntN(2) == 0 {
		w.Store = w.anew()
	}
	w.chain()
	return w
}

// step lets one thing happen.
func (w *walk) step() {
	ns := shopTenants[w.r.IntN(len(shopTenants))]
	at := w.work[ns]
	word := "pods"
	switch w.r.IntN(6) {
	case 0, 1:
		n := w.r.IntN(4)
		if w.fetched[ns] == revision(n) {
			return
		}
		word = fmt.Sprintf("fetch %d", n)
		w.fetch(ns, n)
		w.ran[ns+revision(n)] = w.applied[ns] == revision(n) && (at == "" || at == revision(n)) && w.last[ns] == revision(n)
	case 2:
		if at != "" {
			return
		}
		at, word = w.fetched[ns], "fetching"
		w.work[ns], w.last[ns] = at, at
		w.sync(ns, at, word)
		if at != w.applied[ns] && w.r.IntN(2) == 0 {
			w.change(ns, len(w.steps))
		}
	case 3:
		if at == "" || w.lax {
			return
		}
		word = "checks"
		w.sync(ns, at, word)
	case 4:
		if at == "" {
			return
		}
		if word = "done"; w.r.IntN(4) == 0 {
			word = "ReconciliationFailed: x"
		} else {
			w.pods(ns, 2, 2)
			w.ran[ns+at] = true
		}
		w.sync(ns, at, word)
		w.work[ns] = ""
	default:
		w.pods(ns, 2, 2)
	}
	w.steps = append(w.steps, ns+" "+word)
	w.pass(time.Duration(1+w.r.IntN(10)) * time.Second)
	if w.r.IntN(3) > 0 {
		w.Tick()
	}
}

// wrong says what can't be true of a line.
func (w *walk) wrong(l *Line, revision string) string {
	switch {
	case l.LiveAt.Known() && l.Fetched.Known() && !l.Fetched.Reconstructed && l.LiveAt.At+1 < l.Fetched.At: // status.history has whole seconds
		return fmt.Sprintf("live %d s before it was fetched", l.Fetched.At-l.LiveAt.At)
	case l.Newer != "" && l.Outcome == OutcomeWaiting:
		return "past, and yet waiting"
	case l.Outcome == OutcomeOvertaken && w.ran[l.Tenant+revision]:
		return "it was applied, and is said to have been overtaken before"
	}
	return ""
}

// Whatever comes in whatever order, no commit was live before it was fetched,
// none waits that is past, and none was overtaken that was applied all the while.
func TestNoWalkEndsInAContradiction(t *testing.T) {
	for seed := range uint64(1000) {
		w := newWalk(t, seed)
		for range 30 {
			w.step()
			for _, c := range w.chain().Commits {
				for i := range c.Lines {
					if words := w.wrong(&c.Lines[i], c.Revision); words != "" {
						t.Fatalf("seed %d, health checks %v: %s of %s: %s; %s", seed, !w.lax, c.Lines[i].Tenant, RevisionSum(c.Revision), words, strings.Join(w.steps, ", "))
					}
				}
			}
		}
	}
}
