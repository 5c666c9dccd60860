package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/frame"
	"tenantry/ui/text"
)

const (
	dialogWidth  = 110 // columns a dialog takes where there is room
	dialogLabel  = 10  // where what belongs to a label begins
	dialogFilled = 90  // narrower terminals are filled by a dialog
)

// view draws the dialog as a box of at most w × h, its buttons always in sight,
// and says where the cursor of the field stands.
func (d *dialog) view(kit draw.Kit, w, h int) (lines []string, cursor *tea.Cursor) {
	d.drawn = true
	width := min(w, dialogWidth)
	if w > dialogFilled {
		width = min(w-6, dialogWidth)
	}
	inner := max(width-2, 0)
	body := d.layout(kit, inner)
	foot := d.foot(kit, inner)
	d.height = max(min(body.n, h-2-len(foot)), 1)
	if d.follows && body.focus >= 0 {
		d.top = min(d.top, body.focus)
		d.top = max(d.top, body.focus-d.height+1)
	}
	d.top = max(min(d.top, body.n-d.height), 0)
	seen, caret := d.draw(kit, inner, &body)
	if caret >= 0 {
		cursor = tea.NewCursor(min(caret+1, max(width-2, 0)), body.focus-d.top+1)
	}
	role := themes.Rule
	if d.danger {
		role = themes.Danger
	}
	title := d.title
	if hidden := body.n - d.height; hidden > 0 {
		title += " (pgdown: more)"
	}
	return frame.Box(kit, role, title, append(seen, foot...), width), cursor
}

// layout is where the parts of a dialog stand: of some thousand lines only
// those in sight are drawn.
type layout struct {
	n     int   // lines of the body
	from  []int // the first line of each part, the blank one in front of it not counted
	focus int   // the line that has the focus, -1 for none
}

func (d *dialog) layout(kit draw.Kit, w int) layout {
	out := layout{focus: -1}
	if d.instead != nil {
		if d.broken == nil || d.brokenAt != w {
			d.broken, d.brokenAt = nil, w
			for _, s := range d.instead {
				d.broken = append(d.broken, pieces(kit.Text(s), w-2)...)
			}
		}
		out.n = len(d.broken)
		return out
	}
	focused := d.focus()
	out.from = make([]int, len(d.parts))
	for i := range d.parts {
		p := &d.parts[i]
		if p.gap && out.n > 0 {
			out.n++
		}
		out.from[i] = out.n
		if p == focused {
			out.focus = out.n
		}
		out.n += p.height(kit, w)
	}
	return out
}

// draw draws the lines in sight, and says in which column the cursor of a field
// stands, -1 for none.
func (d *dialog) draw(kit draw.Kit, w int, at *layout) (lines []string, caret int) {
	caret = -1
	last := min(d.top+d.height, at.n)
	if d.instead != nil {
		for _, s := range d.broken[d.top:last] {
			lines = append(lines, draw.NewLine(kit, w).Skip(1).Put(themes.Text, s).String())
		}
		return lines, caret
	}
	focused := d.focus()
	i, _ := slices.BinarySearch(at.from, d.top+1)
	for i = max(i-1, 0); i < len(d.parts) && at.from[i] < last; i++ {
		p := &d.parts[i]
		of, x := p.all(kit, w, p == focused)
		if x >= 0 && at.from[i] >= d.top {
			caret = x
		}
		for len(lines) < at.from[i]-d.top {
			lines = append(lines, "")
		}
		lines = append(lines, of[min(max(d.top-at.from[i], 0), len(of)):]...)
	}
	for len(lines) < last-d.top {
		lines = append(lines, "")
	}
	return lines[:max(last-d.top, 0)], caret
}

// all are the lines of a part, and in which column the cursor of its field
// stands, -1 for none.
func (p *part) all(kit draw.Kit, w int, focused bool) (lines []string, caret int) {
	caret = -1
	switch {
	case p.line != nil:
		line, x := p.field(kit, w, focused)
		if lines = append(lines, line); focused {
			caret = x
		}
	case p.grid != nil:
		lines = gridLines(kit, w, p.grid)
	default:
		lines = p.said(kit, w, focused)
	}
	if p.under != nil {
		words, role := p.under()
		for _, s := range wrap(kit, words, max(w-dialogLabel-2, 4)) {
			lines = append(lines, draw.NewLine(kit, w).To(dialogLabel+1).Put(role, s).String())
		}
	}
	return lines, caret
}

// height is how many lines a part takes. What is only read or ticked is
// measured once.
func (p *part) height(kit draw.Kit, w int) int {
	if p.measured == 0 || p.measuredAt != w || p.measuredOf != p.text || p.chosen != nil || p.under != nil || p.grid != nil {
		lines, _ := p.all(kit, w, false)
		p.measured, p.measuredAt, p.measuredOf = len(lines), w, p.text
	}
	return p.measured
}

