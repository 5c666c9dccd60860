package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/table"
	"tenantry/ui/text"
)

// tenants is the home screen: every tenant, the platform on top, worst first.
type tenants struct {
	*env
	table       *table.Table[rowID, *tenantRow]
	filterState filter
	unfolded    map[rowID]bool
	known       map[rowID]*tenantRow
	fleet       []fleetCell   // by name, as of the picture
	platform    *model.Tenant // nil when it is not shown
	exact       rowID         // the row whose whole name is the filter
	tally       tally
	setDown     rowID // where the cursor was put by itself
	rate        rate
	news        news
	ruledOut    ruledOut
	shared      map[*model.Cause]model.Ref // what causes are shared by
}

func newTenants(e *env) *tenants {
	s := &tenants{env: e, unfolded: map[rowID]bool{}, known: map[rowID]*tenantRow{}}
	s.table = table.New(func(r *tenantRow) rowID { return r.id }, s.columns()...)
	s.table.Fresh = func(r *tenantRow) bool { return r.marks.isFresh(s.local) }
	s.table.Mods = s.mods
	s.table.Markable = func(r *tenantRow) bool { return r.id.kind == rowTenant }
	return s
}

func (s *tenants) crumbs() []string {
	if s.scope.on() {
		return nil // it says how many of how many
	}
	n := len(s.fleet)
	words := fmt.Sprintf("%d tenants", n)
	if n == 1 {
		words = "1 tenant"
	}
	if !s.store.Complete() {
		words = s.kit.Glyph.AtLeast + words
	}
	return []string{words}
}

func (s *tenants) scopes() []keymap.Scope {
	return []keymap.Scope{keymap.List, keymap.Home, keymap.Page}
}

// derive takes a new picture. Until a person has moved it, and while the first
// lists come in, the cursor stands on the worst row.
func (s *tenants) derive(hold bool) {
	loading := !s.store.Complete()
	s.table.SetRows(s.arrange(), hold && !loading)
	s.keepMarks()
	if !s.table.Chosen() && (loading || !s.settledOnce()) {
		s.selectWorst()
	}
}

func (s *tenants) held() bool { return s.table.Held() }

func (s *tenants) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(s.table, a) {
		return nil, true
	}
	if out := s.memory.away; a == keymap.History && out != nil && out.shown {
		return s.paths.open(newAwayPage(s.env, out)), true // what line 2 offers
	}
	r, ok := s.table.Current()
	if !ok {
		return nil, false
	}
	switch a {
	case keymap.Mark:
		s.table.Mark()
		return nil, true
	case keymap.MarkAll:
		s.table.MarkAll()
		return nil, true
	case keymap.Open:
		switch r.id.kind {
		case rowCause:
			s.fold(r.id, !s.unfolded[r.id])
		case rowTenant:
			return s.paths.open(newTenantPage(s.env, r.tenant.Name, r.tenant.IsPlatform)), true
		}
		return nil, true
	case keymap.Unfold:
		if r.id.kind == rowCause {
			s.fold(r.id, true)
		}
		return nil, true
	case keymap.Fold:
		if r.depth > 0 {
			s.table.Select(s.parent(r))
		} else if r.id.kind == rowCause {
			s.fold(r.id, false)
		}
		return nil, true
	}
	return nil, false
}

// parent is the cause a row is unfolded under.
func (s *tenants) parent(child *tenantRow) rowID {
	parent := child.id
	for _, r := range s.table.Rows() {
		if r.id == child.id {
			return parent
		}
		if r.id.kind == rowCause {
			parent = r.id
		}
	}
	return child.id
}

func (s *tenants) fold(id rowID, open bool) {
	s.unfolded[id] = open
	s.table.SetRows(s.arrange(), false)
}

// moveTable does the moves every list has.
func moveTable[K comparable, V any](t *table.Table[K, V], a keymap.Action) bool {
	switch a {
	case keymap.Down:
		t.Move(1)
	case keymap.Up:
		t.Move(-1)
	case keymap.Top:
		t.MoveTo(0)
	case keymap.Bottom:
		t.MoveTo(t.Len() - 1)
	case keymap.PageDown:
		t.Page(1)
	case keymap.PageUp:
		t.Page(-1)
	default:
		return false
	}
	return true
}

