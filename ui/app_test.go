package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestTheAnswerIsThereBeforeTheFirstKey(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	if !strings.HasPrefix(d.row(), "platform") {
		t.Errorf("the cursor starts on %q, want the failed platform", d.row())
	}
	d.wants("WHY   GitRepository flux-system: secret flux-system is missing", "NEXT  ")
	if got, want := d.View().WindowTitle, "tenantry prod-eu ✗ 6"; got != want {
		t.Errorf("window title %q, want %q", got, want)
	}
}

func TestLiveIsSaidOnlyWhenAllIsRead(t *testing.T) {
	d := newDesk(t, 120, 24, Options{}, uitest.Loading())
	d.misses("● live")
	d.wants("reading 7 of 22 kinds", "≥2 tenants", "○ Reading")
	d.feed(uitest.NewCluster("prod-eu").Batch)
	d.wants("● live 02:58")
	d.misses("≥")
}

func TestGenerationMovesWithoutAKey(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.wants("kcheck 5     3/3")
	d.put(uitest.Deployment("fluxdemo-prod", "kcheck", 6, 3, 1, 3, 3))
	d.wants("kcheck 5→6")
	if n := strings.Count(d.screen(), "kcheck 5→6"); n != 1 {
		t.Errorf("%d tenants roll out, want only prod: stage has a Deployment of the same name", n)
	}
	d.put(uitest.Deployment("fluxdemo-prod", "kcheck", 6, 3, 3, 3, 0))
	d.wants("kcheck 6     3/3", "kcheck 5     3/3")
}

func TestSameNamesInTwoTenants(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("/")
	d.typ("stage")
	d.press("enter")
	if !strings.HasPrefix(d.row(), "fluxdemo-prod") && !strings.HasPrefix(d.row(), "fluxdemo-stage") {
		t.Fatalf("the cursor is on %q", d.row())
	}
	d.press("esc", "/")
	d.typ("fluxdemo-stage")
	d.press("enter", "enter")
	d.wants("▸ fluxdemo-stage", "Kustomization flux-stage-prod", "./stage")
	d.misses("./prod")
	d.put(uitest.Sync("fluxdemo-prod", "flux-stage-prod", "./prod", uitest.Rev2, uitest.Failing("BuildFailed", "prod alone is broken", time.Minute)))
	d.misses("prod alone is broken")
	d.put(uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2, uitest.Failing("BuildFailed", "stage is broken", time.Minute)))
	d.wants("stage is broken", "[sync ✗]")
}

func TestRowsHoldStillUnderTheHands(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press("end") // a key: hands are on
	before := d.names()
	d.put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "broken now", 0)))
	if got := d.names(); strings.Join(got, " ") != strings.Join(before, " ") {
		t.Errorf("rows moved under the hands:\n%v\n%v", before, got)
	}
	d.wants("✗ 3") // counts change at once
	if !strings.HasPrefix(d.row(), "stock") {
		t.Errorf("the cursor left its object: %q", d.row())
	}
	d.pass(2 * time.Second)
	if got := d.names(); strings.Join(got, " ") != strings.Join(before, " ") {
		t.Error("rows moved after two seconds")
	}
	d.pass(2 * time.Second)
	if got := d.names(); strings.Join(got, " ") == strings.Join(before, " ") {
		t.Error("rows never took their places")
	}
	if !strings.HasPrefix(d.row(), "stock") {
		t.Errorf("the cursor left its object: %q", d.row())
	}
}

// names are the rows of the tenants list in their order.
func (d *desk) names() []string {
	var out []string
	for _, r := range d.pages[0].(*tenants).table.Rows() {
		out = append(out, r.name())
	}
	return out
}

func TestFreshChangesAreMarked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	mark := func() string {
		for _, l := range d.lines() {
			if strings.Contains(l, "accounts") {
				return string([]rune(l)[:3])
			}
		}
		return ""
	}
	styled := func() string {
		for _, l := range strings.Split(d.View().Content, "\n") {
			if strings.Contains(l, "accounts") {
				return l
			}
		}
		return ""
	}
	if mark() != "   " {
		t.Errorf("what was there at the first look is marked as new: %q", mark())
	}
	d.put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "broken now", 0)))
	if mark() != " • " || !strings.Contains(styled(), ";7m") && !strings.Contains(styled(), "[7") {
		t.Errorf("a change is not shown: %q", styled())
	}
	d.pass(2 * time.Second)
	if strings.Contains(styled(), "[7m") {
		t.Errorf("still reversed after two seconds: %q", styled())
	}
	d.pass(20 * time.Second)
	if mark() != " • " {
		t.Error("the dot is gone before thirty seconds")
	}
	d.pass(9 * time.Second)
	if mark() != "   " {
		t.Error("the dot stays after thirty seconds")
	}
}

