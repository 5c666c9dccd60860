package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/text"
)

// whyLine is one line of an explanation; one with a link can be stood on.
type whyLine struct {
	link *whyAt
	put  func(*draw.Line)
}

func (l whyLine) draw(kit draw.Kit, w int, cursor bool) string {
	var mod themes.Mod
	mark := " "
	if cursor {
		mod, mark = themes.Cursor, kit.Glyph.Cursor
		if !kit.Theme.Colour {
			mark = ">"
		}
	}
	d := draw.NewRow(kit, w, mod).Put(themes.Accent, mark)
	if l.put != nil {
		l.put(d)
	}
	return d.String()
}

func (p *whyPage) body(w, h int) []string {
	p.lines, p.height = p.write(w), h
	p.top = min(p.top, max(len(p.lines)-h, 0))
	var out []string
	for y := p.top; y < len(p.lines) && len(out) < h; y++ {
		l := p.lines[y]
		out = append(out, l.draw(p.kit, w, l.link != nil && *l.link == p.at))
	}
	return out
}

// foldedFrom is the width from which evidence is shown without being asked for.
const foldedFrom = 100

func (p *whyPage) folded(w int) bool {
	if p.fold != nil {
		return *p.fold
	}
	return w < foldedFrom
}

// write makes the lines for a width.
func (p *whyPage) write(w int) []whyLine {
	b := &whyWriter{p: p, w: w}
	b.head()
	for i := range p.e.Faults {
		b.fault(i)
	}
	if len(p.e.Faults) == 0 {
		for _, s := range p.e.Waits {
			b.text(2, themes.Text, sentence(s))
		}
	}
	return b.lines
}

type whyWriter struct {
	p     *whyPage
	w     int
	lines []whyLine
}

func (b *whyWriter) add(put func(*draw.Line)) { b.lines = append(b.lines, whyLine{put: put}) }

// text writes a paragraph at an indent.
func (b *whyWriter) text(indent int, role themes.Role, s string) {
	for _, line := range text.Wrap(b.p.kit.Text(s), max(b.w-indent-2, 1)) {
		b.add(func(l *draw.Line) { l.Skip(indent).Put(role, line) })
	}
}

// labelled writes a paragraph behind a label.
func (b *whyWriter) labelled(label, s string) {
	const indent, wide = 2, 11
	at := indent + wide
	if b.w < 60 {
		at = indent + 2
		s = label + ": " + s
	}
	for i, line := range text.Wrap(b.p.kit.Text(s), max(b.w-at-2, 1)) {
		b.add(func(l *draw.Line) {
			if i == 0 && b.w >= 60 {
				l.Skip(indent).Put(themes.Muted, label)
			}
			l.To(at+1).Put(themes.Text, line)
		})
	}
}

// head is the sentence and what goes on all the same.
func (b *whyWriter) head() {
	p := b.p
	m := p.state()
	said := p.e.Headline
	if len(p.e.Faults) > 0 && p.e.Since != 0 {
		said += ", since " + atLeast(p.e.AtLeast) + p.shortMoment(p.e.Since)
	}
	if p.e.Retrying {
		said += "; it is retried by itself"
	}
	for i, line := range text.Wrap(p.kit.Text(sentence(said)), max(b.w-5, 1)) {
		b.add(func(l *draw.Line) {
			if i == 0 {
				l.PutMod(m.Role, 0, m.Shape)
			}
			l.To(3).Put(themes.Title, line)
		})
	}
	if p.e.Effect != "" {
		b.text(2, themes.Text, p.e.Effect)
	}
}

// fault is one cause: its chain, its evidence, what helps.
func (b *whyWriter) fault(n int) {
	f := &b.p.e.Faults[n]
	title := "CHAIN"
	if many := len(b.p.e.Faults); many > 1 {
		title = fmt.Sprintf("CHAIN %d of %d", n+1, many)
	}
	if n > 0 {
		b.add(nil)
	}
	b.add(func(l *draw.Line) {
		l.Put(themes.Head, title).Put(themes.Muted, "  from what you see to where it starts")
	})
	if n > 0 {
		b.text(2, themes.Text, sentence(f.Sentence()))
	}
	for i := range f.Chain {
		b.link(f, i)
	}
	if len(f.Also) > 0 {
		var names []string
		for i, k := range f.Also {
			if i == 3 {
				names = append(names, fmt.Sprintf("%d more", len(f.Also)-3))
				break
			}
			names = append(names, k.Kind.String()+" "+k.Namespace+"/"+k.Name)
		}
		b.text(4, themes.Muted, "starts there too: "+strings.Join(names, ", "))
	}
	b.evidence(f)
	b.fixes(f)
}

