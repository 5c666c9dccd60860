package ui

import (
	"strings"

	"tenantry/themes"
	"tenantry/ui/draw"
)

// Zoomed, the page is one repository for a room: three lines a tenant, the bar
// across the screen.

// body takes other rows when the page was zoomed.
func (p *rollouts) body(w, h int) []string {
	if p.zoomed != p.large {
		p.zoom()
	}
	return p.list.body(w, h)
}

// zoom takes the rows of a page that is zoomed, or is not any more.
func (p *rollouts) zoom() {
	p.large = p.zoomed
	current, ok := p.table.Current()
	if p.large && ok && current.repo != nil {
		p.only = current.repo.Repo
	} else if p.large {
		p.large = false
		return
	}
	p.list.derive(false)
	if ok {
		p.table.Select(current.id)
	}
}

// drawLarge writes who a zoomed line is about, and how far it is, in words.
func (p *rollouts) drawLarge(l *draw.Line, r *listRow) {
	m := p.Turn(r.state)
	l.To(titleIndent).PutMod(themes.Title, themes.Strong, p.kit.CutMiddle(p.rowName(r), 40)).Skip(3)
	l.Put(m.Role, m.Shape).Put(themes.Text, " "+m.Word)
	say := func(label string, stage mark) {
		if words := strings.TrimSpace(stage.Shape + " " + stage.Word); words != p.kit.Glyph.Unknown {
			l.Skip(3).Put(themes.Muted, label+" ").Put(stage.Role, stage.Shape)
			if stage.Word != "" {
				if stage.Shape != "" {
					l.Skip(1)
				}
				l.Put(themes.Text, stage.Word)
			}
		}
	}
	f, _ := p.fetched(r)
	a, _ := p.applied(r)
	o, _ := p.rolledOut(r)
	say("fetched", f)
	say("applied", a)
	say("rolled out", p.Turn(o))
}

// drawLargeBar draws the bar across the screen.
func (p *rollouts) drawLargeBar(l *draw.Line, r *listRow) {
	l.To(titleIndent)
	if r.way.clock.zero != 0 {
		l.Cell(l.Left()-1, func(l *draw.Line) {
			p.drawClock(l, r)
			p.drawEnd(l, r)
		})
		return
	}
	p.drawEnd(l, r)
}

// podWidth is how wide a pod is for the last row of a room.
const podWidth = 4

// drawLargePods draws the pods, wide ones, and which generation they are of.
func (p *rollouts) drawLargePods(l *draw.Line, r *listRow) {
	l.To(titleIndent)
	m := moveOf(r)
	if m == nil {
		p.drawPods(l, r)
		return
	}
	rollout := movedPods(m).rollout
	shapes := podShapes(p.kit, rollout, max(l.Left()*2/3/(podWidth+1), 1))
	for _, s := range shapes {
		l.Put(s.role, strings.Repeat(s.text, podWidth)).Skip(1)
	}
	l.Skip(2).Put(themes.Text, p.moveWords(r))
}
