package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/frame"
	"tenantry/ui/keymap"
)

// menuMargin is what stays of the page on both sides of a menu, where there is
// room for that.
const menuMargin = 4

// view draws the menu as a box of at most w × h, and says where in it the
// cursor of its typed line stands.
func (m *menu) view(kit draw.Kit, w, h int) (lines []string, cursor *tea.Cursor) {
	width := m.width(kit, w)
	inner := max(width-2, 0)
	room := max(h-2, 1)
	var head []string
	if m.line != nil {
		line, x := m.typedLine(kit, inner)
		head = append(head, line)
		cursor = tea.NewCursor(min(x+1, max(width-2, 0)), 1)
		room--
	}
	foot := m.footLines(kit, inner, room)
	room -= len(foot)
	m.rows = len(m.items)
	if m.tall > 0 {
		m.rows = m.tall
	}
	m.rows = max(min(m.rows, room), 1)
	m.settle()
	lines = append(head, m.list(kit, inner)...)
	return frame.Box(kit, themes.Rule, m.title, append(lines, foot...), width), cursor
}

func (m *menu) width(kit draw.Kit, w int) int {
	width := m.wide
	if width == 0 {
		width = kit.Width(m.title) + 6
		for i := range m.items {
			width = max(width, kit.Width(m.items[i].text)+6)
		}
	}
	if w > 60 {
		w -= menuMargin
	}
	return min(width, w)
}

// settle keeps the cursor in sight.
func (m *menu) settle() {
	m.first = min(m.first, m.at, max(len(m.items)-m.rows, 0))
	m.first = max(m.first, m.at-m.rows+1, 0)
}

func (m *menu) typedLine(kit draw.Kit, w int) (line string, cursor int) {
	l := draw.NewLine(kit, w).Skip(1).Put(themes.Accent, m.prompt)
	cursor = l.X() + kit.Width(string(m.line.runes[:m.line.at]))
	l.PutMod(themes.Text, themes.Strong, m.line.String())
	if len(m.line.runes) == 0 {
		l.Skip(1).Put(themes.Muted, m.hint)
	}
	return l.String(), cursor
}

func (m *menu) list(kit draw.Kit, w int) []string {
	lines := make([]string, 0, m.rows)
	columns := m.columns(kit, w)
	for i := m.first; i < len(m.items) && len(lines) < m.rows; i++ {
		lines = append(lines, m.row(kit, w, i, columns))
	}
	if len(m.items) == 0 && m.empty != nil {
		for _, s := range wrap(kit, m.empty(), w-4) {
			if len(lines) < m.rows {
				lines = append(lines, draw.NewLine(kit, w).Skip(2).Put(themes.Muted, s).String())
			}
		}
	}
	for m.tall > 0 && len(lines) < m.rows { // what is found must not make the box jump
		lines = append(lines, "")
	}
	return lines
}

// noteFrom is the width below which a menu's lines are their text alone.
const noteFrom = 30

// menuColumns are how wide the parts of the lines in sight are.
type menuColumns struct{ mark, text, tag int }

func (m *menu) columns(kit draw.Kit, w int) menuColumns {
	var c menuColumns
	notes := false
	for i := m.first; i < min(len(m.items), m.first+m.rows); i++ {
		it := &m.items[i]
		if it.mark.Shape != "" {
			c.mark = 2
		}
		notes = notes || it.note != ""
		c.text, c.tag = max(c.text, kit.Width(it.text)), max(c.tag, kit.Width(it.tag))
	}
	if w < compactFrom { // the tags become notes
		notes = notes || c.tag > 0
		c.tag = 0
	}
	if notes && w >= noteFrom {
		c.text = min(c.text, w/2-2)
	} else {
		c.text = w
	}
	return c
}

