package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// settle runs the commands that come of a message until nothing more comes of
// them, but not those that wait for the cluster.
func (d *desk) settle(msg tea.Msg) {
	cmd := d.handle(msg)
	switch msg.(type) {
	case batchMsg, tickMsg: // they wait for the next one
	default:
		d.run(cmd)
	}
	for _, errand := range d.errands() {
		d.run(errand)
	}
	d.View()
}

func (d *desk) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	case permitMsg, leavingReadMsg, sentMsg, noteMsg, unfinishedMsg, syncReadMsg, syncTriedMsg,
		credentialMsg, keyMadeMsg, fileReadMsg, hostKeysMsg, triedMsg, storedMsg, sealedMsg, testedMsg,
		memoryMsg, tenantTriedMsg, arrivalMsg, setupRightsMsg, instanceReadMsg, instanceTriedMsg, programsMsg, programStartedMsg, outputMsg, keepReadMsg, keptMsg, secretsMsg:
		d.settle(msg)
	}
}

// do presses keys and lets what they set going happen.
func (d *desk) act(keys ...string) {
	for _, k := range keys {
		d.settle(keyPress(k))
	}
}

// aimAt puts the cursor on a tenant.
func (d *desk) aimAt(tenant string) {
	d.Helper()
	d.pages[0].(*tenants).jump(tenant)
	if got := d.page().subject().spot.tenant; got != tenant {
		d.Fatalf("the cursor is on %q, want %q", got, tenant)
	}
}

// open goes to an object of a tenant.
func (d *desk) openObject(tenant string, key model.Key) {
	d.Helper()
	d.aimAt(tenant)
	d.press("enter")
	d.page().(*tenantPage).aim(spot{tenant, key})
	if got := d.page().subject().spot.key; got != key {
		d.Fatalf("the cursor is on %v, want %v", got, key)
	}
}

var stageSync = model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}

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

func TestSuspendAsksAndCancelIsMarked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.wants("Suspend fluxdemo-stage on prod-eu", "[x] Kustomization/fluxdemo-stage/flux-stage-prod: nothing of it is applied", "[ Cancel ]", "[ Suspend ]", "REASON", "UNTIL")
	if p := d.dialog.focus(); p == nil || p.label != "REASON" {
		t.Fatal("what is typed goes nowhere")
	}
	d.act("enter", "enter") // out of the fields
	if b := d.dialog.button(); b == nil || b.word != "Cancel" {
		t.Fatal("the harmless button is not the first one")
	}
	d.act("enter")
	if d.dialog != nil || len(d.session.Writes()) != 0 {
		t.Fatalf("Cancel wrote: %+v", d.session.Writes())
	}
}

// toButton moves to a button of the dialog.
func (d *desk) toButton(word string) {
	d.Helper()
	for range 60 {
		if b := d.dialog.button(); b != nil && b.word == word {
			return
		}
		d.act("tab")
	}
	d.Fatalf("no button %q:\n%s", word, d.screen())
}