// said are the lines of a part that is read, ticked or chosen.
func (p *part) said(kit draw.Kit, w int, focused bool) []string {
	words := p.text
	if p.chosen != nil {
		words = "< " + p.choices[*p.chosen] + " >"
		if p.text != "" {
			words += "  " + p.text
		}
	}
	indent := 1
	if p.label != "" || p.tick != nil || p.state.Shape != "" || p.inset {
		indent = dialogLabel + 1
	}
	front := ""
	if p.tick != nil {
		front = "[ ] "
		switch {
		case *p.tick:
			front = "[x] "
		case p.locked != "":
			front = " -  "
		}
	}
	if p.state.Shape != "" {
		front += p.state.Shape + " "
	}
	front = kit.Text(front)
	indent2 := indent + kit.Width(front)
	var mod themes.Mod
	if focused {
		mod = themes.Cursor
	}
	var out []string
	for i, s := range wrap(kit, words, max(w-indent2-1, 4)) {
		l := draw.NewRow(kit, w, mod).Skip(1)
		if i == 0 && p.label != "" {
			l.Put(themes.Head, p.label)
		}
		l.To(indent)
		if i == 0 && front != "" {
			role := themes.Text
			if p.state.Shape != "" {
				role = p.state.Role
			}
			l.Put(role, front)
		}
		out = append(out, l.To(indent2).Put(p.role, s).String())
	}
	if out == nil {
		out = append(out, draw.NewRow(kit, w, mod).Skip(1).Put(themes.Head, p.label).String())
	}
	return out
}

// field is a line to type in.
func (p *part) field(kit draw.Kit, w int, focused bool) (line string, caret int) {
	var mod themes.Mod
	if focused {
		mod = themes.Cursor
	}
	l := draw.NewRow(kit, w, mod).Skip(1).Put(themes.Head, p.label).To(max(dialogLabel, kit.Width(p.label)+1) + 1)
	typed, before := "", ""
	if p.masked { // no string is made of what must not be seen
		typed, before = strings.Repeat("*", len(p.line.runes)), strings.Repeat("*", p.line.at)
	} else {
		typed, before = p.line.String(), string(p.line.runes[:p.line.at])
	}
	room := max(l.Left()-2, 1)
	// A long line is seen around its cursor.
	if over := kit.Width(before) - room + 1; over > 0 {
		cut := min(over, len([]rune(typed)))
		typed, before = string([]rune(typed)[cut:]), string([]rune(before)[min(cut, len([]rune(before))):])
	}
	caret = l.X() + kit.Width(before)
	switch {
	case typed == "" && p.hint != "":
		l.Put(themes.Muted, p.hint)
	default:
		l.PutMod(themes.Text, themes.Strong, typed)
	}
	return l.String(), caret
}

// foot are the lines that always stay: what was refused, and the buttons.
func (d *dialog) foot(kit draw.Kit, w int) []string {
	var out []string
	if d.busy != "" {
		out = append(out, draw.NewLine(kit, w).Skip(1).Put(themes.Busy, d.busy).String())
	} else if d.said != "" {
		said := wrap(kit, d.said, max(w-2, 4))
		for _, s := range said[:min(len(said), 3)] {
			out = append(out, draw.NewLine(kit, w).Skip(1).Put(themes.Bad, s).String())
		}
	} else {
		out = append(out, "")
	}
	marked := d.button()
	need := 0
	for i := range d.buttons {
		need += kit.Width(d.buttons[i].word) + 5
	}
	l := draw.NewLine(kit, w)
	if hint := d.extra(); kit.Width(hint)+need+3 < w {
		l.Skip(1).Put(themes.Muted, hint)
	}
	l.To(w - need - 1)
	d.hits = d.hits[:0]
	for i := range d.buttons {
		b := &d.buttons[i]
		var mod themes.Mod
		left, right := "[ ", " ]"
		if b == marked {
			mod = themes.Cursor
			if !kit.Theme.Colour {
				left, right = "[>", "<]"
			}
		}
		role := themes.Text
		if b.refused != nil && b.refused() != "" {
			role = themes.Muted
		} else if d.danger && !b.harmless {
			role = themes.Danger
		}
		d.hits = append(d.hits, zone{x: l.X(), w: kit.Width(b.word) + 4})
		l.PutMod(role, mod, left+b.word+right).Skip(1)
	}
	return append(out, l.String())
}

// pieces breaks a line that is to be read letter by letter: nothing of it is
// left out, and no blank is moved.
func pieces(s string, w int) []string {
	var out []string
	line, used := "", 0
	for _, r := range s {
		n := text.Width(string(r))
		if used+n > w && line != "" {
			out, line, used = append(out, line), "", 0
		}
		line, used = line+string(r), used+n
	}
	return append(out, line)
}
