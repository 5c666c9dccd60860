package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// offered are the lines of the menu that is open.
func (d *desk) offered() []string {
	var out []string
	if d.menu != nil {
		for _, it := range d.menu.items {
			out = append(out, strings.Join(strings.Fields(it.text+" "+it.note+" "+it.tag), " "))
		}
	}
	return out
}

// offers fails unless a line of the menu begins with each of these.
func (d *desk) offers(want ...string) {
	d.Helper()
	got := d.offered()
	for _, w := range want {
		if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, w) }) {
			d.Errorf("%q is not offered:\n%s", w, strings.Join(got, "\n"))
		}
	}
}

func TestPaletteGoesToTenantsAndBack(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press(":")
	d.typ("demo-st")
	if got := d.offered()[0]; got != "fluxdemo-stage tenant" {
		t.Errorf("first is %q", got)
	}
	d.press("enter")
	d.wants("▸ fluxdemo-stage", "./stage")
	d.misses("./prod")
	d.press("esc")
	if !strings.HasPrefix(d.row(), "fluxdemo-stage") {
		t.Errorf("the list behind stands on %q", d.row())
	}
	d.press(":")
	d.typ("platform")
	d.press("enter")
	d.wants("▸ platform")
}

func TestPaletteTellsSameNamesApart(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press(":")
	d.typ("fluxdemo-stage/flux-stage")
	if got := d.offered(); len(got) != 2 || !strings.HasPrefix(got[0], "flux-stage-prod fluxdemo-stage") || !strings.HasPrefix(got[1], "flux-stage-prod fluxdemo-stage") {
		t.Errorf("offered %q", got)
	}
	d.press("esc", ":")
	d.typ("ks flux-stage")
	if got := d.offered(); !slices.Equal(got, []string{"flux-stage-prod fluxdemo-prod Kustomization", "flux-stage-prod fluxdemo-stage Kustomization"}) &&
		!slices.Equal(got, []string{"flux-stage-prod fluxdemo-stage Kustomization", "flux-stage-prod fluxdemo-prod Kustomization"}) {
		t.Fatalf("offered %q", got)
	}
	for i, line := range d.offered() {
		if strings.Contains(line, "fluxdemo-prod") {
			d.menu.at = i
		}
	}
	d.press("enter")
	if p, ok := d.page().(*objectPage); !ok || p.key != (model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}) {
		t.Errorf("at %v", d.page().crumbs())
	}
}

func TestPaletteGoesToObjectsAndKeepsTheWayBack(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("end", ":")
	d.typ("deploy/kcheck")
	d.press("enter")
	d.wants("Deployment kcheck")
	d.press("esc")
	if !strings.HasPrefix(d.row(), "stock") {
		t.Errorf("back on %q", d.row())
	}
}

func TestPaletteDoesActions(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	act := func(typed string) {
		d.press(":")
		d.typ(typed)
		d.press("enter")
	}
	act("pause")
	d.wants("PAUSED")
	act("pause")
	d.misses("PAUSED")
	act("sort")
	d.wants("sort by")
	d.press("esc")
	act("keys")
	d.wants("WHAT IT DOES HERE")
	act("quit")
	if !d.quit {
		t.Error("quit does not quit")
	}
	act("mouse")
	if d.View().MouseMode != 0 {
		t.Error("the mouse is still on")
	}
	act("mouse")
	if d.View().MouseMode == 0 {
		t.Error("the mouse does not come back")
	}
}

func TestPaletteFindsCommits(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press(":")
	d.typ("d6340")
	d.offers("d634062 in docs, fluxdemo-prod, fluxdemo-stage commit", "flux-stage-prod fluxdemo-prod has d634062 GitRepository")
	d.press("enter")
	d.wants("fluxdemo-prod", "fluxdemo-stage", "/d634062")
	d.misses("accounts")
}

func TestThemesAreTriedWhileChoosing(t *testing.T) {
	d := newDesk(t, 80, 24, Options{Theme: "dark"}, uitest.Prod())
	d.press(":")
	d.typ("theme")
	d.press("tab")
	if got := d.menu.line.String(); got != "theme " {
		t.Fatalf("tab completes to %q", got)
	}
	d.typ("light")
	if d.theme.Name != "light" {
		t.Errorf("%s while light is under the cursor", d.theme.Name)
	}
	d.press("esc")
	if d.theme.Name != "dark" {
		t.Errorf("%s after leaving", d.theme.Name)
	}
	d.press(":")
	d.typ("theme mono")
	d.press("enter")
	if d.theme.Name != "mono" || d.menu != nil {
		t.Errorf("%s after taking mono", d.theme.Name)
	}
	d.background(false)
	if d.theme.Name != "mono" {
		t.Error("the background overrules what was chosen")
	}
}

func TestPaletteRemembersWhereOneWent(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	for _, typed := range []string{"accounts", "zoom", "GitRepository docs/docs"} {
		d.press(":")
		d.typ(typed)
		d.press("enter")
	}
	d.press(":")
	got := d.offered()
	if len(got) < 3 || got[1] != "zoom this list or text alone key z" || got[2] != "accounts tenant" || got[0] != "docs docs GitRepository" {
		t.Errorf("offered first: %q", got[:min(4, len(got))])
	}
}

func TestPaletteSaysWhatIsNotThere(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press(":")
	d.typ("no-such-thing")
	d.wants("Nothing is called that")
	d.press("enter")
	d.wants("go to, or do") // what was typed can be mended
	d.press("esc")
	d.misses("go to, or do")
}

func TestPaletteNamespace(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press(":")
	d.typ("ns fluxdemo-prod")
	d.press("enter")
	d.wants("ns fluxdemo-prod", "outside the scope")
	d.misses("fluxdemo-stage")
	d.press("0", "end")
	d.wants("fluxdemo-stage")
	d.misses("outside the scope")
}

// Among 80,000 objects a letter takes some 5 ms. The bound is wide: the machine
// may be busy, and what it is for is a search that became slow by a factor.
func TestPaletteIsQuickAmong80000Objects(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("big").Controllers(), (&uitest.Cluster{}).Many(10000))
	const typed = "tenant-04711/web"
	d.press(":")
	best := time.Hour
	for range 5 {
		d.menu.typed("")
		start := time.Now()
		d.typ(typed)
		best = min(best, time.Since(start)/time.Duration(len(typed)))
	}
	t.Logf("%d objects: %s a letter", d.store.Len(), best)
	if best > 60*time.Millisecond*uitest.Slowdown {
		t.Errorf("a letter takes %s among %d objects", best, d.store.Len())
	}
	d.offers("web tenant-04711 Deployment")
}

// BenchmarkPaletteOpen is what opening the palette costs: the index is made.
func BenchmarkPaletteOpen(b *testing.B) {
	d := newDesk(b, 120, 40, Options{}, uitest.NewCluster("big").Controllers(), (&uitest.Cluster{}).Many(10000))
	b.ReportAllocs()
	for b.Loop() {
		d.press(":")
		d.press("esc")
	}
}

func BenchmarkPaletteLetter(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			d := manyDesk(b, n)
			d.press(":")
			d.press("w")
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				if i%2 == 0 {
					d.press("e")
				} else {
					d.press("backspace")
				}
			}
		})
	}
}
