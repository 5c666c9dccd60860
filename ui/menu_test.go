package ui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tenantry/ui/uitest"
)

func (d *desk) click(x, y int) { d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }

// where is the place of a text on the screen.
func (d *desk) where(part string) (x, y int) {
	d.Helper()
	for y, l := range d.lines() {
		if before, _, ok := strings.Cut(l, part); ok {
			return len([]rune(before)), y
		}
	}
	d.Fatalf("%q is not on the screen:\n%s", part, d.screen())
	return 0, 0
}

func TestMenuTakesEveryKeyAndClick(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("S", "p", "2", "!")
	d.wants("sort by")
	d.misses("PAUSED")
	d.click(d.where("│▌ worst first"))
	d.misses("sort by", "TENANT↑")
	d.press("S")
	x, y := d.where("SINCE  ")
	_, top := d.where("sort by")
	if y <= top { // the head of the list under the menu
		x, y = 60, top+3
	}
	d.click(x, y)
	d.misses("sort by")
	d.press("S")
	row := d.row()
	d.click(2, 12)
	d.misses("sort by")
	if d.row() != row {
		t.Errorf("a click beside the menu went through it, to %q", d.row())
	}
	d.press("S")
	before := d.menu.at
	d.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if d.menu.at == before {
		t.Error("the wheel does not move in the menu")
	}
}

func TestKeyLineIsClicked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.click(d.where("/ filter"))
	d.typ("zebra")
	d.click(d.where("esc leave"))
	d.misses("zebra")
	d.click(d.where("S sort"))
	d.wants("sort by")
	d.click(d.where("esc leave"))
	d.misses("sort by")
}
