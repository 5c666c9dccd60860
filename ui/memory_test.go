package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/state"
	"tenantry/ui/uitest"
)

// folderWithLook remembers prod-eu as it was on the evening before: docs and
// the platform fine, billing-prod broken already, crm broken, a tenant that is
// gone.
func folderWithLook(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "tenantry")
	was := map[string][]string{
		"Ready":  {model.PlatformKey, "fluxdemo-stage", "fluxdemo-prod", "shop-infra", "shop-api", "shop-web", "shop-mail", "docs", "search", "legacy", "team-x", "accounts", "admin-tools", "assets", "audit", "backoffice", "media", "orders", "returns"},
		"Failed": {"billing-prod", "crm", "demolished"},
	}
	_, err := state.Open(dir).Update(prodCluster, func(c *state.Contents) {
		c.Looks = map[string]*state.Look{"": {At: uitest.Start.Add(-8*time.Hour - 18*time.Minute).Unix(), Tenants: was}}
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var prodCluster = state.Cluster{Context: "prod-eu", Server: "https://127.0.0.1:6443"}

func remembered(t *testing.T, dir string) *state.Contents {
	t.Helper()
	c, err := state.Open(dir).Read(prodCluster)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSinceYouLeft(t *testing.T) {
	d := newDesk(t, 120, 40, Options{State: folderWithLook(t)}, uitest.Prod())
	d.wants("since 18:40: 6 new ✗, 1 fixed (h)")
	d.press("h")
	d.wants("since 18:40", "broken", "fixed", "gone", "demolished", "stock", "waits for")
	d.misses("billing-prod") // as broken as it was
	d.press("enter")
	d.wants("GitRepository flux-system") // the platform, the worst of them
	d.press("esc", "esc")
	d.misses("since 18:40")
}

func TestSinceYouLeftGoesWithTheFirstKey(t *testing.T) {
	d := newDesk(t, 80, 24, Options{State: folderWithLook(t)}, uitest.Prod())
	d.wants("since 18:40: 6 new ✗, 1 fixed (h)")
	d.press("down")
	d.misses("since 18:40")
	d.press("h")
	d.misses("last look from here")
}

// Before everything is read nothing is compared: what is missing would look
// like gone.
func TestSinceYouLeftWaitsForTheWholePicture(t *testing.T) {
	c := uitest.Prod()
	syncing := &uitest.Cluster{}
	syncing.Batch = c.Batch
	syncing.Scopes = append([]model.ScopeStatus(nil), c.Scopes...)
	syncing.Scope(model.ScopeStatus{Kind: model.Kustomization, State: model.ScopeSyncing})
	d := newDesk(t, 80, 24, Options{State: folderWithLook(t)}, syncing)
	d.misses("since 18:40", "gone")
	d.feed(c.Batch)
	d.wants("since 18:40: 6 new ✗")
}

func TestFirstLookComparesWithNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d := newDesk(t, 80, 24, Options{State: dir}, uitest.Prod())
	d.misses("since ")
	d.pass(time.Minute)
	if look := remembered(t, dir).Looks[""]; look == nil || look.Health()["docs"] != "Reconciling" || look.Health()[model.PlatformKey] != "Failed" {
		t.Errorf("after a minute the look is %+v", look)
	}
	// The next run finds it, and nothing to say of it.
	d = newDesk(t, 80, 24, Options{State: dir}, uitest.Prod())
	d.wants("since 02:59: nothing new")
}

// A cluster made anew under the same name has nothing in common with the old.
func TestAnotherClusterUnderTheSameName(t *testing.T) {
	dir := folderWithLook(t)
	if _, err := state.Open(dir).Update(prodCluster, func(c *state.Contents) { c.UID = "of the old one" }); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 80, 24, Options{State: dir}, uitest.Prod().Put(uitest.Namespace("kube-system", "")))
	d.misses("since 18:40")
	d.pass(time.Minute)
	if c := remembered(t, dir); c.UID != "Namespace--kube-system" || c.Looks[""].Health()["demolished"] != "" {
		t.Errorf("%+v", c)
	}
}

// Somebody who reads one namespace must not see the rest as gone.
func TestLooksAreKeptByNamespaces(t *testing.T) {
	dir := folderWithLook(t)
	c := uitest.Prod()
	c.Conn.Namespaces = []string{"docs"}
	d := newDesk(t, 80, 24, Options{State: dir}, c)
	d.misses("since 18:40")
	if err := d.farewell(); err != nil {
		t.Fatal(err)
	}
	looks := remembered(t, dir).Looks
	if looks["docs"] == nil || looks[""].Health()["demolished"] != "Failed" {
		t.Errorf("%+v", looks)
	}
}

func TestQuittingWritesTheLook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d := newDesk(t, 80, 24, Options{State: dir}, uitest.Prod())
	if err := d.farewell(); err != nil {
		t.Fatal(err)
	}
	if remembered(t, dir).Looks[""] == nil {
		t.Error("nothing was written")
	}
}

