package sim

import (
	"container/heap"
	"time"
)

// Speed returns by what delays are divided.
func (l *Loop) Speed() float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.speed
}

// SetSpeed changes the speed of a loop on a real clock: what waits comes sooner
// or later by as much. The clock itself stays true.
func (l *Loop) SetSpeed(speed float64) {
	l.mu.Lock()
	if l.clock == nil || speed <= 0 {
		l.mu.Unlock()
		return
	}
	now, by := l.clock(), l.speed/speed
	l.speed = speed
	l.pull(func(wait time.Duration) time.Duration { return time.Duration(float64(wait) * by) }, now)
	l.mu.Unlock()
	l.wakeUp()
}

// Skip brings everything that waits on a real clock d closer, at the speed it
// goes: as if d had passed for those who work.
func (l *Loop) Skip(d time.Duration) {
	l.mu.Lock()
	if l.clock == nil {
		l.mu.Unlock()
		return
	}
	d = time.Duration(float64(d) / l.speed)
	l.pull(func(wait time.Duration) time.Duration { return wait - d }, l.clock())
	l.mu.Unlock()
	l.wakeUp()
}

// pull changes how long everything in the queue still waits.
func (l *Loop) pull(change func(time.Duration) time.Duration, now time.Time) {
	for _, t := range l.queue {
		if wait := t.due.Sub(now); wait > 0 {
			t.due = now.Add(change(wait))
		}
	}
	heap.Init(&l.queue)
}

func (l *Loop) wakeUp() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}
