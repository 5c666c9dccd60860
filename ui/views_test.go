package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/uitest"
)

func TestLine1NamesThePagesThatHaveSomethingToSay(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.wants("1 Tenants  2 Rollouts", "4 Suspended 2  9 Platform ✗")
	d.click(d.where("4 Suspended 2"))
	d.wants("▸ Suspended", "overdue")
	if of := d.page().(counting).count(); of != 2 {
		t.Errorf("line 1 says 2, the page has %d", of)
	}
	d.click(d.where("1 Tenants"))
	suspended := uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1)
	suspended.Detail.(*model.Sync).Suspend = true
	d.put(suspended)
	d.wants("4 Suspended 3")
	d.press("n")
	d.typ("docs")
	d.press("enter")
	d.misses("4 Suspended") // nothing of docs is
	d.press("0")
	d.wants("4 Suspended 3")
	d.resize(80, 24)
	d.misses("4 Suspended")
	calm := newDesk(t, 120, 40, Options{}, uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("accounts"))
	calm.wants("1 Tenants", "9 Platform ✓")
	calm.misses("2 Rollouts", "4 Suspended")
}

// What takes long the first time is counted page by page, or not at all.
func TestLine1CountsWithTheClockWhereThereIsMuch(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("big").Controllers().PlatformSync().Many(countAtOnce+50))
	line := func() string { return d.lines()[0] }
	if strings.Contains(line(), "Rollouts") {
		t.Errorf("counted before the clock went on: %q", line())
	}
	for range countedPages {
		d.pass(time.Second)
	}
	if !strings.Contains(line(), "2 Rollouts") {
		t.Errorf("not counted after %d seconds: %q", len(countedPages), line())
	}
	d = newDesk(t, 120, 40, Options{}, uitest.NewCluster("big").Controllers().PlatformSync().Many(countByTick+1))
	for range 2 * len(countedPages) {
		d.pass(time.Second)
	}
	if strings.Contains(line(), "Rollouts") || len(d.places) != 0 {
		t.Errorf("counted all the same: %q", line())
	}
	d.press("2", "1")
	for range countedPages {
		d.pass(time.Second)
	}
	if !strings.Contains(line(), "2 Rollouts") || d.places[keymap.GoFindings] != nil {
		t.Errorf("after it was opened: %q", line())
	}
}
