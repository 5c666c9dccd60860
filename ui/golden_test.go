package ui

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"tenantry/themes"
	"tenantry/ui/uitest"
)

var sizes = [][2]int{{80, 24}, {120, 40}, {200, 60}, {20, 5}}

// goldens are every page and state, at every size.
var goldens = []struct {
	name    string
	cluster func() *uitest.Cluster
	keys    []string
	typed   string
}{
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
	{name: "workloads/prod", cluster: uitest.Prod, keys: []string{"7"}},
	{name: "workloads/trouble", cluster: uitest.Prod, keys: []string{"7", "!"}},
}

func TestGoldenScreens(t *testing.T) {
	for _, g := range goldens {
		for _, size := range sizes {
			d := newDesk(t, size[0], size[1], Options{Calm: true}, g.cluster())
			d.press(g.keys...)
			d.typ(g.typed)
			if err := d.fits(); err != nil {
				t.Errorf("%s: %v", g.name, err)
			}
			uitest.Golden(t, fmt.Sprintf("%s-%dx%d", g.name, size[0], size[1]), d.View().Content)
		}
	}
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

// Every page in every theme: at 80×24 as it is drawn, colours and all; at the
// other sizes by a sum, since a thousand screens are more than anyone looks at.
func TestGoldenThemes(t *testing.T) {
	var sums strings.Builder
	for _, g := range goldens {
		for _, theme := range themes.Names() {
			for _, size := range sizes {
				d := newDesk(t, size[0], size[1], Options{Calm: true, Theme: theme}, g.cluster())
				d.press(g.keys...)
				d.typ(g.typed)
				content := d.View().Content
				if size == sizes[0] {
					uitest.GoldenStyled(t, "themes/"+theme+"/"+g.name+"-80x24", content)
					continue
				}
				fmt.Fprintf(&sums, "%s %s %dx%d %x\n", g.name, theme, size[0], size[1], sha256.Sum256([]byte(content)))
			}
		}
	}
	uitest.Golden(t, "themes/sums", strings.TrimSuffix(sums.String(), "\n"))
	d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Lost())
	uitest.GoldenStyled(t, "tenants/theme-old-data-80x24", d.View().Content)
}
