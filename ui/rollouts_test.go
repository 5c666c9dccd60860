package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestRollouts(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("2")
	d.wants("1 rolling out", "wolcn/flux-stage-prod  main", "2 of 2")
	d.press("/")
	d.typ("fluxdemo-prod") // a tenant finds its repository
	d.press("enter", "right")
	d.wants("▾ wolcn/flux-stage-prod", "fluxdemo-prod")
	d.press("esc")
	d.wants("fluxdemo-stage")

	// A push goes through both tenants of the repository, one after the other.
	push := func(ns, fetched, applied string, conditions ...model.Condition) {
		sync := *d.store.Get(model.Key{Kind: model.Kustomization, Namespace: ns, Name: "flux-stage-prod"})
		detail := *sync.Detail.(*model.Sync)
		detail.Applied, detail.Attempted = applied, fetched
		if sync.Detail = &detail; conditions == nil {
			conditions = []model.Condition{uitest.Ready(0)}
		}
		sync.Conditions = conditions
		d.put(uitest.Git(ns, "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", fetched), &sync)
	}
	running := uitest.Condition("Ready", "Unknown", "Progressing", "Running health checks for revision "+uitest.Rev3+" with a timeout of 4m50s", 0)
	push("fluxdemo-stage", uitest.Rev3, uitest.Rev2, running, uitest.Condition("Reconciling", "True", "Progressing", "Running health checks", 0))
	d.pass(4 * time.Second)
	d.wants("2 rolling out", "0 of 2", "7e01c2d")
	push("fluxdemo-stage", uitest.Rev3, uitest.Rev3)
	d.pass(4 * time.Second)
	d.wants("1 of 2")
	d.press("end", "enter")
	push("fluxdemo-prod", uitest.Rev3, uitest.Rev3)
	d.pass(4 * time.Second)
	d.press("2")
	d.wants("2 of 2")
}

func TestRolloutsGoToTheTenant(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("/")
	d.typ("fluxdemo-stage")
	d.press("enter", "2")
	if row := d.row(); !strings.Contains(row, "wolcn/flux-stage-prod") {
		t.Errorf("the cursor is on %q, want the tenant's repository", row)
	}
	d.press("right", "down", "down")
	if row := d.row(); !strings.HasPrefix(row, "fluxdemo-stage") {
		t.Fatalf("under the repository there is %q", row)
	}
	d.press("enter")
	d.wants("▸ Rollouts ▸ fluxdemo-stage")
	d.press("esc", "space")
	d.wants("1 marked")
	d.press("esc", "1")
	d.scope = scope{tenants: map[string]bool{"fluxdemo-stage": true}}
	d.press("2")
	d.misses("acme/", "fluxdemo-prod")
	d.wants("wolcn/flux-stage-prod", "fluxdemo-stage")
}
