package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

func TestQuittingWarnsWhileAnActionRuns(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	d.press("ctrl+c")
	if d.quit {
		t.Fatal("quit without a word")
	}
	d.wants("an action is still on its way")
	d.press("ctrl+c")
	if !d.quit {
		t.Error("asked twice, and still here")
	}
}

// memoryJournal keeps what is noted.
type memoryJournal struct {
	lines      []string
	fail       error
	unfinished []journal.Record
	begun      []journal.Record
}

func (j *memoryJournal) Unfinished(string, string) ([]journal.Record, error) {
	return j.unfinished, nil
}

func (j *memoryJournal) Begin(r journal.Record) error {
	j.begun = append(j.begun, r)
	j.lines = append(j.lines, "begin "+r.Verb+" "+r.Subject+" by "+r.Who)
	return j.fail
}

func (j *memoryJournal) Note(_ string, _ int, word, detail string) error {
	j.lines = append(j.lines, strings.TrimSpace(word+" "+detail))
	return j.fail
}

func (j *memoryJournal) End(_, word string) error {
	j.lines = append(j.lines, "end "+word)
	return j.fail
}

func TestWhatIsDoneIsWrittenDownFirst(t *testing.T) {
	j := &memoryJournal{}
	d := newDesk(t, 120, 40, Options{Journal: j}, uitest.Prod())
	d.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if len(j.lines) != 2 {
			t.Errorf("sent before it was written down: %v", j.lines)
		}
		return &model.Written{UID: w.UID}, nil
	})
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	o.Detail.(*model.Sync).LastHandled = d.deeds[0].plan.Wish.Stamp
	d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(o).Batch})
	want := "begin reconcile Kustomization/fluxdemo-stage/flux-stage-prod by ann; sending; sent; end done"
	if got := strings.Join(j.lines, "; "); got != want {
		t.Errorf("journal %q, want %q", got, want)
	}

	j = &memoryJournal{fail: errors.New("disk full")}
	d = newDesk(t, 120, 40, Options{Journal: j}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	if len(d.session.Writes()) != 0 {
		t.Error("sent though it could not be written down")
	}
	d.wants("disk full")
}

// After a kill the next dashboard says which steps the cluster shows, and
// offers to finish or to undo.
func TestWhatWasLeftUnfinishedIsOffered(t *testing.T) {
	const stamp = "2026-11-22T02:40:00.5Z"
	unfinished := journal.Record{ID: stamp, At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "suspend", Subject: "fluxdemo-stage", Reason: "freeze",
		Steps: []journal.Step{
			{Kind: "Kustomization", Namespace: "fluxdemo-stage", Name: "flux-stage-prod", Word: "sent"},
			{Kind: "GitRepository", Namespace: "fluxdemo-stage", Name: "flux-stage-prod", Word: "sending"},
		}}
	suspended := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	suspended.Detail.(*model.Sync).Suspend = true
	suspended.Annotations = model.Pairs{{Name: model.AnnotationSuspendedAt, Value: "2026-11-22T02:40:00Z"}}

	for _, tt := range []struct{ button, verb, kind, note string }{
		{"Finish (1)", "Suspend", "GitRepository", "end taken up"},
		{"Undo (1)", "Resume", "Kustomization", "end taken up"},
	} {
		j := &memoryJournal{unfinished: []journal.Record{unfinished}}
		d := newDesk(t, 100, 30, Options{Journal: j})
		d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Put(suspended).Batch})
		d.wants("Unfinished: suspend fluxdemo-stage on prod-eu", "Kustomization/fluxdemo-stage/flux-stage-prod: happened",
			"GitRepository/fluxdemo-stage/flux-stage-prod: does not show", "[ Not now ]")
		d.toButton(tt.button)
		d.act("enter")
		d.toButton(tt.verb)
		d.act("enter")
		w := d.session.Writes()
		if len(w) != 1 || w[0].Ref.Kind != tt.kind {
			t.Errorf("%s wrote %+v", tt.button, w)
		}
		if !slices.Contains(j.lines, tt.note) {
			t.Errorf("journal: %q", j.lines)
		}
	}
}
