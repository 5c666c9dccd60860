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

// listID is the identity of a row: an object, or something else that is said of
// one or of a tenant.
type listID struct {
	what   string    // tells apart what is said of the same one
	tenant string    // its row's key, where it is no object
	key    model.Key // the object
}

// widths are how wide the cells of a row would like to be. They are kept, since
// the widest of ten thousand rows is looked for with every picture.
type widths struct{ tenant, namespace, whose, kind, name int }

// listRow is one row of a flat page. Which of the details it has is up to the
// page.
type listRow struct {
	id     listID
	tenant string        // the key of the tenant's row
	object *model.Object // nil when it is no object's row
	objectFacts
	looked bool // all facts are there, not only how it is
	rank   int
	marks  marks
	widths widths

	// under are the rows this one stands for; they are shown when it is
	// unfolded, which open says as long as nobody chose.
	under []*listRow
	grow  func() []*listRow // makes them when they are to be shown
	open  bool
	head  *listRow // the row this one is under
	// tenants is how many there are under a head.
	tenants int

	denied     []model.ScopeStatus // a row for what is not readable
	suspension *model.Suspension   // of Suspended
	finding    *model.Finding      // of Findings
	repo       *model.Head         // of Rollouts
	line       *model.Line         // of Rollouts, under a repository
	event      *model.EventDetail  // of Events
	regarding  model.Key           // the object of the event
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
func (l *list) held() bool             { return l.table.Held() }
func (l *list) above(int) string       { return "" }

// derive takes a new picture. Until a person has moved it, and while the first
// lists come in, the cursor stands on the first row: the worst.
func (l *list) derive(hold bool) {
	loading := !l.store.Complete()
	l.table.SetRows(l.arrange(), hold && !loading)
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

// arrange puts the rows that fit the filter in order.
func (l *list) arrange() []*listRow {
	all := l.page.gather()
	l.all = all
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
	if open, chosen := l.chosen[r.id]; chosen {
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

// look fills in all that is to be said of an object's row, once: most rows are
// never seen.
func (l *list) look(r *listRow) *listRow {
	if r.object != nil && (!r.looked || r.verdict.Suspended) { // whose until may have passed
		l.describe(&r.objectFacts, r.object)
		r.looked = true
	}
	return r
}

// measure notes how wide the cells of a row would like to be.
func (l *list) measure(r *listRow) {
	w := &r.widths
	w.tenant, w.namespace = nameWidth(l.tenantName(r.tenant)), nameWidth(r.about().Namespace)
	w.kind, w.name = nameWidth(r.kindName())+1, nameWidth(r.about().Name)
	if w.whose = w.tenant; l.namespaceOf(r) != "" {
		w.whose += 1 + w.namespace
	}
}

// namespaceOf is the namespace of a row where its tenant is called otherwise.
func (l *list) namespaceOf(r *listRow) string {
	if ns := r.about().Namespace; ns != l.tenantName(r.tenant) {
		return ns
	}
	return ""
}

// fine reports whether nobody has to look at the row.
func (r *listRow) fine() bool {
	return r.rank == 0 || r.rank == 2*model.Ready.Severity()
}

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
		if r.folds() {
			l.fold(r, !l.isOpen(r))
			return nil, true
		}
		return l.page.enter(r), true
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

// folds reports whether the row stands for others.
func (r *listRow) folds() bool { return len(r.under) > 0 || r.grow != nil }

// depth is how far a row is indented.
func (r *listRow) depth() int {
	if r.head != nil {
		return 1
	}
	return 0
}

func (r *listRow) headOrSelf() *listRow {
	if r.head != nil {
		return r.head
	}
	return r
}

// fold shows the rows under a head, or hides them; the cursor goes to the head.
func (l *list) fold(head *listRow, open bool) {
	l.chosen[head.id] = open
	l.refilter()
	l.table.Select(head.id)
}

// enter opens the object, or else the tenant.
func (l *list) enter(r *listRow) tea.Cmd {
	switch {
	case r.denied != nil:
		return nil
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
func (l *list) position() (at, of int) { return l.table.Position(), l.table.Len() }
func (l *list) filter() *filter        { return &l.f }
func (l *list) refilter()              { l.table.SetRows(l.arrange(), false) }
func (l *list) clickAbove(int, int)    {}
func (l *list) scroll(n int)           { l.table.Scroll(n) }

func (l *list) sortColumns() (ids, titles []string) { return l.table.Sortable() }
func (l *list) sortBy(id string) {
	l.table.SortBy(id)
	l.refilter()
}

func (l *list) click(x, y int) bool {
	if y == 0 {
		if id, ok := l.table.HeadAt(x); ok {
			l.sortBy(id)
		}
		return false
	}
	return l.table.ClickAt(y)
}
