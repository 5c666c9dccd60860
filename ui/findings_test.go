package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestFindings(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("3", "home")
	d.wants("! 2 high  ! 2 medium  · 1 low", "▸ 21 tenants", "has cluster-admin in its namespace", "Secret is missing")
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
