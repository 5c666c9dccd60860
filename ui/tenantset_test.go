package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var shopSet = model.Key{Kind: model.ResourceSet, Namespace: "flux-system", Name: "shop"}

// tickSet ticks that one ResourceSet makes the tenant.
func (f *fakeInstance) tickSet() {
	f.Helper()
	for range 60 {
		if p := f.dialog.focus(); p != nil && p.tick != nil && strings.Contains(p.text, "one ResourceSet") {
			f.act("space")
			return
		}
		f.act("tab")
	}
	f.Fatalf("no ResourceSet to tick:\n%s", f.screen())
}

// setDesk has added the tenant shop, with two namespaces, as a ResourceSet.
func setDesk(t *testing.T) *mendDesk {
	t.Helper()
	d := &mendDesk{&fakeInstance{desk: newDesk(t, 120, 40, Options{}, uitest.Synced())}, map[model.ObjectRef]map[string]any{}}
	d.session.OnWrite(d.apply)
	d.act("+")
	d.toField("NAME", "shop")
	d.toField("NAMESPACE", "shop-stage=./stage shop-prod=./prod")
	d.toField("REPO", wrongURL)
	d.tickSet()
	d.push("Next")
	d.push("Add")
	d.pass(time.Second)
	if d.live[shopSet.ObjectRef()] == nil {
		t.Fatalf("not sent:\n%s", d.screen())
	}
	return d
}

func (d *mendDesk) openSet() {
	d.Helper()
	d.act("+")
	d.toField("NAME", "shop")
	d.push("Mend shop")
	d.says("Mend tenant shop on kind-new, 1 of 2")
}

// A namespace that is left out of a ResourceSet would be deleted with all that
// is in it: neither adding to it nor mending it does that.
func TestNoNamespaceLeavesByMending(t *testing.T) {
	for _, c := range []struct {
		name string
		made bool // the store knows what the ResourceSet made
		says string
	}{
		{"it has made them", true, "without namespace shop-prod here, flux-operator would delete it with all that is in it"},
		{"it has not made them yet", false, "without namespace shop-prod here, flux-operator would delete it with all that is in it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := setDesk(t)
			if c.made {
				d.put(uitest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_shop-prod__Namespace\n_shop-stage__Namespace"}))
			}
			before := len(d.sent())
			d.openSet()
			d.retype("NAMESPACE", "shop-stage=./stage")
			d.push("Next")
			d.says(c.says)
			if !c.made {
				d.push("Apply")
				d.says(c.says)
			}
			if n := len(d.sent()); n != before {
				t.Errorf("%d written", n-before)
			}
		})
	}
	t.Run("added to", func(t *testing.T) {
		d := setDesk(t)
		before := len(d.sent())
		d.act("+")
		d.toField("NAME", "shop")
		d.toField("NAMESPACE", "qa=./qa")
		d.toField("REPO", rightURL)
		d.tickSet()
		d.push("Next")
		d.says("1 of 2", "ResourceSet/flux-system/shop exists already: choose another name")
		if n := len(d.sent()); n != before {
			t.Errorf("%d written", n-before)
		}
	})
}

// The same namespaces with another repository, and one more, are applied over
// the ResourceSet that is there and over no other.
func TestAResourceSetIsMendedFromItsForm(t *testing.T) {
	d := setDesk(t)
	before := len(d.sent())
	d.openSet()
	d.retype("NAMESPACE", "shop-stage=./stage shop-prod=./prod shop-qa=./qa")
	d.retype("REPO", rightURL)
	d.push("Next")
	d.says("Mend tenant shop on kind-new, 2 of 2", "ResourceSet/flux-system/shop: changes spec.inputs")
	d.push("Apply")
	sent := d.sent()[before:]
	if len(sent) != 1 || sent[0].UID != "ResourceSet-flux-system-shop" {
		t.Fatalf("sent: %+v\n%s", sent, d.screen())
	}
	var set struct {
		Spec struct{ Inputs []map[string]string }
	}
	if err := json.Unmarshal(sent[0].Body, &set); err != nil || len(set.Spec.Inputs) != 3 {
		t.Errorf("inputs %v: %v", set.Spec.Inputs, err)
	}
}
