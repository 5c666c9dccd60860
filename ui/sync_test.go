package ui

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// unsynced is Prod before anybody set a sync.
func unsynced() *uitest.Cluster {
	c := uitest.NewCluster("prod-eu").Controllers().Tenant("accounts").Tenant("docs")
	return c.Put(instanceOf(func(d *model.Instance) { d.Sync = nil }))
}

func fillFleet(f *fakeInstance) {
	f.retype("URL", "https://github.com/acme/fleet.git")
	f.retype("PATH", "./clusters/prod-eu")
}

// What is sent are the bytes that were tried, without force, and nothing but
// the sync.
func TestSetSyncSendsWhatWasTried(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, unsynced()), nil)
	f.open("set sync")
	fillFleet(f)
	f.push("Next")
	f.says("no one", "nothing is pruned now: there was no sync", "accepted 02:58:14, no conflict", "not by Helm: its chart leaves sync out", "https://github.com/acme/fleet.git")
	if n := len(f.sent()); n != 0 {
		t.Fatalf("%d writes before anything was confirmed", n)
	}
	f.toField("GUARD", "")
	f.act("space")
	f.push("Set sync")
	writes := f.session.Writes()
	if len(writes) != 3 || !writes[0].DryRun || !writes[1].DryRun || writes[2].DryRun {
		t.Fatalf("writes: %+v", writes)
	}
	want := `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},"spec":{"sync":{"kind":"GitRepository",` +
		`"url":"https://github.com/acme/fleet.git","ref":"refs/heads/main","path":"./clusters/prod-eu","interval":"1m"}}}`
	for i, w := range writes {
		if string(w.Body) != want || w.Op != model.WriteApply || w.Force || w.UID != "" || w.Generation != 0 {
			t.Errorf("write %d: %+v\n%s\nwant %s", i, w, w.Body, want)
		}
	}
}

// Followed to its end: source, Kustomization, instance.
func TestSetSyncIsFollowed(t *testing.T) {
	f := withInstance(newDesk(t, 160, 40, Options{}, unsynced()), nil)
	f.open("set sync")
	fillFleet(f)
	f.push("Next")
	f.toField("GUARD", "")
	f.act("space")
	f.push("Set sync")
	change := func(d *model.Instance) {
		d.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "https://github.com/acme/fleet.git", Ref: "refs/heads/main", Path: "./clusters/prod-eu", Interval: 60}
	}
	set := instanceOf(change)
	set.Generation, set.Conditions[0].ObservedGeneration = 2, 1
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(set).Batch})
	f.wants("the operator is at it")
	src := uitest.Git("flux-system", "flux-system", "https://github.com/acme/fleet.git", "")
	src.Detail.(*model.Source).Ref = "name refs/heads/main"
	src.Conditions = []model.Condition{uitest.Condition("Ready", "Unknown", "Progressing", "building artifact", 0)}
	waiting := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", "", uitest.Failing("ArtifactFailed", "Source artifact not found, retrying in 30s", 0))
	f.pass(time.Second)
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(src, waiting).Batch})
	f.wants("taken up by the operator +1s", "fetching")
	got := uitest.Git("flux-system", "flux-system", "https://github.com/acme/fleet.git", uitest.Rev2)
	got.Detail.(*model.Source).Ref, got.Detail.(*model.Source).Updated = "name refs/heads/main", uitest.Ago(-2*time.Second)
	f.pass(time.Second)
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(got).Batch})
	f.wants("fetched d634062 +2s", "applying") // blocked a moment ago is no verdict
	f.pass(time.Second)
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev2)).Batch})
	f.wants("applied d634062 ▸") // it does not say when
	done := instanceOf(change)
	done.Generation, done.Conditions[0].ObservedGeneration = 2, 2
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(done).Batch})
	f.wants("FluxInstance ready")
	if f.acting() {
		t.Error("it is still on its way")
	}
}

// A dry run that would do something else than was shown sends nothing.
func TestSetSyncSendsNothingThatWasNotShown(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, unsynced()), nil)
	f.open("set sync")
	fillFleet(f)
	f.push("Next")
	f.before = func(n int, _ model.Write) error { // somebody else is quicker
		f.spec["distribution"].(map[string]any)["version"] = "2.9.x"
		f.tell()
		return nil
	}
	f.spec["sync"] = map[string]any{"kind": "GitRepository", "url": "https://github.com/other/fleet", "ref": "refs/heads/main", "path": "./"}
	f.tell()
	f.push("Set sync")
	if n := len(f.sent()); n != 0 {
		t.Fatalf("sent %+v", f.sent())
	}
	f.says("nothing was sent", "https://github.com/other/fleet")
	f.wants("nothing was sent, look again")
}

