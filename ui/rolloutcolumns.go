package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

func (p *rollouts) columns() []table.Column[*listRow] {
	return []table.Column[*listRow]{
		{ID: colWhose, Title: "REPOSITORY, TENANT", Min: 22, Max: 48, Pinned: true,
			Measure: func(r *listRow) int { return max(r.widths.whose, nameWidth(p.tenantName(r.tenant))+2) },
			Draw:    p.drawRepo,
			Compare: func(a, b *listRow) int { return strings.Compare(p.rowName(a), p.rowName(b)) }},
		{ID: colState, Title: "STATE", Min: 13, Max: 13, Pinned: true,
			Draw:    func(c *draw.Line, r *listRow) { drawMark(c, p.Turn(r.state), 0) },
			Compare: func(a, b *listRow) int { return b.rank - a.rank }},
		{ID: "live", Title: "LIVE", Min: 7, Max: 9, Leave: 1, Draw: p.drawLive,
			Compare: func(a, b *listRow) int { return cmp.Compare(a.repo.Live, b.repo.Live) }},
		{ID: colSince, Title: "FETCHED", Min: 8, Max: 8, Leave: 3, Draw: p.drawFetched,
			Compare: func(a, b *listRow) int { return cmp.Compare(b.since, a.since) }},
		{ID: "applied", Title: "APPLIED", Min: 8, Max: 8, Leave: 4, From: 100,
			Draw: func(c *draw.Line, r *listRow) {
				if r.line != nil {
					p.putAfter(c, r, r.line.Applied)
				}
			}},
		{ID: colGeneration, Title: "GENERATION", Min: 12, Max: 18, Leave: 5, From: 100,
			Draw: func(c *draw.Line, r *listRow) { c.Put(themes.Text, p.moveWords(r)) }},
		{ID: colPods, Title: "PODS", Min: 6, Max: 8, Leave: 2,
			Draw: func(c *draw.Line, r *listRow) {
				if m := moveOf(r); m != nil {
					drawPods(p.kit, c, movedPods(m))
				}
			}},
		{ID: colCause, Title: "NEWEST COMMIT, OR WHAT KEEPS IT", Min: 20, Flex: true, Draw: p.drawNewest},
	}
}

func (p *rollouts) drawRepo(c *draw.Line, r *listRow) {
	switch {
	case r.denied != nil:
		c.Put(themes.Text, deniedName(r.denied))
		return
	case r.line != nil:
		c.Skip(2)
		p.drawTenant(c, r)
		return
	}
	fold := p.kit.Glyph.Folded
	if p.isOpen(r) {
		fold = p.kit.Glyph.Unfolded
	}
	c.Put(themes.Text, fold+" ").Put(themes.Title, p.kit.CutMiddle(repoName(r.repo.Repo), c.Left()))
}

// drawLive writes in how many tenants the commit is live, or after what time in
// this one. What was read off what was left behind, not seen, is muted.
func (p *rollouts) drawLive(c *draw.Line, r *listRow) {
	switch {
	case r.repo == nil:
	case r.line != nil:
		p.putAfter(c, r, r.line.LiveAt)
	case r.repo.Of > 0:
		c.Put(themes.Text, fmt.Sprintf("%d of %d", r.repo.Live, r.repo.Of))
	default:
		c.Put(themes.Muted, p.kit.Glyph.Unknown)
	}
}

func (p *rollouts) drawFetched(c *draw.Line, r *listRow) {
	switch {
	case r.repo == nil:
	case r.line != nil:
		p.putAfter(c, r, r.line.Fetched)
	case r.repo.Fetched.Known():
		c.Put(themes.Text, p.age(r.repo.Fetched.At)+" ago")
	default:
		c.Put(themes.Muted, p.kit.Glyph.Unknown)
	}
}

// putAfter writes a step's time, counted from the commit's first fetch.
func (p *rollouts) putAfter(c *draw.Line, r *listRow, m model.Moment) {
	first := r.repo.Fetched
	switch {
	case !m.Known():
		c.Put(themes.Muted, p.kit.Glyph.Unknown)
	case !first.Known() || m.At < first.At:
		c.Put(themes.Muted, p.age(m.At)+" ago")
	case m.Reconstructed:
		c.Put(themes.Muted, "+"+ageOf(seconds(m.At-first.At)))
	default:
		c.Put(themes.Text, "+"+ageOf(seconds(m.At-first.At)))
	}
}

