package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

const stage = "fluxdemo-stage"

// leaveStage opens the dialog that takes stage out, and types its name.
func leaveStage(d *desk) {
	d.Helper()
	d.aimAt(stage)
	d.run(d.offboard(stage))
	d.wants("Off-board fluxdemo-stage on prod-eu")
	d.toField("CONFIRM", stage)
}

// stagesSync is stage's sync with something changed.
func stagesSync(change func(*model.Object, *model.Sync)) *model.Object {
	o := uitest.Sync(stage, "flux-stage-prod", "./stage", uitest.Rev2)
	d := o.Detail.(*model.Sync)
	d.Inventory = uitest.Inventory(stage, "kcheck")
	change(o, d)
	return o
}

func binding(name string, subjects ...model.Subject) *model.Object {
	return uitest.Object(model.ClusterRoleBinding, "", name, &model.Binding{RoleKind: "ClusterRole", RoleName: "view", Subjects: subjects})
}

var (
	stages = model.Subject{Kind: "ServiceAccount", Namespace: stage, Name: stage}
	prods  = model.Subject{Kind: "ServiceAccount", Namespace: "fluxdemo-prod", Name: "fluxdemo-prod"}
)

// says fails unless the dialog holds all of these, wherever its lines break.
func (d *desk) says(parts ...string) {
	d.Helper()
	var text []string
	for _, l := range d.lines() {
		if from, to := strings.Index(l, "│"), strings.LastIndex(l, "│"); to > from {
			text = append(text, strings.Fields(strings.Trim(l[from:to], "│"))...)
		}
	}
	said := strings.Join(text, "")
	for _, p := range parts {
		if !strings.Contains(said, strings.Join(strings.Fields(p), "")) {
			d.Errorf("the dialog does not say %q:\n%s", p, d.screen())
		}
	}
}

// deleted are the objects that were to be deleted, in their order.
func (d *desk) deleted() (keys []string) {
	for _, w := range d.session.Writes() {
		keys = append(keys, w.Ref.String())
	}
	return keys
}

// toTheEnd takes out of the cluster what is deleted until nothing more is.
func (d *desk) toTheEnd() {
	for seen := 0; seen < len(d.session.Writes()); {
		w := d.session.Writes()[seen]
		seen++
		if k, ok := w.Ref.Key(); ok {
			d.settle(batchMsg{epoch: d.epoch, batch: model.Batch{Changes: []model.ObjectChange{{Key: k}}}})
			d.run(d.tend())
		}
	}
}

// What would happen is not any more what was shown: nothing is sent, the
// difference is said, and the name has to be typed again.
func TestWhatChangedBeforeThePressIsShown(t *testing.T) {
	for _, c := range []struct {
		name   string
		change *model.Object
		says   string
	}{
		{"what a step brings about", stagesSync(func(_ *model.Object, d *model.Sync) { d.Prune = false }), "nothing is pruned by it, because it does"},
		{"the spec", stagesSync(func(o *model.Object, d *model.Sync) { d.TargetNamespace = "fluxdemo-prod"; o.Generation = 2 }), "has another spec now (generation 2 was 1)"},
		{"what goes with it", stagesSync(func(_ *model.Object, d *model.Sync) { d.Inventory = uitest.Inventory(stage, "other") }), "takes Service/fluxdemo-stage/other along"},
		{"what is outside", stagesSync(func(_ *model.Object, d *model.Sync) {
			d.Inventory = "_x_rbac.authorization.k8s.io_ClusterRole\n" + d.Inventory
		}), "new: ClusterRole/x"},
		{"who names it", binding("x", stages, prods), "ClusterRoleBinding/x grants ClusterRole view"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, 160, 50, Options{}, uitest.Prod())
			leaveStage(d)
			d.put(c.change)
			d.wants("going on shows it anew")
			d.toButton("Off-board")
			d.act("enter")
			if w := d.deleted(); len(w) > 0 {
				t.Fatalf("sent: %v", w)
			}
			d.says("CHANGED", c.says, "type "+stage)
			d.toButton("Off-board")
			d.act("enter")
			if w := d.deleted(); len(w) > 0 {
				t.Fatalf("sent without its name: %v", w)
			}
			d.toField("CONFIRM", stage)
			d.toButton("Off-board")
			d.act("enter")
			if w := d.session.Writes(); len(w) != 1 || w[0].Op != model.WriteDelete || w[0].Generation == 0 {
				t.Errorf("sent: %+v", w)
			}
		})
	}
}

