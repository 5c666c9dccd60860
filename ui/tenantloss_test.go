package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// running shows the tenant shop as it runs: what it has applied is known.
func (d *mendDesk) running(change func(*model.Sync)) {
	o := uitest.Sync("shop", "shop", "./", uitest.Rev1, uitest.Ready(-time.Second))
	s := o.Detail.(*model.Sync)
	s.TargetNamespace, s.Prune = "shop", true
	s.Inventory = "shop_data__PersistentVolumeClaim\nshop_web_apps_Deployment"
	if change != nil {
		change(s)
	}
	git := uitest.Git("shop", "shop", wrongURL, uitest.Rev1)
	git.Detail.(*model.Source).Ref = "branch main"
	d.put(git, o)
}

// What a running tenant has applied, and other content does not hold, is pruned:
// that is said by name, and wants the name typed.
func TestMendingSaysWhatIsPruned(t *testing.T) {
	for _, c := range []struct {
		name         string
		sync         func(*model.Sync)
		field, typed string
		says         string // "" for nothing that is deleted
	}{
		{"another repository", nil, "REPO", rightURL, "gets another repository: of the 2 objects (PersistentVolumeClaim/shop/data, Deployment/shop/web) it has applied"},
		{"another branch", nil, "BRANCH", "next", "gets another branch: "},
		{"another folder", nil, "NAMESPACE", "shop=./prod", "gets another folder: "},
		{"elsewhere until now", func(s *model.Sync) { s.TargetNamespace = "" }, "ACCOUNT", "shop", "gets another target namespace: "},
		{"prunes from now on", func(s *model.Sync) { s.Prune = false }, "REPO", rightURL, "gets another repository: "},
		{"of another source", func(s *model.Sync) { s.SourceRef.Name = "other" }, "ACCOUNT", "shop", "gets another source: "},
		{"the same content", nil, "PODS", "20", ""},
		{"nothing applied", func(s *model.Sync) { s.Inventory = "" }, "REPO", rightURL, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newMendDesk(t, Options{})
			d.running(c.sync)
			before := len(d.sent())
			d.act("+")
			d.toField("NAME", "shop")
			d.push("Mend shop")
			d.retype(c.field, c.typed)
			d.push("Next")
			d.says("Mend tenant shop on kind-new, 2 of 2")
			if c.says == "" {
				d.misses("DELETES", "CONFIRM")
				return
			}
			d.desk.says("DELETES Kustomization/shop/shop "+c.says, "those are deleted that the new content, which is not read here, does not hold",
				"PersistentVolumeClaim/shop/data", "Deployment/shop/web", "objects can be deleted by this: type shop")
			d.misses("nothing else is touched")
			if b := d.dialog.buttons[d.dialog.begins()-len(d.dialog.focusables())]; b.word != "Cancel" {
				t.Errorf("%s is marked", b.word)
			}
			if text := d.dialog.detail(); !strings.Contains(text, "#   Deployment/shop/web") {
				t.Errorf("ctrl+y:\n%s", text)
			}
			d.push("Apply")
			if n := len(d.sent()); n != before {
				t.Fatalf("sent without its name: %d", n-before)
			}
			d.toField("CONFIRM", "shop")
			d.push("Apply")
			if n := len(d.sent()); n == before {
				t.Errorf("not sent:\n%s", d.screen())
			}
		})
	}
}

// What can be deleted is looked at once more before anything is sent.
func TestWhatIsPrunedIsLookedAtAgain(t *testing.T) {
	d := newMendDesk(t, Options{})
	d.toMend()
	d.retype("REPO", rightURL)
	d.push("Next")
	d.misses("DELETES")
	before := len(d.sent())
	d.running(nil)
	d.push("Apply")
	d.says("nothing was sent, for it has changed meanwhile", "DELETES")
	if n := len(d.sent()); n != before {
		t.Errorf("%d written", n-before)
	}
}

// What of a ResourceSet is made no more is deleted as well.
func TestMendingAResourceSetSaysWhatItDeletes(t *testing.T) {
	d := setDesk(t)
	d.put(uitest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_shop-prod__Namespace\n_shop-stage__Namespace\nshop-prod_shop__ServiceAccount\nshop-prod_shop__ResourceQuota"}))
	d.openSet()
	d.retype("REPO", rightURL)
	d.push("Next")
	d.desk.says("DELETES ResourceSet/flux-system/shop makes these no more, so that flux-operator deletes them ResourceQuota/shop-prod/shop", "type shop")
	d.misses("ServiceAccount/shop-prod/shop")
}
