package ui

import (
	"testing"
	"time"

	"tenantry/ui/uitest"
)

// An idle dashboard draws only what ticks: once a minute, while nothing counts
// in seconds.
func TestIdleDrawsOnlyWhatTicks(t *testing.T) {
	calm := func() *desk {
		d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("prod-eu").Controllers().Tenant("accounts"))
		d.pass(2 * time.Minute)
		d.lines()
		return d
	}
	drawn := func(d *desk, ticks int) int {
		n := 0
		for i := 0; i < ticks; i++ {
			d.clock.Pass(time.Second)
			d.Update(tickMsg{d.clock.T})
			if d.dirty {
				n++
			}
			d.lines()
		}
		return n
	}
	if n := drawn(calm(), 60); n > 2 {
		t.Errorf("%d frames in an idle minute, want one", n)
	}
	d := calm()
	d.put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "broken now", 0)))
	d.lines()
	if n := drawn(d, 20); n != 20 {
		t.Errorf("%d frames in the 20 seconds after a change, whose age counts in seconds", n)
	}
}
