package kube

import (
	"runtime/debug"
	"sync"
)

// While first lists arrive nearly all memory is garbage of decoding. A lower
// garbage-collection target holds the peak down for some CPU time; measured
// numbers are in the package's benchmark notes (README of testdata/lab bench).
const syncingGCPercent = 40

// syncingMemory counts sessions that still read their first lists and holds
// the garbage collector's target down while there are any.
var syncingMemory struct {
	sync.Mutex
	sessions int
	before   int
}

// lowerGCTarget returns a function that undoes it, once.
func lowerGCTarget() (restore func()) {
	m := &syncingMemory
	m.Lock()
	defer m.Unlock()
	if m.sessions == 0 {
		m.before = debug.SetGCPercent(syncingGCPercent)
	}
	m.sessions++
	return sync.OnceFunc(func() {
		m.Lock()
		defer m.Unlock()
		m.sessions--
		if m.sessions == 0 {
			debug.SetGCPercent(m.before)
		}
	})
}
