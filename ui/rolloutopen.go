package ui

import (
	"slices"

	"tenantry/model"
)

// mostOpen is how many repositories are unfolded by themselves: more than a
// screen has room for, so that a push to thousands is not told line by line.
const mostOpen = 32

// openFirst leaves only the first of those on their way unfolded.
func (p *rollouts) openFirst(rows []*listRow) {
	var open []*listRow
	for _, r := range rows {
		if r.open {
			open = append(open, r)
		}
	}
	slices.SortStableFunc(open, p.compare)
	for _, r := range open[mostOpen:] {
		r.open = false
	}
}

// keepOpen keeps what was shown before unfolded or folded while the rows are to
// hold their places.
func (p *rollouts) keepOpen(rows []*listRow) {
	p.kept = false
	was := p.opened
	p.opened = make(map[model.Repo]bool, len(was))
	for _, r := range rows {
		if open, shown := was[r.repo.Repo]; p.holding && shown && open != r.open {
			r.open, p.kept = open, true
		}
		p.opened[r.repo.Repo] = r.open
	}
}

// openOnly unfolds the one repository that fits the filter.
func (p *rollouts) openOnly() {
	if len(p.list.heads) != 1 || p.f.query.Empty() {
		return
	}
	only := p.list.heads[0]
	if _, chosen := p.chosen[only.id]; !chosen && !only.open && only.repo != nil {
		only.open = true
		p.list.refilter()
	}
}
