package ui

import (
	"testing"

	"tenantry/ui/uitest"
)

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}, {20, 5}}

// scene is a page, a state of one, or what lies over it, and the way there.
type scene struct {
	name    string
	cluster func() *uitest.Cluster // Prod when nil
	options func() Options         // calm when nil
	set     func(*desk)            // done first
	keys    []string
	typed   string
	then    []string
}

// desk goes to the scene.
func (s scene) desk(t *testing.T, w, h int) *desk {
	t.Helper()
	o := Options{}
	if s.options != nil {
		o = s.options()
	}
	o.Calm = true
	cluster := uitest.Prod
	if s.cluster != nil {
		cluster = s.cluster
	}
	d := newDesk(t, w, h, o, cluster())
	if s.set != nil {
		s.set(d)
	}
	d.press(s.keys...)
	if d.contexts.menu != nil {
		d.send(listContexts(o.Contexts)())
	}
	d.typ(s.typed)
	d.press(s.then...)
	if err := d.fits(); err != nil {
		t.Errorf("%s: %v", s.name, err)
	}
	return d
}

// goldens are every page, at every size.
var goldens = []scene{
	{name: "tenants/prod", cluster: uitest.Prod},
	{name: "tenants/unfolded", cluster: uitest.Prod, keys: []string{"down", "down", "down", "down", "enter"}},
	{name: "tenants/filtered", cluster: uitest.Prod, keys: []string{"/"}, typed: "demo"},
	{name: "tenants/trouble", cluster: uitest.Prod, keys: []string{"!"}},
	{name: "tenants/sortmenu", cluster: uitest.Prod, keys: []string{"S"}},
	{name: "tenants/zoomed", cluster: uitest.Prod, keys: []string{"z"}},
	{name: "tenants/nomatch", cluster: uitest.Prod, keys: []string{"/"}, typed: "zebra"},
	{name: "tenants/loading", cluster: uitest.Loading},
	{name: "tenants/noflux", cluster: uitest.NoFlux},
	{name: "tenants/none", cluster: uitest.NoTenants},
	{name: "tenants/forbidden", cluster: uitest.Forbidden, keys: []string{"esc", "end"}},
	{name: "tenants/lost", cluster: uitest.Lost},
	{name: "tenants/hostile", cluster: uitest.Hostile},
	{name: "tenant/prod", cluster: uitest.Prod, keys: []string{"down", "enter"}},
	{name: "tenant/platform", cluster: uitest.Prod, keys: []string{"enter"}},
	{name: "object/sync", cluster: uitest.Prod, keys: []string{"down", "enter", "enter"}},
	{name: "keys/tenants", cluster: uitest.Prod, keys: []string{"?"}},
	{name: "sources/prod", cluster: uitest.Prod, keys: []string{"5"}},
	{name: "sources/noflux", cluster: uitest.NoFlux, keys: []string{"5"}},
	{name: "syncs/prod", cluster: uitest.Prod, keys: []string{"6"}},
	{name: "syncs/sideways", cluster: uitest.Prod, keys: []string{"6", "right"}},
	{name: "syncs/filtered", cluster: uitest.Prod, keys: []string{"6", "/"}, typed: "flux-stage-prod"},
	{name: "syncs/nomatch", cluster: uitest.Prod, keys: []string{"6", "/"}, typed: "by:zebra"},
	{name: "syncs/loading", cluster: uitest.Loading, keys: []string{"6"}},
	{name: "syncs/forbidden", cluster: uitest.Forbidden, keys: []string{"6", "end"}},
	{name: "syncs/marked", cluster: uitest.Prod, keys: []string{"6", "space", "space"}},
	{name: "rollouts/prod", cluster: uitest.Prod, keys: []string{"2", "home"}},
	{name: "rollouts/unfolded", cluster: uitest.Prod, keys: []string{"2", "/"}, typed: "stage"},
	{name: "rollouts/none", cluster: uitest.NoFlux, keys: []string{"2"}},
	{name: "rollouts/filtered", cluster: uitest.Prod, keys: []string{"2", "/"}, typed: "7e01c2d"},
	{name: "events/prod", cluster: talk, keys: []string{"8", "home"}},
	{name: "events/warnings", cluster: talk, keys: []string{"8", "!"}},
	{name: "events/nomatch", cluster: talk, keys: []string{"8", "/"}, typed: "zebra"},
	{name: "events/loading", cluster: uitest.Prod, keys: []string{"8"}},
	{name: "findings/prod", cluster: uitest.Prod, keys: []string{"3", "home"}},
	{name: "findings/unfolded", cluster: uitest.Prod, keys: []string{"3", "home", "down", "down", "enter"}},
	{name: "findings/finding", cluster: uitest.Prod, keys: []string{"3", "home", "enter"}},
	{name: "findings/forbidden", cluster: uitest.Forbidden, keys: []string{"3", "home"}},
	{name: "findings/none", cluster: uitest.NoFlux, keys: []string{"3"}},
	{name: "suspended/prod", cluster: suspensions, keys: []string{"4"}},
	{name: "suspended/unfolded", cluster: suspensions, keys: []string{"4", "home", "enter"}},
	{name: "suspended/none", cluster: uitest.NoTenants, keys: []string{"4"}},
	{name: "suspended/filtered", cluster: suspensions, keys: []string{"4", "/"}, typed: "by:kingdon"},
	{name: "why/platform", cluster: explained, keys: []string{"x"}},
	{name: "why/unfolded", cluster: explained, keys: []string{"x", "right", "up"}},
	{name: "why/two", cluster: explained, keys: []string{"/"}, typed: "audit", then: []string{"enter", "x"}},
	{name: "why/fine", cluster: explained, keys: []string{"/"}, typed: "accounts", then: []string{"enter", "x"}},
	{name: "workloads/prod", cluster: uitest.Prod, keys: []string{"7"}},
	{name: "workloads/trouble", cluster: uitest.Prod, keys: []string{"7", "!"}},
}

func TestGoldenScreens(t *testing.T) {
	g := &gallery{of: "screens"}
	g.pictures(t, true, goldens)
	g.pictures(t, false, rootGoldens)
	g.pictures(t, true, dialogGoldens)
	g.pictures(t, false, syncGoldens)
	g.pictures(t, false, setupGoldens)
	g.summed(t, stateGoldens())
	g.close(t)
}

func TestGoldenASCII(t *testing.T) {
	d := newDesk(t, 80, 24, Options{Calm: true, ASCII: true}, uitest.Prod())
	uitest.Golden(t, "tenants/ascii-80x24", d.View().Content)
	for _, r := range d.screen() {
		if r > 0x7e {
			t.Errorf("%q is no ASCII", r)
			break
		}
	}
}

// Old data loses its colour.
func TestGoldenOldData(t *testing.T) {
	d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Lost())
	uitest.GoldenStyled(t, "tenants/theme-old-data-80x24", d.View().Content)
}