// toField moves to a field of the dialog and types.
func (d *desk) toField(label, typed string) {
	d.Helper()
	for range 60 {
		if p := d.dialog.focus(); p != nil && p.label == label {
			for _, r := range typed {
				d.settle(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			return
		}
		d.act("tab")
	}
	d.Fatalf("no field %q:\n%s", label, d.screen())
}

func TestSuspendATenantWithReasonAndUntil(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toField("REASON", "freeze")
	d.toField("UNTIL", "soon")
	d.toButton("Suspend")
	d.act("enter")
	d.wants(`until "soon" is no time: try fri, 3d, 4h or 2026-11-30`)
	if len(d.session.Writes()) != 0 {
		t.Fatal("written in spite of a wrong date")
	}
	d.toField("UNTIL", "")
	for range 4 {
		d.act("backspace")
	}
	d.toField("UNTIL", "3d")
	d.toButton("Suspend")
	d.act("enter")
	w := d.session.Writes()
	if len(w) != 2 || w[0].Ref.Kind != "Kustomization" || w[1].Ref.Kind != "GitRepository" {
		t.Fatalf("written: %+v", w)
	}
	for _, write := range w {
		if write.Ref.Namespace != "fluxdemo-stage" {
			t.Errorf("%s was touched", write.Ref)
		}
		for _, want := range []string{`"suspend":true`, `"tenantry.dev/suspended-reason":"freeze"`, `"tenantry.dev/suspended-by":"ann"`, `"tenantry.dev/suspended-until":"2026-11-25T`} {
			if !strings.Contains(string(write.Body), want) {
				t.Errorf("%s lacks %s", write.Body, want)
			}
		}
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

func TestWhatChangedMeanwhileIsAskedAgain(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./elsewhere", uitest.Rev2)
	o.Generation, o.ObservedGeneration = 2, 2
	d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(o).Batch})
	d.wants("has changed meanwhile")
	d.toButton("Suspend")
	d.act("enter")
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

func TestParseUntil(t *testing.T) {
	now := uitest.Start // a Sunday
	for in, want := range map[string]string{
		"": "", "fri": "2026-11-27T23:59:59Z", "sun": "2026-11-29T23:59:59Z", "3d": "2026-11-25T02:58:14Z", "4h": "2026-11-22T06:58:14Z",
		"2026-11-30": "2026-11-30T23:59:59Z", "2026-12-01T08:00:00Z": "2026-12-01T08:00:00Z",
	} {
		if got, problem := parseUntil(in, now); got != want || problem != "" {
			t.Errorf("%q is %q (%s), want %q", in, got, problem, want)
		}
	}
	for _, in := range []string{"soon", "2020-01-01", "-3d", "0d", "f"} {
		if got, problem := parseUntil(in, now); problem == "" {
			t.Errorf("%q is taken for %q", in, got)
		}
	}
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

// What an action was for stays under the cursor, though it is no longer where
// the trouble is.
func TestTheCursorStaysOnWhatWasActedOn(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("team-x")
	d.press("enter")
	on := d.page().subject().spot.key
	if o := d.store.Get(on); o == nil || !o.IsSuspended() {
		t.Fatalf("the cursor starts on %v, want what is suspended", on)
	}
	d.act("s")
	d.toButton("Resume")
	d.act("enter")
	o := *d.store.Get(on)
	detail := *o.Detail.(*model.Sync)
	detail.Suspend = false
	o.Detail, o.Annotations = &detail, nil
	d.put(&o)
	if got := d.page().subject().spot.key; got != on {
		t.Errorf("the cursor went from %v to %v by itself", on, got)
	}
}

// A key never hits what took the place of a row that went away, nor a mark that
// is not on the screen without asking, nor the object several tenants share.
func TestOnlyWhatIsUnderTheCursorIsTouched(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6")
	d.press("down")
	on := d.page().subject().spot.key
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Changes: []model.ObjectChange{{Key: on}}}})
	d.act("r")
	d.wants("is gone")
	if w := d.session.Writes(); len(w) != 0 {
		t.Errorf("written: %+v", w)
	}
	d.press("space", "down", "down")
	d.act("r")
	if d.dialog == nil || len(d.session.Writes()) != 0 {
		t.Error("what is marked elsewhere was written without asking")
	}
	d.act("esc")
	d.press("0")
	home := d.pages[0].(*tenants)
	for i, r := range home.table.Rows() {
		if r.id.kind == rowCause {
			home.table.MoveTo(i)
		}
	}
	d.act("r")
	d.wants("nothing here to reconcile")
}

// A filter that leaves out the row under the cursor is a person's own choice.
func TestAFilterDisplacesNothing(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6", "/")
	d.typ("ns:fluxdemo-stage")
	d.press("enter")
	d.act("r")
	if w := d.session.Writes(); len(w) != 1 || w[0].Ref.Namespace != "fluxdemo-stage" {
		t.Errorf("written: %+v", w)
	}
}
