package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// settle runs the commands that come of a message until nothing more comes of
// them, but not those that wait for the cluster.
func (d *desk) settle(msg tea.Msg) {
	cmd := d.handle(msg)
	switch msg.(type) {
	case batchMsg, tickMsg: // they wait for the next one
	default:
		d.run(cmd)
	}
	for _, errand := range d.errands() {
		d.run(errand)
	}
	d.View()
}

func (d *desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case permitMsg, leavingReadMsg, sentMsg, noteMsg, unfinishedMsg, syncReadMsg, syncTriedMsg,
		credentialMsg, keyMadeMsg, fileReadMsg, hostKeysMsg, triedMsg, storedMsg, sealedMsg, testedMsg,
		memoryMsg, tenantTriedMsg, arrivalMsg, setupRightsMsg, instanceReadMsg, instanceTriedMsg, programsMsg, programStartedMsg, outputMsg, keepReadMsg, keptMsg, secretsMsg:
		d.settle(msg)
	}
}

// do presses keys and lets what they set going happen.
func (d *desk) act(keys ...string) {
	for _, k := range keys {
		d.settle(keyPress(k))
	}
}

// aimAt puts the cursor on a tenant.
func (d *desk) aimAt(tenant string) {
	d.Helper()
	d.pages[0].(*tenants).jump(tenant)
	if got := d.page().subject().spot.tenant; got != tenant {
		d.Fatalf("the cursor is on %q, want %q", got, tenant)
	}
}

// open goes to an object of a tenant.
func (d *desk) openObject(tenant string, key model.Key) {
	d.Helper()
	d.aimAt(tenant)
	d.press("enter")
	d.page().(*tenantPage).aim(spot{tenant, key})
	if got := d.page().subject().spot.key; got != key {
		d.Fatalf("the cursor is on %v, want %v", got, key)
	}
}

var stageSync = model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}

// toButton moves to a button of the dialog.
func (d *desk) toButton(word string) {
	d.Helper()
	for range 60 {
		if b := d.dialog.button(); b != nil && b.word == word {
			return
		}
		d.act("tab")
	}
	d.Fatalf("no button %q:\n%s", word, d.screen())
}

// toField moves to a field of the dialog and types.
func (d *desk) toField(label, typed string) {
	d.Helper()
	for range 60 {
		if p := d.dialog.focus(); p != nil && p.label == label {
			for _, r := range typed {
				d.settle(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			return
		}
		d.act("tab")
	}
	d.Fatalf("no field %q:\n%s", label, d.screen())
}
