package ui

import "tenantry/model"

// foldAt is how many tenants with one cause become one row.
const foldAt = 3

// foldCauses turns tenants with the same root cause into one row.
func (s *tenants) foldCauses(rows []*tenantRow) []*tenantRow {
	groups := map[model.Ref][]*model.Tenant{}
	for _, r := range rows {
		if c := r.tenant.Cause; c != nil && r.rank >= unhealthyRank {
			groups[c.Ref()] = append(groups[c.Ref()], r.tenant)
		}
	}
	out := rows[:0]
	made := map[model.Ref]bool{}
	for _, r := range rows {
		c := r.tenant.Cause
		if c == nil || r.rank < unhealthyRank || len(groups[c.Ref()]) < foldAt {
			out = append(out, r)
			continue
		}
		if !made[c.Ref()] {
			made[c.Ref()] = true
			out = append(out, s.causeRow(c, groups[c.Ref()]))
		}
	}
	return out
}

func (s *tenants) causeRow(c *model.Cause, members []*model.Tenant) *tenantRow {
	id := rowID{rowCause, c.Ref().String()}
	r := &tenantRow{id: id, members: members, unfolded: s.unfolded[id]}
	if r.cause, _ = model.Explained(c.Message); r.cause == "" {
		r.cause = c.Ref().String()
	}
	var chain [model.LinkCount]model.LinkState
	for i, m := range members {
		if r.since == 0 || m.Since != 0 && m.Since < r.since {
			r.since = m.Since
		}
		if known := s.known[rowID{rowTenant, m.Name}]; known != nil && known.marks.fresh.After(r.marks.fresh) {
			r.marks.fresh = known.marks.fresh
		}
		for j, l := range m.Chain {
			if i == 0 || l.Health.Severity() > chain[j].Health.Severity() {
				chain[j] = l
			}
		}
	}
	for i, l := range chain {
		r.chain[i] = s.kit.Glyph.Link(l)
	}
	r.state, r.rank = s.kit.Glyph.Tenant(r.worst()), rank(r.worst())
	return r
}
