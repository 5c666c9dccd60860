package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/bars"
	"tenantry/ui/draw"
)

// drawWhole draws the rows that are no tenant's: repositories, commits, the
// heads of the columns, what is usual.
func (p *rollouts) drawWhole(l *draw.Line, r *listRow) bool {
	switch {
	case r.denied != nil:
		l.Skip(1).Put(r.state.Role, r.state.Shape).Put(themes.Text, " "+deniedName(r.denied)+"  ").Put(themes.Muted, r.what)
		return true
	case r.way == nil:
		p.drawHead(l, r)
		return true
	}
	l.Skip(1)
	switch r.way.part {
	case partCommit:
		if r.way.newest {
			p.drawNewest(l, r)
		} else {
			p.drawEarlier(l, r)
		}
	case partTitles:
		p.drawTitles(l, r)
	case partUsual:
		p.drawUsual(l, r)
	case partEarlier:
		l.To(titleIndent).Put(themes.Head, "earlier")
	case partLine:
		if !p.large {
			return false
		}
		p.drawLarge(l, r)
	case partBar:
		p.drawLargeBar(l, r)
	case partPods:
		p.drawLargePods(l, r)
	}
	return true
}

// titleIndent is where the rows under a repository begin.
const titleIndent = 3

// drawHead writes a repository: its name, when Git was asked, and how far its
// newest commit has come.
func (p *rollouts) drawHead(l *draw.Line, r *listRow) {
	h := r.repo
	fold, open := p.kit.Glyph.Folded, p.isOpen(r)
	if open {
		fold = p.kit.Glyph.Unfolded
	}
	right := p.headWords(r, open)
	need := width(p.env, right)
	if room := l.Left() - 16; need > room {
		right = p.headWords(r, true)
		need = width(p.env, right)
	}
	l.To(1).Put(themes.Text, fold+" ")
	l.Cell(max(l.Left()-need-2, 8), func(l *draw.Line) {
		name := repoPath(h.Repo)
		ref := "  " + h.Repo.Ref
		room := l.Left() - p.kit.Width(ref)
		l.Put(themes.Title, p.kit.CutMiddle(name, max(room, 8))).Put(themes.Muted, ref)
		from := max(askedAt, l.X()+3)
		if asked := p.asked(r); asked.text != "" && (l.X()+l.Left()-from >= p.kit.Width(asked.text) || asked.role == themes.Bad && l.Left() > 24) {
			l.To(from).Put(asked.role, asked.text)
		}
	})
	if right != nil {
		l.To(l.X() + l.Left() - need - 1)
		put(l, right)
	}
}

// askedAt is the column from which is said when Git was asked.
const askedAt = 34

// headWords say how far the newest commit has come; briefly where its own row
// says the rest.
func (p *rollouts) headWords(r *listRow, brief bool) []piece {
	h := r.repo
	m := p.Turn(r.state)
	if h.Revision == "" {
		return []piece{{themes.Muted, 0, "nothing fetched yet"}}
	}
	live := fmt.Sprintf("%d of %d live", h.Live, h.Of)
	if h.Of == 0 {
		live = "suspended"
	}
	if brief {
		return []piece{{m.Role, 0, m.Shape}, {text: " " + live}}
	}
	out := []piece{{m.Role, 0, m.Shape}, {text: " " + model.ShortRevision(h.Revision)}, {text: " live in " + fmt.Sprintf("%d of %d", h.Live, h.Of)}}
	switch {
	case h.Of == 0:
		out[2].text = " suspended"
	case h.Live == h.Of && h.LiveAt.Known():
		out = append(out, piece{themes.Muted, 0, " since " + p.shortClock(h.LiveAt.At)})
	case h.Live < h.Of && h.Stuck:
		out[2].text += ", " + strings.ToLower(r.state.Word)
	}
	if held := p.kit.Glyph.Of(model.Suspended); h.Held > 0 && m.Shape != held.Shape {
		out = append(out, piece{text: "  "}, piece{held.Role, 0, held.Shape}, piece{text: fmt.Sprintf(" %d", h.Held)})
	}
	return out
}

