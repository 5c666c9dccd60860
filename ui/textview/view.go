// Package textview shows text that is longer than the screen: it scrolls,
// wraps or cuts, and searches. What it costs to draw depends on what is seen,
// not on how much text there is.
package textview

import (
	"strings"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// sideStep is how far a key goes sideways.
const sideStep = 8

// View is a text and where in it one is. The zero value is an empty text,
// wrapped.
type View struct {
	// Follow keeps the end in sight while it is in sight, as logs want it. Such
	// a text opens at its end.
	Follow bool

	lines         []line
	cut           bool // long lines are cut, not wrapped
	left          int  // columns out of sight at the left
	top           place
	origin        place // where the search began
	width, height int   // as drawn last
	opened        bool  // was drawn, or moved, since it has lines
	search        search
}

// place is a row of a line.
type place struct{ line, row int }

func (p place) before(q place) bool { return p.line < q.line || p.line == q.line && p.row < q.row }

// Set replaces the text. The view stays where it is; one that follows stays at
// the end if it was there.
func (v *View) Set(kit draw.Kit, lines []Line) {
	end := v.Follow && (!v.opened || v.atEnd())
	v.lines = make([]line, len(lines))
	for i := range lines {
		v.lines[i] = makeLine(kit, lines[i])
	}
	if end {
		v.top = v.end()
	}
	v.settle()
	v.again()
}

// Append adds lines at the end and takes the first n away, as logs grow. What
// is in sight stays in sight as long as it is there; what is searched for is
// found in the new lines too.
func (v *View) Append(kit draw.Kit, lines []Line, n int) {
	end := v.Follow && (!v.opened || v.atEnd())
	n = min(n, len(v.lines))
	v.lines = append(v.lines[:0], v.lines[n:]...)
	first := len(v.lines)
	for i := range lines {
		v.lines = append(v.lines, makeLine(kit, lines[i]))
	}
	v.top, v.origin = v.top.up(n), v.origin.up(n)
	if end {
		v.top = v.end()
	}
	v.settle()
	v.searchOn(n, first)
}

// up is the place when n lines before it are gone.
func (p place) up(n int) place {
	if p.line < n {
		return place{}
	}
	return place{p.line - n, p.row}
}

// Text returns all of the text.
func (v *View) Text() string {
	var b strings.Builder
	for i := range v.lines {
		b.WriteString(strings.TrimRight(v.lines[i].text, " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// Position returns the last line in sight and how many there are.
func (v *View) Position() (at, of int) {
	return min(v.forward(v.top, v.height-1).line+1, len(v.lines)), len(v.lines)
}

// Act does what a key asks of a text and reports whether it was for one.
func (v *View) Act(a keymap.Action) bool {
	switch a {
	case keymap.Down:
		v.Scroll(1)
	case keymap.Up:
		v.Scroll(-1)
	case keymap.PageDown:
		v.Scroll(max(v.height-1, 1))
	case keymap.PageUp:
		v.Scroll(-max(v.height-1, 1))
	case keymap.Top:
		v.top = place{}
	case keymap.Bottom:
		v.top = v.end()
	case keymap.Wrap:
		v.cut, v.left, v.top.row = !v.cut, 0, 0
		v.settle()
	case keymap.Unfold:
		v.sideways(sideStep)
	case keymap.Fold:
		v.sideways(-sideStep)
	case keymap.NextMatch:
		v.NextMatch(1)
	case keymap.PreviousMatch:
		v.NextMatch(-1)
	default:
		return false
	}
	return true
}

// sideways moves a text whose lines are cut, as far as its widest line in
// sight reaches.
func (v *View) sideways(n int) {
	if !v.cut {
		return
	}
	widest := 0
	for i := v.top.line; i < len(v.lines) && i < v.top.line+v.height; i++ {
		widest = max(widest, v.lines[i].width)
	}
	v.left = max(min(v.left+n, widest-v.width/2), 0)
}

// Scroll moves by n rows.
func (v *View) Scroll(n int) {
	if n < 0 {
		v.top = v.back(v.top, -n)
	} else {
		v.top = v.forward(v.top, n)
	}
	v.settle()
}

// settle keeps the view within the text.
func (v *View) settle() {
	if end := v.end(); end.before(v.top) {
		v.top = end
	}
	if v.top.line < len(v.lines) {
		v.top.row = min(v.top.row, v.rowCount(v.top.line)-1)
	}
}

// end is the view's place when it shows the end.
func (v *View) end() place {
	if len(v.lines) == 0 {
		return place{}
	}
	last := len(v.lines) - 1
	return v.back(place{last, v.rowCount(last) - 1}, max(v.height-1, 0))
}

func (v *View) atEnd() bool { return !v.top.before(v.end()) }

// forward is the place n rows on, at most the last.
func (v *View) forward(p place, n int) place {
	for n > 0 && p.line < len(v.lines) {
		if rest := v.rowCount(p.line) - 1 - p.row; n <= rest {
			p.row += n
			return p
		} else if p.line == len(v.lines)-1 {
			p.row += rest
			return p
		} else {
			n -= rest + 1
			p = place{line: p.line + 1}
		}
	}
	return p
}

// back is the place n rows before, at least the first.
func (v *View) back(p place, n int) place {
	for n > 0 {
		switch {
		case n <= p.row:
			p.row -= n
			return p
		case p.line == 0:
			return place{}
		}
		n -= p.row + 1
		p.line--
		p.row = v.rowCount(p.line) - 1
	}
	return p
}

func (v *View) rowCount(i int) int {
	if v.cut || v.lines[i].width <= v.width || v.width <= 0 {
		return 1
	}
	return max(len(v.lines[i].wrap(v.width)), 1)
}

func (v *View) rowsOf(i int) []row {
	if v.cut {
		return nil
	}
	return v.lines[i].wrap(v.width)
}

// Draw returns at most h rows of at most w columns, without a margin.
func (v *View) Draw(kit draw.Kit, w, h int) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	v.fit(w, h)
	rows := make([]string, 0, h)
	for p := v.top; len(rows) < h && p.line < len(v.lines); p = (place{line: p.line + 1}) {
		if v.cut {
			rows = append(rows, v.drawCut(kit, p.line))
			continue
		}
		for _, r := range v.lines[p.line].wrap(w)[p.row:] {
			if len(rows) == h {
				break
			}
			l := draw.NewLine(kit, w).Skip(r.indent)
			v.put(l, p.line, r.from, r.to)
			rows = append(rows, l.String())
		}
	}
	return rows
}

// fit takes the room there is. What was at the top stays there, and a view at
// the end stays at the end.
func (v *View) fit(w, h int) {
	if w == v.width && h == v.height {
		v.opened = v.opened || len(v.lines) > 0
		return
	}
	end := v.Follow && (!v.opened || v.atEnd())
	v.width, v.height = w, h
	if v.top.line < len(v.lines) {
		v.top.row = min(v.top.row, v.rowCount(v.top.line)-1)
	}
	if end {
		v.top = v.end()
	}
	v.settle()
	v.opened = len(v.lines) > 0
}

func (v *View) drawCut(kit draw.Kit, i int) string {
	l := draw.NewLine(kit, v.width)
	from, pad := v.lines[i].skip(v.left)
	l.Skip(pad)
	v.put(l, i, from, len(v.lines[i].text))
	return l.String()
}

// put writes a part of a line, in its roles and with its matches.
func (v *View) put(l *draw.Line, i, from, to int) {
	ln := &v.lines[i]
	next := 0
	for at := from; at < to && l.Left() > 0; {
		for next < len(ln.runs)-1 && ln.runs[next].to <= at {
			next++
		}
		until, role := to, themes.Text
		if len(ln.runs) > 0 {
			until, role = min(until, ln.runs[next].to), ln.runs[next].role
		}
		in, current, stop := v.matchAt(i, at)
		until = min(until, stop)
		var mod themes.Mod
		switch {
		case current:
			mod = themes.Flash | themes.Strong
		case in:
			mod = themes.Flash
		}
		if until <= at {
			return
		}
		l.PutMod(role, mod, ln.text[at:until])
		at = until
	}
}
