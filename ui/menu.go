package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/frame"
	"tenantry/ui/keymap"
)

// menu is a short list to choose from, over the page.
type menu struct {
	title string
	lines []string
	at    int
	take  func(i int) tea.Cmd
}

// menuKey takes a key while a menu is open.
func (a *App) menuKey(action keymap.Action) tea.Cmd {
	m := a.menu
	switch action {
	case keymap.Quit:
		return tea.Quit
	case keymap.Leave:
		a.menu = nil
	case keymap.Next:
		m.at = min(m.at+1, len(m.lines)-1)
	case keymap.Previous:
		m.at = max(m.at-1, 0)
	case keymap.Take:
		a.menu = nil
		return m.take(m.at)
	}
	return nil
}

// openSort offers the columns; worst first is the first choice.
func (a *App) openSort() {
	p, ok := a.page().(sortable)
	if !ok {
		return
	}
	ids, titles := p.sortColumns()
	a.menu = &menu{
		title: "sort by",
		lines: append([]string{"worst first"}, titles...),
		take: func(i int) tea.Cmd {
			id := ""
			if i > 0 {
				id = ids[i-1]
			}
			p.sortBy(id)
			return nil
		},
	}
}

// view draws the menu as a box of at most w × h.
func (m *menu) view(kit draw.Kit, w, h int) []string {
	width := kit.Width(m.title) + 6
	for _, s := range m.lines {
		width = max(width, kit.Width(s)+6)
	}
	width = min(width, w)
	rows := max(min(len(m.lines), h-2), 1)
	first := max(min(m.at-rows/2, len(m.lines)-rows), 0)
	lines := make([]string, 0, rows)
	for i := first; i < first+rows && i < len(m.lines); i++ {
		var mod themes.Mod
		mark := " "
		if i == m.at {
			mod, mark = themes.Cursor, kit.Glyph.Cursor
		}
		lines = append(lines, draw.NewRow(kit, width-2, mod).Put(themes.Accent, mark+" ").Put(themes.Text, m.lines[i]).String())
	}
	return frame.Box(kit, themes.Rule, m.title, lines, width)
}
