package ui

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// A suspension that was left half typed stands there again, for the same target
// only, until it is done.
func TestSuspendKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toField("REASON", "freeze for the demo")
	d.toField("UNTIL", "fri")
	d.act("esc")
	d.aimAt("fluxdemo-prod")
	d.act("s")
	d.misses("freeze for the demo")
	d.act("esc")
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.wants("freeze for the demo", "UNTIL     fri")
	d.toButton("Suspend")
	d.act("enter")
	if w := d.session.Writes(); len(w) == 0 || !strings.Contains(string(w[0].Body), "freeze for the demo") {
		t.Fatalf("%+v", w)
	}
	d.act("s")
	d.misses("freeze for the demo") // it is on the objects by now
}

// The FluxInstance is offered with the platform, and left alone unless it is
// ticked: then it stops before what it generates.
func TestSuspendThePlatform(t *testing.T) {
	generated := func(o *model.Object) *model.Object {
		return uitest.Label(o, model.LabelInstanceName, "flux", model.LabelInstanceNS, "flux-system")
	}
	open := func(states bool) *desk {
		d := newDesk(t, 120, 40, Options{}, uitest.Synced())
		sync := generated(uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1))
		d.put(sync, generated(uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", uitest.Rev1)))
		if states {
			d.session.SetDocument(sync.Key.ObjectRef(), &model.Document{Owners: []model.FieldOwner{{Path: ".spec.suspend", Manager: "flux-operator", Operation: "Apply"}}}, nil)
		}
		d.aimAt(model.PlatformKey)
		d.act("s")
		d.wants("Suspend the platform on kind-new")
		return d
	}
	kinds := func(d *desk) string {
		var out []string
		for _, w := range d.session.Writes() {
			out = append(out, w.Ref.Kind)
		}
		return strings.Join(out, " ")
	}
	const offered = "] FluxInstance/flux-system/flux: the operator neither upgrades nor heals Flux"
	d := open(false)
	d.wants("STOPS     [ "+offered, "FluxInstance/flux-system/flux goes on: the operator upgrades and heals Flux.")
	d.toButton("Suspend")
	d.act("enter")
	if got := kinds(d); got != "Kustomization GitRepository" {
		t.Errorf("suspended: %s", got)
	}
	suspended := uitest.Sync("flux-system", "flux-system", "./clusters/prod-eu", uitest.Rev1)
	suspended.Detail.(*model.Sync).Suspend = true
	source := uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", uitest.Rev1)
	source.Detail.(*model.Source).Suspend = true
	d.put(generated(suspended), generated(source))
	d.act("s")
	d.wants("Resume the platform on kind-new") // what was only offered does not make it a mixed selection

	d = open(false)
	for d.dialog.at != 0 {
		d.act("shift+tab")
	}
	d.act("space")
	d.wants("STOPS     [x"+offered, "UNDONE BY nothing that is seen here")
	d.misses("goes on: the operator")
	d.toButton("Suspend")
	d.act("enter")
	if got := kinds(d); got != "FluxInstance Kustomization GitRepository" {
		t.Errorf("suspended: %s", got)
	}

	open(true).wants("STOPS     [x" + offered) // it would take the rest back
}
