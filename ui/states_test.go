package ui

import (
	"strings"
	"testing"

	"tenantry/ui/keymap"
	"tenantry/ui/uitest"
)

// digits are the pages that have one.
func digits(d *desk) []string {
	var out []string
	for _, e := range d.keys.Entries() {
		if _, ok := placeTitle(e.Action); ok && e.Action != keymap.GoTenants {
			out = append(out, e.Keys[0])
		}
	}
	return out
}

// Paused, every page says how much waits, also one that is opened only then;
// and it has rows.
func TestPauseOnEveryPage(t *testing.T) {
	for _, key := range digits(newDesk(t, 120, 40, Options{}, uitest.Prod())) {
		d := newDesk(t, 120, 40, Options{}, uitest.Prod())
		d.press("p", key)
		if _, of := d.page().position(); of == 0 && key != "8" { // there are no events in it
			t.Errorf("%s: a page opened while paused is empty:\n%s", key, d.screen())
		}
		before := strings.Join(d.lines()[3:], "\n")
		d.put(uitest.Deployment("fluxdemo-prod", "kcheck", 6, 3, 1, 3, 3), uitest.Sync("accounts", "accounts", "./other", uitest.Rev3))
		d.wants("PAUSED", "2 changes waiting")
		if after := strings.Join(d.lines()[3:], "\n"); after != before {
			t.Errorf("%s moves while paused:\n%s\n%s", key, before, after)
		}
		d.press("p")
		d.misses("changes waiting")
	}
}

// Zoomed, a page is alone with line 1, and esc brings the rest back.
func TestZoomOnEveryPage(t *testing.T) {
	for _, key := range digits(newDesk(t, 120, 40, Options{}, uitest.Prod())) {
		d := newDesk(t, 120, 40, Options{}, uitest.Prod())
		d.press(key)
		rest := d.lines()[len(d.lines())-1]
		d.press("z")
		if last := d.lines()[len(d.lines())-1]; last == rest {
			t.Errorf("%s: the key line is still there: %q", key, last)
		}
		if err := d.fits(); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		d.press("esc")
		if last := d.lines()[len(d.lines())-1]; last != rest {
			t.Errorf("%s: %q after esc, was %q", key, last, rest)
		}
	}
}

// What one stands on is kept through any change of size.
func TestResizingKeepsTheSelection(t *testing.T) {
	for _, key := range append(digits(newDesk(t, 120, 40, Options{}, uitest.Prod())), "1") {
		d := newDesk(t, 120, 40, Options{}, uitest.Prod())
		d.press(key, "end", "k")
		at := d.page().subject()
		for _, size := range [][2]int{{20, 5}, {1, 1}, {80, 24}, {200, 60}, {60, 12}, {120, 40}} {
			d.resize(size[0], size[1])
			if err := d.fits(); err != nil {
				t.Fatal(err)
			}
		}
		if now := d.page().subject(); now.spot != at.spot || now.name != at.name {
			t.Errorf("%s: on %q %v, was on %q %v", key, now.name, now.spot, at.name, at.spot)
		}
	}
}

func TestASortedHeadIsNotCut(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.page().(sortable).sortBy(colSince)
	d.press("j")
	d.wants(" SINCE↑")
}
