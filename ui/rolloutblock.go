package ui

import (
	"tenantry/model"
	"tenantry/themes"
)

// wayPart is what a row under a repository is.
type wayPart uint8

const (
	partCommit  wayPart = iota // a commit, in words
	partTitles                 // the heads of the columns, and the clock
	partLine                   // a tenant
	partUsual                  // how long it usually takes
	partEarlier                // the word above the commits before
	// Zoomed, a tenant has more lines.
	partBar
	partPods
	partGap
)

// wayRow is what a row under a repository is about.
type wayRow struct {
	part   wayPart
	chain  *model.Chain
	commit *model.Commit
	newest bool
	clock  *wayClock
	first  bool // the line of whoever fetched it first
}

// still rows belong to the row above them.
func (r *listRow) still() bool {
	return r.way != nil && r.way.part != partCommit && r.way.part != partLine
}

// Earlier commits shown under a repository that is on its way, and under one
// that a person opened.
const fewEarlier, manyEarlier = 3, 11

// rowsUnder are the rows under a repository. Without whole, only the tenants and
// commits the filter lets through.
func (p *rollouts) rowsUnder(head *listRow, whole bool) []*listRow {
	if head.repo == nil {
		return nil
	}
	chain := p.store.Chain(head.repo.Repo)
	if chain == nil || len(chain.Commits) == 0 {
		return nil
	}
	_, asked := p.chosen[head.id]
	full := asked || head.open || len(p.all) == 1 || p.sought.found
	rows := p.commitRows(head, chain, 0, whole)
	n := len(rows)
	if n > 0 && full && chain.Usual.Commits > 0 && !p.large && p.isOpen(rows[0]) {
		rows = append(rows, head.under1(partUsual, chain, &chain.Commits[0]))
	}
	if !full || p.large {
		return rows
	}
	shown := fewEarlier
	if asked || p.sought.found {
		shown = manyEarlier
	}
	title := false
	for i := 1; i < len(chain.Commits) && shown > 0; i++ {
		under := p.commitRows(head, chain, i, whole && !p.sought.found)
		if len(under) == 0 {
			continue
		}
		shown--
		if !title {
			rows, title = append(rows, head.under1(partEarlier, chain, &chain.Commits[i])), true
		}
		rows = append(rows, under...)
	}
	return rows
}

// under1 makes a row under a repository.
func (r *listRow) under1(part wayPart, chain *model.Chain, commit *model.Commit) *listRow {
	what := [...]string{partCommit: "commit", partTitles: "titles", partUsual: "usual", partEarlier: "earlier", partBar: "bar", partPods: "pods", partGap: "gap"}
	row := &listRow{id: listID{what: r.id.what}, repo: r.repo, head: r, looked: true,
		way: &wayRow{part: part, chain: chain, commit: commit, newest: commit == &chain.Commits[0]}}
	if part != partLine {
		row.id.tenant = what[part]
	}
	if !row.way.newest { // the newest keeps the cursor when a newer one comes
		row.id.what += " " + commit.Revision
	}
	return row
}

// commitRows are a commit's own row and, when it is unfolded, those of its
// tenants.
func (p *rollouts) commitRows(head *listRow, chain *model.Chain, i int, whole bool) []*listRow {
	commit := &chain.Commits[i]
	row := head.under1(partCommit, chain, commit)
	row.choice = listID{what: head.id.what + " " + commit.Revision} // a fold is the commit's, whatever comes after
	row.way.newest = i == 0
	row.state, row.rank = p.commitMark(chain, commit, i == 0)
	row.since, row.revision = commit.Fetched.At, commit.Revision
	row.what = p.commitWords(commit.Revision)
	row.open = i == 0
	lines := p.linesOf(head, chain, commit)
	row.under = lines
	own := whole || p.fits(row)
	if !own {
		kept := lines[:0:0]
		for _, l := range lines {
			if p.fits(l) {
				kept = append(kept, l)
			}
		}
		if lines = kept; len(lines) == 0 || i > 0 {
			return nil
		}
	}
	rows := []*listRow{row}
	if !p.isOpen(row) || len(lines) == 0 {
		return rows
	}
	titles := head.under1(partTitles, chain, commit)
	titles.way.clock = lines[0].way.clock
	rows = append(rows, titles)
	for _, l := range lines {
		rows = append(rows, l)
		if p.large {
			for _, part := range []wayPart{partBar, partPods, partGap} {
				more := *l
				way := *l.way
				way.part = part
				more.way, more.id.tenant = &way, string(rune('0'+part))
				rows = append(rows, &more)
			}
		}
	}
	return rows
}

// lines are the tenants that follow a repository, and how far its newest commit
// has come in each.
func (p *rollouts) lines(head *listRow) []*listRow {
	if chain := p.store.Chain(head.repo.Repo); chain != nil && len(chain.Commits) > 0 {
		return p.linesOf(head, chain, &chain.Commits[0])
	}
	return nil
}

