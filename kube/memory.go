package kube

import (
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// While first lists arrive nearly all memory is garbage of decoding. Up to
// manyObjects the collector's usual target is cheap enough: 8,000 objects peak
// below 40 MB. Beyond, a lower target holds the peak down for some CPU time.
const (
	manyObjects      = 20_000
	syncingGCPercent = 60
)

// gcTarget lowers the garbage collector's target while a session reads many
// objects for the first time. Sessions share it.
type gcTarget struct {
	objects atomic.Int64
	mu      sync.Mutex
	lowered bool
	done    bool
}

var lowered struct {
	sync.Mutex
	sessions int
	before   int
}

// count notes one more object of a first list.
func (g *gcTarget) count() {
	if g.objects.Add(1) != manyObjects {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done {
		return
	}
	g.lowered = true
	lowered.Lock()
	defer lowered.Unlock()
	if lowered.sessions == 0 {
		lowered.before = debug.SetGCPercent(syncingGCPercent)
	}
	lowered.sessions++
}

// restore sets the usual target again. It may be called more than once.
func (g *gcTarget) restore() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.done = true
	if !g.lowered {
		return
	}
	g.lowered = false
	lowered.Lock()
	defer lowered.Unlock()
	lowered.sessions--
	if lowered.sessions == 0 {
		debug.SetGCPercent(lowered.before)
	}
}