// Rights elsewhere: what is only the tenant's can be ticked, what is shared is
// explained and left alone.
func TestRightsElsewhere(t *testing.T) {
	owned := uitest.Label(binding("owned", stages), model.LabelTenant, stage)
	for _, tick := range []bool{false, true} {
		d := newDesk(t, 160, 50, Options{}, uitest.Prod().Put(owned, binding("loose", stages), binding("shared", stages, prods)))
		leaveStage(d)
		d.says("[x] ClusterRoleBinding/owned: grants ClusterRole view in the whole cluster", "[ ] ClusterRoleBinding/loose: grants",
			"ClusterRoleBinding/shared grants ClusterRole view in the whole cluster to ServiceAccount/fluxdemo-stage/fluxdemo-stage and to others")
		if tick {
			d.act("shift+tab", "shift+tab", "space")
			d.wants("[x] ClusterRoleBinding/loose")
		}
		d.toButton("Off-board")
		d.act("enter")
		d.toTheEnd()
		got := d.deleted()
		if !slices.Contains(got, "ClusterRoleBinding/owned") || slices.Contains(got, "ClusterRoleBinding/loose") != tick || slices.Contains(got, "ClusterRoleBinding/shared") || got[len(got)-1] != "Namespace/"+stage {
			t.Errorf("ticked %v: %v", tick, got)
		}
		if err := d.ended(); err != "" {
			t.Error(err)
		}
	}
}

// ended says what is not done of the last action.
func (d *desk) ended() string {
	last := d.deeds[len(d.deeds)-1]
	for i, s := range last.steps {
		if s.state != stepDone {
			return last.plan.Steps[i].Key.String() + ": " + s.words
		}
	}
	return ""
}

// A right that can't be taken away does not keep the rest from being done, if it
// may be left out.
func TestADeniedRightElsewhere(t *testing.T) {
	owned := uitest.Label(binding("owned", stages), model.LabelTenant, stage)
	d := newDesk(t, 160, 50, Options{}, uitest.Prod().Put(owned))
	d.session.Deny("", model.Access{Verb: "delete", Group: "rbac.authorization.k8s.io", Resource: "clusterrolebindings", Name: "owned"})
	leaveStage(d)
	d.says("ELSEWHERE - ClusterRoleBinding/owned", "ann may not delete clusterrolebindings")
	d.toButton("Off-board")
	d.act("enter")
	if got := d.deleted(); len(got) != 1 {
		t.Errorf("sent: %v", got)
	}
}

// Of what nothing watches the marks are read before anything is promised of it.
func TestMarksAreRead(t *testing.T) {
	ref := model.ObjectRef{Kind: "ConfigMap", Namespace: "shared", Name: "settings"}
	lost := model.ObjectRef{Kind: "ConfigMap", Namespace: "shared", Name: "lost"}
	d := newDesk(t, 160, 50, Options{}, uitest.Prod().Put(stagesSync(func(_ *model.Object, s *model.Sync) {
		s.Inventory += "\n" + ref.InventoryID() + "\n" + lost.InventoryID()
	})))
	d.session.SetDocument(ref, &model.Document{ObjectRef: ref, YAML: "metadata:\n  labels:\n    kustomize.toolkit.fluxcd.io/name: flux-stage-prod\n    kustomize.toolkit.fluxcd.io/namespace: fluxdemo-stage\n" +
		"  annotations:\n    kustomize.toolkit.fluxcd.io/prune: disabled\n"}, nil)
	d.session.SetDocument(lost, nil, &model.RequestError{Text: "no answer"})
	leaveStage(d)
	d.says("STAYS", "ConfigMap/shared/settings, of Kustomization/fluxdemo-stage/flux-stage-prod: it is marked", "kustomize.toolkit.fluxcd.io/prune: disabled",
		"deletes 3 of the 4 objects", "OUTSIDE", "ConfigMap/shared/lost, applied by", "could not be read")
}

// What is gone by the time its turn comes is no failure.
func TestGoneAlready(t *testing.T) {
	d := newDesk(t, 160, 50, Options{}, uitest.Prod())
	d.session.OnWrite(func(w model.Write) (*model.Written, error) { return &model.Written{UID: w.UID, Gone: true}, nil })
	leaveStage(d)
	d.toButton("Off-board")
	d.act("enter")
	if got := d.deleted(); len(got) != 5 || d.ended() != "" {
		t.Errorf("sent %v; %s", got, d.ended())
	}
	for _, s := range d.deeds[0].steps {
		if s.words != "was gone already" {
			t.Errorf("said %q", s.words)
		}
	}
}

