// Package draw writes styled lines that are never wider than they may be.
// Everything it is given is cleaned first, so that text from a cluster cannot
// reach the terminal in any other shape than as text.
package draw

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/glyph"
	"tenantry/ui/text"
)

// Kit is what drawing needs: a theme and a set of glyphs.
type Kit struct {
	Theme *themes.Theme
	Glyph *glyph.Set
}

// Text prepares a string for this terminal.
func (k Kit) Text(s string) string {
	s = text.Clean(s)
	if k.Glyph.ASCII {
		s = text.ASCII(s)
	}
	return s
}

// Cut cleans s and cuts it to w columns at its end.
func (k Kit) Cut(s string, w int) string { return text.Cut(k.Text(s), w, k.Glyph.Ellipsis) }

// CutMiddle cleans s and cuts it to w columns in the middle, as names are.
func (k Kit) CutMiddle(s string, w int) string {
	return text.CutMiddle(k.Text(s), w, k.Glyph.Ellipsis)
}

// Width returns the columns s takes once it is drawn.
func (k Kit) Width(s string) int { return text.Width(k.Text(s)) }

// Line is a line under construction. What does not fit is cut; after the last
// column nothing more is taken.
type Line struct {
	kit  Kit
	b    strings.Builder
	w, x int
	mod  themes.Mod // laid over everything, e.g. the cursor's row
	lay  themes.Mod // laid over what comes next, e.g. a cell that changed
	pre  string     // the style that is switched on
	post string
}

// NewLine begins a line of w columns.
func NewLine(kit Kit, w int) *Line { return NewRow(kit, w, 0) }

// NewRow begins a line that has m laid over all of it.
func NewRow(kit Kit, w int, m themes.Mod) *Line {
	l := &Line{kit: kit, w: max(w, 0), mod: m}
	l.b.Grow(l.w + l.w/2 + 32)
	return l
}

// Put writes s in the style of a role.
func (l *Line) Put(r themes.Role, s string) *Line { return l.PutMod(r, 0, s) }

// PutMod is Put with mods laid over the role.
func (l *Line) PutMod(r themes.Role, m themes.Mod, s string) *Line {
	if s == "" || l.x >= l.w {
		return l
	}
	s = l.kit.Cut(s, l.w-l.x)
	l.raw(r, m, s, text.Width(s))
	return l
}

// Fit writes s into exactly w columns, cut or filled up.
func (l *Line) Fit(r themes.Role, m themes.Mod, s string, w int) *Line {
	end := min(l.x+w, l.w)
	s = l.kit.Cut(s, end-l.x)
	l.raw(r, m, s, text.Width(s))
	return l.To(end)
}

// FitRight is Fit with the text at the right.
func (l *Line) FitRight(r themes.Role, m themes.Mod, s string, w int) *Line {
	end := min(l.x+w, l.w)
	s = l.kit.Cut(s, end-l.x)
	l.To(end - text.Width(s))
	l.raw(r, m, s, text.Width(s))
	return l
}

// Skip moves n columns on.
func (l *Line) Skip(n int) *Line { return l.To(l.x + n) }

// To fills the line with blanks up to column x.
func (l *Line) To(x int) *Line {
	x = min(x, l.w)
	if n := x - l.x; n > 0 {
		l.raw(themes.Text, 0, blanks(n), n)
	}
	return l
}

// Lay lays mods over what is written from here on; 0 ends it.
func (l *Line) Lay(m themes.Mod) *Line { l.lay = m; return l }

// Cell lets f write into the next w columns, and into no others.
func (l *Line) Cell(w int, f func(*Line)) *Line {
	whole, end := l.w, min(l.x+max(w, 0), l.w)
	l.w = end
	f(l)
	l.w, l.lay = whole, 0
	return l.To(end)
}

// X is the column the next text goes to.
func (l *Line) X() int { return l.x }

// Left is how many columns are left.
func (l *Line) Left() int { return l.w - l.x }

// raw writes clean text of a known width; neighbours of one style share one
// sequence.
func (l *Line) raw(r themes.Role, m themes.Mod, s string, w int) {
	if s == "" {
		return
	}
	m |= l.mod | l.lay
	pre := l.kit.Theme.Before(r, m)
	if pre != l.pre {
		l.b.WriteString(l.post)
		l.b.WriteString(pre)
		l.pre, l.post = pre, l.kit.Theme.After(r, m)
	}
	l.b.WriteString(s)
	l.x += w
}

// String ends the line. A row with a mod is filled to its end, so that its
// background reaches the edge.
func (l *Line) String() string {
	if l.mod != 0 {
		l.To(l.w)
	}
	l.b.WriteString(l.post)
	l.pre, l.post = "", ""
	return l.b.String()
}

const manyBlanks = "                                                                                                                                "

func blanks(n int) string {
	if n <= len(manyBlanks) {
		return manyBlanks[:n]
	}
	return strings.Repeat(" ", n)
}

// PadStyled fills a finished line with blanks up to w columns.
func PadStyled(s string, w int) string {
	if n := w - ansi.StringWidth(s); n > 0 {
		return s + blanks(n)
	}
	return s
}
