package sim

import (
	"sync"
	"time"
)

// Key names the object a controller is asked to look at.
type Key struct{ Namespace, Name string }

// Never is the delay of a reconcile that waits for an event.
const Never = time.Duration(-1)

// Queue calls one controller for one object at a time: an object that changes
// while it is worked on is worked on again afterwards.
type Queue struct {
	loop *Loop
	// reconcile works on an object and calls done exactly once, now or from a
	// timer, with the delay to the next time.
	reconcile func(key Key, done func(next time.Duration))

	mu    sync.Mutex
	items map[Key]*item
}

type item struct {
	busy  bool
	again bool
	soon  bool   // a run is already due at once
	stop  func() // the waiting timer, if any
}

// NewQueue returns a controller's queue.
func NewQueue(loop *Loop, reconcile func(key Key, done func(next time.Duration))) *Queue {
	return &Queue{loop: loop, reconcile: reconcile, items: map[Key]*item{}}
}

// Add asks for the object to be looked at now. It may be called from anywhere,
// even with the store locked: it only notes the request.
func (q *Queue) Add(key Key) { q.AddAfter(key, 0) }

// AddAfter asks for the object to be looked at after a delay, instead of any
// time asked for before, unless it is about to be looked at anyway.
func (q *Queue) AddAfter(key Key, d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it := q.items[key]
	if it == nil {
		it = &item{}
		q.items[key] = it
	}
	if it.busy {
		it.again = it.again || d == 0
		return
	}
	if it.soon {
		return
	}
	q.schedule(key, it, d)
}

func (q *Queue) schedule(key Key, it *item, d time.Duration) {
	if it.stop != nil {
		it.stop()
	}
	it.soon = d == 0
	it.stop = q.loop.After(d, func() { q.run(key) })
}

func (q *Queue) run(key Key) {
	q.mu.Lock()
	it := q.items[key]
	if it == nil || it.busy {
		q.mu.Unlock()
		return
	}
	it.busy, it.again, it.soon, it.stop = true, false, false, nil
	q.mu.Unlock()
	q.reconcile(key, func(next time.Duration) { q.done(key, next) })
}

func (q *Queue) done(key Key, next time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	it := q.items[key]
	if it == nil {
		return
	}
	it.busy = false
	switch {
	case it.again:
		q.schedule(key, it, 0)
	case next >= 0:
		q.schedule(key, it, next)
	default:
		delete(q.items, key)
	}
}
