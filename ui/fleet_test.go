package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/ui/draw"
	"tenantry/ui/uitest"
)

// Every tenant is in the one cell that says it stands for it.
func TestFleetCells(t *testing.T) {
	for _, n := range []int{1, 2, 21, 77, 78, 79, 1000, 9999} {
		for _, w := range []int{3, 20, 80, 200} {
			cells := fleetCells(n, w)
			if cells > w-2 {
				t.Errorf("%d cells in %d columns", cells, w)
			}
			for i := range cells {
				from, to := fleetShare(n, cells, i)
				for tenant := from; tenant < to; tenant++ {
					if got := fleetCellOf(n, cells, tenant); got != i {
						t.Fatalf("%d tenants, %d cells: tenant %d is in cell %d, not %d", n, cells, tenant, i, got)
					}
				}
			}
		}
	}
}

// The cursor's cell is reversed, and with it those of all a cause stands for.
func TestFleetShowsTheCursor(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	names := []string{}
	for _, tenant := range d.store.Tenants() {
		names = append(names, tenant.Name)
	}
	if got := reversed(d); got != "" {
		t.Errorf("the platform has no cell, %q is reversed", got)
	}
	d.jumpTo("docs")
	if got, want := reversed(d), fmt.Sprint(" ", 1+indexOf(names, "docs")); got != want {
		t.Errorf("docs: cells%s are reversed, want%s", got, want)
	}
	d.page().(*tenants).jump("shop-api")
	d.dirty = true
	want := ""
	for _, n := range []string{"shop-api", "shop-mail", "shop-web"} {
		want += fmt.Sprint(" ", 1+indexOf(names, n))
	}
	if got := reversed(d); got != want {
		t.Errorf("the cause of three: cells%s are reversed, want%s", got, want)
	}
}

func indexOf(list []string, s string) int {
	for i, v := range list {
		if v == s {
			return i
		}
	}
	return -1
}

// reversed are the columns of the fleet line that are reversed.
func reversed(d *desk) string {
	line := strings.Split(d.View().Content, "\n")[2]
	out, x, on := "", 0, false
	for len(line) > 0 {
		if strings.HasPrefix(line, "\x1b[") {
			end := strings.IndexByte(line, 'm')
			codes := strings.Split(line[2:end], ";")
			on = false
			for _, c := range codes {
				on = on || c == "7"
			}
			line = line[end+1:]
			continue
		}
		r := []rune(line)[0]
		if on {
			out += fmt.Sprint(" ", x)
		}
		x += ansi.StringWidth(string(r))
		line = line[len(string(r)):]
	}
	return out
}

// Of ten thousand tenants a cell shows the worst of its share.
func TestFleetOfManyShowsTheWorst(t *testing.T) {
	c := uitest.NewCluster("big").Controllers().PlatformSync()
	for i := range 1000 {
		c.Tenant(fmt.Sprintf("tenant-%04d", i))
	}
	c.Put(uitest.Sync("tenant-0500", "tenant-0500", "./x", uitest.Rev1, uitest.Failing("BuildFailed", "broken", 0)))
	d := newDesk(t, 80, 24, Options{}, c)
	line := []rune(d.lines()[2])
	at := 1 + fleetCellOf(1000, 78, 500)
	for x, r := range line {
		if (string(r) == d.glyphs.Of(model.Failed).Shape) != (x == at) {
			t.Errorf("column %d is %q, the broken one is in column %d: %q", x, r, at, string(line))
		}
	}
}

// The fleet line and the counts are of the scope.
func TestFleetFollowsTheScope(t *testing.T) {
	d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Prod())
	d.scope = scope{tenants: map[string]bool{"docs": true, "search": true}}
	d.page().derive(false)
	d.dirty = true
	if got := strings.TrimSpace(d.lines()[2]); got != "◐!" {
		t.Errorf("the fleet line is %q", got)
	}
	if got := d.lines()[1]; !strings.HasPrefix(got, " ! 1  ◐ 1  ") {
		t.Errorf("the counts are %q", got)
	}
	d.misses("platform", "accounts", "billing-prod")
}

// Tenants with an overdue suspension that are worse than suspended are not told
// as part of those that are suspended.
func TestOverdueIsNotMixedWithSuspended(t *testing.T) {
	for _, c := range []struct {
		suspended, overdue, held int
		want                     string
	}{
		{2, 1, 1, "‖ 2 (1 overdue)  ✓ 3"},
		{2, 2, 1, "‖ 2  ✓ 3  2 overdue"},
		{0, 1, 0, "✓ 3  1 overdue"},
		{2, 0, 0, "‖ 2  ✓ 3"},
	} {
		d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Prod())
		l := draw.NewLine(d.kit, 80)
		d.putTally(l, &tally{of: map[string]int{"Suspended": c.suspended, "Ready": 3}, overdue: c.overdue, held: c.held})
		if got := strings.TrimSpace(ansi.Strip(l.String())); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	d := newDesk(t, 80, 24, Options{Calm: true}, uitest.Prod())
	tenants := &tally{}
	tenants.reset()
	for _, health := range []model.Health{model.Suspended, model.Failed} {
		tenants.add(&tenantRow{tenant: &model.Tenant{Overdue: true}, state: d.kit.Glyph.Of(health)})
	}
	if tenants.overdue != 2 || tenants.held != 1 {
		t.Errorf("%d overdue, %d of them suspended", tenants.overdue, tenants.held)
	}
}
