package ui

import (
	"slices"
	"testing"
	"time"

	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// A write of a Secret whose answer was lost may have happened.
func TestWhatIsNotKnownOfASecretIsNotDenied(t *testing.T) {
	j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "save credential", Subject: "prod/deploy-key",
		Steps: []journal.Step{{Kind: "Secret", Namespace: "prod", Name: "deploy-key", Word: "sending", Detail: "no answer"}, {Kind: "GitRepository", Namespace: "prod", Name: "app"}}}}}
	d := newDesk(t, 120, 40, Options{Journal: j})
	d.settle(batchMsg{epoch: 1, batch: credentialCluster("ssh://git@github.com/acme/app").Batch})
	d.wants("may have been written", "to stay; K tests the one in the cluster")
}

// What a kill left of a tenant's coming or going, or of a restore, is told by
// what the cluster shows, and gone on with by being asked for anew: nothing is
// sent without another look.
func TestWhatWasLeftOfATenant(t *testing.T) {
	const ns = "fluxdemo-stage"
	there := journal.Step{Kind: "Kustomization", Namespace: ns, Name: "flux-stage-prod", UID: "Kustomization-" + ns + "-flux-stage-prod", Word: "sending"}
	gone := journal.Step{Kind: "Kustomization", Namespace: ns, Name: "late", Word: "sent"}
	quota := journal.Step{Kind: "ResourceQuota", Namespace: ns, Name: "shop", Word: "sent"}
	for _, c := range []struct {
		verb, subject string
		steps         []journal.Step
		wants         []string
		button, then  string
		end           string
	}{
		{"off-board", ns, []journal.Step{gone, there}, []string{"Kustomization/fluxdemo-stage/late: gone", "flux-stage-prod: is still there"},
			"Finish", "Off-board fluxdemo-stage on prod-eu", ""},
		{"off-board", "left-already", []journal.Step{gone, {Kind: "Namespace", Name: "left-already", Word: "sending"}}, []string{"Nothing of it is left that can be seen"}, "Forget it", "", "end left"},
		{"add tenant", ns, []journal.Step{there, quota, gone}, []string{"flux-stage-prod: is there", "ResourceQuota/fluxdemo-stage/shop: was sent and accepted",
			"late: is not there: it does not show", "goes on from there: what exists is kept"}, "Off-board it", "Off-board fluxdemo-stage on prod-eu", ""},
		{"restore", "/home/ann/my cluster", []journal.Step{there, {Kind: "Namespace", Name: "shop"}}, []string{"Namespace/shop: is not there: it was not sent",
			"tenantry restore '/home/ann/my cluster'"}, "Forget it", "", "end left"},
		// Nobody followed it to its end: the same command has to know what it sent.
		{"restore", "/home/ann/cluster", []journal.Step{gone}, []string{"late: is not there: it does not show", "It was cut off before it was through",
			"All of it was sent; following it was cut off. Follow it to its end with: tenantry restore"}, "Not now", "", ""},
	} {
		t.Run(c.verb+" "+c.subject, func(t *testing.T) {
			j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: c.verb, Subject: c.subject, Steps: c.steps}}}
			d := newDesk(t, 120, 40, Options{Journal: j})
			d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
			d.wants(append(c.wants, "Unfinished: "+c.verb)...)
			d.toButton(c.button)
			d.act("enter")
			if c.then != "" {
				d.wants(c.then)
			}
			if w := d.session.Writes(); len(w) > 0 {
				t.Errorf("written: %+v", w)
			}
			if c.end == "" && len(j.lines) > 0 || c.end != "" && !slices.Contains(j.lines, c.end) {
				t.Errorf("journal: %q, want %q", j.lines, c.end)
			}
		})
	}
}

// Taking out what was added in part ends its record when that begins, and not
// when it is only looked at.
func TestOffBoardingWhatWasAddedInPart(t *testing.T) {
	for _, cancelled := range []bool{true, false} {
		j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "add tenant", Subject: stage,
			Steps: []journal.Step{{Kind: "Namespace", Name: stage, Word: "sent"}, {Kind: "Kustomization", Namespace: stage, Name: "late"}}}}}
		d := newDesk(t, 120, 40, Options{Journal: j})
		d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
		d.toButton("Off-board it")
		d.act("enter")
		d.wants("Off-board fluxdemo-stage on prod-eu")
		if cancelled {
			d.toButton("Cancel")
		} else {
			d.toField("CONFIRM", stage)
			d.toButton("Off-board")
		}
		d.act("enter")
		if ended := slices.Contains(j.lines, "end taken up"); ended == cancelled || len(d.deleted()) > 0 == cancelled {
			t.Errorf("cancelled %v: journal %q, sent %v", cancelled, j.lines, d.deleted())
		}
	}
}

// What goes along with what was sent needs no answer of its own: such an action
// was sent in full, and is not asked about.
func TestWhatGoesAlongIsNotUnsent(t *testing.T) {
	j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "off-board", Subject: "gone",
		Steps: []journal.Step{{Kind: "ResourceSet", Namespace: "flux-system", Name: "shop", Word: "sent"}, {Kind: "Namespace", Name: "gone", Watch: true}}}}}
	d := newDesk(t, 120, 40, Options{Journal: j})
	d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
	if d.dialog != nil || !slices.Contains(j.lines, "end "+notFollowed) {
		t.Errorf("journal %q:\n%s", j.lines, d.screen())
	}
}
