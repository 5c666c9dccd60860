package ui

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestFindings(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("3", "home")
	d.wants("! 2 high  ! 2 medium  ? 3 unknown  · 1 low", "▸ 21 tenants", "has cluster-admin in its namespace", "Secret is missing")
	if row := d.row(); !strings.HasPrefix(row, "! high") {
		t.Errorf("first is %q, want the gravest", row)
	}
	d.press("down", "down", "right")
	d.wants("rolebinding/fluxdemo-prod", "rolebinding/fluxdemo-stage")
	d.press("/")
	d.typ("fluxdemo-stage")
	d.wants("rolebinding/fluxdemo-stage")
	d.misses("rolebinding/fluxdemo-prod")
	d.press("enter", "down", "enter")
	d.wants("▸ Findings ▸ P6", "WHY IT MATTERS", "RoleBinding fluxdemo-stage/fluxdemo-stage")
	d.press("esc", "esc", "!")
	d.misses("Ready means applied")

	// A finding comes and goes with what it is about.
	d.put(uitest.Object(model.ClusterRoleBinding, "", "all", &model.Binding{RoleKind: "ClusterRole", RoleName: "admin",
		Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: "fluxdemo-stage", Name: "fluxdemo-stage"}}}))
	d.pass(4 * time.Second)
	d.wants("! 1 critical", "has rights in every namespace")
	gone := &uitest.Cluster{}
	gone.Changes = append(gone.Changes, model.ObjectChange{Key: model.Key{Kind: model.ClusterRoleBinding, Name: "all"}})
	d.feed(gone.Batch)
	d.misses("critical")

	d.scope = scope{tenants: map[string]bool{"team-x": true}}
	d.press("1", "3")
	d.wants("suspended for long")
	d.misses("Secret is missing", "21 tenants")
}

// What can't be read is not fine.
func TestFindingsThatCannotBeJudged(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Forbidden())
	d.press("3")
	d.wants("? unknown", "lockdown is not on?", "the namespace of Flux's controllers is not read")
}

// Line 1 counts what the page shows, whatever is found.
func TestFindingsAreCountedAsShown(t *testing.T) {
	for name, c := range map[string]*uitest.Cluster{"prod": uitest.Prod(), "forbidden": uitest.Forbidden(), "none": uitest.NoFlux(),
		"many": uitest.NewCluster("big").Controllers().Many(40), "suspended": suspensions()} {
		d := newDesk(t, 120, 40, Options{}, c)
		p := newFindings(&d.env)
		if n, rows := p.count(), len(p.gather()); n != rows {
			t.Errorf("%s: %d counted, %d rows", name, n, rows)
		}
		d.scope = scope{tenants: map[string]bool{"fluxdemo-stage": true}}
		if n, rows := p.count(), len(p.gather()); n != rows {
			t.Errorf("%s, narrowed: %d counted, %d rows", name, n, rows)
		}
		d.scope = scope{}
		if n, rows := p.count(), len(p.gather()); n != rows {
			t.Errorf("%s, wide again: %d counted, %d rows", name, n, rows)
		}
	}
}

// A finding that is known sinks below what is new, keeps its note, and is
// accepted by the one-shot command on this machine; seen by something else it
// is new again.
func TestFindingIsKnown(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "tenantry")
	d := newDesk(t, 160, 40, Options{State: dir}, uitest.Prod())
	d.press("3", "home")
	first := d.row()
	d.press("m")
	d.typ("rotated on Monday")
	d.press("enter")
	d.pass(4 * time.Second)
	d.wants("known: rotated on Monday")
	d.press("home")
	if row := d.row(); row == first || strings.Contains(row, "known:") {
		t.Errorf("what is known stands first: %q", row)
	}
	print := func(cluster *uitest.Cluster) string {
		var out, talk strings.Builder
		s := model.NewStore(uitest.NewClock().Now)
		s.Apply(cluster.Batch)
		if _, err := printFindings(s, &out, &talk, StatusRun{StateDir: dir}); err != nil || talk.Len() > 0 {
			t.Fatalf("%v %s", err, talk.String())
		}
		return out.String()
	}
	if out := print(uitest.Prod()); strings.Count(out, "known: rotated on Monday") != 1 {
		t.Errorf("%s", out)
	}
	changed := uitest.Prod()
	changed.Put(uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", uitest.Rev1,
		uitest.Failing("AuthenticationFailed", `failed to get secret 'flux-system/another': secrets "another" not found`, time.Hour)))
	if out := print(changed); strings.Contains(out, "known: rotated on Monday; GitRepository") {
		t.Errorf("another cause is still known:\n%s", out)
	}
	d.press("/")
	d.typ("rotated")
	d.press("enter", "m")
	d.misses("known: rotated on Monday")
}
