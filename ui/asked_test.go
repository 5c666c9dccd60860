package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// unfinishedOf is what a dashboard that was killed leaves for the next one.
func unfinishedOf(t *testing.T, j *memoryJournal) *memoryJournal {
	t.Helper()
	if len(j.begun) != 1 {
		t.Fatalf("begun: %+v", j.begun)
	}
	return &memoryJournal{unfinished: []journal.Record{j.begun[0]}}
}

// A kill while a tenant is being added loses nothing of what was typed: the
// next dashboard's form begins with it, and the record stays until that is sent.
func TestAKillLosesNothingTypedOfATenant(t *testing.T) {
	j := &memoryJournal{}
	f := &fakeInstance{desk: newDesk(t, 120, 40, Options{Journal: j}, uitest.Synced())}
	f.act("+")
	for label, text := range map[string]string{"NAME": "shop", "NAMESPACE": "shop-stage=./stage shop-prod=./prod", "REPO": "ssh://git@git.example.com/acme/shop", "BRANCH": "next",
		"SECRET": "deploy-key", "ACCOUNT": "robot", "CPU": "4", "MEMORY": "8Gi", "PODS": "20"} {
		f.toField(label, text)
	}
	form := f.tenantDraft
	form.role, form.isolate, form.prune, form.wait, form.inside = 1, true, false, false, false
	typed := form.spec()
	f.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if w.DryRun {
			return &model.Written{}, nil
		}
		return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "no"}
	})
	f.push("Next")
	f.push("Add")

	left := unfinishedOf(t, j)
	f = &fakeInstance{desk: newDesk(t, 120, 40, Options{Journal: left}, uitest.Synced())}
	f.settle(tickMsg{f.clock.T})
	f.says("Unfinished: add tenant shop", "Adding the rest opens the form with what was typed.")
	f.push("Add the rest")
	f.says("Add a tenant on kind-new, 1 of 2")
	if got := f.tenantDraft.spec(); !slices.Equal(got.Spaces, typed.Spaces) || got.Source != typed.Source || got.Quota != typed.Quota || got.Sync != typed.Sync ||
		got.Role != typed.Role || got.Account != typed.Account || !got.Isolate || got.Name != "shop" {
		t.Errorf("the form begins with %+v, typed was %+v", got, typed)
	}
	if len(left.lines) > 0 {
		t.Errorf("ended before it is sent: %q", left.lines)
	}
	f.push("Next")
	f.push("Add")
	if !slices.Contains(left.lines, "end taken up") {
		t.Errorf("not ended: %q", left.lines)
	}
}

// So does one while the FluxInstance is made.
func TestAKillLosesNothingTypedOfTheInstance(t *testing.T) {
	j := &memoryJournal{}
	f := withSetup(newDesk(t, 120, 40, Options{Journal: j}, uitest.OperatorOnly()), nil)
	f.open()
	f.retype("VERSION", "2.7.x")
	f.push("Next")
	f.push("Set up")

	f = withSetup(newDesk(t, 120, 40, Options{Journal: unfinishedOf(t, j)}, uitest.OperatorOnly()), nil)
	f.settle(tickMsg{f.clock.T})
	f.says("its form begins with what was typed")
	f.push("Go on")
	if at := f.step(t); at != setup.Instance {
		t.Errorf("at %s", at)
	}
	f.act("enter")
	f.says("Set up FluxInstance flux", "2.7.x")
}

// And one while the sync is set.
func TestAKillLosesNothingTypedOfTheSync(t *testing.T) {
	j := &memoryJournal{}
	f := withInstance(newDesk(t, 120, 40, Options{Journal: j}, uitest.Unsynced()), nil)
	f.open("set sync")
	f.retype("URL", "https://git.acme.io/fleet")
	f.retype("PATH", "./clusters/one")
	f.push("Next")
	f.push("Set sync")

	left := unfinishedOf(t, j)
	f = withInstance(newDesk(t, 120, 40, Options{Journal: left}, uitest.Unsynced()), nil)
	f.settle(tickMsg{f.clock.T})
	f.push("Look at it anew")
	f.says("https://git.acme.io/fleet", "./clusters/one")
	f.push("Next")
	if len(left.lines) > 0 {
		t.Errorf("ended before it is sent: %q", left.lines)
	}
	f.push("Set sync")
	if !slices.Contains(left.lines, "end taken up") {
		t.Errorf("not ended: %q", left.lines)
	}
}

