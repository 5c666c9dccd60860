package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/uitest"
)

func TestDigitsGoToWhatWasSelected(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("/")
	d.typ("fluxdemo-stage")
	d.press("enter")
	for _, c := range [][2]string{{"5", "gitrepo/flux-stage-prod"}, {"6", "ks/flux-stage-prod"}, {"7", "deploy/kcheck"}} {
		key, want := c[0], c[1]
		d.press("1", key)
		if row := d.row(); !strings.HasPrefix(row, "fluxdemo-stage") || !strings.Contains(row, want) {
			t.Errorf("%s goes to %q, want stage's %s: prod has one of the same name", key, row, want)
		}
	}
	d.press("enter")
	d.wants("Workloads ▸ Deployment kcheck", "Deployment/fluxdemo-stage/kcheck")
	d.press("esc", "6", "home") // the worst
	if row := d.row(); !strings.HasPrefix(row, "search") {
		t.Errorf("first is %q, want what is stalled", row)
	}
}

func TestFlatListsHoldStillAndShowChange(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6", "end")
	last := d.row()
	d.put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "broken now", 0)))
	line := func() int {
		for i, l := range d.lines() {
			if strings.Contains(l, "ks/accounts") {
				return i
			}
		}
		return 0
	}
	at := line()
	d.wants("broken now", "✗ 3")
	if d.row() != last {
		t.Errorf("the cursor went to %q", d.row())
	}
	if !strings.HasPrefix(d.lines()[at], " •") {
		t.Errorf("the change is not marked: %q", d.lines()[at])
	}
	d.pass(4 * time.Second)
	if line() == at || d.row() != last {
		t.Errorf("the row stayed at %d, cursor on %q", at, d.row())
	}
	d.pass(40 * time.Second)
	d.misses(" • accounts")
}

// findsOnly types a filter that leaves one row.
func (d *desk) findsOnly(filter, row string) {
	d.Helper()
	d.typ(filter)
	if d.position() != "1/1" || !strings.HasPrefix(d.row(), row) {
		d.Errorf("%s finds %q, %s", filter, d.row(), d.position())
	}
}

// The tenants are found by how long they have been as they are, and by who
// suspended what is in them.
func TestTenantsFilterByAgeAndPerson(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("/")
	d.findsOnly("by:kingdon", "team-x")
	d.press("esc", "/")
	d.findsOnly("older:2d failed", "billing-prod")
	d.press("esc", "/")
	d.typ("-older:2d failed")
	d.misses("billing-prod")
	d.wants("shop-infra")
}

func TestFlatListsFilterAndScope(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6", "/")
	d.findsOnly("by:kingdon", "team-x")
	d.press("esc", "/")
	d.findsOnly("older:2d failed", "billing-prod")
	d.press("esc", "/")
	d.findsOnly("repo:wolcn -ns:stage", "fluxdemo-prod")
	d.press("esc")
	d.put(uitest.Sync("accounts", "stock-two", "./x", uitest.Rev1))
	d.press("/")
	d.typ("stock")
	d.press("enter", "home")
	if !strings.Contains(d.row(), "ks/stock ") {
		t.Errorf("the exact name comes first, not %q", d.row())
	}
	d.press("esc")

	d.scope = scope{tenants: map[string]bool{"fluxdemo-stage": true}, namespaces: map[string]bool{"fluxdemo-prod": true}}
	for _, key := range []string{"5", "6", "7"} {
		d.press(key)
		if d.position() == "" || !strings.HasSuffix(d.position(), "/2") {
			t.Errorf("%s shows %s of two tenants in the scope", key, d.position())
		}
	}
	d.scope = scope{tenants: map[string]bool{"nobody": true}}
	d.press("5")
	d.wants("No sources in the scope")
}

// flat is the list of a flat page, whichever it is.
func (l *list) flat() *list { return l }

// position is what the key line says at its end.
func (d *desk) position() string {
	lines := d.lines()
	f := strings.Fields(lines[len(lines)-1])
	return f[len(f)-1]
}

func TestTroubleOnFlatLists(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6", "!")
	d.wants("search", "team-x", "~ Ready, old", "hidden")
	d.misses("✓ Ready ")
}

