package kube

import (
	"runtime/debug"
	"testing"
)

// The collector's target is only ever lowered: not against a person's own, and
// never turned on where it is off.
func TestGCPercentIsOnlyLowered(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, c := range []struct{ before, want int }{{100, settledGCPercent}, {settledGCPercent - 10, settledGCPercent - 10}, {-1, -1}} {
		debug.SetGCPercent(c.before)
		var g gcTarget
		g.settled()
		if got := debug.SetGCPercent(100); got != c.want {
			t.Errorf("of %d it makes %d, want %d", c.before, got, c.want)
		}
	}
	debug.SetGCPercent(100)
	var many gcTarget
	for range manyObjects {
		many.count()
	}
	if got := debug.SetGCPercent(100); got != syncingGCPercent {
		t.Errorf("%d objects are read at %d", manyObjects, got)
	}
}
