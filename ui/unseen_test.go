package ui

import (
	"slices"
	"testing"
	"time"

	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// What was sent in full when the dashboard was killed is said once, with what
// the cluster shows of it now, until something else is done.
func TestWhatNobodySawTheEndOf(t *testing.T) {
	const ns = "fluxdemo-stage"
	sync := journal.Step{Kind: "Kustomization", Namespace: ns, Name: "flux-stage-prod", Word: "sent"}
	gone := journal.Step{Kind: "Kustomization", Namespace: ns, Name: "late", Word: "sent"}
	quota := journal.Step{Kind: "ResourceQuota", Namespace: ns, Name: "shop", Word: "sent"}
	for _, c := range []struct {
		verb, subject string
		steps         []journal.Step
		wants         string
	}{
		{"reconcile", "Kustomization/fluxdemo-stage/flux-stage-prod", []journal.Step{sync}, "sent, outcome not seen; now: Ready"},
		{"add tenant", ns, []journal.Step{sync, gone, quota}, "now: 1 Ready, 1 not there, 1 not to be seen"},
		{"off-board", ns, []journal.Step{gone, gone}, "now: 2 gone, as they should be"},
		{"run", "helm upgrade", nil, "? run helm upgrade 02:40:14 ▸ started, outcome not seen"},
	} {
		t.Run(c.verb, func(t *testing.T) {
			j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: c.verb, Subject: c.subject, Steps: c.steps}}}
			d := newDesk(t, 120, 40, Options{Journal: j})
			d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
			d.wants("? "+c.verb+" "+c.subject+" 02:40:14 ▸", c.wants)
			if d.dialog != nil || !slices.Contains(j.lines, "end "+notFollowed) {
				t.Errorf("asked, or not ended: %q", j.lines)
			}
			d.act("down")
			d.wants(c.wants)
			d.openObject(ns, stageSync)
			d.act("r")
			d.misses(c.wants)
		})
	}
}