// shortClock is a moment in few letters: the time of today, else the day.
func (e *env) shortClock(u model.Unix) string {
	words := e.shortMoment(u)
	if len(words) == len("15:04:05") {
		return words[:len("15:04")]
	}
	day, _, found := cutLast(words, " ")
	if found {
		return day
	}
	return words
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// asked is how often Git is asked and when it last was; what is waited for must
// not look like standing still.
func (p *rollouts) asked(r *listRow) piece {
	chain := p.store.Chain(r.repo.Repo)
	if chain == nil {
		return piece{}
	}
	now := model.Unix(p.now.Unix())
	words := p.origin(r.repo.Repo) + " " + chain.Asked.Sentence(now)
	if chain.Asked.Failing {
		cause := chain.Asked.Cause
		if _, rest, ok := strings.Cut(cause, ": "); ok && strings.HasPrefix(cause, r.repo.Repo.Kind.String()+" ") {
			cause = rest
		}
		return piece{themes.Bad, 0, p.kit.Glyph.Of(model.Failed).Shape + " can't fetch: " + cause}
	}
	role := themes.Muted
	if r.repo.Moving || p.isOpen(r) {
		role = themes.Text
		if key := p.key2(); key != "" && r.repo.Held < r.repo.Of {
			words += "; " + key + " asks now"
		}
	}
	return piece{role, 0, words}
}

// origin is what a source asks for news, as it is spoken of.
func (p *rollouts) origin(r model.Repo) string {
	switch r.Kind {
	case model.GitRepository:
		return "Git"
	case model.OCIRepository:
		return "the registry"
	case model.Bucket:
		return "the bucket"
	case model.HelmChart, model.HelmRepository:
		return "the chart's repository"
	}
	return "the source"
}

// drawNewest writes the newest commit in words and, at the right, how long it
// has been under way or took.
func (p *rollouts) drawNewest(l *draw.Line, r *listRow) {
	c := r.way.commit
	right := p.doneWords(r)
	need := width(p.env, right)
	l.To(titleIndent).Cell(l.Left()-need-2, func(l *draw.Line) {
		if !p.isOpen(r) {
			l.Put(themes.Text, p.kit.Glyph.Folded+" ")
		}
		l.Put(themes.Accent, model.ShortRevision(c.Revision)).Put(themes.Text, "  "+c.Subject).Put(themes.Muted, p.by(c.Revision))
	})
	l.To(l.X() + l.Left() - need - 1)
	put(l, right)
}

// doneWords say how the newest commit ended, or how long it has been running.
func (p *rollouts) doneWords(r *listRow) []piece {
	h, c := r.repo, r.way.commit
	now := model.Unix(p.now.Unix())
	m := p.Turn(r.state)
	said := func(words string) []piece { return []piece{{m.Role, 0, m.Shape}, {text: " " + words}} }
	switch {
	case h.Moving && c.Fetched.Known():
		return said("running " + ageOf(seconds(now-c.Fetched.At)))
	case h.Moving:
		return said("running")
	case h.Of > 0 && h.Live == h.Of:
		words := fmt.Sprintf("live in %d of %d", h.Live, h.Of)
		if h.LiveAt.Known() && c.Fetched.Known() && h.LiveAt.At >= c.Fetched.At && !h.LiveAt.Reconstructed {
			words += ", " + ageOf(seconds(h.LiveAt.At-c.Fetched.At)) + " after the first fetch"
		}
		m = worded(p.kit.Glyph, model.Ready, "")
		if h.Held == h.Of {
			m = p.kit.Glyph.Of(model.Suspended)
			words += ", suspended"
		}
		return said(words)
	case c.Fetched.Known():
		return said(strings.ToLower(r.state.Word) + ", fetched " + p.age(c.Fetched.At) + " ago")
	}
	return said(strings.ToLower(r.state.Word))
}

// drawTitles writes the heads of the columns, and the clock all bars are on.
func (p *rollouts) drawTitles(l *draw.Line, r *listRow) {
	room := 0
	if !p.large {
		p.table.Titles(p.kit, l)
		x, w, ok := p.table.Place(colBar)
		if !ok {
			return
		}
		if w < barFrom || r.way.clock.zero == 0 {
			l.To(x).Put(themes.Head, "WHAT KEEPS IT")
			return
		}
		l.To(x)
		room = w
	} else {
		l.To(titleIndent)
		room = l.Left() - 1
	}
	if r.way.clock.zero == 0 {
		return
	}
	from := l.X()
	for _, tick := range p.clockFor(r.way.clock, room).Ticks(room) {
		l.To(from+tick.X).Put(themes.Head, tick.Label)
	}
}

// Beside a bar there is room for how it ended, and for why it has not.
const barWords, barReasons = 10, 24

// clockFor is the scale of a commit's bars in so many columns.
func (p *rollouts) clockFor(c *wayClock, room int) bars.Clock {
	words := barWords
	if c.told {
		words = barReasons
	}
	return bars.Fit(c.span(model.Unix(p.now.Unix())), max(room-words, 8))
}

// drawWay is the last column: the bar and how it ended, or only that.
func (p *rollouts) drawWay(l *draw.Line, r *listRow) {
	if r.line == nil {
		return
	}
	if l.Left() >= barFrom && r.way.clock.zero != 0 {
		p.drawClock(l, r)
	}
	p.drawEnd(l, r)
}

// drawClock draws a line's bar on its commit's clock.
func (p *rollouts) drawClock(l *draw.Line, r *listRow) {
	room := l.Left()
	clock := p.clockFor(r.way.clock, room)
	b, cut := clock.Draw(r.wayOf(model.Unix(p.now.Unix())), room-2)
	role := themes.Busy
	switch {
	case r.line.Live || r.line.LiveAt.Known():
		role = themes.OK
	case !r.line.Moving():
		role = themes.Text
	}
	g := p.kit.Glyph
	l.Skip(b.Blank).Put(themes.Text, strings.Repeat(g.BarFetched, b.Fetched)).Put(role, strings.Repeat(g.BarApplied, b.Applied))
	if cut {
		l.Put(themes.Muted, g.Arrow)
	}
}

// drawEnd says how a line ended, or what keeps it.
func (p *rollouts) drawEnd(l *draw.Line, r *listRow) {
	m, words := p.endWords(r)
	if m.Shape == "" && words == "" {
		return
	}
	l.Put(m.Role, m.Shape).Put(themes.Text, " "+words)
}

// drawEarlier writes a commit before: what became of it in each tenant.
func (p *rollouts) drawEarlier(l *draw.Line, r *listRow) {
	c := r.way.commit
	fold := p.kit.Glyph.Folded
	if p.isOpen(r) {
		fold = p.kit.Glyph.Unfolded
	}
	l.To(titleIndent).Put(themes.Muted, fold+" ").Put(themes.Accent, model.ShortRevision(c.Revision))
	subject := min(max(l.Left()/4, 0), 32)
	l.Skip(2).Fit(themes.Text, 0, c.Subject, subject).Skip(1)
	l.Fit(themes.Muted, 0, p.shortClock(c.Fetched.At), 7)
	p.drawOutcomes(l, c)
}

// drawOutcomes writes what became of a commit tenant by tenant, or how many it
// went well in where they are many.
func (p *rollouts) drawOutcomes(l *draw.Line, c *model.Commit) {
	over := ""
	if overtaken(c) {
		over = "overtaken by " + model.ShortRevision(c.OvertakenBy)
	}
	names := p.shortNames(c)
	all := make([][]piece, len(c.Lines))
	need := p.kit.Width(over)
	for i := range c.Lines {
		all[i] = p.outcome(c, &c.Lines[i], names[i])
		need += width(p.env, all[i]) + 2
	}
	if len(c.Lines) > 6 || need > l.Left() && len(c.Lines) > 2 {
		g := p.kit.Glyph
		ok := g.Of(model.Ready)
		l.Put(ok.Role, ok.Shape).Put(themes.Text, fmt.Sprintf(" %d of %d", c.Live, c.Of)).Skip(2)
		if bad := badIn(c); bad > 0 {
			m := g.Of(model.Failed)
			l.Put(m.Role, m.Shape).Put(themes.Text, fmt.Sprintf(" %d", bad)).Skip(2)
		}
	} else {
		for _, pieces := range all {
			put(l, pieces)
			l.Skip(2)
		}
	}
	l.Put(themes.Muted, over)
}

// overtaken reports whether another commit came before this one was applied
// everywhere; whether one that was applied was rolled out, nobody may know.
func overtaken(c *model.Commit) bool {
	return c.OvertakenBy != "" && appliedIn(c) < len(c.Lines)
}

// appliedIn counts the lines a commit was applied in.
func appliedIn(c *model.Commit) int {
	n := 0
	for i := range c.Lines {
		if l := &c.Lines[i]; l.LiveAt.Known() || l.Outcome == model.OutcomeApplied || l.Outcome == model.OutcomeUnchanged {
			n++
		}
	}
	return n
}

func badIn(c *model.Commit) int {
	n := 0
	for i := range c.Lines {
		if c.Lines[i].Outcome.Bad() {
			n++
		}
	}
	return n
}

// outcome is what became of a commit in one tenant.
func (p *rollouts) outcome(c *model.Commit, l *model.Line, name string) []piece {
	m, _ := p.lineMark(l)
	words := ""
	switch {
	case l.LiveAt.Known():
		m = p.kit.Glyph.Of(model.Ready)
		if c.Fetched.Known() && l.LiveAt.At >= c.Fetched.At {
			words = ageOf(seconds(l.LiveAt.At - c.Fetched.At))
		}
	case l.Live:
		m = p.kit.Glyph.Of(model.Ready)
	case l.Outcome.Bad():
		words = strings.ToLower(m.Word)
		if l.Outcome == model.OutcomeFailed && l.Applied.Known() {
			words = "unhealthy"
			if l.Concluded.Known() && l.Concluded.At > l.Applied.At {
				words += " after " + ageOf(seconds(l.Concluded.At-l.Applied.At))
			}
		}
	case l.Outcome == model.OutcomeApplied || l.Outcome == model.OutcomeUnchanged:
		m = mark{Shape: p.kit.Glyph.Of(model.Ready).Shape, Role: themes.Muted}
		words = "applied"
	default:
		words = strings.ToLower(m.Word)
	}
	out := []piece{{m.Role, 0, m.Shape}}
	if len(c.Lines) > 1 {
		out = []piece{{text: name + " "}, {m.Role, 0, m.Shape}}
	}
	if words != "" {
		out = append(out, piece{text: " " + words})
	}
	return out
}

// shortNames are the names of a commit's tenants without what they all begin
// with.
func (p *rollouts) shortNames(c *model.Commit) []string {
	names := make([]string, len(c.Lines))
	for i := range c.Lines {
		names[i] = p.tenantName(c.Lines[i].Tenant)
		if i > 0 && c.Lines[i-1].Tenant == c.Lines[i].Tenant {
			names[i] = c.Lines[i].Sync.Name
		}
	}
	if len(names) < 2 {
		return names
	}
	shared := names[0]
	for _, n := range names[1:] {
		for !strings.HasPrefix(n, shared) {
			shared = shared[:len(shared)-1]
		}
	}
	shared = shared[:strings.LastIndexByte(shared, '-')+1]
	for i := range names {
		if rest := names[i][len(shared):]; rest != "" {
			names[i] = rest
		}
	}
	return names
}

// drawUsual writes how long the last commits took, under the columns.
func (p *rollouts) drawUsual(l *draw.Line, r *listRow) {
	u := r.way.chain.Usual
	l.To(titleIndent).Put(themes.Muted, "usual")
	at := func(column string, took int32) {
		if x, w, ok := p.table.Place(column); ok && took != model.UnknownTook && took >= 0 {
			l.To(x).Cell(w, func(l *draw.Line) { l.Put(themes.Muted, "  "+p.plus(model.Unix(took))) })
		}
	}
	at(colFetched, u.Fetched)
	at(colApplied, u.Applied)
	rolled := u.Live
	if rolled == model.UnknownTook {
		rolled = u.RolledOut
	}
	at(colRolled, rolled)
	words := fmt.Sprintf("of the last %d commits", u.Commits)
	if x, _, ok := p.table.Place(colBar); ok {
		l.To(x)
		if p.kit.Width(words) > l.Left() {
			words = fmt.Sprintf("last %d", u.Commits)
		}
		l.Put(themes.Muted, words)
	}
}

func (p *rollouts) drawWho(c *draw.Line, r *listRow) {
	c.Put(themes.Text, p.kit.CutMiddle(p.rowName(r), c.Left()))
}
