package model

import (
	"slices"
	"testing"
	"time"
)

func TestFollowing(t *testing.T) {
	h := newShop(t)
	var f Following
	commit, prod, kcheck := Followed{Revision: digits(1)}, Followed{Key: Key{Kustomization, "prod", "shop"}}, Followed{Key: Key{Deployment, "stage", "kcheck"}}
	for _, of := range []Followed{commit, prod, kcheck, commit} {
		f.Add(h.Store, of)
	}
	rings := func(want ...string) {
		t.Helper()
		var got []string
		for _, n := range f.Step(h.Store) {
			got = append(got, n.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("rings %q, want %q", got, want)
		}
	}
	rings()
	if st := f.States(); len(st) != 3 || st[0].State != WaitRunning || st[1].State != WaitDone || st[2].State != WaitDone {
		t.Fatalf("%+v", st)
	}
	for _, ns := range shopTenants {
		h.fetch(ns, 1)
		h.sync(ns, revision(1), "fetching")
	}
	h.change("stage", 1)
	rings()
	if st := f.States(); st[0].Text != ShortRevision(revision(1))+" live in 0 of 2" || st[1].State != WaitRunning || st[2].State != WaitRunning {
		t.Fatalf("%+v", st)
	}
	h.pass(5 * time.Second)
	h.pods("stage", 2, 2)
	rings("generation 2 rolled out in 5s")
	h.sync("stage", revision(1), "done")
	h.sync("prod", revision(1), "BuildFailed: broken")
	short := ShortRevision(revision(1))
	rings("prod: "+short+" failed: broken", "prod: "+short+" failed: broken")
	rings()
	// What failed comes up after all: the sync is followed on, the commit was told of.
	h.pass(time.Second)
	h.sync("prod", revision(1), "fetching")
	h.change("prod", 1)
	h.pods("prod", 2, 2)
	h.sync("prod", revision(1), "done")
	rings(short + " live in 1 of 1, 6s after the first fetch")
	// A newer commit takes over; it rings again when that one is there.
	for _, ns := range shopTenants {
		h.fetch(ns, 2)
	}
	rings()
	h.sync("prod", revision(2), "fetching")
	h.change("prod", 2)
	h.pods("prod", 2, 2)
	h.sync("prod", revision(2), "done")
	rings(ShortRevision(revision(2)) + " live in 1 of 1, 0s after the first fetch")
	f.Remove(prod)
	if f.Has(prod) || len(f.States()) != 2 {
		t.Error("not removed")
	}
}
