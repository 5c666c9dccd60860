package ui

import (
	"strconv"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/setup"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// setupColumn is how wide the steps stand at the left, where there is room.
const setupColumn = 28

// setupLabel is where what was found begins, after its label.
const setupLabel = 14

func stepNumber(s setup.Step) string { return strconv.Itoa(int(s) + 1) }

// mark is how a step's state looks.
func (e *env) setupMark(s setup.State) mark {
	g := e.kit.Glyph
	m := g.Nothing()
	switch s {
	case setup.Open:
		m = g.Of(model.Pending)
	case setup.Busy:
		m = g.Of(model.Reconciling)
	case setup.Done:
		m = g.Of(model.Ready)
	case setup.Partly:
		m = g.Old()
	case setup.Refused:
		m = g.Denied()
	case setup.Trouble:
		m = g.Of(model.Failed)
	case setup.Unknown:
		m = g.Of(model.Unknown)
		m.Role = themes.Muted
	}
	m.Word = s.Word()
	return m
}

func (p *setupPage) mark(s setup.State) mark { return p.Turn(p.setupMark(s)) }

// counts are the steps where they do not stand at the left.
func (p *setupPage) counts(l *draw.Line) {
	done := 0
	for i := range p.found {
		f := &p.found[i]
		if f.State == setup.Done || f.State == setup.Foreign {
			done++
		}
		if p.column > 0 {
			continue
		}
		m := p.mark(f.State)
		role := themes.Muted
		var mod themes.Mod
		if setup.Step(i) == p.at {
			role, mod = themes.Accent, themes.Strong
		}
		l.PutMod(role, mod, stepNumber(setup.Step(i))+" ").Put(m.Role, m.Shape).Skip(1)
	}
	if p.column == 0 {
		l.Skip(1).Put(themes.Text, p.at.String())
		return
	}
	l.Put(themes.Text, strconv.Itoa(done)+" of "+strconv.Itoa(int(setup.Count))+" steps done")
}

// body is the step, with all steps at its left where there is room.
func (p *setupPage) body(w, h int) []string {
	p.column = 0
	if w >= wide {
		p.column = setupColumn
	}
	lines := p.stepLines(max(w-p.column-2, 1))
	p.last = max(len(lines)-h, 0)
	p.top = min(p.top, p.last)
	lines = lines[p.top:]
	if len(lines) > h {
		lines = lines[:h]
	}
	if p.column == 0 {
		return lines
	}
	left := []string{""}
	for i := range p.found {
		left = append(left, p.stepRow(setup.Step(i)))
	}
	for len(lines) < max(len(left), h) {
		lines = append(lines, "")
	}
	return beside(p.kit, left, lines[:h], p.column, h)
}

func (p *setupPage) stepRow(s setup.Step) string {
	var mod themes.Mod
	front := " "
	if s == p.at {
		mod, front = themes.Cursor, p.kit.Glyph.Cursor
	}
	m := p.mark(p.found[s].State)
	l := draw.NewRow(p.kit, p.column-1, mod).Put(themes.Accent, front).Skip(1).Put(m.Role, m.Shape).Skip(1)
	return l.Put(themes.Muted, stepNumber(s)).Skip(1).Put(themes.Text, s.String()).String()
}

// stepLines are a step in full: what it is and why, and what was found.
func (p *setupPage) stepLines(w int) []string {
	f := p.current()
	m := p.mark(f.State)
	var out []string
	head := draw.NewLine(p.kit, w).Skip(1).Put(themes.Title, stepNumber(p.at)+" "+p.at.String()).Skip(3)
	out = append(out, head.Put(m.Role, m.Shape).Put(themes.Text, " "+m.Word).String())
	for _, s := range wrap(p.kit, p.at.What(), w-3) {
		out = append(out, draw.NewLine(p.kit, w).Skip(1).Put(themes.Muted, s).String())
	}
	out = append(out, "")
	for _, line := range f.Lines {
		out = append(out, p.foundLines(line, w)...)
	}
	if extra := p.stepText(); len(extra) > 0 {
		out = append(out, "")
		for _, s := range extra {
			broken, role := pieces(p.kit.Text(s), max(w-4, 8)), themes.Text
			if strings.HasPrefix(s, "# ") {
				broken, role = wrap(p.kit, s, max(w-4, 8)), themes.Muted
			}
			for _, part := range broken {
				out = append(out, draw.NewLine(p.kit, w).Skip(2).Put(role, part).String())
			}
		}
	}
	out = append(out, p.resultLines(w)...)
	return append(out, p.outputLines(w)...)
}

// resultOf is what a step's dialog does.
var resultOf = map[setup.Step]action.Verb{setup.Instance: action.SetInstance, setup.Credential: action.SaveCredential, setup.Sync: action.SetSync, setup.Tenants: action.AddTenant}

// resultLines are what came of what was confirmed last at this step, part by
// part, as it comes.
func (p *setupPage) resultLines(w int) []string {
	verb, ok := resultOf[p.at]
	var d *deed
	for _, have := range p.a.deeds {
		if ok && have.plan.Wish.Verb == verb {
			d = have
		}
	}
	if d == nil {
		return nil
	}
	out := []string{"", draw.NewLine(p.kit, w).Skip(1).Put(themes.Head, "RESULT").Skip(2).Put(themes.Text, d.plan.Title+", "+text.Clock(d.began.In(p.now.Location()), p.now)).String()}
	for i := range d.steps {
		s := &d.steps[i]
		m, words := p.kit.Glyph.Of(model.Pending), d.plan.Steps[i].Words
		switch s.state {
		case stepSending, stepSent:
			m = p.Turn(p.kit.Glyph.Of(model.Reconciling))
		case stepDone:
			m = p.kit.Glyph.Of(model.Ready)
		case stepFailed:
			m = p.kit.Glyph.Of(model.Failed)
		}
		if s.words != "" {
			words += ": " + s.words
		}
		if s.state == stepDone {
			words += d.lasted(i, i)
		}
		for i, line := range wrap(p.kit, words, max(w-6, 8)) {
			l := draw.NewLine(p.kit, w).Skip(2)
			if i == 0 {
				l.Put(m.Role, m.Shape)
			}
			out = append(out, l.To(4).Put(themes.Text, line).String())
		}
	}
	if hint := p.a.mendHint(d); hint != "" {
		out = append(out, draw.NewLine(p.kit, w).Skip(2).To(4).Put(themes.Caution, hint).String())
	}
	return out
}

// foundLines is one thing that was found.
func (p *setupPage) foundLines(line setup.Line, w int) []string {
	front, role := "", themes.Text
	switch {
	case line.Denied:
		m := p.kit.Glyph.Denied()
		front, role = m.Shape+" ", m.Role
	case line.Judged:
		m := p.Turn(p.kit.Glyph.Of(line.Health))
		front, role = m.Shape+" ", m.Role
	}
	at := setupLabel + labelOver(p.kit, "") + 1
	var out []string
	for i, s := range wrap(p.kit, line.Text, max(w-at-p.kit.Width(front)-1, 8)) {
		l := draw.NewLine(p.kit, w).Skip(1)
		if i == 0 {
			l.Cell(setupLabel-1, func(l *draw.Line) { l.Put(themes.Head, p.kit.CutMiddle(line.Label, setupLabel-2)) })
		}
		l.To(at)
		if i == 0 {
			l.Put(role, front)
		}
		out = append(out, l.To(at+p.kit.Width(front)).Put(themes.Text, s).String())
	}
	if out == nil {
		out = append(out, draw.NewLine(p.kit, w).Skip(1).Put(themes.Head, line.Label).String())
	}
	return out
}

// stepText is what of a step is shown letter by letter.
func (p *setupPage) stepText() []string {
	switch f := p.current(); {
	case p.at == setup.Operator && (f.State == setup.Open || f.State == setup.Trouble || f.State == setup.Refused) && p.a.installing.run == nil:
		return strings.Split(strings.TrimRight(p.a.installText(p.look().Namespace()), "\n"), "\n")
	case p.at == setup.Permissions && (f.State == setup.Refused || f.State == setup.Partly):
		if role := p.look().RoleYAML(); role != "" {
			return strings.Split(strings.TrimRight("# what would allow it\n"+role, "\n"), "\n")
		}
	}
	return nil
}

// outputLines are what a program has said, the latest last.
func (p *setupPage) outputLines(w int) []string {
	r := p.a.installing.run
	if r == nil || p.at != setup.Operator || r.context != p.store.Connection().Context {
		return nil
	}
	m := p.Turn(p.kit.Glyph.Of(r.health()))
	out := []string{"", draw.NewLine(p.kit, w).Skip(1).Put(themes.Head, "OUTPUT").Skip(1).Put(m.Role, m.Shape).Put(themes.Text, " "+r.words()).String()}
	for _, s := range r.lines {
		for _, part := range pieces(p.kit.Text(s), max(w-4, 8)) {
			out = append(out, draw.NewLine(p.kit, w).Skip(2).Put(themes.Muted, part).String())
		}
	}
	if hint := r.hint(); hint != "" {
		for _, s := range wrap(p.kit, hint, w-4) {
			out = append(out, draw.NewLine(p.kit, w).Skip(2).Put(themes.Caution, s).String())
		}
	}
	return out
}

func (p *setupPage) paneNeeds(int) int { return 0 }

// pane says what to do next.
func (p *setupPage) pane(w, h int) []string {
	return drawPane(p.kit, w, h, section{label: "NEXT", text: p.nextWords()}, section{label: "AGAIN", spare: true,
		text: "Every step is read from the cluster: leave at any time, " + p.key(setupKey) + " goes on where it was."})
}

func (p *setupPage) wholeBody(w int) []string {
	lines := p.stepLines(w)
	for i := range p.found {
		f := &p.found[i]
		lines = append(lines, draw.NewLine(p.kit, w).Skip(1).Put(themes.Text, stepNumber(setup.Step(i))+" "+setup.Step(i).String()+": "+f.State.Word()).String())
	}
	return lines
}
