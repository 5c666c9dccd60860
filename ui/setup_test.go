package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// The page goes on with the cluster until the person has chosen a step; then it
// stays there.
func TestSetupGoesOnWhereTheClusterIs(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Setup: true}, uitest.NoFlux())
	if at := d.step(t); at != setup.Operator {
		t.Errorf("at %s", at)
	}
	d.feed(uitest.OperatorOnly().Batch)
	if at := d.step(t); at != setup.Instance {
		t.Errorf("with an operator at %s", at)
	}
	d.act("up")
	d.feed(uitest.Unsynced().Batch)
	if at := d.step(t); at != setup.Operator {
		t.Errorf("the person was taken away to %s", at)
	}
	d.act("enter")
	if at := d.step(t); at != setup.Credential {
		t.Errorf("enter on what is done goes to %s", at)
	}
	d.act("esc")
	d.wants("No tenants yet")
	d.act("w")
	d.wants("4 credential   ○ to do")
	d.act("esc", "9", "w")
	d.wants("4 credential   ○ to do")
}

// What was said of a step is over when the page goes on to the next by itself.
func TestSetupSaysNothingOfAStepThatIsLeft(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Setup: true}, uitest.OperatorStarting())
	d.act("enter")
	d.wants("── the operator is starting")
	d.feed(uitest.OperatorOnly().Read(model.FluxInstance).Batch)
	if at := d.step(t); at != setup.Instance {
		t.Fatalf("at %s", at)
	}
	d.misses("the operator is starting")
}

func TestSetupAppliesTheInstanceOnce(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Journal: &memoryJournal{}}, uitest.OperatorOnly())
	f := withSetup(d, nil)
	f.toOrder()
	f.says("the operator installs 4 controllers into flux-system", "cluster.multitenant", "accepted")
	f.push("Set up")
	f.wants("set up FluxInstance flux")
	sent := f.sent()
	want := `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},"spec":{"distribution":{"version":"2.x","registry":"ghcr.io/fluxcd"},` +
		`"components":["source-controller","kustomize-controller","helm-controller","notification-controller"],"cluster":{"type":"kubernetes","multitenant":true,"networkPolicy":true}}}`
	if len(sent) != 1 || string(sent[0].Body) != want || sent[0].Op != model.WriteApply || sent[0].Force {
		t.Fatalf("%d sent: %+v", len(sent), sent)
	}
	for _, w := range d.session.Writes() {
		if string(w.Body) != want {
			t.Errorf("shown or tried as %s", w.Body)
		}
	}
	d.feed(uitest.Unsynced().Batch)
	d.wants("Flux v2.9.4 runs", "4 credential")
}

// What is so already is not sent again.
func TestSetupSendsNothingTwice(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Open())
	f := withSetup(d, map[string]any{"type": "kubernetes", "multitenant": true, "networkPolicy": true})
	f.toOrder()
	f.says("it would change nothing: it is so already")
	f.push("Change")
	f.says("it is so already: there is nothing to send")
	if sent := f.sent(); len(sent) > 0 {
		t.Errorf("%+v", sent)
	}
}

// Something else than was shown is never sent.
func TestSetupSendsWhatWasShown(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Open())
	f := withSetup(d, map[string]any{"multitenant": false})
	f.toOrder()
	f.says("Kustomization/docs/docs: it names no account", "kubectl-edit")
	f.meanwhile = func(int) { f.spec["wait"] = false }
	f.push("Change")
	if sent := f.sent(); len(sent) > 0 {
		t.Errorf("sent although it does more: %+v", sent)
	}
	d.wants("it is not what was shown any more")
}

func TestSetupTakesNothingFromOthersUnasked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Open())
	f := withSetup(d, map[string]any{"multitenant": false}).conflicting()
	f.toOrder()
	f.says("Nothing was changed", ".spec.cluster.multitenant: kubectl-edit (a person, by kubectl), not by itself")
	f.push("Show with force")
	f.says("type force flux-system to take fields over from kubectl-edit")
	f.toField("CONFIRM", "force flux-system")
	f.push("Show with force")
	f.says("taking over what belongs to others")
	f.push("Change by force")
	if sent := f.sent(); len(sent) != 1 || !sent[0].Force {
		t.Errorf("%+v", sent)
	}
}

