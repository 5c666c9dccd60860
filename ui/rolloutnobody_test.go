package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// A commit that was past when all that follows its repository now was made is
// called no applied one.
func TestACommitOfBeforeAllThatFollowIsNotApplied(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.through(uitest.Rev3, "kcheck 1.0.3")
	p.pass(3 * time.Minute)
	for _, ns := range p.tenants {
		p.sync(ns, func(o *model.Object, d *model.Sync) {
			o.UID, o.Created = "other-"+ns, p.at()
			d.History = []model.HistoryEntry{{Revision: uitest.Rev3, Status: "ReconciliationSucceeded", First: p.at(), Last: p.at(), Duration: 1, Total: 1}}
		})
	}
	p.pass(time.Minute)
	p.press("end", "up", "right")
	p.wants("d634062  three replicas", "nothing that follows it now was there then")
	m, _ := p.page().(*rollouts).commitMark(&model.Chain{}, &model.Commit{Past: true}, false)
	if m.Word != "Nobody's now" {
		t.Errorf("it is marked %q", m.Word)
	}
}