func TestSortOnFlatLists(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	p := func() *objectList { return d.page().(*objectList) }
	d.press("7", "S")
	d.wants("sort by", "worst first", "PODS")
	d.press("esc")
	p().sortBy(colTenant)
	d.press("home")
	if !strings.HasPrefix(d.row(), "platform") {
		t.Errorf("by tenant the first is %q", d.row())
	}
	p().sortBy(colTenant)
	d.press("home")
	if !strings.HasPrefix(d.row(), "team-x") {
		t.Errorf("by tenant, reversed, the first is %q", d.row())
	}
	p().sortBy(colPods)
	d.press("home")
	if !strings.HasPrefix(d.row(), "docs") {
		t.Errorf("by pods the first is %q, want what misses some", d.row())
	}
}

// Kinds that are refused in one namespace, not served, or old are said.
func TestFlatListsSayWhatIsNotRead(t *testing.T) {
	c := uitest.Prod()
	c.Scope(model.ScopeStatus{Kind: model.ResourceSet, State: model.ScopeAbsent})
	c.Scope(model.ScopeStatus{Kind: model.Kustomization, State: model.ScopeStale, Since: uitest.Ago(40 * time.Second)})
	c.Scope(model.ScopeStatus{Kind: model.HelmRelease, State: model.ScopeDenied, Verb: "list"})
	d := newDesk(t, 160, 40, Options{}, c)
	d.press("6", "end")
	d.wants("not served here: resourcesets", "~ kustomizations 40s old", "helmreleases", "⊘ No access", "You may not list helmreleases cluster-wide", "ROLE")
	if s := d.page().subject(); !strings.Contains(s.copy, "helm.toolkit.fluxcd.io") || strings.Contains(s.copy, "kustomize") {
		t.Errorf("what is copied is no Role for what is refused here: %q", s.copy)
	}
	d.press("space", "*")
	if n, _ := d.page().(markable).marks(); n != 22 {
		t.Errorf("%d marked, want every object and not the refusal", n)
	}
}

// Rows of tenants that are still being read are neither green nor red.
func TestFlatListsWhileReading(t *testing.T) {
	c := uitest.Loading()
	c.Put(uitest.Sync("assets", "assets", "./x", uitest.Rev1, uitest.Failing("X", "said too early", time.Hour)))
	d := newDesk(t, 120, 40, Options{}, c)
	d.press("6")
	d.wants("ks/assets", "○ Reading", "≥1", "of 22 kinds are")
	d.misses("said too early")
	d.feed(uitest.NewCluster("prod-eu").Batch)
	d.wants("said too early")
	d.misses("•")
}

func TestMarksOnFlatLists(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("7", "/")
	d.typ("kcheck")
	d.press("enter", "home", "space", "space")
	want := []spot{
		{"fluxdemo-prod", model.Key{Kind: model.Deployment, Namespace: "fluxdemo-prod", Name: "kcheck"}},
		{"fluxdemo-stage", model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}},
	}
	if got := d.page().(markable).marked(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("marked %v, want %v", got, want)
	}
	d.press("right", "left", "esc")
	d.misses("marked")
}

// BenchmarkFlat is what the flat lists cost at their largest: opening one, a
// letter of the filter, a batch of changes, a step of the cursor.
func BenchmarkFlat(b *testing.B) {
	for _, key := range []string{"5", "6", "7"} {
		b.Run(key, func(b *testing.B) {
			d := manyDesk(b, 10000)
			d.press(key)
			p := d.page().(*objectList)
			b.Run("open", func(b *testing.B) {
				for b.Loop() {
					p.kept = keptRows{}
					p.derive(false)
					d.dirty = true
					d.View()
				}
			})
			b.Run("arrange", func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p.derive(false)
				}
			})
			b.Run("key", func(b *testing.B) {
				for b.Loop() {
					d.do(keymap.Down)
					d.dirty = true
					d.View()
				}
			})
			b.Run("filter", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					if d.press("/"); i%2 == 0 {
						d.press("7")
					} else {
						d.press("backspace")
					}
				}
			})
			d.press("esc")
			b.Run("batch", func(b *testing.B) {
				for i := 0; b.Loop(); i++ {
					d.feed(changes50(i))
				}
			})
		})
	}
}

// Every flat page can be shown where there is nothing but ASCII.
func TestFlatPagesInASCII(t *testing.T) {
	for _, key := range []string{"2", "3", "4", "5", "6", "7", "8"} {
		d := newDesk(t, 120, 40, Options{Calm: true, ASCII: true}, talk())
		d.press(key, "home", "right", "space")
		for _, r := range d.screen() {
			if r > 0x7e {
				t.Errorf("page %s: %q is no ASCII:\n%s", key, r, d.screen())
				break
			}
		}
	}
}
