package model

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// Kinds are read over connections of their own, and states in between may never
// be seen. However a commit and its successor are seen, one that was live before
// it was left is not said to have been overtaken before it was.
func TestWaitHoweverItIsSeen(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 7))
		h := newShop(t)
		h.pass(5 * time.Second)
		w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Revision: digits(1), Since: h.unix()})
		w.Step(h.Store)
		begun := h.now
		seen := map[Kind][]*Object{}
		for _, o := range h.firstCheckedThenSecond(rng) {
			seen[o.Key.Kind] = append(seen[o.Key.Kind], o)
		}
		h.now = begun.Add(15 * time.Second) // the reader lags
		var order []string
		r := WaitReport{}
		for kinds := []Kind{GitRepository, Kustomization, Deployment}; len(kinds) > 0 && r.State == WaitRunning; {
			i := rng.IntN(len(kinds))
			states := seen[kinds[i]]
			n := min(1+rng.IntN(3)*rng.IntN(2), len(states)) // what is between is not seen
			for at, kind := range kinds {                    // and none is read much later than the others
				if versionOf(seen[kind][0])+3 < versionOf(states[n-1]) {
					i, states, n = at, seen[kind], 1
				}
			}
			h.put(states[n-1])
			order = append(order, kinds[i].String()+" "+states[n-1].ResourceVersion)
			if seen[kinds[i]] = states[n:]; len(states) == n {
				kinds = append(kinds[:i], kinds[i+1:]...)
			}
			h.pass(time.Duration(rng.IntN(2)) * time.Second)
			r = w.Step(h.Store)
		}
		if r.State != WaitDone && !strings.Contains(r.Cause, "not known") {
			t.Fatalf("seed %d, %v: %v %s", seed, order, r.State, r.Cause)
		}
	}
}

// firstCheckedThenSecond are the states, in their order, of a commit that is
// live before stage goes on to the next, which was fetched meanwhile.
func (h *shop) firstCheckedThenSecond(rng *rand.Rand) []*Object {
	h.holding = true
	defer func() { h.holding, h.held = false, nil }()
	for _, does := range []func(){
		func() { h.fetch("stage", 1) }, func() { h.sync("stage", revision(1), "fetching") }, func() { h.change("stage", 1) },
		func() { h.sync("stage", revision(1), "checks") }, func() { h.pods("stage", 1, 2) }, func() { h.fetch("stage", 2) },
		func() { h.pods("stage", 2, 2) }, func() { h.sync("stage", revision(1), "said") }, func() { h.sync("stage", revision(1), "done") },
		func() { h.sync("stage", revision(2), "fetching") }, func() { h.change("stage", 2) }, func() { h.sync("stage", revision(2), "checks") },
		func() { h.pods("stage", 1, 2) }, func() { h.pods("stage", 2, 2) }, func() { h.sync("stage", revision(2), "said") }, func() { h.sync("stage", revision(2), "done") },
	} {
		does()
		h.now = h.now.Add(time.Duration(rng.IntN(3)) * time.Second)
	}
	return h.held
}

// What rolls out now is told of the newest commit, though a reader that lags
// can't be sure that no other came between.
func TestWhatRollsOutNowIsToldThoughTheReaderLags(t *testing.T) {
	h := newShop(t)
	h.lax = true
	h.push(1)
	h.pass(time.Minute)
	h.holding = true
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.change("stage", 2)
	h.sync("stage", revision(2), "done")
	h.holding = false
	b := Batch{Waited: 2 * sharpFor}
	for _, o := range h.held {
		if o.Kind != Kustomization || len(b.Changes) > 1 { // of the Kustomization only how it ended
			b.Changes = append(b.Changes, ObjectChange{Key: o.Key, Object: o})
		}
	}
	h.Apply(b)
	h.pass(5 * time.Second)
	h.Tick()
	g := h.Generations(Key{Kind: Deployment, Namespace: "stage", Name: "kcheck"})[0]
	if !g.AtOrBefore {
		t.Fatalf("it is no longer doubtful: %+v", g)
	}
	l := h.line("stage", revision(2))
	if len(l.Moves) != 1 || l.Moves[0].To != g.Number || l.Live || l.Moves[0].AtOrBefore != revision(2) {
		t.Errorf("%+v", l)
	}
	w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Revision: digits(2), Since: h.unix()})
	r := w.Step(h.Store)
	if words := "kcheck (at or before " + ShortRevision(revision(2)) + ") 0 of 2 new pods"; len(r.Moved) != 1 || !strings.Contains(r.Moved[0], words) {
		t.Errorf("the waiting does not say so: %q", r.Moved)
	}
	if moves := w.Result(h.Store, &r, 0).Targets[0].Workloads; len(moves) != 1 || !moves[0].AtOrBefore {
		t.Errorf("nor to programs: %+v", moves)
	}
	h.pods("stage", 2, 2)
	h.pass(5 * time.Second)
	h.Tick()
	if l := h.line("stage", revision(2)); !l.Live {
		t.Errorf("rolled out: %+v", l)
	}
}