func TestSetSyncConflictNamesTheOwners(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, held()), fleet()).ownedBy("kustomize-controller")
	f.meta["labels"] = map[string]any{"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}
	f.tell()
	f.before = func(_ int, w model.Write) error {
		if w.Op == model.WriteApply && !w.Force {
			return &model.WriteError{Reason: model.WriteConflict, Text: "FluxInstance/flux-system/flux: .spec.sync.path belongs to kustomize-controller; nothing was written",
				Conflicts: []model.FieldConflict{{Manager: "kustomize-controller", Field: ".spec.sync.path"}}}
		}
		return nil
	}
	f.open("set sync")
	f.retype("PATH", "./clusters/other")
	f.push("Next")
	f.says("Nothing was changed", ".spec.sync.path: kustomize-controller (Git, by Kustomization flux-system/apps)", "writes it at every interval, with force",
		"would undo each other's work", "in Git, in the manifest that Kustomization flux-system/apps applies")
	f.toButton("Show with force")
	f.act("enter")
	f.says("type force flux-system to take fields over from kustomize-controller")
	for _, w := range f.session.Writes() {
		if w.Force {
			t.Fatalf("forced without a word: %+v", w)
		}
	}
	f.toField("CONFIRM", "force flux-system")
	f.push("Show with force")
	f.says("taking over what belongs to others", "Set sync by force", "Namespace/crm and everything in it")
	if n := len(f.sent()); n != 0 {
		t.Fatalf("%d writes before it was confirmed", n)
	}
	f.toField("CONFIRM", "flux-system")
	f.push("Set sync by force")
	var last model.Write
	for _, w := range f.session.Writes() {
		if w.Op == model.WriteApply {
			last = w
		}
	}
	if !last.Force {
		t.Errorf("the last write: %+v", last)
	}
}

// The guard goes first, as a write of its own, and is seen before the sync is
// sent; then the dry run is made once more.
func TestGuardGoesFirst(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, unsynced()), nil)
	f.open("set sync")
	fillFleet(f)
	f.push("Next")
	f.push("Set sync")
	sent := f.sent()
	if len(sent) != 1 || sent[0].Op != model.WriteMerge || !bytes.Contains(sent[0].Body, []byte(`{"kustomize.toolkit.fluxcd.io/prune":"disabled"}`)) || sent[0].UID == "" {
		t.Fatalf("sent %+v", sent)
	}
	guarded := instanceOf(func(d *model.Instance) { d.Sync = nil })
	guarded.Annotations = model.Pairs{{Name: "kustomize.toolkit.fluxcd.io/prune", Value: "disabled"}}
	tries := f.writes
	f.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(guarded).Batch})
	writes := f.session.Writes()[tries:]
	if len(writes) != 2 || !writes[0].DryRun || writes[1].DryRun || !bytes.Equal(writes[0].Body, writes[1].Body) {
		t.Errorf("after the guard: %+v", writes)
	}
}

// The name can't change: the sentence says what that would destroy.
func TestSetSyncRefusesAnotherName(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, held()), fleet())
	f.open("set sync")
	f.retype("NAME", "fleet")
	f.push("Next")
	f.says("the operator would delete the source and the Kustomization flux-system, and with it 6 objects (Namespace/crm, Namespace/docs", "(N1)")
	if len(f.session.Writes()) != 0 {
		t.Error("the server was asked all the same")
	}
}

