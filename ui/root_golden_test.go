package ui

import (
	"context"
	"testing"

	"tenantry/ui/uitest"
)

// rootGoldens are what lies over the pages, and what leads through them.
var rootGoldens = []scene{
	{name: "palette/empty", options: withContexts, keys: []string{":"}},
	{name: "palette/name", options: withContexts, keys: []string{":"}, typed: "flux"},
	{name: "palette/commit", options: withContexts, keys: []string{":"}, typed: "d6340"},
	{name: "palette/nomatch", options: withContexts, keys: []string{":"}, typed: "no-such-thing"},
	{name: "palette/theme", options: withContexts, keys: []string{":"}, typed: "theme "},
	{name: "scope/picker", options: withContexts, keys: []string{"n"}},
	{name: "scope/ticked", options: withContexts, keys: []string{"n"}, typed: "flux", then: []string{"space", "space"}},
	{name: "scope/narrowed", options: withContexts, keys: []string{"n"}, typed: "fluxdemo", then: []string{"*", "enter"}},
	{name: "context/menu", options: withContexts, keys: []string{"C"}, then: []string{"down"}},
	{name: "tour/first", options: inDemo, keys: []string{"?", "enter"}},
	{name: "tour/third", options: inDemo, keys: []string{"?", "enter", "j", "enter"}},
	{name: "keys/demo", options: inDemo, keys: []string{"?"}},
	{name: "keys/refused", options: withContexts, keys: []string{"enter", "?", "end"}},
	{name: "keys/nomatch", options: withContexts, keys: []string{"?", "/"}, typed: "zebra"},
}

func inDemo() Options { return Options{Demo: &paced{speed: 1}, Badges: []string{"DEMO"}} }

func withContexts() Options { return (&fleetOf{}).options() }

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
