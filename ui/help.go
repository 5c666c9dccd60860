package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// helpPage lists the keys of the page it was opened from: those that work there,
// then those that don't, with the reason. It is made from the table of keys, so
// it cannot be wrong.
type helpPage struct {
	*env
	entries []keyRow
	table   *table.Table[int, keyRow]
	f       filter
	tour    func() tea.Cmd // what enter starts; nil outside of the demo
}

type keyRow struct {
	at    int
	entry keymap.Entry
	why   string // it does nothing here; "" = it works
}

func newHelp(e *env, scopes []keymap.Scope, refusal func(keymap.Action) string) *helpPage {
	h := &helpPage{env: e}
	var refused []keyRow
	for _, entry := range e.keys.Help(scopes) {
		if why := refusal(entry.Action); why != "" {
			refused = append(refused, keyRow{entry: entry, why: why})
		} else {
			h.entries = append(h.entries, keyRow{entry: entry})
		}
	}
	for _, entry := range e.keys.Reserved(scopes) {
		refused = append(refused, keyRow{entry: entry, why: "not built yet"})
	}
	h.entries = append(h.entries, refused...)
	for i := range h.entries {
		h.entries[i].at = i
	}
	role := func(r keyRow, works themes.Role) themes.Role {
		if r.why != "" {
			return themes.Muted
		}
		return works
	}
	h.table = table.New(func(r keyRow) int { return r.at },
		table.Column[keyRow]{ID: "key", Title: "KEY", Min: 9, Max: 22,
			Measure: func(r keyRow) int { return nameWidth(keymap.ShowAll(r.entry.Keys)) },
			Draw:    func(l *draw.Line, r keyRow) { l.Put(role(r, themes.Accent), h.showKeys(r.entry)) }},
		table.Column[keyRow]{ID: "what", Title: "WHAT IT DOES HERE", Min: 20, Flex: true,
			Draw: func(l *draw.Line, r keyRow) { l.Put(role(r, themes.Text), h.does(r)) }},
		table.Column[keyRow]{ID: "where", Title: "WHERE", Min: 18, Max: 20, Leave: 1, From: 100,
			Draw: func(l *draw.Line, r keyRow) { l.Put(themes.Muted, r.entry.Scope.String()) }},
	)
	return h
}

// does says what a key does, or why it does not.
func (h *helpPage) does(r keyRow) string {
	if r.why != "" {
		return r.why + ": " + r.entry.Help
	}
	return r.entry.Help
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
	for _, r := range h.entries {
		if h.f.query.Fits(&query.Subject{Name: keymap.ShowAll(r.entry.Keys), Text: []string{h.does(r), r.entry.Scope.String()}}) {
			rows = append(rows, r)
		} else {
			h.f.hidden++
		}
	}
	h.table.SetRows(rows, false)
}

func (h *helpPage) held() bool { return false }

func (h *helpPage) act(a keymap.Action) (tea.Cmd, bool) {
	switch a {
	case keymap.Open:
		if h.tour != nil {
			return h.tour(), true
		}
		return nil, true
	case keymap.Trouble:
		return nil, true
	}
	return nil, moveTable(h.table, a)
}

func (h *helpPage) counts(l *draw.Line) {
	l.Put(themes.Text, "The keys of the page below")
	if h.tour != nil {
		l.Skip(3).Put(themes.Accent, h.key(keymap.Open)).Put(themes.Text, " starts the tour")
	}
}

func (h *helpPage) above(int) string       { return "" }
func (h *helpPage) paneNeeds(int) int      { return 0 }
func (h *helpPage) position() (at, of int) { return h.table.Position(), h.table.Len() }
func (h *helpPage) filter() *filter        { return &h.f }
func (h *helpPage) refilter()              { h.derive(false) }
func (h *helpPage) clickAbove(int, int)    {}
func (h *helpPage) click(_, y int) bool    { return h.table.ClickAt(y) }
func (h *helpPage) scroll(n int)           { h.table.Scroll(n) }
func (h *helpPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Filter, keymap.Escape}
}

func (h *helpPage) body(w, height int) []string {
	lines := h.table.View(h.kit, w, height)
	if h.table.Len() == 0 && height-len(lines) > 1 {
		said := "No key here is for " + h.f.words() + ". " + h.key(keymap.Escape) + " shows all of them again."
		lines = append(lines, "", draw.NewLine(h.kit, w).Skip(3).Put(themes.Text, said).String())
	}
	return lines
}

func (h *helpPage) pane(w, height int) []string {
	r, ok := h.table.Current()
	if !ok {
		return nil
	}
	return drawPane(h.kit, w, height, section{label: "KEY", text: h.showKeys(r.entry) + ": " + r.entry.Help}, section{label: "WHY", text: sentence(upperFirst(r.why))})
}

func (h *helpPage) subject() subject {
	r, ok := h.table.Current()
	if !ok {
		return subject{}
	}
	return subject{name: h.showKeys(r.entry), cause: h.does(r), state: h.kit.Glyph.Nothing()}
}
