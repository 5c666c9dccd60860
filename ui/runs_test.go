package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/bars"
	"tenantry/ui/uitest"
)

func TestTimesOf(t *testing.T) {
	runs := []model.Run{{Duration: 20}, {Duration: model.UnknownTook}, {Duration: 8}, {Duration: 9}}
	got := timesOf(runs)
	if got.median != 9 || got.known != 3 || len(got.took) != 4 || got.took[3] != 20 || got.took[2] != bars.Never {
		t.Errorf("%+v", got)
	}
	if got := timesOf(nil); got.known != 0 || got.median != bars.Never {
		t.Errorf("nothing: %+v", got)
	}
}

// How long things took is told where a sync and a workload are looked at, each
// its own: both tenants have objects of the same names.
func TestHistoryTellsHowLongItTook(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.through(uitest.Rev3, "kcheck 1.0.3")
	p.look("fluxdemo-prod")
	p.press("h")
	p.wants("HOW LONG IT TOOK, usual 5s ▃██", "7e01c2d kcheck 1.0.3", "d634062 three replicas")
	p.press("esc", "7", "/")
	p.typ("ns:fluxdemo-prod")
	p.press("enter", "h")
	p.wants("HOW LONG IT TOOK, usual 4s ·██", "generation 7  7e01c2d kcheck 1.0.3", "generation 6  d634062 three replicas")
	p.press("0", "/")
	p.typ("fluxdemo-stage")
	p.press("enter", "enter", "tab")
	p.wants("usual 3s ·██")
	for _, l := range p.lines() {
		if strings.Contains(l, "usual 4s") {
			t.Errorf("prod's times stand in stage: %q", l)
		}
	}
	p.press("z")
}
