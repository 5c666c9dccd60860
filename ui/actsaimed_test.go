package ui

import (
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

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