// What somebody else keeps is left alone, and where the change belongs is said.
func TestSetupLeavesOthersInstancesAlone(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, owned())
	f := withSetup(d, map[string]any{"multitenant": false}).byHelm()
	f.open()
	f.says("Helm made it of release flux-system/fluxcd", "the values of the chart flux-instance of release flux-system/fluxcd", "multitenant: true")
	for _, b := range f.dialog.buttons {
		if !b.harmless {
			t.Errorf("there is a button %q", b.word)
		}
	}
}

func TestSetupRefusals(t *testing.T) {
	readOnly := Options{Rules: func(string) Rules { return Rules{ReadOnly: true} }}
	for _, c := range []struct {
		name    string
		options Options
		cluster func() *uitest.Cluster
		set     func(*desk)
		keys    []string
		button  string
		says    string
	}{
		{name: "read-only, the instance", options: readOnly, cluster: uitest.OperatorOnly, keys: []string{"w", "enter"}, button: "Next", says: "refused: this session is read-only"},
		{name: "read-only, a tenant", options: readOnly, cluster: uitest.Synced, keys: []string{"w", "enter"}, says: "this session is read-only"},
		{name: "read-only, the sync", options: readOnly, cluster: uitest.Unsynced, keys: []string{"w", "tab", "enter"}, says: "this session is read-only"},
		{name: "read-only, a program", options: Options{Rules: readOnly.Rules, Programs: &fakePrograms{}}, cluster: uitest.NoFlux, keys: []string{"w", "enter"}, button: "Run helm", says: "this session is read-only"},
		{name: "no program", options: Options{NoPrograms: "with --server it would work elsewhere"}, cluster: uitest.NoFlux, keys: []string{"w", "enter"}, button: "Run helm", says: "with --server it would work elsewhere"},
		{name: "the operator under the CLI's name", options: programOptions(), cluster: uitest.NoFlux, keys: []string{"w", "enter"}, button: "Run flux-operator", says: "is not the operator's command line tool"},
		{name: "may not install", options: programOptions(), cluster: uitest.NoFlux, set: denySetup, keys: []string{"w", "down", "enter"}, button: "Run helm", says: "ann may not create and patch customresourcedefinitions"},
		{name: "may not make the instance", cluster: uitest.OperatorOnly, set: denySetup, keys: []string{"w", "g", "down", "down", "enter"}, button: "Next", says: "ann may not create fluxinstances"},
		{name: "too early for a sync", cluster: uitest.NoFlux, keys: []string{"w", "g", "down", "down", "down", "down", "enter"}, says: "the operator comes first, step 2"},
		{name: "too early for a tenant", cluster: uitest.NoFlux, keys: []string{"w", "G", "up", "up", "enter"}, says: "Flux is not installed here"},
		{name: "nothing to keep", cluster: uitest.NoFlux, keys: []string{"w", "G", "enter"}, says: "can't be listed from here"},
	} {
		d := newDesk(t, 120, 40, c.options, c.cluster())
		if c.set != nil {
			c.set(d)
		}
		d.act(c.keys...)
		if c.button != "" {
			d.toButton(c.button)
			d.act("enter")
			if d.dialog == nil {
				t.Errorf("%s: the dialog is gone", c.name)
			}
		}
		all := strings.Join(strings.Fields(d.screen()), " ")
		if !strings.Contains(all, c.says) {
			t.Errorf("%s: %q is not said:\n%s", c.name, c.says, d.screen())
		}
		if w := d.session.Writes(); len(w) > 0 {
			t.Errorf("%s: %+v", c.name, w)
		}
		if p, ok := c.options.Programs.(*fakePrograms); ok && len(p.started) > 0 {
			t.Errorf("%s: ran %v", c.name, p.started)
		}
	}
}