// Nothing typed is lost: by leaving, by a refusal of the server, or by a save
// that fails.
func TestWhatWasTypedStays(t *testing.T) {
	f := withInstance(newDesk(t, 120, 40, Options{}, unsynced()), nil)
	f.open("set sync")
	f.retype("URL", "git@github.com:acme/fleet.git")
	f.retype("REF", "main")
	f.says("Flux does not read git's short form host:path", "right takes refs/heads/main")
	f.push("Next")
	f.wants("Flux does not read git's short form host:path")
	f.toField("URL", "")
	f.act("end", "right")
	f.wants("ssh://git@github.com/acme/fleet.git", "an ssh:// URL needs a pull secret")
	f.act("esc")
	f.open("set sync")
	f.wants("ssh://git@github.com/acme/fleet.git", "[ Start anew ]")
	f.retype("REF", "refs/heads/main")
	f.retype("SECRET", "flux-system")
	f.wants("flux-system does not exist in flux-system")
	f.before = func(int, model.Write) error {
		return &model.WriteError{Reason: model.WriteRefused, Text: "FluxInstance/flux-system/flux: the server does not accept it: no"}
	}
	f.push("Next")
	f.wants("the server does not accept it: no", "ssh://git@github.com/acme/fleet.git")
	f.before = nil
	f.push("Next")
	f.says("2 of 2")
	f.before = func(_ int, w model.Write) error {
		if !w.DryRun {
			return &model.WriteError{Reason: model.WriteForbidden, Text: "FluxInstance/flux-system/flux: you may not"}
		}
		return nil
	}
	f.push("Set sync")
	f.wants("you may not")
	f.open("set sync")
	f.wants("ssh://git@github.com/acme/fleet.git")
	f.push("Start anew")
	f.misses("ssh://git@github.com/acme/fleet.git")
}

func TestSyncIsRefusedWithTheReason(t *testing.T) {
	elsewhere := uitest.Object(model.FluxInstance, "team-x", "flux", &model.Instance{})
	other := uitest.Object(model.FluxInstance, "flux-system", "other", &model.Instance{})
	for _, c := range []struct {
		name    string
		options Options
		set     func(*desk)
		verb    string
		says    string
	}{
		{"read-only", Options{Rules: func(string) Rules { return Rules{ReadOnly: true} }}, nil, "set sync", "read-only"},
		{"another namespace", Options{}, func(d *desk) { d.put(elsewhere); d.open(newObjectPage(&d.env, elsewhere.Key)) }, "set sync", "not in the operator's namespace flux-system"},
		{"another name", Options{}, func(d *desk) { d.put(other); d.open(newObjectPage(&d.env, other.Key)) }, "set sync", "not named flux"},
		{"no sync to clear", Options{}, nil, "clear sync", "has no sync"},
		{"no permission", Options{}, func(d *desk) {
			d.session.Deny("", model.Access{Verb: "patch", Group: "fluxcd.controlplane.io", Resource: "fluxinstances", Namespace: "flux-system", Name: "flux"})
		}, "set sync", "ann may not patch fluxinstances in the namespace flux-system"},
	} {
		f := withInstance(newDesk(t, 120, 40, c.options, unsynced()), nil)
		f.aimAt(model.PlatformKey)
		if c.set != nil {
			c.set(f.desk)
		}
		f.act(":")
		for _, r := range c.verb {
			f.settle(keyPress(string(r)))
		}
		f.act("enter")
		if f.dialog != nil {
			fillFleet(f)
			f.push("Next")
		}
		if s := strings.Join(strings.Fields(f.screen()), " "); !strings.Contains(s, c.says) {
			t.Errorf("%s: %q is not said:\n%s", c.name, c.says, f.screen())
		}
		if len(f.sent()) != 0 {
			t.Errorf("%s: sent %+v", c.name, f.sent())
		}
	}
	d := newDesk(t, 200, 60, Options{}, uitest.NoFlux())
	d.act(":")
	d.typ("set sync")
	d.act("enter")
	d.wants("there is no FluxInstance here", "w on Tenants sets one up")
}

// Killed in between, the next dashboard says what was sent and what the
// instance states now, and goes on only by asking anew.
func TestAnUnfinishedSyncIsLookedAtAnew(t *testing.T) {
	j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "set sync", Subject: "FluxInstance/flux-system/flux",
		Steps: []journal.Step{{Kind: "FluxInstance", Namespace: "flux-system", Name: "flux", Word: "sent"}, {Kind: "FluxInstance", Namespace: "flux-system", Name: "flux", Word: "sending"}}}}}
	f := withInstance(newDesk(t, 120, 40, Options{Journal: j}), nil)
	f.settle(batchMsg{epoch: 1, batch: unsynced().Batch})
	f.says("Unfinished: set sync FluxInstance/flux-system/flux on prod-eu", "was sent and accepted", "was being sent: whether it arrived shows below", "the FluxInstance has no sync")
	f.push("Look at it anew")
	f.says("1 of 2")
	if len(f.sent()) != 0 {
		t.Errorf("sent %+v", f.sent())
	}
	if len(j.lines) > 0 {
		t.Errorf("ended before anything follows from it: %q", j.lines)
	}
}
