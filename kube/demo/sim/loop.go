// Package sim runs the embedded cluster's controllers: one at a time, in the
// order of their due times, on a clock that is either stepped by a test or
// follows the real one.
package sim

import (
	"container/heap"
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Loop is a queue of work by due time. Work runs on one goroutine: a
// controller never races with another.
type Loop struct {
	mu      sync.Mutex
	now     time.Time
	clock   func() time.Time // nil: the clock stands where Advance left it
	speed   float64
	history bool
	seq     uint64
	queue   timers
	wake    chan struct{}
	rng     *rand.Rand
	running sync.Mutex
}

// New returns a loop whose clock stands at start.
func New(start time.Time, seed int64) *Loop {
	return &Loop{now: start, speed: 1, wake: make(chan struct{}, 1), rng: rand.New(rand.NewPCG(uint64(seed), 0x51de))}
}

// Now returns the loop's time.
func (l *Loop) Now() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.time()
}

func (l *Loop) time() time.Time {
	if l.clock != nil {
		return l.clock()
	}
	return l.now
}

// SetHistory says that the past is being made up: controllers stretch their
// idle polling so that days pass in milliseconds.
func (l *Loop) SetHistory(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.history = on
}

// History reports whether the past is being made up.
func (l *Loop) History() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.history
}

// Float returns a random number in [0,1), repeatable with the seed.
func (l *Loop) Float() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rng.Float64()
}

// Pick returns a random number in [0,n).
func (l *Loop) Pick(n int) int {
	if n <= 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rng.IntN(n)
}

// Between returns a random duration between two.
func (l *Loop) Between(from, to time.Duration) time.Duration {
	return from + time.Duration(l.Float()*float64(to-from))
}

// Due returns when work asked for with a delay of d would run.
func (l *Loop) Due(d time.Duration) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clock != nil && l.speed > 0 {
		d = time.Duration(float64(d) / l.speed)
	}
	return l.time().Add(d)
}

// Until returns the delay to ask for so that work runs at a time.
func (l *Loop) Until(t time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	d := t.Sub(l.time())
	if l.clock != nil && l.speed > 0 {
		d = time.Duration(float64(d) * l.speed)
	}
	return max(d, 0)
}

// timer is work that is due at a time.
type timer struct {
	due   time.Time
	seq   uint64
	run   func()
	index int // in the heap; -1 when it ran or was stopped
}

// After runs f once d has passed; at speed n, a nth of it. stop cancels it.
func (l *Loop) After(d time.Duration, f func()) (stop func()) {
	l.mu.Lock()
	if l.clock != nil && l.speed > 0 {
		d = time.Duration(float64(d) / l.speed)
	}
	l.seq++
	t := &timer{due: l.time().Add(max(d, 0)), seq: l.seq, run: f}
	heap.Push(&l.queue, t)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if t.index >= 0 {
			heap.Remove(&l.queue, t.index)
		}
	}
}

// next takes the first timer due at until; without one it returns when the
// next is due (zero: none is).
func (l *Loop) next(until time.Time) (*timer, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil, time.Time{}
	}
	if first := l.queue[0]; first.due.After(until) {
		return nil, first.due
	}
	t := heap.Pop(&l.queue).(*timer)
	if l.clock == nil && t.due.After(l.now) {
		l.now = t.due
	}
	return t, time.Time{}
}

// Advance lets d pass on a standing clock, running what falls due in order.
func (l *Loop) Advance(d time.Duration) { l.RunUntil(l.Now().Add(d)) }

// RunUntil runs what falls due up to a time and leaves the clock there.
func (l *Loop) RunUntil(until time.Time) {
	l.running.Lock()
	defer l.running.Unlock()
	for {
		t, _ := l.next(until)
		if t == nil {
			break
		}
		t.run()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.clock == nil && until.After(l.now) {
		l.now = until
	}
}

// Start puts the loop on a real clock. Delays asked for from now on are
// divided by speed, and so are those already waiting; the clock itself stays
// true.
func (l *Loop) Start(clock func() time.Time, speed float64) {
	if speed <= 0 {
		speed = 1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.clock, l.speed = clock, speed
	start := clock()
	for _, t := range l.queue {
		if d := t.due.Sub(start); d > 0 {
			t.due = start.Add(time.Duration(float64(d) / speed))
		}
	}
	heap.Init(&l.queue)
}

// Follow runs what falls due on the clock Start was given until ctx ends.
func (l *Loop) Follow(ctx context.Context) {
	l.mu.Lock()
	clock := l.clock
	l.mu.Unlock()
	if clock == nil {
		return
	}
	for ctx.Err() == nil {
		l.running.Lock()
		t, due := l.next(clock())
		if t != nil {
			t.run()
		}
		l.running.Unlock()
		if t != nil {
			continue
		}
		wait := time.Hour
		if !due.IsZero() {
			wait = due.Sub(clock())
		}
		idle := time.NewTimer(wait)
		select {
		case <-idle.C:
		case <-l.wake:
		case <-ctx.Done():
		}
		idle.Stop()
	}
}

// timers is a heap by due time, then by the order they were set in.
type timers []*timer

func (q timers) Len() int { return len(q) }
func (q timers) Less(i, j int) bool {
	if q[i].due.Equal(q[j].due) {
		return q[i].seq < q[j].seq
	}
	return q[i].due.Before(q[j].due)
}
func (q timers) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

func (q *timers) Push(x any) {
	t := x.(*timer)
	t.index = len(*q)
	*q = append(*q, t)
}

func (q *timers) Pop() any {
	old := *q
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	t.index = -1
	return t
}
