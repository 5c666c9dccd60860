package terminal

import "github.com/hinshun/vt10x"

// Color is a terminal colour: below 16 one of the sixteen, below 256 of the
// palette, else 1<<24 | RGB, or DefaultColor.
type Color uint32

// DefaultColor is the terminal's own foreground or background.
const DefaultColor Color = 1 << 31

// Style is how a cell is drawn.
type Style struct {
	Foreground, Background                  Color
	Bold, Faint, Italic, Underline, Reverse bool
}

// Cell is one character on the screen.
type Cell struct {
	Rune  rune
	Style Style
}

// The attribute bits of vt10x's glyphs, which it does not export.
const (
	attrReverse = 1 << iota
	attrUnderline
	attrBold
	_
	attrItalic
)

// Cells returns the screen with its colours.
func (s *Session) Cells() [][]Cell {
	s.mu.Lock()
	defer s.mu.Unlock()
	cols, rows := s.vt.Size()
	out := make([][]Cell, rows)
	for y := range out {
		out[y] = make([]Cell, cols)
		for x := range out[y] {
			g := s.vt.Cell(x, y)
			r := g.Char
			if r == 0 {
				r = ' '
			}
			reverse := g.Mode&attrReverse != 0
			fg, bg := color(g.FG), color(g.BG)
			if reverse {
				fg, bg = color(g.BG), color(g.FG) // vt10x has them swapped already
			}
			out[y][x] = Cell{Rune: r, Style: Style{Foreground: fg, Background: bg, Reverse: reverse,
				Bold: g.Mode&attrBold != 0, Underline: g.Mode&attrUnderline != 0, Italic: g.Mode&attrItalic != 0}}
		}
	}
	return out
}

// Cursor is where the cursor stands, from 0; y is -1 while it is hidden.
func (s *Session) Cursor() (y, x int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.vt.Cursor()
	if !s.vt.CursorVisible() {
		return -1, -1
	}
	return c.Y, c.X
}

func color(c vt10x.Color) Color {
	switch {
	case c >= 1<<24: // DefaultFG, DefaultBG, DefaultCursor
		return DefaultColor
	case c < 256:
		return Color(c)
	}
	return 1<<24 | Color(c)
}
