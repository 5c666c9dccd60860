package ui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/state"
	"tenantry/ui/uitest"
)

var teamA = state.Cluster{Context: "team-a@prod-eu", Server: "https://127.0.0.1:6443"}

// askingDesk is a desk that may read nothing without names, and what it connects
// to once it has some.
func askingDesk(t *testing.T, w, h int, dir string) (d *desk, asked *Target) {
	t.Helper()
	asked = &Target{}
	o := Options{State: dir, Calm: true, Connect: func(_ context.Context, to Target) (Cluster, error) {
		*asked = to
		return nil, errors.New("not in this test")
	}}
	d = newDesk(t, w, h, o)
	access := accessTo("team-b")
	d.session.Deny("", access[mayReadEvents], access[mayReconcile])
	d.session.Deny("", accessTo("nobodys")...)
	d.feed(uitest.Unnamed().Batch)
	return d, asked
}

// carryOut carries out the command of a key.
func (d *desk) carryOut(key string) {
	d.Helper()
	cmd := d.handle(keyPress(key))
	if cmd == nil {
		d.Fatalf("%s asks for nothing:\n%s", key, d.screen())
	}
	d.deliver(cmd())
}

func (d *desk) deliver(msg tea.Msg) {
	if batch, ok := msg.(tea.BatchMsg); ok {
		for _, cmd := range batch {
			if cmd != nil {
				d.deliver(cmd())
			}
		}
		return
	}
	if msg != nil {
		d.send(msg)
	}
}

func TestNamespacesAreAskedFor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d, asked := askingDesk(t, 100, 30, dir)
	d.wants("which namespaces are yours?", "Their names, with blanks between")
	d.typ("team-a team-b, nobodys")
	d.wants("check what you may do there")
	d.carryOut("enter")
	d.wants("✓ team-a ", "read, reconcile", "✓ team-b ", "read, no events", "✗ nobodys ", "nothing to read", "read team-a, team-b")
	if d.menu == nil {
		t.Fatal("the field has gone")
	}
	d.carryOut("enter")
	if asked.Context != "team-a@prod-eu" || !slices.Equal(asked.Namespaces, []string{"team-a", "team-b"}) {
		t.Errorf("connected to %+v", *asked)
	}
	d.wants("still on team-a@prod-eu")
	c, err := state.Open(dir).Read(teamA)
	if err != nil || !slices.Equal(c.Namespaces, []string{"team-a", "team-b"}) {
		t.Errorf("remembered: %v, %v", c.Namespaces, err)
	}
	// The next time they are filled in.
	d, _ = askingDesk(t, 100, 30, dir)
	d.wants("namespaces team-a team-b", "check what you may do there")
}

func TestNamesThatAreNone(t *testing.T) {
	d, asked := askingDesk(t, 100, 30, "")
	d.typ("Team_A team-a")
	d.wants("no name of a namespace", "mend the names first")
	d.press("enter")
	if d.menu == nil || asked.Namespaces != nil {
		t.Error("it was taken")
	}
}

func TestNamespacesAreAskedForAgainByKey(t *testing.T) {
	d, _ := askingDesk(t, 100, 30, "")
	d.press("esc")
	d.wants("Which namespaces are yours?", "n asks for")
	d.press("n")
	d.wants("which namespaces are yours?")
}

// A field must not come between somebody's fingers and the screen.
func TestNamespacesAreNotAskedForUnderTheFingers(t *testing.T) {
	d := newDesk(t, 100, 30, Options{Connect: func(context.Context, Target) (Cluster, error) { return nil, errors.New("no") }})
	d.press("down")
	d.feed(uitest.Unnamed().Batch)
	if d.menu != nil {
		t.Error("the field came by itself")
	}
}

// Somebody with one tenant is shown that tenant.
func TestOneTenantInScopeIsOpened(t *testing.T) {
	d := newDesk(t, 100, 30, Options{}, uitest.Forbidden())
	if p, ok := d.page().(*tenantPage); !ok || p.name != "team-a" {
		t.Errorf("the page is %T:\n%s", d.page(), d.screen())
	}
	d.press("esc")
	d.wants("1 tenant", "not yours to see, not a fault")
	all := newDesk(t, 100, 30, Options{}, uitest.NewCluster("one").Controllers().Tenant("only"))
	if _, ok := all.page().(*tenants); !ok {
		t.Error("who sees the whole cluster is not shown its list")
	}
}

func TestJudgeNamespaceWhenNobodyCanSay(t *testing.T) {
	four := make([]model.Permission, accessCount)
	if c := judgeNamespace(four); !c.readable {
		t.Errorf("what is not known is refused: %+v", c)
	}
}

func TestGoldenNamespaces(t *testing.T) {
	g := &gallery{of: "namespaces"}
	for _, size := range sizes {
		d, _ := askingDesk(t, size[0], size[1], "")
		d.typ("team-a team-b nobodys")
		d.carryOut("enter")
		if err := d.fits(); err != nil {
			t.Error(err)
		}
		g.picture(t, "tenants/namespaces", size, d, false)
		d.press("esc")
		g.picture(t, "tenants/unnamed", size, d, false)
	}
	g.close(t)
}
