package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/uitest"
)

func TestReconcileOfOneObjectIsSentAtOnce(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	writes := d.session.Writes()
	if len(writes) != 1 || writes[0].Ref.Namespace != "fluxdemo-stage" || writes[0].Ref.Name != "flux-stage-prod" || writes[0].UID == "" {
		t.Fatalf("written: %+v", writes)
	}
	if !strings.Contains(string(writes[0].Body), `"reconcile.fluxcd.io/requestedAt"`) || strings.Contains(string(writes[0].Body), "spec") {
		t.Errorf("sent %s", writes[0].Body)
	}
	d.wants("r Kustomization flux-stage-prod 02:58:14 ▸ asked")

	// Its controller answers after four seconds.
	d.pass(4 * time.Second)
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	o.Detail.(*model.Sync).LastHandled = d.deeds[0].plan.Wish.Stamp
	d.put(o)
	d.wants("▸ applied d634062 +4s ✓")
	if d.acting() {
		t.Error("the action is still on its way")
	}
}

func TestFetchSendsTheSourceFirstAndWaits(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("R")
	if w := d.session.Writes(); len(w) != 1 || w[0].Ref.Kind != "GitRepository" {
		t.Fatalf("written first: %+v", w)
	}
	src := uitest.Git("fluxdemo-stage", "flux-stage-prod", "ssh://git@github.com/wolcn/flux-stage-prod", uitest.Rev3)
	src.Detail.(*model.Source).LastHandled = d.deeds[0].plan.Wish.Stamp
	b := (&uitest.Cluster{}).Put(src).Batch
	d.settle(batchMsg{epoch: 1, batch: b})
	w := d.session.Writes()
	if len(w) != 2 || w[1].Ref.Kind != "Kustomization" || w[1].Ref.Namespace != "fluxdemo-stage" {
		t.Fatalf("written after the fetch: %+v", w)
	}
	d.wants("▸ fetched 7e01c2d")
}

// A source that can't be fetched keeps what it feeds from being asked.
func TestWhatWaitsIsNotSentAfterAFailure(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.session.OnWrite(func(w model.Write) (*model.Written, error) {
		return nil, &model.WriteError{Reason: model.WriteForbidden, Text: w.Ref.String() + ": you may not"}
	})
	d.openObject("fluxdemo-stage", stageSync)
	d.act("R")
	if n := len(d.session.Writes()); n != 1 {
		t.Errorf("%d writes were sent after the first one failed", n)
	}
	d.wants("✗ R Kustomization flux-stage-prod 02:58:14 ▸ GitRepository flux-stage-prod: you may not")
	if d.acting() {
		t.Error("the action is still on its way")
	}
}

// No letter answers a dialog, and what was typed before it was drawn does not
// reach it.
func TestNoLetterAnswersADialog(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toButton("Suspend")
	for _, r := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !*+" {
		d.settle(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	if d.dialog == nil || len(d.session.Writes()) > 0 {
		t.Error("a letter answered the dialog")
	}
	d.act("esc")
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toButton("Suspend")
	d.dialog.drawn = false // as long as no frame was made of it
	d.act("enter")
	if d.dialog == nil {
		t.Error("a key typed before the dialog was drawn answered it")
	}
}

// confirmWhatChanged presses Suspend of stage's sync, which somebody has changed
// since the dialog was opened.
func (d *desk) confirmWhatChanged() {
	d.Helper()
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./elsewhere", uitest.Rev2)
	o.Generation, o.ObservedGeneration = 2, 2
	d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(o).Batch})
	d.wants("has changed meanwhile")
	d.toButton("Suspend")
	d.act("enter")
}

func TestWhatChangedMeanwhileIsAskedAgain(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	d.confirmWhatChanged()
	if len(d.session.Writes()) != 0 {
		t.Fatal("written though it changed")
	}
	if d.dialog == nil {
		t.Fatal("it is not shown anew")
	}
	d.toButton("Suspend")
	d.act("enter")
	if w := d.session.Writes(); len(w) != 1 || w[0].Generation != 2 {
		t.Errorf("written: %+v", w)
	}
}

