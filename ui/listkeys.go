package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
)

func (l *list) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(l.table, a) {
		return nil, true
	}
	r, ok := l.table.Current()
	if !ok {
		return nil, a == keymap.Fold || a == keymap.Unfold
	}
	switch a {
	case keymap.Mark:
		l.table.Mark()
	case keymap.MarkAll:
		l.table.MarkAll()
	case keymap.Open:
		switch {
		case r.denied != nil: // what is refused can't be opened
		case r.folds():
			l.fold(r, !l.isOpen(r))
		default:
			return l.page.enter(r), true
		}
	case keymap.Fold:
		if head := r.headOrSelf(); head.folds() {
			l.fold(head, false)
			return nil, true
		}
		l.table.Sideways(-1)
	case keymap.Unfold:
		if r.folds() {
			l.fold(r, true)
			return nil, true
		}
		l.table.Sideways(1)
	default:
		return nil, false
	}
	return nil, true
}

// fold shows the rows under a head, or hides them; the cursor goes to the head.
func (l *list) fold(head *listRow, open bool) {
	l.chosen[head.foldID()] = open
	l.refilter()
	l.table.Select(head.id)
}

// enter opens the object, or else the tenant.
func (l *list) enter(r *listRow) tea.Cmd {
	switch {
	case r.object != nil:
		return l.paths.open(newObjectPage(l.env, r.object.Key))
	case l.store.Get(r.id.key) != nil:
		return l.paths.open(newObjectPage(l.env, r.id.key))
	}
	return l.paths.open(l.tenantPage(r.tenant))
}

// tenantPage is the page of a tenant, by its row's key.
func (e *env) tenantPage(row string) screen {
	if row == model.PlatformKey {
		return newTenantPage(e, model.PlatformName, true)
	}
	return newTenantPage(e, row, false)
}

// aim puts the cursor on an object, else on the tenant's first row.
func (l *list) aim(at spot) {
	first := -1
	for i, r := range l.table.Rows() {
		if at.key != (model.Key{}) && (r.about() == at.key || slices.ContainsFunc(r.under, func(u *listRow) bool { return u.id.key == at.key })) {
			l.table.Select(r.id)
			return
		}
		if first < 0 && r.tenant == at.tenant && r.denied == nil {
			first = i
		}
	}
	if first >= 0 {
		l.table.Select(l.table.Rows()[first].id)
	}
}

func (l *list) marked() []spot {
	var out []spot
	for _, id := range l.table.Marked() {
		at := spot{id.tenant, id.key}
		if at.tenant == "" {
			at.tenant = l.store.TenantOf(id.key)
		}
		out = append(out, at)
	}
	return out
}

func (l *list) marks() (n, hidden int) { return l.table.Marks() }
func (l *list) unmark() bool           { return l.table.Unmark() }
func (l *list) position() (at, of int) { return l.table.Position(), l.table.Stops() }
func (l *list) filter() *filter        { return &l.f }
func (l *list) refilter()              { l.table.SetRows(l.arrange(false), false) }
func (l *list) clickAbove(int, int)    {}
func (l *list) scroll(n int)           { l.table.Scroll(n) }

func (l *list) sortColumns() (ids, titles []string) { return l.table.Sortable() }
func (l *list) sortBy(id string) {
	l.table.SortBy(id)
	l.refilter()
}

func (l *list) click(x, y int) bool {
	if y == 0 && !l.table.Bare {
		if id, ok := l.table.HeadAt(x); ok {
			l.sortBy(id)
		}
		return false
	}
	return l.table.ClickAt(y)
}