// What a credential was made for is remembered until the sync is set; an address
// with a password in it is not, and has to be typed again.
func TestAKillLosesNoAddressOfASync(t *testing.T) {
	o := Options{State: filepath.Join(t.TempDir(), "state")}
	d := newDesk(t, 120, 40, o, uitest.Unsynced())
	next := func(c *uitest.Cluster) *desk { return newDesk(t, 120, 40, o, c) }
	d.run(d.makeFor("ssh://git:sesame@git.acme.io/fleet", "fleet-key")) // and is killed
	f := withInstance(next(uitest.Unsynced()), nil)
	f.open("set sync")
	f.says("stands for what may be a secret and was not kept: type it again", "fleet-key")
	f.misses("sesame")
	d.run(d.makeFor("ssh://git@git.acme.io/fleet", "fleet-key"))
	if made := next(uitest.Unsynced()).madeFor(); made.URL != "ssh://git@git.acme.io/fleet" || made.Secret != "fleet-key" {
		t.Errorf("remembered: %+v", made)
	}
	f = withInstance(next(uitest.Unsynced()), nil)
	f.open("set sync")
	f.says("ssh://git@git.acme.io/fleet", "fleet-key")
	f.retype("URL", "https://elsewhere.example.com/x")
	f.push("Start anew")
	f.says("ssh://git@git.acme.io/fleet", "fleet-key")
	d = next(uitest.Synced())
	d.pass(2 * rememberEvery)
	d.pass(time.Second)
	if made := next(uitest.Synced()).madeFor(); made.URL != "" {
		t.Errorf("kept though the sync is set: %+v", made)
	}
}

// What may be a secret is not kept, and is no field that was left empty: an
// empty path would be the whole repository. The form wants it again, and
// nothing is sent before.
func TestWhatWasNotKeptIsTypedAgain(t *testing.T) {
	const key = "Xb7QpL2mZ9vR4tK8wN3jH6sD1fG5cY0a"
	j := &memoryJournal{}
	f := &fakeInstance{desk: newDesk(t, 120, 40, Options{Journal: j}, uitest.Synced())}
	f.act("+")
	for label, text := range map[string]string{"NAME": "shop", "REPO": "https://git.example.com/acme/shop",
		"NAMESPACE": "shop-stage=clusters/Prod-EU1/tenants/team-alpha/overlays/production-west shop-prod=./" + key} {
		f.toField(label, text)
	}
	typed := f.tenantDraft.spec()
	f.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if w.DryRun {
			return &model.Written{}, nil
		}
		return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "no"}
	})
	f.push("Next")
	f.push("Add")
	if strings.Contains(string(j.begun[0].Asked), key) {
		t.Fatalf("kept: %s", j.begun[0].Asked)
	}

	f = &fakeInstance{desk: newDesk(t, 120, 40, Options{Journal: unfinishedOf(t, j)}, uitest.Synced())}
	f.settle(tickMsg{f.clock.T})
	f.says("Adding the rest opens the form with what was typed, but not all of NAMESPACE", "has to be typed again")
	f.push("Add the rest")
	f.says("shop-prod=[redacted]", "[redacted] stands for what may be a secret and was not kept: type it again")
	if got := f.tenantDraft.spec().Spaces[0]; got != typed.Spaces[0] {
		t.Errorf("the form begins with %+v, typed was %+v", got, typed.Spaces[0])
	}
	f.push("Next")
	f.says("Add a tenant on kind-new, 1 of 2")
	if n := len(f.session.Writes()); n > 0 {
		t.Errorf("%d writes with a field that is missing", n)
	}
	f.retype("NAMESPACE", "shop-prod=./prod")
	f.push("Next")
	f.says("Add tenant shop on kind-new, 2 of 2")
}
