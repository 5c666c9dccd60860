package ui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestKnownTroubleSinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d := newDesk(t, 200, 60, Options{State: dir}, uitest.Prod())
	d.press("down", "down", "down") // billing-prod
	if !strings.HasPrefix(d.row(), "billing-prod") {
		t.Fatal(d.row())
	}
	counts := d.lines()[1]
	d.press("m")
	d.typ("ticket 4711")
	d.wants("known: the trouble of billing-prod", "note: ticket 4711")
	d.press("enter")
	d.wants("known: ticket 4711; no path ./prod2 in Git", "✗ Failed")
	if got := d.lines()[1]; got != counts {
		t.Errorf("it is still counted:\n %q\n %q", counts, got)
	}
	if at := d.place("billing-prod"); at < d.place("3 tenants") || at > d.place("docs") {
		t.Errorf("it does not stand between what is new and what is no trouble:\n%s", d.screen())
	}
	if d.row() == "" || !strings.HasPrefix(d.row(), "billing-prod") {
		t.Errorf("the cursor left its row for %q", d.row())
	}
	// The next run knows it too.
	d = newDesk(t, 200, 60, Options{State: dir}, uitest.Prod())
	d.wants("known: ticket 4711; no path")
	if at := d.place("billing-prod"); at < d.place("3 tenants") {
		t.Errorf("forgotten:\n%s", d.screen())
	}
	// Taken back.
	d.jumpTo("billing-prod")
	d.press("m")
	d.wants("no longer known")
	d.misses("ticket 4711")
	if len(remembered(t, dir).Known) != 0 {
		t.Errorf("%+v", remembered(t, dir).Known)
	}
}

// A new message is a new trouble, but for what changes from try to try.
func TestKnownTroubleComesBackUpWhenItsCauseChanges(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.jumpTo("billing-prod")
	d.press("m")
	d.typ("4711")
	d.press("enter")
	failing := func(message string) {
		d.pass(5 * time.Second)
		d.put(uitest.Sync("billing-prod", "billing-prod", "./prod2", uitest.Rev1, uitest.Failing("ArtifactFailed", message, 73*time.Hour)))
		d.pass(5 * time.Second)
	}
	failing("kustomization path not found: stat /tmp/kustomization-99999/prod2: no such file or directory")
	d.wants("known: 4711; no path")
	d.misses("was known")
	failing("kustomization path not found: stat /tmp/kustomization-99999/prod3: no such file or directory")
	d.wants("was known: 4711; no path ./prod3")
	if d.place("billing-prod") > d.place("3 tenants") {
		t.Errorf("it is still below:\n%s", d.screen())
	}
}

// What went away and comes back after a while is new.
func TestKnownTroubleThatWasOver(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	broken := d.store.Get(model.Key{Kind: model.Kustomization, Namespace: "billing-prod", Name: "billing-prod"})
	d.jumpTo("billing-prod")
	d.press("m", "enter")
	d.wants("known: no path")
	d.put(uitest.Sync("billing-prod", "billing-prod", "./prod2", uitest.Rev1))
	for range 5 {
		d.pass(time.Minute)
	}
	d.put(broken)
	d.pass(5 * time.Second)
	d.wants("  known: no path")
	d.put(uitest.Sync("billing-prod", "billing-prod", "./prod2", uitest.Rev1))
	for range 13 {
		d.pass(time.Minute)
	}
	d.put(broken)
	d.pass(5 * time.Second)
	d.wants("was known: no path")
}

// A cause that several share is known as one.
func TestKnownCauseOfSeveral(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("down", "down", "down", "down", "m")
	d.wants("known: the trouble of 3 tenants")
	d.press("enter")
	d.wants("known: waits for shop-infra/postgres")
	if d.place("3 tenants") < d.place("billing-prod") {
		t.Errorf("it did not sink:\n%s", d.screen())
	}
	// A trouble of another object is not known with it.
	d.misses("known: waited")
	d.press("enter")
	if n := strings.Count(d.screen(), "known: waits"); n != 4 {
		t.Errorf("%d rows say so, want the cause and its three tenants:\n%s", n, d.screen())
	}
}

func TestKnownIsForTroubleOnly(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.jumpTo("accounts")
	d.press("m")
	d.wants("nothing here to mark as known")
	if d.menu != nil {
		t.Error("a note is asked for")
	}
}

// Two tenants with objects of one name: only the one that was meant is known.
func TestKnownIsByObjectNotByName(t *testing.T) {
	c := uitest.Prod()
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		c.Put(uitest.Sync(ns, "flux-stage-prod", "./x", uitest.Rev2, uitest.Failing("BuildFailed", "kustomize build failed", time.Hour)))
	}
	d := newDesk(t, 120, 40, Options{}, c)
	d.jumpTo("fluxdemo-prod")
	d.press("m", "enter")
	if n := strings.Count(d.screen(), "known: kustomize build failed"); n != 1 {
		t.Errorf("%d rows are known:\n%s", n, d.screen())
	}
}

// From any page, m is meant for the trouble under the cursor.
func TestKnownFromAnotherPage(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.jumpTo("billing-prod")
	d.press("enter", "m")
	d.wants("known: the trouble of Kustomization billing-prod")
	d.press("enter", "1")
	d.wants("known: no path ./prod2 in Git")
	d.press("6", "home", "m")
	d.wants("known: the trouble of Kustomization search")
}