func TestRefusals(t *testing.T) {
	patch := model.Access{Verb: "patch", Group: "kustomize.toolkit.fluxcd.io", Resource: "kustomizations", Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}
	tests := []struct {
		name    string
		options Options
		set     func(*desk)
		key     string
		says    []string
	}{
		{"read-only", Options{Rules: func(string) Rules { return Rules{ReadOnly: true} }}, func(*desk) {}, "r", []string{"refused: this session is read-only"}},
		{"denied", Options{}, func(d *desk) { d.session.Deny("no RBAC policy matched", patch) }, "r",
			[]string{"ann may not patch kustomizations in the", "namespace fluxdemo-stage (no RBAC policy matched)", "[ Cancel ]"}},
		{"lost", Options{}, func(d *desk) { d.feed(model.Batch{Conn: uitest.Lost().Conn}) }, "r", []string{"the API server is away"}},
		{"suspended", Options{}, func(d *desk) {
			o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
			o.Detail.(*model.Sync).Suspend = true
			d.put(o)
		}, "r", []string{"a request would be swallowed; s resumes it"}},
		{"vanished", Options{}, func(d *desk) { d.feed(model.Batch{Changes: []model.ObjectChange{{Key: stageSync}}}) }, "s", []string{"refused: it is no longer in the cluster"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, 120, 40, tt.options, uitest.Prod())
			d.openObject("fluxdemo-stage", stageSync)
			tt.set(d)
			if tt.name != "vanished" {
				d.page().(*tenantPage).aim(spot{"fluxdemo-stage", stageSync})
				d.act(tt.key)
			} else {
				d.act("s", "r") // the cursor is on what took its place
				d.wants("nothing here to reconcile")
				d.act("g", "a") // the head of a section is no object
				d.misses("have its controller look at it now")
				d.act("esc")
				d.run(d.wish(action.Reconcile, []action.Target{action.Object(stageSync)}))
				d.dirty = true
			}
			d.wants(tt.says...)
			if d.dialog != nil {
				for _, k := range []string{"enter", "tab", "enter", "tab", "enter", "tab", "enter"} {
					if d.dialog != nil {
						d.act(k)
					}
				}
			}
			if w := d.session.Writes(); len(w) > 0 {
				t.Errorf("written: %+v", w)
			}
		})
	}
}

func TestAProtectedContextWantsItsName(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Rules: func(string) Rules { return Rules{Protected: true} }}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.wants(" PROTECTED ")
	d.act("r")
	if len(d.session.Writes()) != 0 || d.dialog == nil {
		t.Fatal("a protected context was written to without asking")
	}
	d.toButton("Reconcile")
	d.act("enter")
	d.wants("type prod-eu to confirm")
	d.toField("CONFIRM", "prod-eu")
	d.toButton("Reconcile")
	d.act("enter")
	if len(d.session.Writes()) != 1 {
		t.Errorf("%d writes", len(d.session.Writes()))
	}
}

func TestAnAnswerThatNeverCameIsWatched(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.session.OnWrite(func(model.Write) (*model.Written, error) {
		return nil, &model.WriteError{Reason: model.WriteNoAnswer, Text: "nothing was heard"}
	})
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	if !d.acting() || len(d.session.Writes()) != 1 {
		t.Fatalf("given up or sent again: %d writes", len(d.session.Writes()))
	}
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	o.Detail.(*model.Sync).LastHandled = d.deeds[0].plan.Wish.Stamp
	d.put(o)
	d.wants("applied d634062")
}

// What never arrived, for the server died with it, is said once the server
// answers again and had the time to show it; nobody waits for a controller.
func TestWhatNeverArrivedIsSaid(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.session.OnWrite(func(model.Write) (*model.Written, error) {
		return nil, &model.WriteError{Reason: model.WriteNoAnswer, Text: "nothing was heard"}
	})
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	d.wants("sent, no answer; watching whether it arrived")
	away := d.store.Connection()
	away.State = model.ConnLost
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Conn: &away}})
	d.pass(time.Minute)
	d.run(d.tend())
	if !d.acting() {
		t.Error("given up while the server is away")
	}
	back := away
	back.State = model.ConnLive
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Conn: &back}})
	d.pass(arrivalLimit / 2)
	d.run(d.tend())
	if !d.acting() {
		t.Error("given up before it can show")
	}
	d.pass(arrivalLimit)
	d.run(d.tend())
	d.wants("it did not arrive: the API server answers again")
	if d.acting() || len(d.session.Writes()) != 1 {
		t.Errorf("sent again, or still waited for: %d writes", len(d.session.Writes()))
	}
}

// A row of many steps ends with a mark too, good or bad.
func TestManyStepsEndWithAMark(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	four := &deed{plan: action.Plan{Wish: action.Wish{Verb: action.Suspend}, Title: "suspend 2 marked rows", Steps: make([]action.Step, 4)}, steps: make([]deedStep, 4), over: true}
	for i := range four.steps {
		four.steps[i].state = stepDone
	}
	if got := d.outcome(four); !strings.HasSuffix(got, "4 of 4 done ✓") {
		t.Errorf("all done: %q", got)
	}
	four.steps[2].undone = "resumed 12:00 by somebody else"
	if got := d.outcome(four); !strings.HasPrefix(got, "✗ ") || !strings.HasSuffix(got, "; 1 undone, resumed 12:00 by somebody else") {
		t.Errorf("one undone: %q", got)
	}
	four.steps[2] = deedStep{state: stepFailed, words: "it is gone"}
	if got := d.outcome(four); !strings.HasPrefix(got, "✗ ") || !strings.Contains(got, "3 of 4 done, 1 failed") {
		t.Errorf("one failed: %q", got)
	}
}

func TestTheActionsMenuSaysWhyNot(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.press("a")
	d.wants("reconcile", "fetch and reconcile", "suspend", "not now: it is not suspended")
	d.misses("force")
}
