package ui

import "tenantry/model"

// The cursor of the tenants list: where it starts, and how it is sent to a
// tenant.

// settledOnce reports whether the cursor was put on the worst row of a
// complete picture, with what is known of it; from then on it stays on its
// object.
func (s *tenants) settledOnce() bool {
	was := s.tally.settled
	s.tally.settled = s.store.Complete() && s.table.Len() > 0 && s.memory.contents != nil
	return was
}

// chosen reports whether the cursor is anywhere else than where it was put by
// itself.
func (s *tenants) chosen() bool {
	r, ok := s.table.Current()
	return ok && r.id != s.setDown
}

func (s *tenants) selectWorst() {
	defer func() {
		if r, ok := s.table.Current(); ok {
			s.setDown = r.id
		}
	}()
	if s.platform != nil && !s.platform.Reading && s.platform.Health.Unhealthy() && s.row(s.platform).familiar != isKnown &&
		s.table.Select(rowID{rowTenant, platformID}) {
		return // it stands on top, and is the likeliest cause of the others
	}
	best, at := -1, -1
	for i, r := range s.table.Rows() {
		if r.id.kind == rowDenied || r.depth > 0 {
			continue
		}
		if r.order > best {
			best, at = r.order, i
		}
	}
	if at >= 0 {
		s.table.Select(s.table.Rows()[at].id)
	}
}

// aim puts the cursor on a tenant.
func (s *tenants) aim(at spot) {
	if at.tenant == model.PlatformKey {
		s.table.Go(rowID{rowTenant, platformID})
		return
	}
	s.jump(at.tenant)
}

// jump puts the cursor on a tenant, or on the cause it is folded under.
func (s *tenants) jump(name string) {
	if s.table.Go(rowID{rowTenant, name}) {
		return
	}
	for _, r := range s.table.Rows() {
		for _, m := range r.members {
			if m.Name == name {
				s.table.Go(r.id)
				return
			}
		}
	}
}
