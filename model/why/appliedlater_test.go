package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// A commit whose health checks failed is in the cluster, though its sync calls an
// older one applied. When the next can't be built, nobody may be told that the
// cluster has the older one: whether it was seen, or stands in status.history.
func TestWhatFailedItsHealthChecksIsInTheClusterAllTheSame(t *testing.T) {
	history := []model.HistoryEntry{{Revision: uitest.Rev2, Status: "HealthCheckFailed", First: uitest.Ago(time.Hour), Last: uitest.Ago(time.Hour), Total: 1},
		{Revision: uitest.Rev1, Status: "ReconciliationSucceeded", First: uitest.Ago(2 * time.Hour), Last: uitest.Ago(2 * time.Hour), Total: 1}}
	unhealthy := at(applying("HealthCheckFailed", waitsForWeb), func(d *model.Sync) { d.Attempted, d.History = uitest.Rev2, history })
	broken := at(applying("BuildFailed", "kustomize build failed: yaml: line 3"), func(d *model.Sync) { d.Attempted, d.History = uitest.Rev3, history })
	stopped := at(uitest.Sync("eu", "app", "./deploy", uitest.Rev1, uitest.Failing("HealthCheckFailed", waitsForWeb, time.Hour)), func(d *model.Sync) {
		d.Attempted, d.Suspend = uitest.Rev2, true
	})
	short := func(revision string) string { return model.ShortRevision(revision) }
	live := "what it last called live is " + short(uitest.Rev1)
	since := short(uitest.Rev2) + " was applied since and did not get healthy"

	checking := at(uitest.Sync("eu", "app", "./deploy", uitest.Rev1, uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", time.Minute),
		uitest.Condition("Reconciling", "True", "Progressing", "Running health checks for revision "+uitest.Rev2+" with a timeout of 4m50s", time.Minute)),
		func(d *model.Sync) { d.Attempted = uitest.Rev2 })
	untold := func(o *model.Object) *model.Object { // without history
		c, d := *o, *o.Detail.(*model.Sync)
		d.History, c.Detail = nil, &d
		return &c
	}
	seen := newWorld(checking)
	seen.put(untold(unhealthy))
	seen.put(untold(broken))
	for name, w := range map[string]*world{"history": newWorld(broken), "seen": seen} {
		w.put(stuckDeployment())
		text := why.Object(w.Store, sync).Text(time.UTC)
		flat := strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"What it last called live is " + short(uitest.Rev1) + "; " + since, "tried " + short(uitest.Rev3), live + ", and " + since} {
			if !strings.Contains(flat, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
		for _, wrong := range []string{"keeps " + short(uitest.Rev1), "runs " + short(uitest.Rev1)} {
			if strings.Contains(flat, wrong) {
				t.Errorf("%s says %q:\n%s", name, wrong, text)
			}
		}
	}
	if e := why.Object(newWorld(stopped).Store, sync); !strings.Contains(e.Effect, live+", and "+since) {
		t.Errorf("suspended: %q", e.Effect)
	}
	// Of what was never applied the older one is what the cluster has.
	w := newWorld(at(applying("BuildFailed", "kustomize build failed: yaml: line 3"), func(d *model.Sync) { d.Attempted, d.History = uitest.Rev3, history[1:] }))
	if e := why.Object(w.Store, sync); !strings.Contains(e.Effect, "the cluster keeps "+short(uitest.Rev1)) {
		t.Errorf("%q", e.Effect)
	}
	// What was gone back to is what the cluster has, too.
	back := at(applying("BuildFailed", "kustomize build failed: yaml: line 3"), func(d *model.Sync) {
		d.Attempted, d.History = uitest.Rev3, []model.HistoryEntry{history[1], history[0]}
	})
	if e := why.Object(newWorld(back).Store, sync); !strings.Contains(e.Effect, "the cluster keeps "+short(uitest.Rev1)) {
		t.Errorf("%q", e.Effect)
	}
}