func TestFilter(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press("/")
	d.typ("shop")
	d.wants("/shop", "shop-api", "shop-web") // unfolded while filtered
	d.misses("accounts")
	if d.View().Cursor == nil {
		t.Error("no cursor while typing")
	}
	d.press("enter")
	d.wants("hidden")
	d.press("esc")
	d.wants("accounts")
	d.press("/")
	d.typ("!?zzq") // letters that are keys elsewhere are text
	d.wants("Nothing matches", "esc shows")
	d.press("esc")
	d.wants("accounts")
	d.press("!")
	d.misses("accounts")
	d.press("0")
	d.wants("accounts")
}

func TestPasteOutsideAnInputDoesNothing(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	before := d.screen()
	d.send(tea.PasteMsg{Content: "qq\x1b[A!S"})
	if d.quit || d.screen() != before {
		t.Error("a paste did something")
	}
	d.press("/")
	d.send(tea.PasteMsg{Content: "sho\x1b[2Jp\n"})
	d.wants("/shop", "shop-infra")
}

func TestPause(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("p")
	d.wants("PAUSED")
	d.put(uitest.Deployment("fluxdemo-prod", "kcheck", 6, 3, 1, 3, 3))
	d.misses("kcheck 5→6")
	d.wants("1 change waiting")
	d.press("p")
	d.misses("PAUSED", "change waiting")
	d.wants("kcheck 5→6")
}

func TestQuitting(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press("enter", "q")
	if d.quit {
		t.Fatal("q on a page quits")
	}
	d.press("q")
	d.wants("q again quits")
	if d.quit {
		t.Fatal("one q quits")
	}
	d.press("down", "q")
	if d.quit {
		t.Fatal("q, another key, q quits")
	}
	d.pass(4 * time.Second)
	d.press("q")
	if d.quit {
		t.Fatal("two q with a pause between quit")
	}
	d.press("q")
	if !d.quit {
		t.Fatal("two q do not quit")
	}
	for _, keys := range [][]string{{"ctrl+c"}, {"/", "ctrl+c"}, {"S", "ctrl+c"}, {"enter", "ctrl+c"}} {
		d := newDesk(t, 80, 24, Options{}, uitest.Prod())
		d.press(keys...)
		if !d.quit {
			t.Errorf("%v does not quit", keys)
		}
	}
	d = newDesk(t, 80, 24, Options{}, uitest.Prod())
	for range 20 {
		d.press("esc")
	}
	if d.quit {
		t.Error("esc leaves the program")
	}
}

func TestHabitsAreAnswered(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	for key, want := range map[string]string{"W": "fetch and reconcile is R", "D": "off-board is under a", "E": "tenantry does not edit objects"} {
		d.press(key)
		d.wants(want)
	}
	d.press("down")
	d.misses("tenantry does not edit")
}

func TestUnchangedFrameIsReturnedAsItWas(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	first := d.View().Content
	d.send(struct{}{})
	d.feed(model.Batch{})
	if allocs := testing.AllocsPerRun(100, func() { d.View() }); allocs != 0 {
		t.Errorf("an unchanged frame costs %v allocations", allocs)
	}
	if d.View().Content != first {
		t.Error("the frame changed without a change")
	}
}

func TestMouse(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	click := func(x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(10, 5)
	if !strings.HasPrefix(d.row(), "search") {
		t.Errorf("a click selects %q", d.row())
	}
	click(10, 5)
	d.wants("▸ search", "OBJECT")
	d.press("esc")
	click(2, 2) // the fleet line's second cell
	if !strings.HasPrefix(d.row(), "admin-tools") {
		t.Errorf("a click on the fleet line goes to %q", d.row())
	}
	click(4, 3)
	d.wants("TENANT↑")
	d.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if d.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse is off")
	}
	if d := newDesk(t, 80, 24, Options{NoMouse: true}, uitest.Prod()); d.View().MouseMode != tea.MouseModeNone {
		t.Error("--no-mouse leaves the mouse on")
	}
}

func TestCalmRests(t *testing.T) {
	moving := newDesk(t, 80, 24, Options{}, uitest.Prod())
	calm := newDesk(t, 80, 24, Options{Calm: true}, uitest.Prod())
	a, b := moving.screen(), calm.screen()
	moving.pass(time.Second)
	calm.pass(time.Second)
	if moving.screen() == a || strings.Contains(calm.screen(), "◑") != strings.Contains(b, "◑") {
		t.Error("◐ turns with --calm, or doesn't without")
	}
}
