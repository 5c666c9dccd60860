package model

import (
	"slices"
	"strings"
	"testing"
)

func TestWaitForTheNewestAfterARequest(t *testing.T) {
	h := newShop(t)
	w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
	if r := w.Step(h.Store); r.State != WaitRunning || !slices.Equal(r.Moved, []string{"stage: its source is being asked"}) {
		t.Fatalf("%+v", r)
	}
	answer := func(n int, conds ...Condition) {
		o := git("stage", "shop", revision(n), conds...)
		d := o.Detail.(*Source)
		d.URL, d.Ref, d.LastHandled, d.Updated = "https://git.example/acme/shop.git", "branch main", "now", h.unix()
		h.put(h.stamped(o))
	}
	answer(1)
	if r := w.Step(h.Store); r.State != WaitRunning || r.Revision != revision(1) || r.Of != 1 {
		t.Fatalf("%+v", r)
	}
	h.sync("stage", revision(1), "done")
	h.change("stage", 1)
	h.pods("stage", 2, 2)
	if r := w.Step(h.Store); r.State != WaitDone {
		t.Fatalf("%+v", r)
	}
	// What it has already is the answer when nothing new came.
	w = NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
	if r := w.Step(h.Store); r.State != WaitDone || r.Revision != revision(1) {
		t.Fatalf("%+v", r)
	}
	// A request that is answered by a failure ends it.
	w = NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
	answer(1, cond("Ready", "False", "GitOperationFailed", "repository not found: x"))
	if r := w.Step(h.Store); r.State != WaitFailed || !strings.Contains(r.Cause, "can't be fetched") {
		t.Fatalf("%+v", r)
	}
}

// What a suspended source has is not its newest: whoever asks for that is told
// so at once, by name, and not that an older commit is live.
func TestWaitForTheNewestOfASuspendedSource(t *testing.T) {
	h := newShop(t)
	source := Key{GitRepository, "stage", "shop"}
	o := *h.Get(source)
	d := *o.Detail.(*Source)
	d.Suspend, o.Detail = true, &d
	h.put(h.stamped(&o))
	w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
	w.Mute(source, "it is suspended")
	if r := w.Step(h.Store); r.State != WaitFailed || r.At != source || !strings.Contains(r.Cause, "GitRepository/stage/shop is suspended") {
		t.Fatalf("%+v", r)
	}
	// Where nobody fetches, there is nobody to ask: what is there counts.
	w = NewWaiting(WaitFor{Tenants: []string{"prod"}, Newest: true, Asked: "now"})
	w.Mute(Key{GitRepository, "prod", "shop"}, "")
	if r := w.Step(h.Store); r.State != WaitDone || r.Revision != revision(0) {
		t.Fatalf("%+v", r)
	}
}

// Whether a suspended sync runs the newest is known once its source has said what
// that is: it may run it already.
func TestWaitForTheNewestOfASuspendedSync(t *testing.T) {
	for _, c := range []struct {
		newest int
		state  WaitState
		says   string
	}{{0, WaitDone, ShortRevision(revision(0)) + " live in 1 of 1"}, {1, WaitFailed, "stage: will not apply " + ShortRevision(revision(1))}} {
		h := newShop(t)
		o := *h.Get(Key{Kustomization, "stage", "shop"})
		d := *o.Detail.(*Sync)
		d.Suspend, o.Detail = true, &d
		h.put(h.stamped(&o))
		w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Newest: true, Asked: "now"})
		if r := w.Step(h.Store); r.State != WaitRunning || !slices.Equal(r.Open, []string{"stage: its source is being asked"}) {
			t.Errorf("judged before it is known what is newest: %s %q", r.State.Word(), r.Cause)
		}
		src := git("stage", "shop", revision(c.newest))
		sd := src.Detail.(*Source)
		sd.URL, sd.Ref, sd.LastHandled, sd.Updated = "https://git.example/acme/shop.git", "branch main", "now", h.unix()
		h.put(h.stamped(src))
		if r := w.Step(h.Store); r.State != c.state || !strings.Contains(w.Sentence(&r), c.says) {
			t.Errorf("newest is %d: %s %q", c.newest, r.State.Word(), w.Sentence(&r))
		}
	}
}