// A dashboard was killed when the sync and source of a tenant without labels
// were gone: it is no tenant any more, and is finished by what was written down.
func TestFinishWithoutATenant(t *testing.T) {
	c := uitest.Prod().Put(uitest.Namespace("bare", "")).Put(uitest.Access("bare")...)
	step := func(kind, ns, name, word string) journal.Step {
		return journal.Step{Kind: kind, Namespace: ns, Name: name, UID: kind + "-" + ns + "-" + name, Word: word}
	}
	j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "off-board", Subject: "bare",
		Steps: []journal.Step{step("Kustomization", "bare", "app", "sent"), step("GitRepository", "bare", "app", "sending"),
			step("RoleBinding", "bare", "bare", ""), step("ServiceAccount", "bare", "bare", ""), step("Namespace", "", "bare", "")}}}}
	d := newDesk(t, 120, 40, Options{Journal: j})
	d.settle(batchMsg{epoch: 1, batch: c.Batch})
	d.wants("Unfinished: off-board bare", "GitRepository/bare/app: gone", "Namespace/bare: is still there")
	if d.store.Tenant("bare") != nil {
		t.Fatal("it is still known as a tenant: nothing is shown by this")
	}
	d.toButton("Finish")
	d.act("enter")
	d.wants("Off-board bare on prod-eu", "DELETES   RoleBinding/bare/bare")
	if len(j.lines) > 0 {
		t.Errorf("the record was ended before anything follows from it: %q", j.lines)
	}
	d.toField("CONFIRM", "bare")
	d.toButton("Off-board")
	d.act("enter")
	d.toTheEnd()
	if got := strings.Join(d.deleted(), " "); got != "RoleBinding/bare/bare ServiceAccount/bare/bare Namespace/bare" || d.ended() != "" {
		t.Errorf("sent %s; %s", got, d.ended())
	}
	if !slices.Contains(j.lines, "end taken up") || j.lines[len(j.lines)-1] != "end done" {
		t.Errorf("journal: %q", j.lines)
	}
}

// Cancelling what was to be finished leaves the record for another time, also
// when something else is done next.
func TestFinishCancelled(t *testing.T) {
	j := &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "off-board", Subject: stage,
		Steps: []journal.Step{{Kind: "Namespace", Name: stage, UID: "Namespace--" + stage}}}}}
	d := newDesk(t, 120, 40, Options{Journal: j})
	d.settle(batchMsg{epoch: 1, batch: uitest.Prod().Batch})
	d.toButton("Finish")
	d.act("enter")
	d.toButton("Cancel")
	d.act("enter")
	d.openObject("accounts", model.Key{Kind: model.Kustomization, Namespace: "accounts", Name: "accounts"})
	d.act("r")
	if len(j.lines) == 0 || slices.Contains(j.lines, "end taken up") {
		t.Errorf("journal: %q", j.lines)
	}
}

// A tenant that is gone by the time the server has said what is allowed is not
// asked about.
func TestGoneWhileAsked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt(stage)
	answer := d.offboard(stage)()
	var gone []model.ObjectChange
	d.store.Each(func(o *model.Object) bool {
		if o.Namespace == stage || o.Name == stage {
			gone = append(gone, model.ObjectChange{Key: o.Key})
		}
		return true
	})
	d.settle(batchMsg{epoch: d.epoch, batch: model.Batch{Changes: gone}})
	d.settle(answer)
	if d.dialog != nil {
		t.Errorf("asked about nothing:\n%s", d.screen())
	}
	d.wants("off-board is refused: there is no tenant fluxdemo-stage any more")
}

// What failed half-way can be finished another time, be it a tenant still or
// not; what failed before anything was done is over.
func TestFailedHalfway(t *testing.T) {
	for failing, open := range map[string]bool{"RoleBinding": true, "Namespace": true, "Kustomization": false} {
		j := &memoryJournal{}
		d := newDesk(t, 160, 50, Options{Journal: j}, uitest.Prod())
		d.session.OnWrite(func(w model.Write) (*model.Written, error) {
			if w.Ref.Kind == failing {
				return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "no"}
			}
			return &model.Written{UID: w.UID, Gone: true}, nil
		})
		leaveStage(d)
		d.toButton("Off-board")
		d.act("enter")
		if last := d.deeds[0]; !last.over || last.steps[4].state < stepFailed || strings.Contains(last.steps[4].words, "the next start offers to finish it") != open {
			t.Errorf("%s: %+v", failing, last.steps)
		}
		if ended := strings.HasPrefix(j.lines[len(j.lines)-1], "end "); ended == open {
			t.Errorf("%s: journal %q", failing, j.lines)
		}
	}
}
