package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func (d *mendDesk) unread(ref model.ObjectRef) {
	d.session.SetDocument(ref, nil, &model.RequestError{Reason: model.RequestForbidden, Text: "ann may not get " + ref.String()})
}

// What can't be read is written over only where it is known which object it is.
func TestWhatCannotBeReadIsNotWrittenOverUnseen(t *testing.T) {
	git := model.Key{Kind: model.GitRepository, Namespace: "shop", Name: "shop"}
	t.Run("seen", func(t *testing.T) {
		d := newMendDesk(t, Options{})
		d.unread(git.ObjectRef())
		d.toMend()
		d.retype("REPO", rightURL)
		d.push("Next")
		d.desk.says("GitRepository/shop/shop: is there, and can't be read by you: what this changes of it is not known", "the server would take all of it")
		d.misses("nothing else is touched")
		before := len(d.sent())
		d.push("Apply")
		d.pass(time.Second)
		writes := d.sent()[before:]
		if len(writes) == 0 {
			t.Fatalf("not sent:\n%s", d.screen())
		}
		for _, w := range writes {
			if w.UID == "" || w.Ref == git.ObjectRef() && w.UID != d.store.Get(git).UID {
				t.Errorf("%s is written over as %q", w.Ref, w.UID)
			}
		}
	})
	t.Run("not seen", func(t *testing.T) {
		d := newMendDesk(t, Options{})
		d.unread(git.ObjectRef())
		d.toMend()
		d.retype("REPO", rightURL)
		d.feed(model.Batch{Changes: []model.ObjectChange{{Key: git}}})
		d.push("Next")
		d.desk.says("GitRepository/shop/shop: where it comes from: it can't be read by you, so that it may be there, and what is there would be written over unseen: ann may not get GitRepository/shop/shop",
			"refused: 1 of 5 objects")
		before := len(d.sent())
		d.push("Apply")
		if n := len(d.sent()); n != before {
			t.Errorf("%d written", n-before)
		}
	})
	t.Run("a ResourceSet", func(t *testing.T) {
		d := setDesk(t)
		d.unread(shopSet.ObjectRef())
		d.openSet()
		d.retype("REPO", rightURL)
		d.push("Next")
		d.desk.says("it can't be read by you, so that it is not known which namespaces it makes")
		before := len(d.sent())
		d.push("Apply")
		if n := len(d.sent()); n != before {
			t.Errorf("%d written", n-before)
		}
	})
	t.Run("in a namespace that is not listed", func(t *testing.T) {
		d := newMendDesk(t, Options{})
		d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Namespace, State: model.ScopeDenied}}, Changes: []model.ObjectChange{{Key: model.Key{Kind: model.Namespace, Name: "shop"}}}})
		d.toMend()
		d.retype("REPO", rightURL)
		d.push("Next")
		d.desk.says("GitRepository/shop/shop: changes spec.url", "1 of the 5 objects changes")
		before := len(d.sent())
		d.push("Apply")
		d.pass(time.Second)
		writes := d.sent()[before:]
		if len(writes) == 0 {
			t.Fatalf("not sent:\n%s", d.screen())
		}
		for _, w := range writes {
			if w.UID == "" {
				t.Errorf("%s is written over without its UID", w.Ref)
			}
		}
	})
}

// A server that does not answer in time refuses nothing.
func TestATenantIsNotJudgedByALateAnswer(t *testing.T) {
	f := &fakeInstance{desk: newDesk(t, 120, 40, Options{}, uitest.Synced())}
	f.session.SetDocument(model.ObjectRef{Kind: "Namespace", Name: "shop"}, nil, &model.RequestError{Reason: model.RequestTimedOut, Text: "no answer in time"})
	f.act("+")
	f.toField("NAME", "shop")
	f.toField("REPO", wrongURL)
	f.push("Next")
	f.says("1 of 2", "no answer in time")
}