func (m *menu) row(kit draw.Kit, w, i int, c menuColumns) string {
	it := &m.items[i]
	var mod themes.Mod
	mark := " "
	if i == m.at {
		mod, mark = themes.Cursor, kit.Glyph.Cursor
		if !kit.Theme.Colour {
			mark = ">"
		}
	}
	l := draw.NewRow(kit, w, mod).Put(themes.Accent, mark).Skip(1)
	if m.pick != nil {
		tick := "[ ] "
		if it.tick {
			tick = "[x] "
		}
		l.Put(themes.Text, tick)
	}
	if c.mark > 0 {
		l.Put(it.mark.Role, it.mark.Shape).To(l.X() + c.mark - kit.Width(it.mark.Shape))
	}
	tag := 0
	if c.tag > 0 {
		tag = c.tag + 2
	}
	l.Cell(l.Left()-tag, func(l *draw.Line) {
		l.Cell(min(c.text, l.Left()), func(l *draw.Line) { putHits(l, kit, it) })
		note := it.note
		if tag == 0 {
			note = join(it.tag, it.note)
		}
		if note != "" {
			l.Skip(2).Put(themes.Muted, note)
		}
	})
	if tag > 0 {
		l.Skip(1).Put(themes.Muted, it.tag)
	}
	return l.String()
}

// putHits writes an item's text, the letters that were typed strong. What has
// to be cut is cut in the middle, as names are, and then points nothing out.
func putHits(l *draw.Line, kit draw.Kit, it *item) {
	if s := kit.CutMiddle(it.text, l.Left()); s != it.text || len(it.hits) == 0 {
		l.Put(themes.Text, s)
		return
	}
	from := 0
	for i := 0; i < len(it.hits); {
		at := it.hits[i]
		to := at
		for i < len(it.hits) && it.hits[i] == to {
			to++
			i++
		}
		if at < from || to > len(it.text) {
			break
		}
		l.Put(themes.Text, it.text[from:at]).Put(themes.Accent, it.text[at:to])
		from = to
	}
	l.Put(themes.Text, it.text[from:])
}

// footLines are the words on the line under the cursor, below a rule; where
// there is little room the list goes first.
func (m *menu) footLines(kit draw.Kit, w, room int) []string {
	it, ok := m.current()
	if m.about == nil || m.foot == 0 || w < noteFrom || room < m.foot+1+listShare {
		return nil
	}
	lines := []string{draw.NewLine(kit, w).Put(themes.Rule, strings.Repeat(kit.Glyph.Rule, w)).String()}
	if ok {
		lines = append(lines, drawPane(kit, w, m.foot, m.about(it)...)...)
	}
	for len(lines) < m.foot+1 {
		lines = append(lines, "")
	}
	return lines
}

// listShare is what the list keeps before its foot gets anything.
const listShare = 4

// clickMenu takes a click while a menu is open: on a line it takes it, or
// ticks it where several can be; beside the menu it closes it.
func (a *App) clickMenu(x, y int) tea.Cmd {
	m, at := a.menu, a.menuAt
	if !at.holds(x, y) {
		a.leaveMenu()
		return nil
	}
	row := y - at.y - 1
	if m.line != nil {
		row--
	}
	i := m.first + row
	if row < 0 || row >= m.rows || i >= len(m.items) {
		return nil
	}
	m.at = i
	m.arrived()
	if m.pick != nil {
		return a.menuKey(keymap.Tick, tea.KeyPressMsg{})
	}
	return a.takeMenu()
}

// menuHints are the keys named on the key line while a menu is open.
func (m *menu) hints() []keymap.Action {
	hints := []keymap.Action{keymap.Take, keymap.Leave}
	if m.find != nil || len(m.items) > 1 {
		hints = append(hints, keymap.Previous, keymap.Next)
	}
	switch {
	case m.pick != nil:
		hints = slices.Insert(hints, 1, keymap.Tick, keymap.TickAll)
	case m.complete != nil:
		hints = slices.Insert(hints, 1, keymap.Complete)
	}
	return hints
}
