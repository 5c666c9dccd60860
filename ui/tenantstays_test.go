package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What was sent for other namespaces stays, and that is said of what is there.
func TestMendingSaysWhatStays(t *testing.T) {
	d := newMendDesk(t, Options{})
	d.feed(model.Batch{Changes: []model.ObjectChange{{Key: model.Key{Kind: model.RoleBinding, Namespace: "shop", Name: "shop-reconciler"}}}}) // deleted since
	d.toMend()
	d.retype("NAMESPACE", "shop-prod")
	d.push("Next")
	d.says("Mend tenant shop on kind-new, 2 of 2")
	d.desk.says("STAYS these were sent before and are no part of this. They stay until somebody deletes them, and what applies something goes on applying it: "+
		"Namespace/shop ServiceAccount/shop/shop GitRepository/shop/shop Kustomization/shop/shop", "Namespace/shop-prod: where it lives",
		"tenant shop has shop as well, which is no part of this: what is there goes on as it is")
	d.misses("nothing else is touched", "this adds to it")
}

// Another name is another tenant, beside the one that was sent.
func TestAMendedNameIsAnotherTenant(t *testing.T) {
	d := newMendDesk(t, Options{})
	d.toMend()
	d.retype("NAME", "boutique")
	d.push("Next")
	d.says("Add tenant boutique, beside shop, on kind-new, 2 of 2")
	d.desk.says("STAYS tenant shop, as it was sent before: another name makes another tenant beside it. Off-board of shop, under a, takes the old one out: " +
		"Namespace/shop ServiceAccount/shop/shop RoleBinding/shop/shop-reconciler GitRepository/shop/shop Kustomization/shop/shop")
	d.push("Add")
	d.pass(time.Second)
	d.act("+")
	d.toField("NAME", "shop")
	d.says("Mend shop opens what was typed for it") // it is there as before
}

// Nothing of a tenant is there: there is nothing to mend, and nothing stays.
func TestWhatIsGoneIsNotMended(t *testing.T) {
	d := newMendDesk(t, Options{})
	d.toMend()
	d.act("esc")
	var gone model.Batch
	for ref := range d.live {
		if k, known := ref.Key(); known {
			gone.Changes = append(gone.Changes, model.ObjectChange{Key: k})
		}
	}
	d.feed(gone)
	d.act("+")
	d.toField("NAME", "shop")
	d.misses("Mend shop", "SENT")
	d.act("esc")
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.GitRepository, State: model.ScopeDenied}}})
	d.act("+")
	d.says("Mend shop opens what was typed for it") // it may be there
}

// Off-boarded, a tenant is no longer one that was sent.
func TestOffBoardingForgetsWhatWasSent(t *testing.T) {
	d := newMendDesk(t, Options{})
	d.session.OnWrite(nil)
	before := len(d.session.Writes())
	d.run(d.offboard("shop"))
	d.says("Off-board shop on kind-new")
	if d.draftOf(sentTenant("shop")) == nil {
		t.Fatal("nothing is kept")
	}
	d.toField("CONFIRM", "shop")
	d.toButton("Off-board")
	d.act("enter")
	for seen := before; seen < len(d.session.Writes()); seen++ {
		if k, ok := d.session.Writes()[seen].Ref.Key(); ok {
			d.feed(model.Batch{Changes: []model.ObjectChange{{Key: k}}})
			d.pass(time.Second)
		}
		if kept := d.draftOf(sentTenant("shop")); kept == nil && !d.deeds[len(d.deeds)-1].over {
			t.Error("forgotten before it was out")
		}
	}
	if last := d.deeds[len(d.deeds)-1]; !last.over {
		t.Fatalf("not out: %s\n%s", d.ended(), d.screen())
	}
	if kept := d.draftOf(sentTenant("shop")); kept != nil {
		t.Errorf("kept: %s", kept.Typed)
	}
	d.put(uitest.Namespace("shop", "shop"))
	d.act("+")
	d.toField("NAME", "shop")
	if strings.Contains(d.screen(), "Mend shop") {
		t.Errorf("offered:\n%s", d.screen())
	}
}
