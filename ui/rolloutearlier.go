package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// drawEarlier writes a commit before: what became of it in each tenant.
func (p *rollouts) drawEarlier(l *draw.Line, r *listRow) {
	c := r.way.commit
	fold := p.kit.Glyph.Folded
	if p.isOpen(r) {
		fold = p.kit.Glyph.Unfolded
	}
	l.To(titleIndent).Put(themes.Muted, fold+" ").Put(themes.Accent, model.ShortRevision(c.Revision))
	subject := min(max(l.Left()/4, 0), 32)
	l.Skip(2).Fit(themes.Text, 0, p.store.Subject(c.Revision), subject).Skip(1)
	l.Fit(themes.Muted, 0, p.shortClock(c.Fetched.At), 7)
	p.drawOutcomes(l, c)
}

// drawOutcomes writes what became of a commit tenant by tenant, or how many it
// went well in where they are many.
func (p *rollouts) drawOutcomes(l *draw.Line, c *model.Commit) {
	if len(c.Lines) == 0 {
		l.Fit(themes.Muted, 0, "nothing that follows it now was there then", l.Left())
		return
	}
	over := ""
	if overtaken(c) {
		over = c.OvertakenWords()
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
		applied := appliedIn(c)
		switch {
		case c.Live > 0:
			l.Put(ok.Role, ok.Shape).Put(themes.Text, fmt.Sprintf(" %d of %d", c.Live, c.Of)).Skip(2)
		case applied > 0: // whether they were rolled out, nobody may know
			l.Put(themes.Muted, ok.Shape).Put(themes.Text, fmt.Sprintf(" applied in %d of %d", applied, len(c.Lines))).Skip(2)
		}
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
	return c.Overtaken && appliedIn(c) < len(c.Lines)
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
