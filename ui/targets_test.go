package ui

import (
	"context"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// While the picture stands still, what is acted on is the object that is drawn,
// not another one that has its name by now: marked, or under the cursor.
func TestAPausedPictureMeansTheObjectsItShows(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("6", "/")
	d.typ("ns:fluxdemo-stage")
	d.press("enter", "p")
	another := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./elsewhere", uitest.Rev2)
	another.UID = "another"
	d.put(another)
	d.act("r")
	d.wants("another object of that name has taken the place of the one that is shown")
	d.act("space", "s")
	d.wants("has taken the place")
	if w := d.session.Writes(); len(w) != 0 || d.dialog != nil {
		t.Fatalf("written: %+v", w)
	}
	d.act("esc", "p") // now it is the other one that is shown
	d.act("r")
	if w := d.session.Writes(); len(w) != 1 || w[0].UID != "another" {
		t.Errorf("written: %+v", w)
	}
}

// A row that nothing can be done to offers no key for it, and the key says why.
func TestTheKeyLineOffersNothingThatIsRefused(t *testing.T) {
	d := newDesk(t, 200, 60, Options{}, uitest.Prod())
	footer := func() string { l := d.lines(); return l[len(l)-1] }
	d.press("7", "/")
	d.typ("ns:fluxdemo-stage")
	d.press("enter")
	if got := footer(); strings.Contains(got, "r reconcile") || strings.Contains(got, "s suspend") {
		t.Errorf("a Deployment's keys: %s", got)
	}
	d.act("r")
	d.wants("reconcile is refused: Flux does not reconcile a Deployment")
	d.press("6")
	if got := footer(); !strings.Contains(got, "r reconcile") || !strings.Contains(got, "s suspend") {
		t.Errorf("a Kustomization's keys: %s", got)
	}
	d.press("4")
	if got := footer(); strings.Contains(got, "r reconcile") || !strings.Contains(got, "s resume") {
		t.Errorf("a suspended object's keys: %s", got)
	}
	if w := d.session.Writes(); len(w) != 0 {
		t.Errorf("written: %+v", w)
	}
}

// What was typed and ticked off stays when the dialog is shown anew.
func TestADialogShownAnewKeepsWhatWasSaid(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toField("REASON", "freeze")
	d.toField("UNTIL", "3d")
	d.act("shift+tab", "shift+tab", "space") // the second step: the source
	d.wants("[ ] GitRepository/fluxdemo-stage/flux-stage-prod")
	d.confirmWhatChanged()
	if len(d.session.Writes()) != 0 || d.dialog == nil {
		t.Fatal("not shown anew")
	}
	d.wants("[x] Kustomization/fluxdemo-stage", "[ ] GitRepository/fluxdemo-stage", "freeze", "3d")
	d.toButton("Suspend")
	d.act("enter")
	w := d.session.Writes()
	if len(w) != 1 || w[0].Ref.Kind != "Kustomization" || w[0].Generation != 2 || !strings.Contains(string(w[0].Body), "freeze") ||
		!strings.Contains(string(w[0].Body), "2026-11-25T") {
		t.Errorf("written: %+v", w)
	}
}

// Who would undo a suspension is named, by what is known of who wrote what, and
// goes when it is ticked off.
func TestTheDialogNamesWhatWouldUndoIt(t *testing.T) {
	by := func(o *model.Object) *model.Object {
		return uitest.Label(o, model.LabelKustomizationName, "flux-system", model.LabelKustomizationNS, "flux-system")
	}
	child := by(uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2))
	source := by(uitest.Git("fluxdemo-stage", "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", uitest.Rev2))
	d := newDesk(t, 200, 60, Options{}, uitest.Prod())
	d.put(child, source)
	d.session.SetDocument(child.Key.ObjectRef(), &model.Document{Owners: []model.FieldOwner{
		{Path: ".spec.path", Manager: "kustomize-controller", Operation: "Apply"},
		{Path: ".spec.suspend", Manager: "kustomize-controller", Operation: "Apply"}}}, nil)
	d.session.SetDocument(source.Key.ObjectRef(), &model.Document{Owners: []model.FieldOwner{
		{Path: ".spec.url", Manager: "kustomize-controller", Operation: "Apply"}}}, nil)
	d.aimAt("fluxdemo-stage")
	d.act("s")
	const states = "Kustomization/flux-system/flux-system applies Kustomization flux-stage-prod, and what it applies"
	d.wants("UNDONE BY "+states, "states whether it is suspended: its next run undoes this.",
		"Nothing now: Kustomization/flux-system/flux-system applies GitRepository flux-stage-prod")
	d.act("shift+tab", "shift+tab", "space")
	d.misses(states)
	d.wants("[ ] Kustomization/fluxdemo-stage", "UNDONE BY Nothing now: Kustomization/flux-system/flux-system applies GitRepository")

	operator := uitest.Label(uitest.Sync("flux-system", "flux-system", "./", uitest.Rev1), model.LabelInstanceName, "flux", model.LabelInstanceNS, "flux-system")
	d = newDesk(t, 200, 60, Options{}, uitest.Prod())
	d.put(operator)
	d.press("6")
	d.page().(*objectList).aim(spot{model.PlatformKey, operator.Key})
	d.act("s")
	d.wants("UNDONE BY FluxInstance/flux-system/flux generates Kustomization flux-system")
}