// The credential that is made before the sync is what the sync's form begins
// with.
func TestSetupHandsTheCredentialOn(t *testing.T) {
	d := newDesk(t, 120, 40, remoteOptions(), uitest.Unsynced())
	f := withInstance(d, nil)
	f.act("w", "enter")
	f.says("Create git credential: Secret flux-system/flux-system")
	f.toField("URL", "https://git.acme.io/fleet")
	f.toField("USER", "git")
	f.toField("PASSWORD", "hunter2hunter2")
	f.push("Save untested")
	if made := d.madeFor(); made.URL != "https://git.acme.io/fleet" || made.Secret != "flux-system" {
		t.Fatalf("%+v:\n%s", made, d.screen())
	}
	f.act("esc", "tab", "enter")
	f.says("Set sync: FluxInstance flux-system/flux", "https://git.acme.io/fleet", "flux-system")
	d.misses("hunter2")
}

// A dashboard that was killed while it added a tenant left half of it: the form
// is filled in from what is there.
func TestSetupTakesUpHalfATenant(t *testing.T) {
	j := unfinishedSetups("add tenant", "docs", journal.Step{Kind: "Namespace", Name: "docs-prod", Word: "sent"}, journal.Step{Kind: "ServiceAccount", Namespace: "docs-prod", Name: "docs", Word: "sent"},
		journal.Step{Kind: "GitRepository", Namespace: "docs-prod", Name: "docs", Word: "sending"}, journal.Step{Kind: "Kustomization", Namespace: "docs-prod", Name: "docs"})()
	git := uitest.Git("docs-prod", "docs", "https://github.com/acme/docs", "")
	d := newDesk(t, 120, 40, j, uitest.Synced().Put(uitest.Namespace("docs-prod", "docs"), uitest.Object(model.ServiceAccount, "docs-prod", "docs", &model.Account{}), git))
	d.settle(tickMsg{d.clock.T})
	d.wants("Unfinished: add tenant docs", "GitRepository/docs-prod/docs: is there", "Kustomization/docs-prod/docs: is not there: it was not sent")
	d.toButton("Add the rest")
	d.act("enter")
	d.wants("Add a tenant on kind-new, 1 of 2")
	if s := d.tenantDraft.spec(); s.Name != "docs" || len(s.Spaces) != 1 || s.Spaces[0].Namespace != "docs-prod" || s.Source.URL != "https://github.com/acme/docs" || s.Source.Branch != "main" {
		t.Errorf("%+v", s)
	}
}

// The page survives every cluster, size and key.
func TestSetupOnAnyCluster(t *testing.T) {
	for name, cluster := range map[string]func() *uitest.Cluster{"hostile": uitest.Hostile, "forbidden": uitest.Forbidden, "lost": uitest.Lost, "loading": uitest.Loading,
		"prod": uitest.Prod, "bundled": uitest.Bundled, "bootstrapped": uitest.Bootstrapped} {
		for _, size := range [][2]int{{20, 5}, {59, 12}, {80, 24}, {120, 40}, {1, 1}} {
			d := newDesk(t, size[0], size[1], Options{Setup: true}, cluster())
			for range setup.Count {
				for _, k := range []string{"pgdown", "c", "pgup", "enter", "esc", "w"} {
					d.act(k)
					if err := d.fits(); err != nil {
						t.Fatalf("%s at %v, %s on %s: %v", name, size, k, d.page().subject().name, err)
					}
				}
				d.act("down")
			}
		}
	}
}

// A click on a step goes there.
func TestSetupByMouse(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Setup: true}, uitest.Unsynced())
	d.pass(time.Second)
	d.send(tea.MouseClickMsg{X: 5, Y: 8, Button: tea.MouseLeft})
	if at := d.step(t); at != setup.Tenants {
		t.Errorf("at %s", at)
	}
}

// An instance nobody acts on is in nobody's way.
func TestSetupPassesAnInstanceElsewhereBy(t *testing.T) {
	o := uitest.Instance(nil)
	o.Namespace = "default"
	d := newDesk(t, 120, 40, Options{}, uitest.OperatorOnly().Put(uitest.Namespace("default", ""), o))
	f := withSetup(d, nil)
	f.toOrder()
	f.says("the operator installs 4 controllers into flux-system")
}
