package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
)

// item is one line of a menu.
type item struct {
	id   string
	mark mark // the state of what it stands for, if it has one
	text string
	hits []int  // the letters of text that were typed, to be pointed out
	note string // behind the text
	tag  string // at the right: what kind of thing it is
	tick bool
	key  model.Key      // of an object
	take func() tea.Cmd // what enter does
}

// menu is a list to choose from that lies over the page and takes every key
// and click: a short menu, the palette, a picker of several. Only one is open
// at a time.
type menu struct {
	title string
	items []item
	at    int
	// line is what is typed; nil where letters are keys. find then returns
	// what fits.
	line   *editLine
	prompt string
	hint   string // stands there while nothing is typed
	find   func(typed string) []item
	empty  func() string // why nothing fits
	// pick is for several: space ticks through it, and enter takes what is
	// ticked.
	pick *picker
	// moved is called when the cursor comes to a line, leave when nothing was
	// taken.
	moved func(item)
	leave func()
	// complete turns what is typed and the line under the cursor into more.
	complete func(typed string, it item) string
	// about are words on the line under the cursor.
	about func(it item) []section
	foot  int // lines kept for about
	wide  int // columns wanted; 0 = as wide as its lines
	tall  int // lines wanted; 0 = as many as there are

	first, rows int // lines seen, as of the last view
}

// scope is the layer of keys a menu has.
func (m *menu) scope() keymap.Scope {
	switch {
	case m.pick != nil:
		return keymap.Picker
	case m.line != nil:
		return keymap.Typing
	}
	return keymap.Menu
}

// show opens a menu over the page.
func (a *App) show(m *menu) {
	if m.find != nil {
		m.items = m.find("")
	}
	m.at = min(m.at, max(len(m.items)-1, 0))
	a.menu = m
}

// menuKey takes a key while a menu is open.
func (a *App) menuKey(action keymap.Action, msg tea.KeyPressMsg) tea.Cmd {
	m := a.menu
	switch action {
	case keymap.Quit:
		return a.leaveProgram()
	case keymap.Leave:
		a.leaveMenu()
	case keymap.Next:
		m.move(1)
	case keymap.Previous:
		m.move(-1)
	case keymap.Take:
		return a.takeMenu()
	case keymap.Complete:
		if it, ok := m.current(); ok && m.complete != nil {
			m.typed(m.complete(m.line.String(), it))
		}
	case keymap.Tick:
		if it, ok := m.current(); ok {
			m.pick.toggle(it.id)
			m.refresh()
			m.move(1)
		}
	case keymap.TickAll:
		m.pick.toggleAll(m.items)
		m.refresh()
	default:
		m.other(msg)
	}
	return nil
}

// other is a key that is none of the menu's own: it moves by screens, edits
// the line, or is text.
func (m *menu) other(msg tea.KeyPressMsg) {
	key := msg.String()
	switch key {
	case "pgdown":
		m.move(max(m.rows-1, 1))
		return
	case "pgup":
		m.move(-max(m.rows-1, 1))
		return
	}
	if m.line == nil {
		return
	}
	if !m.line.key(key) {
		if msg.Text == "" {
			return
		}
		m.line.insert(msg.Text)
	}
	m.narrow()
}

// paste is text, where any is typed.
func (m *menu) paste(s string) {
	if m.line != nil {
		m.line.insert(s)
		m.narrow()
	}
}

// typed replaces what is typed.
func (m *menu) typed(s string) {
	*m.line = editLine{}
	m.line.insert(s)
	m.narrow()
}

// narrow asks what fits what is typed, and goes to the best of it.
func (m *menu) narrow() {
	m.at, m.first = 0, 0
	m.refresh()
	m.arrived()
}

// refresh asks again and stays where it is.
func (m *menu) refresh() {
	if m.find != nil {
		m.items = m.find(m.line.String())
	}
	m.at = max(min(m.at, len(m.items)-1), 0)
}

func (m *menu) move(n int) {
	before := m.at
	m.at = max(min(m.at+n, len(m.items)-1), 0)
	if m.at != before {
		m.arrived()
	}
}

func (m *menu) arrived() {
	if it, ok := m.current(); ok && m.moved != nil {
		m.moved(it)
	}
}

func (m *menu) current() (item, bool) {
	if m.at < 0 || m.at >= len(m.items) {
		return item{}, false
	}
	return m.items[m.at], true
}

func (a *App) leaveMenu() {
	m := a.menu
	a.menu = nil
	if m.leave != nil {
		m.leave()
	}
}

// takeMenu closes the menu and does what its line is for. Where nothing fits,
// there is nothing to take, and what was typed can be mended.
func (a *App) takeMenu() tea.Cmd {
	m := a.menu
	if m.pick != nil {
		if cmd, done := m.pick.take(m); done {
			a.menu = nil
			return cmd
		}
		return nil
	}
	it, ok := m.current()
	if !ok {
		return nil
	}
	a.menu = nil
	if it.take == nil {
		return nil
	}
	return it.take()
}

// picker is what a menu of several has ticked.
type picker struct {
	ticked map[string]bool // by the items' ids
	// take takes what is ticked, or the line under the cursor.
	take func(m *menu) (tea.Cmd, bool)
}

func (p *picker) toggle(id string) {
	if p.ticked[id] {
		delete(p.ticked, id)
		return
	}
	p.ticked[id] = true
}

// toggleAll ticks every line shown, or none of them when all are.
func (p *picker) toggleAll(items []item) {
	all := true
	for _, it := range items {
		all = all && (it.id == "" || p.ticked[it.id])
	}
	for _, it := range items {
		switch {
		case it.id == "": // a line that can't be ticked
		case all:
			delete(p.ticked, it.id)
		default:
			p.ticked[it.id] = true
		}
	}
}

// sorting is the name of the order a page has by itself.
func sorting(p sortable) string {
	if own, ok := p.(interface{ sorting() string }); ok {
		return own.sorting()
	}
	return "worst first"
}

// openSort offers the columns; the page's own order is the first choice.
func (a *App) openSort() {
	p, ok := a.page().(sortable)
	if !ok {
		return
	}
	m := &menu{title: "sort by", items: []item{{text: sorting(p), take: func() tea.Cmd { p.sortBy(""); return nil }}}}
	ids, titles := p.sortColumns()
	for i, id := range ids {
		m.items = append(m.items, item{text: titles[i], take: func() tea.Cmd { p.sortBy(id); return nil }})
	}
	a.show(m)
}