// link is one object of a chain.
func (b *whyWriter) link(f *why.Fault, i int) {
	p, link := b.p, &f.Chain[i]
	at := whyAt{f.Root().Ref, link.Ref}
	indent := 2 + 2*i
	name := link.Ref.Kind + " " + link.Ref.Name
	if link.Ref.Namespace != "" {
		name = link.Ref.Kind + " " + link.Ref.Namespace + "/" + link.Ref.Name
	}
	state, note := p.linkState(link), link.Note
	if i == len(f.Chain)-1 && i > 0 {
		note = join("starts here", note)
	}
	since := ""
	if link.Since != 0 {
		since = p.shortMoment(link.Since)
	}
	const stateWide, sinceWide = 15, 12
	wide := max(b.w*2/5, 24)
	if b.w < foldedFrom {
		wide = max(b.w-stateWide-6, 12)
	}
	b.lines = append(b.lines, whyLine{link: &at, put: func(l *draw.Line) {
		l.To(indent)
		if i > 0 {
			l.Put(themes.Muted, p.kit.Glyph.Box[3]+" ")
		}
		l.Cell(wide-indent, func(l *draw.Line) { l.Put(themes.Text, p.kit.CutMiddle(name, l.Left())) })
		l.To(wide+2).Cell(stateWide, func(l *draw.Line) { drawMark(l, state, 0) })
		if b.w >= foldedFrom {
			l.To(wide+2+stateWide).Cell(sinceWide, func(l *draw.Line) { l.Put(themes.Muted, since) })
			l.To(wide+2+stateWide+sinceWide+1).Put(themes.Text, p.kit.Cut(note, max(l.Left()-1, 0)))
		}
	}})
	if b.w < foldedFrom && note != "" && (i == len(f.Chain)-1 || !p.folded(b.w)) {
		b.text(min(indent+2, b.w/2), themes.Muted, note)
	}
}

// linkState is how a link is.
func (p *whyPage) linkState(l *why.Link) mark {
	switch {
	case l.Missing:
		return p.missing()
	case l.Old:
		m := p.kit.Glyph.Old()
		m.Word = "Ready, old"
		return m
	case l.Word != "" && l.Health == model.Unknown:
		m := p.kit.Glyph.Of(model.Unknown)
		m.Word = l.Word
		return m
	}
	m := p.kit.Glyph.Of(l.Health)
	if l.Word != "" {
		m.Word = l.Word
	} else if l.Health == model.NotApplicable {
		m = p.kit.Glyph.Of(model.Ready)
		m.Word = "Exists"
	}
	return m
}

// evidence is what was seen, what it rules out and what was not tried. Folded
// it is its first line.
func (b *whyWriter) evidence(f *why.Fault) {
	p := b.p
	folded := p.folded(b.w)
	hint := "  " + p.keyList(keymap.Describe, keymap.YAML, keymap.Events, keymap.History, keymap.Tree) + " open the object under the cursor"
	if folded {
		hint = "  " + p.key(keymap.Unfold) + " shows all of it"
	}
	began := len(b.lines)
	b.add(func(l *draw.Line) { l.Put(themes.Head, "EVIDENCE").Put(themes.Muted, hint) })
	defer func() {
		if len(b.lines) == began+1 { // nothing was seen but the chain itself
			b.lines = b.lines[:began]
		}
	}()
	var moments []string
	for i := range f.Evidence {
		ev := &f.Evidence[i]
		if ev.Label == "timeline" {
			moments = append(moments, strings.TrimSpace(p.shortMoment(ev.At)+" "+ev.Text))
			continue
		}
		if folded && i > 0 {
			continue
		}
		b.labelled(ev.Label, ev.Text)
	}
	if folded {
		if len(b.lines) == began+1 && len(moments) > 0 {
			b.labelled("timeline", moments[len(moments)-1])
		}
		return
	}
	if len(moments) > 0 {
		b.labelled("timeline", strings.Join(moments, "   "))
	}
	if len(f.RuledOut) > 0 {
		b.labelled("ruled out", strings.Join(f.RuledOut, ", "))
	}
	if len(f.NotTried) > 0 {
		b.labelled("not tried", strings.Join(f.NotTried, ", "))
	}
	if p.reading() {
		b.labelled("pods", "being read, to tell more")
	}
}

// fixes are what helps, with the key that does it and whether you may.
func (b *whyWriter) fixes(f *why.Fault) {
	if len(f.Fixes) == 0 {
		return
	}
	p := b.p
	const may = "YOU MAY"
	b.add(func(l *draw.Line) { l.Put(themes.Head, "FIX").To(b.w-len(may)-1).Put(themes.Head, may) })
	for i := range f.Fixes {
		x := &f.Fixes[i]
		key, answer := p.fixKey(x.Do), p.may(x)
		words := x.Words
		if x.Command != "" {
			words += ": " + x.Command
		}
		for j, line := range text.Wrap(p.kit.Text(words), max(b.w-6-len(may)-4, 1)) {
			b.add(func(l *draw.Line) {
				if j == 0 {
					l.Skip(2).Put(themes.Accent, key)
				}
				l.To(6).Put(themes.Text, line)
				if j == 0 {
					l.To(b.w-len(may)-1).FitRight(answer.Role, 0, answer.Word, len(may))
				}
			})
		}
	}
}

func (e *env) keyList(actions ...keymap.Action) string {
	var out []string
	for _, a := range actions {
		out = append(out, e.key(a))
	}
	return strings.Join(out, " ")
}