func TestABrokenFileIsSaidOnceAndDoneWithout(t *testing.T) {
	dir := folderWithLook(t)
	files, _ := filepath.Glob(filepath.Join(dir, "clusters", "*.json"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	if err := os.WriteFile(files[0], []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 200, 60, Options{State: dir}, uitest.Prod())
	d.wants("what was remembered is broken and set aside as")
	d.press("down")
	d.misses("remembered")
	d.pass(2 * time.Minute)
	d.misses("remembered")
	if remembered(t, dir).Looks[""] == nil {
		t.Error("nothing is remembered after that")
	}
}

func TestAFolderThatCantBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, 200, 60, Options{State: filepath.Join(file, "tenantry")}, uitest.Prod())
	d.wants("nothing is remembered: ")
	d.press("down", "m", "enter")
	d.wants("known: source in another namespace", "nothing is kept on this machine")
	if err := d.farewell(); err != nil {
		t.Error(err)
	}
}

// The cursor starts on what is new.
func TestCursorStartsOnNewTrouble(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d := newDesk(t, 120, 40, Options{State: dir}, uitest.Prod())
	d.press("m", "enter")
	d = newDesk(t, 120, 40, Options{State: dir}, uitest.Prod())
	if !strings.HasPrefix(d.row(), "search") {
		t.Errorf("the cursor is on %q", d.row())
	}
}

// place is the line of the screen a row stands on.
func (d *desk) place(name string) int {
	d.Helper()
	for i, l := range d.lines()[3:] {
		if strings.Contains(l[:min(len(l), 40)], name) {
			return i
		}
	}
	d.Fatalf("%s is not on the screen:\n%s", name, d.screen())
	return -1
}

// jumpTo puts the cursor on a tenant.
func (d *desk) jumpTo(name string) {
	d.Helper()
	d.page().(*tenants).jump(name)
	if !strings.HasPrefix(d.row(), name) {
		d.dirty = true
		if !strings.HasPrefix(d.row(), name) {
			d.Fatalf("the cursor is on %q, not %q", d.row(), name)
		}
	}
}

// Writing the look once a minute draws nothing.
func TestRememberingDrawsNothing(t *testing.T) {
	d := newDesk(t, 120, 40, Options{State: filepath.Join(t.TempDir(), "tenantry")}, uitest.NewCluster("prod-eu").Controllers().Tenant("accounts"))
	d.pass(2 * time.Minute)
	drawn := 0
	for range 180 {
		d.clock.Pass(time.Second)
		d.handle(tickMsg{d.clock.T})
		for _, errand := range d.errands() {
			if answer := errand(); answer != nil {
				d.handle(answer)
			}
		}
		if d.dirty {
			drawn++
		}
		d.View()
	}
	if drawn > 4 {
		t.Errorf("%d frames in three idle minutes, want one a minute", drawn)
	}
}

// Reading the same cluster anew compares anew, with the look of what is read.
func TestReadingAnewIsComparedAnew(t *testing.T) {
	dir := folderWithLook(t)
	d := newDesk(t, 120, 40, Options{State: dir}, uitest.Prod())
	d.epoch++
	d.store = model.NewStore(d.clock.Now)
	c := uitest.Prod()
	c.Conn.Namespaces = []string{"docs"}
	d.send(batchMsg{epoch: d.epoch, batch: c.Batch})
	d.pass(time.Minute)
	looks := remembered(t, dir).Looks
	if looks["docs"] == nil || looks[""].Health()["demolished"] != "Failed" {
		t.Errorf("%v", looks)
	}
}

func TestGoldenMemory(t *testing.T) {
	all := &gallery{of: "memory"}
	for _, g := range []struct {
		name string
		keys []string
	}{
		{"tenants/since", nil},
		{"since/list", []string{"h"}},
		{"tenants/knownnote", []string{"down", "down", "down", "m"}},
		{"tenants/known", []string{"down", "down", "down", "m", "enter", "down"}},
	} {
		for _, size := range sizes {
			d := newDesk(t, size[0], size[1], Options{Calm: true, State: folderWithLook(t)}, uitest.Prod())
			d.press(g.keys...)
			if err := d.fits(); err != nil {
				t.Errorf("%s: %v", g.name, err)
			}
			all.picture(t, g.name, size, d, false)
		}
	}
	all.close(t)
}
