package ui

import (
	"strings"
	"testing"

	"tenantry/ui/uitest"
)

// A suspension that was left half typed stands there again, for the same target
// only, until it is done.
func TestSuspendKeepsWhatWasTyped(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toField("REASON", "freeze for the demo")
	d.toField("UNTIL", "fri")
	d.act("esc")
	d.aimAt("fluxdemo-prod")
	d.act("s")
	d.misses("freeze for the demo")
	d.act("esc")
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.wants("freeze for the demo", "UNTIL     fri")
	d.toButton("Suspend")
	d.act("enter")
	if w := d.session.Writes(); len(w) == 0 || !strings.Contains(string(w[0].Body), "freeze for the demo") {
		t.Fatalf("%+v", w)
	}
	d.act("s")
	d.misses("freeze for the demo") // it is on the objects by now
}
