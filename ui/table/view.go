package table

import (
	"slices"
	"strings"

	"tenantry/themes"
	"tenantry/ui/draw"
)

// View draws the head and the rows into w × h; there are never more than h
// lines.
func (t *Table[K, V]) View(kit draw.Kit, w, h int) []string {
	if h <= 0 {
		return nil
	}
	lines := make([]string, 0, h)
	if t.Bare {
		t.Fit(w, h)
	} else {
		t.Fit(w, h-1)
		lines = append(lines, t.head(kit, w))
	}
	for i := t.offset; i < len(t.rows) && len(lines) < h; i++ {
		lines = append(lines, t.row(kit, w, i))
	}
	return lines
}

// Fit sets the room for the rows without drawing.
func (t *Table[K, V]) Fit(w, h int) {
	if t.drawn == 0 {
		t.offset = 0 // until now there was no room to see rows in
	}
	if w != t.drawn {
		t.drawn, t.aside = w, 0 // what came into view may have room of its own now
	}
	if w != t.width {
		t.placed, t.width = layout(t.columns, t.want, w, t.aside), w
	}
	if h = max(h, 1); h != t.height {
		t.height = h
		t.settle()
	}
}

// Place returns where a column is in the layout drawn last, and how wide.
func (t *Table[K, V]) Place(id string) (x, width int, ok bool) {
	for i := range t.placed {
		if p := &t.placed[i]; p.ID == id {
			return p.x, p.width, true
		}
	}
	return 0, 0, false
}

// Titles writes the columns' titles, for a row that brings the head.
func (t *Table[K, V]) Titles(kit draw.Kit, l *draw.Line) { t.titles(kit, l) }

// Shows reports whether a column has room at the width drawn last.
func (t *Table[K, V]) Shows(id string) bool {
	return slices.ContainsFunc(t.placed, func(p placed[V]) bool { return p.ID == id })
}

func (t *Table[K, V]) head(kit draw.Kit, w int) string {
	left, right := t.elsewhere(kit)
	l := draw.NewLine(kit, w).Put(themes.Accent, left)
	if right == "" {
		return t.titles(kit, l).String()
	}
	n := kit.Width(right)
	l.Cell(w-n-2-l.X(), func(l *draw.Line) { t.titles(kit, l) })
	return l.To(w-n-1).Put(themes.Accent, right).String()
}

func (t *Table[K, V]) titles(kit draw.Kit, l *draw.Line) *draw.Line {
	for i := range t.placed {
		p := &t.placed[i]
		if p.Title == "" {
			continue
		}
		arrow := ""
		if t.sortBy == p.ID {
			arrow = kit.Glyph.UpDown[0]
			if t.desc {
				arrow = kit.Glyph.UpDown[1]
			}
		}
		title := p.Title + arrow
		room := min(p.width, l.X()+l.Left()-p.x)
		if p.Short != "" && kit.Width(title) > room {
			title = p.Short + arrow
		}
		if room < p.width && kit.Width(title) > room {
			continue // where the columns out of sight are told begins
		}
		if p.Right {
			// The arrow may take the gap: a title that is cut says less.
			more := min(max(kit.Width(title)-p.width, 0), Gap)
			l.To(p.x-more).FitRight(themes.Head, 0, title, p.width+more)
			continue
		}
		l.To(p.x).Cell(p.width, func(l *draw.Line) {
			word := strings.TrimLeft(title, " ") // an underlined head begins at its word
			l.Skip(len(title)-len(word)).Put(themes.Head, word)
		})
	}
	return l
}

func (t *Table[K, V]) row(kit draw.Kit, w, i int) string {
	v := t.rows[i]
	var mod themes.Mod
	mark := " "
	if i == t.at {
		mod, mark = themes.Cursor, kit.Glyph.Cursor
		if !kit.Theme.Colour {
			mark = ">"
		}
	}
	l := draw.NewRow(kit, w, mod).Put(themes.Accent, mark)
	if t.marked[t.key(v)] > 0 {
		l.Put(themes.Accent, kit.Glyph.Marked)
	}
	if t.Fresh != nil && t.Fresh(v) {
		l.Put(themes.Changed, kit.Glyph.Fresh)
	}
	if t.Whole != nil && t.Whole(l, v) {
		return l.String()
	}
	for j := range t.placed {
		p := &t.placed[j]
		l.To(p.x)
		if t.Mods != nil {
			l.Lay(t.Mods(v, p.ID))
		}
		l.Cell(p.width, func(l *draw.Line) { p.Draw(l, v) })
	}
	return l.String()
}
