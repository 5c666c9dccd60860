package ui

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestScopeNarrowsEveryPage(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("n")
	d.typ("fluxdemo-st")
	d.press("space")
	for range "fluxdemo-st" {
		d.press("backspace")
	}
	d.typ("docs")
	d.press("space", "enter")
	d.wants("▸ 2 of 21 tenants", "19 outside the scope", "fluxdemo-stage", "docs", "◐ 1  ✓ 1")
	d.misses("fluxdemo-prod", "accounts", "platform  ")
	fleet := strings.TrimSpace(d.lines()[2])
	if len([]rune(fleet)) != 2 {
		t.Errorf("the fleet line has %q for two tenants", fleet)
	}
	if got, want := d.View().WindowTitle, "tenantry prod-eu"; got != want {
		t.Errorf("window title %q, want %q: what is broken is outside", got, want)
	}
	d.press("enter")
	d.wants("▸ 2 of 21 tenants ▸ ")
	d.press("esc", "0")
	d.wants("▸ 21 tenants", "fluxdemo-prod", "accounts")
	d.misses("outside")
}

func TestScopeFollowsTheCluster(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("n")
	d.typ("docs")
	d.press("enter") // with nothing ticked, the line under the cursor
	d.wants("▸ docs", "20 outside the scope")
	d.feed((&uitest.Cluster{}).Tenant("new-one").Batch)
	d.wants("21 outside the scope")
	d.misses("new-one")
}

func TestScopeIsChangedAndDropped(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("n")
	d.typ("fluxdemo")
	d.press("*", "enter")
	d.wants("2 of 21 tenants", "fluxdemo-stage", "fluxdemo-prod")
	d.press("n", "esc")
	d.wants("2 of 21 tenants") // leaving changes nothing
	d.press("n")
	d.typ("fluxdemo")
	d.wants("[x] ✓ fluxdemo-prod", "[x] ✓ fluxdemo-stage")
	d.press("*", "enter") // none of them
	d.wants("no scope: everything is shown", "21 tenants", "accounts")
}

func TestScopeOfANamespace(t *testing.T) {
	c := uitest.Prod()
	c.Put(uitest.Namespace("docs-extra", "docs")).Put(uitest.Deployment("docs-extra", "web", 3, 2, 2, 2, 0))
	d := newDesk(t, 120, 40, Options{}, c)
	d.press("n")
	d.typ("docs")
	if got := d.offered(); len(got) != 3 || got[0] != "docs docs, docs-extra tenant" {
		t.Fatalf("offered %q", got)
	}
	d.press("down", "down", "space", "enter")
	d.wants("▸ ns docs-extra", "docs ")
	if !d.scope.covers("docs", "docs-extra") || d.scope.covers("docs", "docs") || d.scope.covers("team-x", "team-x") {
		t.Error("the scope is not the namespace alone")
	}
}

func TestThePlatformIsPickedByItsKey(t *testing.T) {
	c := uitest.Prod().Tenant("platform") // a tenant of the same name
	d := newDesk(t, 120, 40, Options{}, c)
	d.press("n", "space", "enter")
	if !d.scope.covers(model.PlatformKey) || d.scope.covers("platform") {
		t.Error("a tenant called platform is taken for the platform")
	}
}

func TestScopePickerClicks(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("n")
	d.click(d.where("[ ] ✓ crm"))
	d.wants("[x] ✓ crm")
	d.click(d.where("enter take"))
	d.wants("▸ crm")
}
