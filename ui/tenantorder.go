package ui

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/ui/glyph"
)

// rank orders tenants, worst first. Ready on an old revision stands above
// ready, what is not readable is no trouble and stands last.
func rank(t *model.Tenant) int {
	switch {
	case t.Denied:
		return 0
	case t.Reading:
		return 2 * model.Pending.Severity()
	case t.Health == model.Ready && glyph.RunsOn(t):
		return 2*model.Ready.Severity() + 1
	}
	return 2 * t.Health.Severity()
}

// unhealthyRank is the least rank of what a person should look at. Troubles
// that are known stand below all of these, and above what is no trouble.
var (
	unhealthyRank = 2 * model.Blocked.Severity()
	knownOrder    = unhealthyRank - 1
)

// sortWorstFirst sorts rows that come in the order of their names. Most are
// fine and keep that order: they are dealt out by rank, and only the few that
// are not fine, those of rank from on, are compared. Ten thousand rows are
// arranged ten times a second while a cluster is busy.
func sortWorstFirst[R any](rows []R, from int, rank func(R) int, compare func(a, b R) int) {
	var byRank [32][]R
	for _, r := range rows {
		byRank[rank(r)] = append(byRank[rank(r)], r)
	}
	at := 0
	for rank := len(byRank) - 1; rank >= 0; rank-- {
		n := copy(rows[at:], byRank[rank])
		if rank >= from {
			slices.SortStableFunc(rows[at:at+n], compare)
		}
		at += n
	}
}

// worstFirst is the home order: by rank; of what needs a person the freshly
// broken first; the rest by name.
func worstFirst(a, b *tenantRow) int {
	switch {
	case a.order != b.order:
		return b.order - a.order
	case a.rank != b.rank:
		return b.rank - a.rank
	case a.rank >= unhealthyRank && a.since != b.since:
		return cmp.Compare(b.since, a.since)
	}
	return strings.Compare(a.name(), b.name())
}

// exactFirst puts the tenant whose whole name is typed into the filter before
// those that only contain it.
func (s *tenants) exactFirst(rows []*tenantRow) {
	if s.exact = (rowID{}); s.filterState.query.Empty() {
		return
	}
	for i, r := range rows {
		if r.tenant != nil && s.filterState.query.Exact(r.tenant.Name) {
			copy(rows[1:i+1], rows[:i])
			rows[0], s.exact = r, r.id
			return
		}
	}
}
