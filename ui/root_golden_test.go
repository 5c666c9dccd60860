package ui

import (
	"context"
	"fmt"
	"testing"

	"tenantry/ui/uitest"
)

// rootGoldens are what lies over the pages, and what leads through them.
var rootGoldens = []struct {
	name  string
	demo  bool
	keys  []string
	typed string
	then  []string
}{
	{name: "palette/empty", keys: []string{":"}},
	{name: "palette/name", keys: []string{":"}, typed: "flux"},
	{name: "palette/commit", keys: []string{":"}, typed: "d6340"},
	{name: "palette/nomatch", keys: []string{":"}, typed: "no-such-thing"},
	{name: "palette/theme", keys: []string{":"}, typed: "theme "},
	{name: "scope/picker", keys: []string{"n"}},
	{name: "scope/ticked", keys: []string{"n"}, typed: "flux", then: []string{"space", "space"}},
	{name: "scope/narrowed", keys: []string{"n"}, typed: "fluxdemo", then: []string{"*", "enter"}},
	{name: "context/menu", keys: []string{"C"}, then: []string{"down"}},
	{name: "tour/first", demo: true, keys: []string{"?", "enter"}},
	{name: "tour/third", demo: true, keys: []string{"?", "enter", "j", "enter"}},
	{name: "keys/demo", demo: true, keys: []string{"?"}},
	{name: "keys/refused", keys: []string{"enter", "?", "end"}},
	{name: "keys/nomatch", keys: []string{"?", "/"}, typed: "zebra"},
}

func TestGoldenRoot(t *testing.T) {
	for _, g := range rootGoldens {
		for _, size := range sizes {
			o := (&fleetOf{}).options()
			o.Calm = true
			if g.demo {
				o = Options{Calm: true, Demo: &paced{speed: 1}, Badges: []string{"DEMO"}}
			}
			d := newDesk(t, size[0], size[1], o, uitest.Prod())
			d.press(g.keys...)
			if d.contexts.menu != nil {
				d.send(listContexts(o.Contexts)())
			}
			d.typ(g.typed)
			d.press(g.then...)
			if err := d.fits(); err != nil {
				t.Errorf("%s: %v", g.name, err)
			}
			uitest.Golden(t, fmt.Sprintf("%s-%dx%d", g.name, size[0], size[1]), d.View().Content)
		}
	}
}

// What lies over a page looks right in every theme and without Unicode.
func TestMenusInASCII(t *testing.T) {
	for _, keys := range [][]string{{":"}, {"n"}, {"S"}, {"?"}} {
		d := newDesk(t, 80, 24, Options{Calm: true, ASCII: true, Connect: func(context.Context, Target) (Cluster, error) { return nil, nil }}, uitest.Prod())
		d.press(keys...)
		if err := d.fits(); err != nil {
			t.Errorf("%v: %v", keys, err)
		}
		for _, r := range d.screen() {
			if r > 0x7e {
				t.Errorf("%v: %q is no ASCII:\n%s", keys, r, d.screen())
				break
			}
		}
	}
}
