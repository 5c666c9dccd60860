package ui

import (
	"bytes"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What another path may prune is named, the gravest first, and the name typed.
func TestSetSyncNamesWhatMayBePruned(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, held()), fleet()).ownedBy("tenantry")
	f.open("set sync")
	f.retype("PATH", "./clusters/other")
	f.push("Next")
	f.says("path changed", "of the 6 objects", "2 Namespaces with everything in them", "(N2)", "Namespace/docs and everything in it",
		"Kustomization/docs/docs, which prunes its own 2 objects", "ConfigMap/docs/settings", "Deployment/docs/web")
	if b := f.dialog.button(); b == nil || b.word != "Cancel" {
		t.Errorf("the harmless button is not marked")
	}
	all := f.whole()
	if strings.Index(all, "Namespace/crm") > strings.Index(all, "ConfigMap/docs/settings") {
		t.Error("the gravest does not come first")
	}
	f.push("Set sync")
	f.wants("objects can be deleted by this: type flux-system to confirm")
	if n := len(f.sent()); n != 0 {
		t.Fatal("sent without the name being typed")
	}
	f.toField("CONFIRM", "flux-system")
	f.push("Set sync")
	if n := len(f.sent()); n == 0 {
		t.Error("nothing was sent")
	}
}

// Clearing suspends the Kustomization first, so that what it applied stays.
func TestClearSyncKeepsWhatWasApplied(t *testing.T) {
	f := withInstance(newDesk(t, 160, 40, Options{}, held()), fleet()).ownedBy("tenantry")
	f.open("clear sync")
	f.says("[x] suspend Kustomization/flux-system/flux-system first", "the operator deletes Kustomization/flux-system/flux-system, and its finalizer the 6 objects under it", "Namespace/docs and everything in it", "(N1)")
	f.push("Clear sync")
	sent := f.sent()
	if len(sent) != 1 || sent[0].Ref.Kind != "Kustomization" || !bytes.Contains(sent[0].Body, []byte(`"suspend":true`)) {
		t.Fatalf("sent first: %+v", sent)
	}
	ks := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1)
	ks.Detail.(*model.Sync).Suspend = true
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(ks).Batch})
	sent = f.sent()
	if len(sent) != 2 || string(sent[1].Body) != `{"spec":{"sync":null}}` || sent[1].UID == "" || sent[1].Generation != 1 {
		t.Fatalf("sent then: %+v", sent)
	}
	cleared := instanceOf(func(d *model.Instance) { d.Sync = nil })
	cleared.Generation, cleared.Conditions[0].ObservedGeneration = 2, 2
	b := (&uitest.Cluster{}).Put(cleared).Batch
	for _, k := range []model.Key{ks.Key, {Kind: model.GitRepository, Namespace: "flux-system", Name: "flux-system"}} {
		b.Changes = append(b.Changes, model.ObjectChange{Key: k})
	}
	f.settle(batchMsg{epoch: 1, batch: b})
	f.wants("FluxInstance ready")
}

// Without that, what goes is named and its name has to be typed.
func TestClearSyncThatDeletesWantsTheName(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, held()), fleet()).ownedBy("tenantry")
	f.open("clear sync")
	f.toField("KEEP", "")
	f.act("space")
	f.push("Clear sync")
	f.wants("objects can be deleted by this: type flux-system to confirm")
	if len(f.sent()) != 0 {
		t.Fatal("sent without the name being typed")
	}
	f.toField("CONFIRM", "flux-system")
	f.push("Clear sync")
	if sent := f.sent(); len(sent) != 1 || string(sent[0].Body) != `{"spec":{"sync":null}}` {
		t.Errorf("sent %+v", sent)
	}
}

// What an object says of itself decides whether it goes: it is read before it is
// said, and once more before anything is sent.
func TestStakesAreReadBeforeTheyAreNamed(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, held()), fleet()).ownedBy("tenantry")
	f.is("_crm__Namespace", "flux-system", "flux-system", map[string]string{"kustomize.toolkit.fluxcd.io/prune": "disabled"})
	f.is("docs_settings__ConfigMap", "docs", "other", nil)
	f.open("set sync")
	f.retype("PATH", "./clusters/other")
	f.push("Next")
	f.says("of the 5 objects", "unless the new content holds it too:", "1 Namespace with everything in it", "Namespace/crm stays: prune disabled",
		"ConfigMap/docs/settings") // another's, in a Namespace that goes
	if all := f.whole(); strings.Contains(all, "Namespace/crm and everything in it") {
		t.Error(all)
	}
	f.act("ctrl+y")
	f.says("#   Namespace/docs", "# not deleted: Namespace/crm stays: prune disabled")
	f.act("ctrl+y")
	f.toField("CONFIRM", "flux-system")
	f.is("_crm__Namespace", "flux-system", "flux-system", nil) // somebody took the mark away
	f.push("Set sync")
	if n := len(f.sent()); n != 0 {
		t.Fatalf("%d writes, with another Namespace at stake than was shown", n)
	}
	f.says("of the 6 objects", "Namespace/crm and everything in it")
	f.wants("what is at stake has changed", "nothing was sent, look again")
}

// Whatever was not shown is shown before anything is sent: that the operator is
// away meanwhile, and that somebody else writes the sync now.
func TestSetSyncShowsWhatCameMeanwhile(t *testing.T) {
	for name, c := range map[string]struct {
		comes func(f *fakeInstance)
		says  string
	}{
		"the operator goes": {func(f *fakeInstance) {
			operator := *f.store.Get(model.Key{Kind: model.Deployment, Namespace: "flux-system", Name: "flux-operator"})
			d := *operator.Detail.(*model.Workload)
			d.Desired, d.Replicas, d.Updated, d.Available = 0, 0, 0, 0
			operator.Detail = &d
			f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(&operator).Batch})
		}, "what is at stake has changed: the flux-operator is "},
		"another owner": {func(f *fakeInstance) { f.ownedBy("kubectl-edit") }, "who writes the sync again has changed: a person, by kubectl"},
	} {
		t.Run(name, func(t *testing.T) {
			f := withInstance(newDesk(t, 160, 40, Options{}, held()), fleet()).ownedBy("tenantry")
			f.open("set sync")
			f.retype("PATH", "./clusters/other")
			f.push("Next")
			f.toField("CONFIRM", "flux-system")
			c.comes(f)
			f.push("Set sync")
			if n := len(f.sent()); n != 0 {
				t.Fatalf("sent %+v", f.sent())
			}
			f.says(c.says, "nothing was sent, look again")
			f.toField("CONFIRM", "flux-system")
			f.push("Set sync")
			if n := len(f.sent()); n == 0 {
				t.Error("what was looked at again is not sent")
			}
		})
	}
}