// A suspension that is taken back after its action has ended is told, wherever
// the person is, and stands on the page of what is suspended.
func TestAnUndoneSuspensionIsTold(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	o := uitest.Label(uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2), model.LabelKustomizationName, "flux-system",
		model.LabelKustomizationNS, "flux-system")
	d.put(o)
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	d.toButton("Suspend")
	d.act("enter")
	set := func(suspended bool, generation int64, annotations ...model.Pair) {
		c := *o
		s := *o.Detail.(*model.Sync)
		s.Suspend, c.Detail, c.Generation, c.Annotations = suspended, &s, generation, annotations
		d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(&c).Batch})
	}
	said := []model.Pair{{Name: model.AnnotationSuspendedBy, Value: "ann"}, {Name: model.AnnotationSuspendedAt, Value: "2026-11-22T02:58:14Z"}}
	set(true, 2, said...)
	d.wants("▸ suspended", "✓")
	if d.acting() {
		t.Fatal("still on its way")
	}
	d.press("1")
	d.pass(4 * time.Minute)
	set(false, 3, said...)
	d.wants("its suspension is undone: Kustomization/fluxdemo-stage/flux-stage-prod runs again, resumed 03:02:14 by somebody else")
	d.press("4")
	d.wants("1 undone", "no: it runs again: undone by hand or by Kustomization flux-sys")

	// What somebody here resumes is no news.
	set(true, 4, said...)
	d.act("s")
	d.toButton("Resume")
	d.act("enter")
	set(false, 5)
	d.misses("runs again")
}

// What is only followed does not keep anybody on a cluster; that it goes on is
// said.
func TestTheClusterCanBeChangedWhileAnActionIsFollowed(t *testing.T) {
	j := &memoryJournal{}
	d := newDesk(t, 160, 40, Options{Journal: j}, uitest.Prod())
	d.opts.Connect = func(context.Context, Target) (Cluster, error) { return uitest.NewSession(us().Batch), nil }
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	connect := d.connect(Target{Context: "prod-us"})
	if !d.acting() || connect == nil {
		t.Fatal(d.notice)
	}
	_, end := d.leaveDeeds()
	d.run(end)
	if got := strings.Join(j.lines, "; "); !strings.HasSuffix(got, "sent; end sent, not followed to its end") {
		t.Errorf("journal: %s", got)
	}
	d.applyConnected(connect().(connectedMsg))
	d.wants("now on prod-us; reconcile Kustomization/fluxdemo-stage/flux-stage-prod on prod-eu goes on, but is no longer followed")
	if d.acting() {
		t.Error("it is followed on another cluster")
	}

	// While it is being sent, the cluster stays.
	d = newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.opts.Connect = func(context.Context, Target) (Cluster, error) { return nil, nil }
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	d.deeds[0].steps[0].state = stepSending
	if d.connect(Target{Context: "prod-us"}) != nil || !strings.Contains(d.notice, "just being sent") {
		t.Errorf("left in the middle of a write: %s", d.notice)
	}
}

// The server confirmed every step: there is nothing to ask about at the next
// start.
func TestWhatWasSentInFullIsNotAskedAbout(t *testing.T) {
	j := &memoryJournal{unfinished: []journal.Record{{ID: "1", Verb: "reconcile", Steps: []journal.Step{{Kind: "Kustomization", Word: "sent"}}}}}
	d := newDesk(t, 100, 30, Options{Journal: j})
	d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
	if d.dialog != nil || strings.Join(j.lines, "; ") != "end sent, not followed to its end" {
		t.Errorf("asked about; journal %q", j.lines)
	}
}

// A command that was overtaken by a later one changes nothing any more.
func TestWantsAreTakenInTurn(t *testing.T) {
	session, turn := uitest.NewSession(), &inTurn{}
	first := want(session, turn, []model.Want{{Kind: model.Event}})
	second := want(session, turn, []model.Want{{Kind: model.Pod}})
	second()
	first()
	if got := session.Wanted(); len(got) != 1 || got[0].Kind != model.Pod {
		t.Errorf("wanted: %v", got)
	}
}
