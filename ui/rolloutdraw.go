package ui

import (
	"fmt"
	"slices"
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
		l.Put(themes.Accent, model.ShortRevision(c.Revision)).Put(themes.Text, "  "+p.store.Subject(c.Revision)).Put(themes.Muted, p.by(c.Revision))
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
	running := "running"
	if c.Fetched.Known() {
		running += " " + ageOf(seconds(now-c.Fetched.At))
	}
	behind := slices.ContainsFunc(r.under, func(l *listRow) bool { return p.keptBehind(l.line).Kind != model.TroubleNone })
	stuck := slices.ContainsFunc(r.under, func(l *listRow) bool { return p.stuckAt(l).Kind != model.TroubleNone })
	switch {
	case h.Moving && !h.Stuck && stuck: // its controllers have not given up yet
		m = worded(p.kit.Glyph, model.Stuck, "")
		return said(running + ", stuck at the pod")
	case h.Moving && !h.Stuck && behind:
		m = worded(p.kit.Glyph, model.Stuck, "")
		return said(running + ", waits behind one stuck at the pod")
	case h.Moving && !h.Stuck:
		return said(running)
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
	case h.Live+h.Stirring < h.Of && len(c.Lines) > 1:
		return said(fmt.Sprintf("%d of %d live, ", h.Live, h.Of) + p.openWords(c))
	}
	words := strings.ToLower(r.state.Word)
	if len(c.Lines) == 1 {
		m, _ = p.lineMark(&c.Lines[0])
		words = c.Lines[0].Word()
	}
	if c.Fetched.Known() {
		words += ", fetched " + p.age(c.Fetched.At) + " ago"
	}
	return said(words)
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
	span := c.span(model.Unix(p.now.Unix()))
	if c.reasons() {
		words = barReasons
	}
	return bars.Fit(span, max(room-words, 8))
}

// drawWay is the last column: the bar and how it ended, or only that.
func (p *rollouts) drawWay(l *draw.Line, r *listRow) {
	if r.line == nil {
		return
	}
	if l.Left() >= barFrom && r.way.clock.zero != 0 {
		from := l.X() + l.Left() - barReasons
		p.drawClock(l, r)
		if _, words := p.endWords(r); words != "" && r.line.Moving() {
			l.To(max(from, l.X())) // the bar grows on; what is read holds still
		}
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
	words := fmt.Sprintf("of the %d commits before", u.Commits)
	if u.Commits == 1 {
		words = "of the commit before"
	}
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
