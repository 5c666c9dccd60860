package kube

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// While first lists arrive nearly all memory is garbage of decoding. Up to
// manyObjects the collector's usual target is cheap enough: 8,000 objects peak
// below 40 MB. Beyond, a lower target holds the peak down for some CPU time, and
// so it does afterwards, when what is kept stands beside the garbage of updates:
// at 500 a second it costs 1 % of a core.
const (
	manyObjects      = 20_000
	syncingGCPercent = 60
	settledGCPercent = 50
)

// gcTarget lowers the garbage collector's target while a session reads many
// objects for the first time, and from then on.
type gcTarget struct{ objects atomic.Int64 }

// count notes one more object of a first list.
func (g *gcTarget) count() {
	if g.objects.Add(1) == manyObjects {
		lowerGCPercent(syncingGCPercent)
	}
}

// settled says that the first lists are read.
func (g *gcTarget) settled() { lowerGCPercent(settledGCPercent) }

// lowerGCPercent never raises the target, which another session or the person
// (GOGC) may have set lower; and never sets one where collecting is off.
func lowerGCPercent(percent int) {
	gcPercent.Lock()
	defer gcPercent.Unlock()
	if before := debug.SetGCPercent(percent); before < percent {
		debug.SetGCPercent(before)
	}
}

var gcPercent sync.Mutex
