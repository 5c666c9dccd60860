package ui

import "time"

// lossWithin is how long what left the folder still counts: namespaces that are
// deleted one after the other are as much of a loss as all at once.
const lossWithin = time.Hour

// leaving remembers what left a watched folder, and when.
type leaving struct {
	at      map[string]time.Time
	stopped bool // a loss is told: it does not pass with time alone
}

// look compares what the folder holds and held within the last hour with what
// there is now. Where more than half of it is gone it says how much, of how
// much; else what leaves the folder with this write is remembered.
func (l *leaving) look(was []string, now map[string]bool, at time.Time) (gone, of int) {
	held := make(map[string]bool, len(was)+len(l.at))
	for _, name := range was {
		held[name] = true
	}
	for name, left := range l.at {
		if !l.stopped && at.Sub(left) > lossWithin {
			delete(l.at, name)
			continue
		}
		held[name] = true
	}
	for name := range held {
		if !now[name] {
			gone++
		}
	}
	if l.stopped = gone > 3 && 2*gone > len(held); l.stopped {
		return gone, len(held)
	}
	if l.at == nil {
		l.at = map[string]time.Time{}
	}
	for _, name := range was {
		if !now[name] {
			l.at[name] = at
		}
	}
	for name := range now {
		delete(l.at, name)
	}
	return 0, 0
}
