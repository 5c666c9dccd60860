package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// list is a flat page over all tenants: a row is an object, whoever's it is.
// What is particular to one such page, its listPage says.
type list struct {
	*env
	page    listPage
	table   *table.Table[listID, *listRow]
	f       filter
	narrow  bool       // drawn with less room than wide
	mixed   bool       // rows are of several kinds
	all     []*listRow // every row in the scope, filtered out or not
	tally   tally
	settled bool            // the cursor was put on the first row of a complete picture
	chosen  map[listID]bool // which rows a person folded (false) or unfolded
	asked   query.Subject   // the row the filter looks at; one for all
	heads   []*listRow      // the rows in order, without those under them
	late    bool            // some hold places that are not theirs any more
	// block makes all rows under one that is unfolded, in pages where not every
	// row under it is its own object's; whole says that the filter lets all of
	// them through.
	block func(head *listRow, whole bool) []*listRow
}

// listPage is what a flat page has of its own.
type listPage interface {
	title() string
	// kinds are what the rows are made of: their refusal, absence and age are
	// the page's to say.
	kinds() []model.Kind
	// gather returns the rows within the scope, by tenant; their order says
	// nothing yet.
	gather() []*listRow
	// order puts rows into the order the page has when none was chosen, and
	// sorting is its name in the menu.
	order([]*listRow)
	sorting() string
	// found says what a row can be found by.
	found(*listRow, *query.Subject)
	sections(*listRow) []section
	// enter opens what the row is about.
	enter(*listRow) tea.Cmd
	// nothing says why there are no rows although all was read.
	nothing() (head, body string)
}

func newList(e *env, page listPage, columns ...table.Column[*listRow]) list {
	l := list{env: e, page: page, chosen: map[listID]bool{}}
	l.table = table.New(func(r *listRow) listID { return r.id }, columns...)
	l.table.Flat = true
	l.table.Fresh = func(r *listRow) bool { return r.marks.isFresh(e.local) }
	l.table.Markable = func(r *listRow) bool { return r.denied == nil }
	l.table.Mods = func(r *listRow, column string) themes.Mod {
		switch column {
		case colState:
			return r.marks.mods(cellState, e.local)
		case colRevision:
			return r.marks.mods(cellRevision, e.local)
		case colGeneration:
			return r.marks.mods(cellGeneration, e.local)
		}
		return 0
	}
	return l
}

func (l *list) crumbs() []string       { return []string{l.page.title()} }
func (l *list) scopes() []keymap.Scope { return []keymap.Scope{keymap.List, keymap.Page} }
func (l *list) held() bool             { return l.late }
func (l *list) above(int) string       { return "" }

// derive takes a new picture. Until a person has moved it, and while the first
// lists come in, the cursor stands on the first row: the worst.
func (l *list) derive(hold bool) {
	loading := !l.store.Complete()
	l.all = l.page.gather()
	l.table.SetRows(l.arrange(hold && !loading), false)
	l.table.KeepMarks(l.there)
	if !l.table.Chosen() && !l.settled && l.table.Len() > 0 {
		l.table.Select(l.table.Rows()[0].id)
		l.settled = !loading
	}
}

// there reports whether a row's object is still in the cluster.
func (l *list) there(id listID) bool {
	if id.key == (model.Key{}) {
		return l.store.Tenant(id.tenant) != nil
	}
	return l.store.Get(id.key) != nil
}

// arrange puts the rows of the picture that fit the filter in order. With hold
// those that others are under keep their places, and what is under them stays
// there.
func (l *list) arrange(hold bool) []*listRow {
	all := l.all
	l.tally.reset()
	rows := make([]*listRow, 0, len(all)+1)
	unfolds := false
	l.mixed = false
	same := 0 // rows of one state in a row
	for i, r := range all {
		l.mixed = l.mixed || r.about().Kind != all[0].about().Kind
		if same++; i == len(all)-1 || all[i+1].state.Word != r.state.Word {
			l.tally.of[r.state.Word] += same
			same = 0
		}
		if l.fits(r) || slices.ContainsFunc(r.under, l.fits) {
			rows = append(rows, r)
			unfolds = unfolds || l.isOpen(r)
		}
	}
	l.f.hidden = len(all) - len(rows)
	if by, _ := l.table.Sorted(); by == "" {
		l.page.order(rows)
	} else {
		l.table.Sort(rows)
	}
	if !l.f.query.Empty() {
		rows = exactFirst(rows, func(r *listRow) bool { return l.f.query.Exact(r.id.key.Name) || l.f.query.Exact(r.tenant) })
	}
	l.late = false
	if hold {
		rows, l.late = table.Hold(l.heads, rows, func(r *listRow) listID { return r.id })
	}
	l.heads = rows
	if unfolds {
		rows = l.unfold(rows)
	}
	if denied := l.deniedRow(); denied != nil && !l.f.on() {
		rows = append(rows, denied)
	}
	return rows
}

// unfold puts the rows that are under others behind them: all of them, or
// those that fit when their head does not.
func (l *list) unfold(heads []*listRow) []*listRow {
	rows := make([]*listRow, 0, 2*len(heads))
	for _, r := range heads {
		rows = append(rows, r)
		if !l.isOpen(r) {
			continue
		}
		if r.grow != nil {
			r.under = r.grow()
		}
		if l.block != nil {
			rows = append(rows, l.block(r, l.fits(r))...)
			continue
		}
		whole := l.fits(r)
		for _, u := range r.under {
			if whole || l.fits(u) {
				rows = append(rows, u)
			}
		}
	}
	return rows
}

// isOpen reports whether the rows under one are shown.
func (l *list) isOpen(r *listRow) bool {
	if open, chosen := l.chosen[r.foldID()]; chosen {
		return open && r.folds()
	}
	return r.open && r.folds()
}

// exactFirst puts rows that were named exactly before those that only fit.
func exactFirst[R any](rows []R, exact func(R) bool) []R {
	out := make([]R, 0, len(rows))
	for _, wanted := range []bool{true, false} {
		for _, r := range rows {
			if exact(r) == wanted {
				out = append(out, r)
			}
		}
	}
	return out
}

// fits reports whether the filter lets a row through.
func (l *list) fits(r *listRow) bool {
	if l.f.trouble && r.fine() {
		return false
	}
	if l.f.query.Empty() {
		return true
	}
	l.page.found(r, &l.asked)
	return l.f.query.Fits(&l.asked)
}
