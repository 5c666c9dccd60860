package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var prodGit = model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}

// A source that was deleted took its Secret's name along: what became of that
// Secret is told all the same, now and by a dashboard that starts afterwards.
func TestHistoryOfAGoneSourceHasItsSecret(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 120, 40, Options{State: dir}, withSecrets())
	d.pass(2 * time.Second)
	d.wipe()
	d.pass(2 * time.Second)
	d.feed(model.Batch{Changes: []model.ObjectChange{{Key: stageGit}}})
	d.pass(2 * time.Second)
	const asked = "missing: GitRepository/fluxdemo-stage/flux-stage-prod asked for it"
	d.open(newObjectPageAt(&d.env, stageGit, viewHistory))
	d.pass(time.Second)
	d.wants("gone", asked)

	left := withSecrets()
	left.Changes = append(left.Changes, model.ObjectChange{Key: stageGit})
	d = laterDesk(t, dir, time.Hour, 140, left)
	d.open(newObjectPageAt(&d.env, stageGit, viewHistory))
	d.pass(2 * time.Second)
	d.wants("BEFORE THIS SESSION", "gone", asked)
	d.open(newObjectPageAt(&d.env, prodGit, viewHistory))
	d.pass(time.Second)
	d.misses(asked)
}

// What others changed of a spec is told with what it was and who wrote it, also
// to a dashboard that starts afterwards.
func TestHistoryTellsWhoChangedTheSpec(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, 120, 40, Options{State: dir}, uitest.Prod())
	d.pass(2 * time.Second)
	key := model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}
	next := *d.store.Get(key)
	detail := *next.Detail.(*model.Sync)
	was := detail.Interval
	detail.Interval, next.Detail, next.Generation = 7200, &detail, next.Generation+1
	next.SpecWriters = map[string]model.Manager{"interval": {Name: "kubectl-patch", Operation: "Update", Time: uitest.Ago(0)}}
	d.put(&next)
	d.pass(2 * time.Second)
	if was == 7200 {
		t.Fatal("nothing changes")
	}
	tells := func() {
		t.Helper()
		d.open(newObjectPageAt(&d.env, key, viewHistory))
		d.pass(2 * time.Second)
		d.wants("spec.interval: ", "2h, by kubectl-patch")
		d.open(newObjectPageAt(&d.env, model.Key{Kind: key.Kind, Namespace: "fluxdemo-prod", Name: key.Name}, viewHistory))
		d.pass(time.Second)
		d.misses("kubectl-patch")
	}
	tells()
	c := uitest.Prod()
	c.Put(&next)
	d = laterDesk(t, dir, time.Hour, 140, c)
	tells()
}
