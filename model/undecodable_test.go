package model

import (
	"strings"
	"testing"
	"time"
)

// garbled puts an object as kube does when it can't be decoded: no generation,
// no detail.
func (h *shop) garbled(k Key) {
	h.put(h.stamped(&Object{Key: k, UID: h.Get(k).UID, Undecodable: "decoding it panicked"}))
}

// What could not be decoded for a moment is no news once it can be again, and
// what it did meanwhile is.
func TestUndecodableForAMoment(t *testing.T) {
	for _, k := range []Key{{Deployment, "stage", "kcheck"}, {Kustomization, "stage", "shop"}, {GitRepository, "stage", "shop"}} {
		h := newShop(t)
		good := *h.Get(k)
		h.garbled(k)
		h.put(h.stamped(&good))
		if l := h.line("stage", revision(0)); !l.Live || l.Fetched.At != ago(2*time.Hour) || h.trails.generations.n+h.trails.runs.n != 0 {
			t.Errorf("%s: %+v, %d generations, %d runs", k, l, h.trails.generations.n, h.trails.runs.n)
		}
	}
	h := newShop(t)
	h.push(1)
	h.garbled(Key{Deployment, "stage", "kcheck"})
	h.pass(time.Minute)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.change("stage", 2)
	if g := h.generations("stage")[0]; g.Number != 3 || g.From != 2 || g.Commit != revision(2) {
		t.Errorf("the push after it: %+v", g)
	}
}

func TestUndecodableWorkloadIsNotRolledOut(t *testing.T) {
	h := newShop(t)
	h.garbled(Key{Deployment, "stage", "kcheck"})
	h.fetch("stage", 1)
	w := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}, Since: h.unix()})
	h.sync("stage", revision(1), "done")
	h.pass(5 * time.Second)
	h.Tick()
	r := w.Step(h.Store)
	if l := h.line("stage", revision(1)); l.Live || l.LiveAt.Known() || r.State != WaitBlind || !strings.Contains(r.Cause, "Deployment/stage/kcheck could not be read: decoding it panicked") {
		t.Errorf("%+v\n%s: %s", l, r.State.Word(), r.Cause)
	}
}
