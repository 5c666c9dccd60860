package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// helpPage lists the keys that work on the page it was opened from. It is made
// from the table of keys, so it cannot be wrong.
type helpPage struct {
	*env
	entries []keymap.Entry
	table   *table.Table[int, keyRow]
	f       filter
}

type keyRow struct {
	at    int
	entry keymap.Entry
}

func newHelp(e *env, scopes []keymap.Scope) *helpPage {
	h := &helpPage{env: e, entries: e.keys.Help(scopes)}
	h.table = table.New(func(r keyRow) int { return r.at },
		table.Column[keyRow]{ID: "key", Title: "KEY", Min: 9, Max: 22,
			Measure: func(r keyRow) int { return nameWidth(keymap.ShowAll(r.entry.Keys)) },
			Draw:    func(l *draw.Line, r keyRow) { l.Put(themes.Accent, h.showKeys(r.entry)) }},
		table.Column[keyRow]{ID: "what", Title: "WHAT IT DOES HERE", Min: 20, Flex: true,
			Draw: func(l *draw.Line, r keyRow) { l.Put(themes.Text, r.entry.Help) }},
		table.Column[keyRow]{ID: "where", Title: "WHERE", Min: 18, Max: 20, Leave: 1, From: 70,
			Draw: func(l *draw.Line, r keyRow) { l.Put(themes.Muted, r.entry.Scope.String()) }},
	)
	return h
}

func (h *helpPage) showKeys(e keymap.Entry) string {
	s := ""
	for i, k := range e.Keys {
		if i > 0 {
			s += " "
		}
		k = keymap.Show(k)
		if h.kit.Glyph.ASCII {
			k = asciiKey(k)
		}
		s += k
	}
	return s
}

func (h *helpPage) crumbs() []string { return []string{"keys"} }

func (h *helpPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.List} }

func (h *helpPage) derive(bool) {
	var rows []keyRow
	h.f.hidden = 0
	for i, e := range h.entries {
		if h.f.query.Fits(&query.Subject{Name: keymap.ShowAll(e.Keys), Text: []string{e.Help}}) {
			rows = append(rows, keyRow{i, e})
		} else {
			h.f.hidden++
		}
	}
	h.table.SetRows(rows, false)
}

func (h *helpPage) held() bool { return false }

func (h *helpPage) act(a keymap.Action) (tea.Cmd, bool) {
	switch a {
	case keymap.Trouble, keymap.Sort, keymap.Open:
		return nil, true
	}
	return nil, moveTable(h.table, a)
}

func (h *helpPage) counts(l *draw.Line) {
	l.Put(themes.Text, "Keys that work on the page below; what is typed after / narrows them")
}

func (h *helpPage) above(int) string            { return "" }
func (h *helpPage) body(w, height int) []string { return h.table.View(h.kit, w, height) }
func (h *helpPage) paneNeeds(int) int           { return 0 }
func (h *helpPage) position() (at, of int)      { return h.table.Position(), h.table.Len() }
func (h *helpPage) filter() *filter             { return &h.f }
func (h *helpPage) refilter()                   { h.derive(false) }
func (h *helpPage) clickAbove(int, int)         {}
func (h *helpPage) click(_, y int) bool         { return h.table.ClickAt(y) }
func (h *helpPage) scroll(n int)                { h.table.Scroll(n) }
func (h *helpPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Filter, keymap.Escape}
}

func (h *helpPage) pane(w, height int) []string {
	r, ok := h.table.Current()
	if !ok {
		return nil
	}
	return drawPane(h.kit, w, height, section{label: "KEY", text: h.showKeys(r.entry) + ": " + r.entry.Help})
}

func (h *helpPage) subject() subject {
	r, ok := h.table.Current()
	if !ok {
		return subject{}
	}
	return subject{name: h.showKeys(r.entry), cause: r.entry.Help, state: h.kit.Glyph.Nothing()}
}