// moveOf is the workload of a line that is looked at: one that moves or is
// stuck, else the first.
func moveOf(r *listRow) *model.Move {
	if r.line == nil || len(r.line.Moves) == 0 {
		return nil
	}
	for i := range r.line.Moves {
		if m := &r.line.Moves[i]; m.Stuck != "" || m.State != model.RolloutDone {
			return m
		}
	}
	return &r.line.Moves[0]
}

func movedPods(m *model.Move) pods {
	r := model.Rollout{Desired: m.Desired, Updated: m.Updated, Available: m.Available, Old: m.Old, State: m.State}
	return pods{known: true, moving: r.Moving(), rollout: r, available: m.Available, desired: m.Desired}
}

// moveWords say which generation of which workload a commit made.
func (p *rollouts) moveWords(r *listRow) string {
	m := moveOf(r)
	if m == nil {
		return ""
	}
	words := fmt.Sprintf("%s %d", m.Workload.Name, m.To)
	if m.From > 0 {
		words = fmt.Sprintf("%s %d%s%d", m.Workload.Name, m.From, p.kit.Glyph.Arrow, m.To)
	}
	return more(words, len(r.line.Moves)-1)
}

// drawNewest writes the last column; generations that had to leave are said
// here.
func (p *rollouts) drawNewest(c *draw.Line, r *listRow) {
	if words := p.moveWords(r); words != "" && !p.table.Shows(colGeneration) {
		c.Put(themes.Text, words).Skip(2)
	}
	c.Put(themes.Text, r.what)
}

// sections say how far a commit has come, and what keeps it.
func (p *rollouts) sections(r *listRow) []section {
	h := r.repo
	commit := join(model.ShortRevision(h.Revision), h.Subject)
	if r.line != nil {
		return p.lineSections(r, commit)
	}
	if h.Revision == "" {
		return []section{{label: "WHY", text: "Nothing has been fetched from " + h.Repo.URL + " yet."}, {label: "GIT", text: p.asked(h.Repo)}}
	}
	why := fmt.Sprintf("%s of %s is live in %d of %d", commit, repoName(h.Repo), h.Live, h.Of)
	if h.Fetched.Known() {
		why += ", first fetched " + p.age(h.Fetched.At) + " ago"
	}
	if h.LiveAt.Known() && h.Fetched.Known() && h.LiveAt.At >= h.Fetched.At {
		why += ", live everywhere " + ageOf(seconds(h.LiveAt.At-h.Fetched.At)) + " after that"
	}
	return []section{{label: "NOW", text: sentence(why)}, {label: "GIT", text: p.asked(h.Repo)},
		{label: "WHO", text: strings.Join(p.followers(h.Repo), ", "), spare: true}}
}

// asked says how often the origin is asked, and when it last was.
func (p *rollouts) asked(repo model.Repo) string {
	chain := p.store.Chain(repo)
	if chain == nil {
		return ""
	}
	words := "It is asked " + every(chain.Asked.Every)
	if chain.Asked.Every <= 0 {
		words = "How often it is asked is not known"
	}
	if at := chain.Asked.Last; at.Known() {
		words += ", last " + p.age(at.At) + " ago"
	} else {
		words += ", last unknown"
	}
	if chain.Asked.Failing {
		words += ". It does not answer: " + chain.Asked.Cause
	}
	return sentence(words)
}

func (p *rollouts) lineSections(r *listRow, commit string) []section {
	l := r.line
	why := fmt.Sprintf("%s in %s: %s", commit, p.tenantName(r.tenant), strings.ToLower(r.state.Word))
	if words := lineWords(l); words != "" {
		why += ", " + words
	}
	sections := []section{{label: "WHY", text: sentence(why)}}
	var moves []string
	for i := range l.Moves {
		m := &l.Moves[i]
		words := fmt.Sprintf("%s generation %d, %d of %d new pods ready", m.Workload.Name, m.To, newAndReady(movedPods(m).rollout), m.Desired)
		if m.Stuck != "" {
			words += ": " + m.Stuck
		}
		moves = append(moves, words)
	}
	if len(moves) > 0 {
		sections = append(sections, section{label: "PODS", text: sentence(strings.Join(moves, "; "))})
	}
	return append(sections, section{label: "SYNC", text: l.Sync.String() + " from " + l.Source.String()},
		section{label: "RUN", text: describe(l.Sync), spare: true})
}

func seconds(n model.Unix) time.Duration { return time.Duration(n) * time.Second }
