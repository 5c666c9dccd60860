package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/ui/keymap"
	"tenantry/ui/uitest"
)

// paced is a demo whose time is only written down.
type paced struct {
	speed   float64
	forward time.Duration
}

func (p *paced) Speed() float64          { return p.speed }
func (p *paced) SetSpeed(s float64)      { p.speed = s }
func (p *paced) Forward(d time.Duration) { p.forward += d }

func demoDesk(t *testing.T, w, h int) (*desk, *paced) {
	p := &paced{speed: 1}
	return newDesk(t, w, h, Options{Calm: true, Demo: p, Badges: []string{"DEMO"}}, uitest.Prod()), p
}

func TestTourIsGoneThroughByItsKeys(t *testing.T) {
	d, _ := demoDesk(t, 80, 24)
	d.press("?", "enter")
	if d.tour == nil {
		t.Fatal("enter in the help of the demo starts no tour")
	}
	n := len(d.tour.steps)
	d.wants("TOUR  ", fmt.Sprintf("1 of %d, esc ends the tour", n))
	for at := range n {
		if d.tour == nil || d.tour.at != at {
			t.Fatalf("not at step %d: %+v", at+1, d.tour)
		}
		s := d.tour.steps[at]
		d.wants(s.say[:20], s.then)
		if err := d.fits(); err != nil {
			t.Error(err)
		}
		d.press("k", "up") // other keys work and change nothing
		switch s.key {
		case keymap.Filter:
			d.press("/")
			d.typ("stage")
			d.press("enter")
			continue
		case keymap.Palette:
			d.press(":")
			d.typ("prod")
			d.press("down", "enter")
			continue
		}
		key, _, _ := d.keys.KeyFor(d.pageScopes(), s.key)
		d.press(key)
	}
	if d.tour != nil {
		t.Error("the tour does not end")
	}
	d.wants("that was the tour", "WHAT IT DOES HERE")
}

func TestTourOfAPaletteWord(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Prod())
	d.press("end", "enter", ":")
	d.typ("tour")
	d.press("enter")
	d.wants("TOUR  ", "esc ends the tour")
	if len(d.pages) != 1 {
		t.Error("the tour does not begin at home")
	}
	d.press("esc")
	d.wants("the tour is over")
	d.misses("TOUR  ")
	d.press("?", "enter")
	if d.tour != nil {
		t.Error("enter in the help starts the tour outside of the demo")
	}
}

func TestTourFitsEverywhere(t *testing.T) {
	for w := 1; w <= 130; w += 7 {
		for h := 1; h <= 44; h += 3 {
			d, _ := demoDesk(t, w, h)
			d.startTour()
			for at := range d.tour.steps {
				d.tour.at, d.dirty = at, true
				if err := d.fits(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestDemoKeys(t *testing.T) {
	d, p := demoDesk(t, 100, 30)
	d.wants("a made-up company: ? then enter is a tour")
	press := func(key string) {
		t.Helper()
		cmd := d.handle(keyPress(key))
		if cmd == nil {
			t.Fatalf("%s does nothing", key)
		}
		d.send(cmd())
	}
	press("}")
	press("}")
	d.wants("things happen 4× as fast", " 4× ")
	press("{")
	d.wants("2×")
	press("]")
	d.wants("10 s further")
	if p.speed != 2 || p.forward != 10*time.Second {
		t.Errorf("%+v", p)
	}
	for range 20 {
		press("}")
	}
	if p.speed != fastest {
		t.Errorf("as fast as %v", p.speed)
	}
	d.press("?")
	rows := d.page().(*helpPage).table.Rows()
	back := slices.IndexFunc(rows, func(r keyRow) bool { return slices.Contains(r.entry.Keys, "[") })
	if back < 0 || rows[back].why != "not built yet" {
		t.Error("the way back in time is not among the refused keys")
	}
	real := newDesk(t, 100, 30, Options{}, uitest.Prod())
	if real.handle(keyPress("}")) != nil || strings.Contains(real.screen(), "as fast") {
		t.Error("a real cluster has a speed")
	}
}

func TestHelpGreysWhatIsRefused(t *testing.T) {
	d := newDesk(t, 120, 60, Options{}, uitest.Prod())
	d.press("?")
	row := func(action keymap.Action) keyRow {
		for _, r := range d.page().(*helpPage).table.Rows() {
			if r.entry.Action == action {
				return r
			}
		}
		t.Fatalf("no line for %v", action)
		return keyRow{}
	}
	if r := row(keymap.PickContext); r.why == "" {
		t.Error("C is said to work with one cluster")
	}
	if r := row(keymap.Sort); r.why != "" {
		t.Errorf("S is refused on the tenants: %s", r.why)
	}
	d.press("esc", "C")
	d.wants("there is only this one cluster to look at")
	d.press("end", "enter", "?")
	if r := row(keymap.Sort); r.why == "" {
		t.Error("S is said to work on a tenant's page")
	}
	d.press("/")
	d.typ("only this one cluster")
	d.wants("there is only this one cluster")
	d.press("esc", "/")
	d.typ("zebra")
	d.wants("No key here is for")
}
