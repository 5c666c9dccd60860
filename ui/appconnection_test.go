package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestOldDataSaysSo(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	lost := uitest.Lost()
	d.feed(model.Batch{Conn: lost.Conn})
	d.wants("~ 38s old, retry in 4s", "connection refused")
	d.misses("● live")
	if strings.Contains(d.View().Content, "\x1b[32m") {
		t.Error("old data has colour")
	}
	d.pass(time.Second)
	d.wants("~ 39s old, retry in 3s")
	d.feed(model.Batch{Conn: uitest.Prod().Conn})
	d.wants("● live")
}

func TestOneStaleKindIsNamed(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Kustomization, State: model.ScopeStale, Since: uitest.Ago(7 * time.Second)}}})
	d.wants("~ 7s old: kustomizations")
	d.misses("● live")
}

func TestForbiddenNamesTheRole(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Forbidden())
	d.wants("⊘ No access", "AS team-a", "team-a@prod-eu ▸ team-a")
	d.press("esc", "end")
	d.wants("may not list", "helmreleases (helm.toolkit.fluxcd.io)", "Only team-a is read")
	if role := d.page().subject().copy; !strings.Contains(role, "kind: Role\n") || !strings.Contains(role, "namespace: team-a") ||
		!strings.Contains(role, `apiGroups: ["helm.toolkit.fluxcd.io"], resources: [helmrepositories`) && !strings.Contains(role, "resources: [helmreleases]") {
		t.Errorf("the Role to copy:\n%s", role)
	}
}

func TestStaleEpochsAreDropped(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.send(batchMsg{epoch: 0, batch: uitest.NoFlux().Batch})
	d.wants("prod-eu")
}

func TestASessionThatEndedIsSaid(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.send(batchMsg{epoch: 1, err: errors.New("login expired")})
	d.wants("session ended", "login exp")
	d.misses("● live")
}
