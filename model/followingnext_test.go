package model

import (
	"testing"
	"time"
)

// Whoever follows a commit that is at its end already has pushed another one:
// that is followed, and the first one's end is no news of it.
func TestFollowingGoesOnFromWhatIsAtItsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		end  string
		was  WaitState
		says string
	}{"live": {"done", WaitDone, ""}, "failed": {"BuildFailed: broken", WaitFailed, ""}} {
		h := newShop(t)
		h.push(1)
		h.pass(time.Minute)
		h.fetch("stage", 2)
		h.fetch("prod", 2)
		for _, ns := range shopTenants {
			if c.was == WaitDone {
				h.change(ns, 2)
				h.pods(ns, 2, 2)
			}
			h.sync(ns, revision(2), c.end)
		}
		h.pass(time.Minute)
		var f Following
		old, new := Followed{Revision: revision(2)}, Followed{Revision: revision(3)}
		if st := f.Add(h.Store, old); st.State != c.was || !st.Next {
			t.Fatalf("%s: %+v", name, st)
		}
		if n := f.Step(h.Store); len(n) != 0 || !f.Has(old) {
			t.Errorf("%s: it rings of what was there before: %+v", name, n)
		}
		for _, ns := range shopTenants {
			h.fetch(ns, 3)
		}
		if n := f.Step(h.Store); len(n) != 0 || f.Has(old) || !f.Has(new) || f.States()[0].State != WaitRunning || f.States()[0].Next {
			t.Errorf("%s: the next one is not followed: %+v %+v", name, n, f.States())
		}
		for _, ns := range shopTenants {
			h.sync(ns, revision(3), "fetching")
			h.change(ns, 3)
			h.pods(ns, 2, 2)
			h.sync(ns, revision(3), "done")
		}
		n := f.Step(h.Store)
		if len(n) != 1 || n[0].State != WaitDone || n[0].Revision != revision(3) {
			t.Fatalf("%s: %+v", name, n)
		}
		if n[0].Passed(h.Store) {
			t.Errorf("%s: of yesterday while it is the newest", name)
		}
		h.fetch("stage", 4)
		if !n[0].Passed(h.Store) {
			t.Errorf("%s: still told of when another is the newest", name)
		}
	}
}

// Of a commit that others came after there is no next one: how it ended is told.
func TestFollowingAnEarlierCommit(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.pass(time.Minute)
	h.push(2)
	h.pass(time.Minute)
	var f Following
	if st := f.Add(h.Store, Followed{Revision: revision(1)}); st.Next || st.State == WaitRunning {
		t.Fatalf("%+v", st)
	}
	if n := f.Step(h.Store); len(n) != 1 {
		t.Errorf("%+v", n)
	}
}

// Two that come to follow the same commit are one.
func TestFollowingOneCommitOnce(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.pass(time.Minute)
	var f Following
	f.Add(h.Store, Followed{Revision: revision(1)})
	f.Add(h.Store, Followed{Revision: revision(2)})
	for _, ns := range shopTenants {
		h.fetch(ns, 2)
	}
	if f.Step(h.Store); len(f.States()) != 1 || !f.Has(Followed{Revision: revision(2)}) {
		t.Errorf("%+v", f.States())
	}
}