func (p *rollouts) linesOf(head *listRow, chain *model.Chain, commit *model.Commit) []*listRow {
	several := map[string]int{} // syncs by tenant
	for i := range commit.Lines {
		several[commit.Lines[i].Tenant]++
	}
	clock := &wayClock{zero: commit.Fetched.At, least: leastSpan, axis: p.axisOf(chain, commit.Revision)}
	if commit == &chain.Commits[0] {
		clock.least = max(leastSpan, min(int(chain.Usual.Live), mostUsual))
	}
	rows := make([]*listRow, 0, len(commit.Lines))
	first := true
	for i := range commit.Lines {
		l := &commit.Lines[i]
		if !p.scope.covers(l.Tenant, l.Sync.Namespace) {
			continue
		}
		r := head.under1(partLine, chain, commit)
		r.id.key, r.tenant, r.line, r.mixed = l.Sync, l.Tenant, l, several[l.Tenant] > 1
		r.state, r.rank = p.lineMark(l)
		r.since, r.what = l.Fetched.At, p.lineWords(r)
		r.way.clock = clock
		if first && l.Fetched.Known() && l.Fetched.At <= commit.Fetched.At {
			r.way.first, first = true, false
		}
		rows = append(rows, r)
		clock.told = clock.told || !l.Live && (r.what != "" || p.stuckAt(r).Kind != model.TroubleNone)
		if clock.zero != 0 && l.Fetched.Known() {
			clock.note(l)
		}
	}
	return rows
}

// headMark is how a repository's newest commit is doing.
func (p *rollouts) headMark(h *model.Head) (mark, int) {
	g := p.kit.Glyph
	as := func(health model.Health, word string) (mark, int) {
		return worded(g, health, word), 2 * health.Severity()
	}
	switch {
	case h.Stuck:
		return as(model.Stuck, "Stuck")
	case h.Moving:
		return as(model.Reconciling, "Rolling out")
	case h.Stirring > 0 && h.Live+h.Stirring == h.Of:
		return as(model.Reconciling, "Live, pods move")
	case h.Held > 0 && h.Of == 0, h.Held >= h.Of && h.Live == h.Of && h.Of > 0:
		return as(model.Suspended, "Suspended")
	case h.Failing:
		m := g.Old()
		m.Word = "Can't fetch"
		return m, 2*model.Ready.Severity() + 1
	case h.Blocked > 0 && h.Live < h.Of:
		return as(model.Blocked, "Blocked")
	case h.Revision == "" || h.Live < h.Of:
		return as(model.Pending, "Waiting")
	case h.Of == 0:
		return as(model.Suspended, "Suspended")
	}
	return as(model.Ready, "Live")
}

// commitMark is how a commit did over all tenants.
func (p *rollouts) commitMark(chain *model.Chain, c *model.Commit, newest bool) (mark, int) {
	if newest {
		return p.headMark(&chain.Head)
	}
	g := p.kit.Glyph
	bad := false
	for i := range c.Lines {
		bad = bad || c.Lines[i].Outcome.Bad()
	}
	switch {
	case len(c.Lines) == 0:
		return mark{Shape: g.Nothing().Shape, Word: "Nobody's now", Role: themes.Muted}, 2 * model.Pending.Severity()
	case bad:
		return worded(g, model.Failed, "Failed"), 2 * model.Failed.Severity()
	case c.Live == c.Of && c.Of > 0:
		return worded(g, model.Ready, "Live"), 2 * model.Ready.Severity()
	case c.Overtaken:
		return worded(g, model.Pending, "Overtaken"), 2 * model.Pending.Severity()
	case appliedIn(c) == len(c.Lines): // whether it was rolled out, nobody may know
		return mark{Shape: g.Of(model.Ready).Shape, Word: "Applied", Role: themes.Muted}, 2 * model.Ready.Severity()
	}
	return mark{Shape: g.Nothing().Shape, Word: "Not live", Role: themes.Muted}, 2 * model.Pending.Severity()
}

// lineMark is how a commit is doing in one tenant, in the model's word for it.
func (p *rollouts) lineMark(l *model.Line) (mark, int) {
	health := model.Reconciling
	switch {
	case l.Outcome == model.OutcomeSuspended:
		health = model.Suspended
	case l.Outcome.Bad():
		health = model.Failed
	case l.Outcome == model.OutcomeBlocked:
		health = model.Blocked
	case l.Outcome == model.OutcomeOvertaken:
		health = model.Pending
	case l.Outcome == model.OutcomeUntold:
		health = model.Unknown
	case l.Live && l.Held:
		health = model.Suspended
	case l.Live, l.Newer != "" && l.Outcome != model.OutcomeApplying && l.Outcome != model.OutcomeWaiting:
		health = model.Ready
	case l.Outcome == model.OutcomeWaiting:
		health = model.Pending
	case l.Outcome != model.OutcomeApplying && l.Reason != "":
		health = model.Stuck
	}
	return worded(p.kit.Glyph, health, upperFirst(l.Word())), 2 * health.Severity()
}
