package model

import (
	"strings"
	"testing"
	"time"
)

// suspend suspends a sync or a source.
func (h *shop) suspend(k Key) {
	o := *h.Get(k)
	switch d := o.Detail.(type) {
	case *Sync:
		of := *d
		of.Suspend, o.Detail = true, &of
	case *Source:
		of := *d
		of.Suspend, o.Detail = true, &of
	}
	h.put(h.stamped(&o))
}

// A commit that the sources have, and that nobody will apply since all who follow
// it are suspended, is not waited for until the time is over.
func TestWaitEndsWhenAllAreSuspended(t *testing.T) {
	for _, kind := range []Kind{Kustomization, GitRepository} {
		h := newShop(t)
		h.pass(time.Minute)
		for _, ns := range shopTenants {
			h.fetch(ns, 1)
			h.suspend(Key{kind, ns, "shop"})
		}
		w := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()})
		r := w.Step(h.Store)
		want := "nobody will apply " + ShortRevision(revision(1)) + ": " + kind.String() + "/prod/shop, " + kind.String() + "/stage/shop are suspended"
		if r.State != WaitFailed || r.Cause != want || len(r.Moved) > 0 || r.Revision != revision(1) || r.At != (Key{kind, "prod", "shop"}) || r.Tenant != "prod" {
			t.Errorf("%s: %s, %q, said %q, %+v of %s %s", kind, r.State.Word(), r.Cause, r.Moved, r.At, r.Tenant, r.Revision)
		}
	}
}

// One who is not suspended is waited for, and nobody else.
func TestWaitGoesOnWhenOneIsSuspended(t *testing.T) {
	h := newShop(t)
	h.suspend(Key{Kustomization, "stage", "shop"})
	for _, ns := range shopTenants {
		h.fetch(ns, 1)
	}
	if r := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()}).Step(h.Store); r.State != WaitRunning || r.Of != 1 {
		t.Errorf("%s, %q, %d targets", r.State.Word(), r.Cause, r.Of)
	}
}

// The same for the newest, whatever that is.
func TestWaitForTheNewestEndsWhenAllAreSuspended(t *testing.T) {
	h := newShop(t)
	for _, ns := range shopTenants {
		h.suspend(Key{Kustomization, ns, "shop"})
	}
	r := NewWaiting(WaitFor{Newest: true, Since: h.unix()}).Step(h.Store)
	if r.State != WaitFailed || r.Cause != "nobody will apply the newest commit: Kustomization/prod/shop, Kustomization/stage/shop are suspended" || len(r.Moved) > 0 {
		t.Errorf("%s, %q, said %q", r.State.Word(), r.Cause, r.Moved)
	}
}

// A commit that was overtaken before any sync that follows it now was made is no
// commit that nobody has seen.
func TestWaitEndsWhenAllWereMadeLater(t *testing.T) {
	h := newShop(t)
	for n := 1; n <= 2; n++ {
		h.pass(time.Minute)
		h.push(n)
	}
	h.pass(time.Minute)
	for _, ns := range shopTenants {
		o := *h.Get(Key{Kustomization, ns, "shop"})
		d := *o.Detail.(*Sync)
		d.History = []HistoryEntry{{Revision: revision(2), Status: "ReconciliationSucceeded", First: h.unix(), Last: h.unix(), Duration: 1, Total: 1}}
		o.Detail, o.UID, o.Created = &d, "other-"+ns, h.unix()
		h.put(h.stamped(&o))
	}
	r := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()}).Step(h.Store)
	if r.State != WaitOvertaken || !strings.HasSuffix(r.Cause, "what follows its repository now was made later: Kustomization/prod/shop, Kustomization/stage/shop") || len(r.Moved) > 0 {
		t.Errorf("%s, %q, said %q", r.State.Word(), r.Cause, r.Moved)
	}
}
