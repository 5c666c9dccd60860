package ui

import (
	"encoding/json"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// Where it is configured, the dialog says that an Event is left, and it is:
// after the write, on the very object. That it can't be hides nothing.
func TestAnEventIsLeftWhereItIsConfigured(t *testing.T) {
	events := func(string) Rules { return Rules{Events: true} }
	d := newDesk(t, 120, 40, Options{Rules: events}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	d.wants("EVENT", "Suspended, on each object", "(eventOnAction)")
	d.toField("REASON", "freeze")
	d.toButton("Suspend")
	d.act("enter")
	w := d.session.Writes()
	if len(w) != 2 || w[0].Ref.Kind != "Kustomization" || w[1].Ref.Kind != "Event" || w[1].Op != model.WriteCreate || w[1].Ref.Namespace != "fluxdemo-stage" {
		t.Fatalf("written: %+v", w)
	}
	var e struct {
		Reason, Message, Type string
		InvolvedObject        struct{ Kind, Name, Namespace, UID, APIVersion string }
	}
	if err := json.Unmarshal(w[1].Body, &e); err != nil {
		t.Fatal(err)
	}
	if e.Reason != "Suspended" || e.Message != "ann asked to suspend it with tenantry: freeze" || e.InvolvedObject.Name != "flux-stage-prod" ||
		e.InvolvedObject.UID != w[0].UID || e.InvolvedObject.APIVersion != "kustomize.toolkit.fluxcd.io/v1" {
		t.Errorf("event %+v", e)
	}

	// A reconcile that no dialog named leaves none.
	d = newDesk(t, 120, 40, Options{Rules: events}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("r")
	if w := d.session.Writes(); len(w) != 1 {
		t.Errorf("written: %+v", w)
	}

	d = newDesk(t, 160, 40, Options{Rules: events}, uitest.Prod())
	d.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if w.Ref.Kind == "Event" {
			return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "ann may not create events"}
		}
		return &model.Written{UID: w.UID}, nil
	})
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	d.toButton("Suspend")
	d.act("enter")
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	o.Detail.(*model.Sync).Suspend = true
	d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(o).Batch})
	d.wants("▸ suspended +0s ✓; no Event was left: ann may not create events")

	d = newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	d.act("s")
	d.misses("EVENT")
	d.toButton("Suspend")
	d.act("enter")
	if w := d.session.Writes(); len(w) != 1 || strings.Contains(string(w[0].Body), "Event") {
		t.Errorf("written: %+v", w)
	}
}
