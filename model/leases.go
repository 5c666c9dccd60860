package model

import (
	"slices"
	"strings"
)

// leaseSlack is added to a lease's own duration before its holder counts as
// gone: the server's clock is known to a second only.
const leaseSlack = 2

// listening is when leases were last not heard of: while the server is away
// none of them is seen to be renewed, which says nothing of their holders.
type listening struct {
	lost, again Unix // again = 0: still, while lost is set
}

// listen notes whether leases are heard of.
func (s *Store) listen(now Unix) {
	deaf := s.conn.State == ConnLost || slices.ContainsFunc(s.scopes, func(sc ScopeStatus) bool { return sc.Kind == Lease && sc.State == ScopeStale })
	l := &s.listening
	switch was := l.lost != 0 && l.again == 0; {
	case deaf && !was:
		*l = listening{lost: now}
	case !deaf && was:
		l.again = now
	}
}

// leaseOf finds the controller's leader-election lease: of those that match,
// the one renewed last, since a change of sharding leaves the old one behind. A
// sharded install appends a hash to the name, so the prefix decides (domain.md
// §6).
func (s *Store) leaseOf(ns, name string, args []string) *Object {
	if slices.Contains(args, "--enable-leader-election=false") {
		return nil
	}
	var found *Object
	var renewed int64
	s.ObjectsIn(ns, Lease, func(o *Object) bool {
		d, ok := o.Detail.(*LeaseDetail)
		if ok && (o.Name == name || strings.HasPrefix(o.Name, name+"-leader-election")) && (found == nil || d.RenewedMS > renewed) {
			found, renewed = o, d.RenewedMS
		}
		return true
	})
	return found
}

// leaseStale reports whether the lease's holder has not renewed it within its
// own duration: the controller is gone, whatever its Deployment says. What was
// not heard of for a while is waited for as long again.
func (s *Store) leaseStale(o *Object, c *clock) bool {
	d, ok := o.Detail.(*LeaseDetail)
	if !ok || d.RenewedMS == 0 {
		return false
	}
	renewed, limit := Unix(d.RenewedMS/1000), int64(max(d.DurationSeconds, 1))+leaseSlack
	l := s.listening
	switch {
	case l.lost == 0 || renewed >= l.lost:
		if l.lost != 0 && l.again == 0 {
			return false
		}
		return c.passed(renewed, limit)
	case l.lost > renewed+Unix(limit): // it was stale before
		return true
	case l.again == 0:
		return false
	}
	return c.passed(l.again, limit)
}

// heed notices that a controller stopped being at work, or is again, and writes
// it to the log: mostly nothing of it has changed, only time has passed since
// its lease was renewed. It reports whether one turned.
func (s *Store) heed(c *clock) bool {
	if !s.complete {
		return false
	}
	turned := false
	at := map[Key]Health{}
	for _, ns := range s.homes.namespaces() {
		s.ObjectsIn(ns, Deployment, func(o *Object) bool {
			if !isOperator(o) && !isController(o) {
				return true
			}
			v := s.verdictAt(o, c, 0)
			at[o.Key] = v.Health
			if was, known := s.atWork[o.Key]; known && was != v.Health {
				s.log.add(Entry{At: c.now, Key: o.Key, Change: ChangeHealth, From: was.String(), To: v.Health.String(), Detail: v.Message})
				turned = true
			}
			return true
		})
	}
	s.atWork = at
	s.noteDue(c.due)
	if turned {
		s.platform = nil
		s.dirtyAll()
		s.markRow(s.platformRowOrNew())
	}
	return turned
}