func (s *tenants) body(w, h int) []string {
	lines := s.table.View(s.kit, w, h)
	if said := s.empty(w, h-len(lines)-1); len(said) > 0 {
		lines = append(lines, "")
		lines = append(lines, said...)
	}
	return lines
}

func (s *tenants) subject() subject {
	r, ok := s.table.Current()
	if !ok {
		return subject{}
	}
	out := subject{name: s.label(r), state: r.state, since: s.age(r.since), cause: r.remembered() + s.lastColumn(r), copy: r.name()}
	if r.tenant != nil {
		out.spot.tenant = rowKey(r.tenant)
	}
	switch r.id.kind {
	case rowDenied:
		out.since, out.copy = "", roleYAML(s.store.Scopes(), s.store.Connection())
	case rowCause:
		out.copy = r.id.name
		out.spot.key = s.target(r.worst())
	}
	return out
}

func (s *tenants) hints() []keymap.Action {
	open := keymap.Open
	if r, ok := s.table.Current(); ok && r.id.kind == rowCause {
		open = keymap.Unfold
		if r.unfolded {
			open = keymap.Fold
		}
	}
	hints := []keymap.Action{open, keymap.Filter, keymap.Trouble, keymap.Actions, keymap.GoRollouts, keymap.Help, keymap.Mark,
		keymap.History, keymap.Sort, keymap.Copy}
	if p := s.store.Platform(); p != nil && p.NoFlux {
		return []keymap.Action{keymap.Setup, keymap.PickContext, keymap.Palette, keymap.Refresh, keymap.Help}
	}
	if len(s.troubles()) > 0 {
		hints = slices.Insert(hints, 1, keymap.Why, keymap.Known)
	}
	return hints
}

func (s *tenants) position() (at, of int) { return s.table.Position(), s.table.Len() }

func (s *tenants) filter() *filter { return &s.filterState }
func (s *tenants) refilter() {
	s.table.SetRows(s.arrange(), false)
	if s.exact != (rowID{}) {
		s.table.Select(s.exact)
	}
}

func (s *tenants) sortColumns() (ids, titles []string) { return s.table.Sortable() }
func (s *tenants) sortBy(id string) {
	s.table.SortBy(id)
	s.refilter()
}

func (s *tenants) click(x, y int) bool {
	if y == 0 {
		if id, ok := s.table.HeadAt(x); ok {
			s.sortBy(id)
		}
		return false
	}
	return s.table.ClickAt(y)
}

// clickAbove jumps to the tenant of a fleet cell.
func (s *tenants) clickAbove(x, w int) {
	cells := fleetCells(len(s.fleet), w)
	if i := x - 1; i >= 0 && i < cells {
		from, to := fleetShare(len(s.fleet), cells, i)
		s.jump(worstOf(s.fleet[from:to]).name)
	}
}

func (s *tenants) scroll(n int) { s.table.Scroll(n) }

// label is what stands in the TENANT column.
func (s *tenants) label(r *tenantRow) string {
	switch r.id.kind {
	case rowCause:
		fold := s.kit.Glyph.Folded
		if r.unfolded {
			fold = s.kit.Glyph.Unfolded
		}
		return fmt.Sprintf("%s %d tenants", fold, len(r.members))
	case rowDenied:
		return r.cause
	}
	return r.tenant.Name
}

// mods are the marks of change of a row's cells.
func (s *tenants) mods(r *tenantRow, column string) themes.Mod {
	switch column {
	case colState:
		m := r.marks.mods(cellState, s.local)
		if r.tenant != nil && r.tenant.Overdue {
			m |= themes.Strong
		}
		return m
	case colRevision:
		return r.marks.mods(cellRevision, s.local)
	case colGeneration:
		return r.marks.mods(cellGeneration, s.local)
	}
	return 0
}

func nameWidth(s string) int { return text.Width(text.Clean(s)) }

func drawMark(l *draw.Line, m mark, mod themes.Mod) {
	l.PutMod(m.Role, mod, m.Shape)
	if m.Word != "" {
		l.Put(themes.Text, " "+m.Word)
	}
}
