package ui

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// fleetCells is how many cells the fleet line has for n tenants in w columns.
func fleetCells(n, w int) int { return max(min(n, w-2), 0) }

// fleetShare is the tenants cell i of cells stands for.
func fleetShare(n, cells, i int) (from, to int) { return i * n / cells, (i + 1) * n / cells }

// fleetCellOf is the cell that stands for tenant t.
func fleetCellOf(n, cells, t int) int { return ((t+1)*cells+n-1)/n - 1 }

// fleetCell is one tenant of the fleet line.
type fleetCell struct {
	name string
	rank int
	mark mark
}

func worstOf(share []fleetCell) fleetCell {
	worst := 0
	for i := range share {
		if share[i].rank > share[worst].rank {
			worst = i
		}
	}
	return share[worst]
}

// above is the fleet line: one cell per tenant in a fixed order, the cursor's
// reversed. With more tenants than cells, a cell shows the worst of its share.
func (s *tenants) above(w int) string {
	l := draw.NewLine(s.kit, w).Skip(1)
	cells := fleetCells(len(s.fleet), w)
	if cells == 0 {
		return l.String()
	}
	under := s.cellsUnderCursor(cells)
	fine := s.kit.Glyph.Nothing().Shape
	for i := 0; i < cells; i++ {
		from, to := fleetShare(len(s.fleet), cells, i)
		share := s.fleet[from:to]
		m := s.Turn(worstOf(share).mark)
		if m.Role == themes.OK {
			m.Shape = fine
		}
		var mod themes.Mod
		if under[i] {
			mod = themes.Flash
		}
		l.PutMod(m.Role, mod, m.Shape)
	}
	return l.String()
}

// cellsUnderCursor are the cells of the tenants of the row under the cursor.
func (s *tenants) cellsUnderCursor(cells int) map[int]bool {
	r, ok := s.table.Current()
	if !ok || r.tenant != nil && r.tenant.IsPlatform {
		return nil
	}
	under := map[int]bool{}
	add := func(t *model.Tenant) {
		i, found := slices.BinarySearchFunc(s.fleet, t.Name, func(c fleetCell, name string) int { return strings.Compare(c.name, name) })
		if found {
			under[fleetCellOf(len(s.fleet), cells, i)] = true
		}
	}
	if r.tenant != nil {
		add(r.tenant)
	}
	for _, m := range r.members {
		add(m)
	}
	return under
}

// tally is how many tenants are in which state.
type tally struct {
	of      map[string]int // by the mark's word
	overdue int            // with a suspension that should be over
	held    int            // those of them that are Suspended, no worse
	settled bool           // the cursor was put on the worst row once
}

// tallied is the order of the counts, worst first.
var tallied = []func(*env) mark{
	func(e *env) mark { return e.kit.Glyph.Of(model.Stalled) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Stuck) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Failed) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Unobserved) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Blocked) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Terminating) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Unknown) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Outdated) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Reconciling) },
	func(e *env) mark { return e.kit.Glyph.Of(model.Pending) },
	func(e *env) mark { return e.kit.Glyph.Reading() },
	func(e *env) mark { return e.kit.Glyph.Of(model.Suspended) },
	func(e *env) mark { return e.kit.Glyph.Old() },
	func(e *env) mark { return e.kit.Glyph.Of(model.Ready) },
	func(e *env) mark { return e.kit.Glyph.Denied() },
}

func (t *tally) reset() {
	if t.of == nil {
		t.of = map[string]int{}
	}
	clear(t.of)
	t.overdue, t.held = 0, 0
}

func (t *tally) add(r *tenantRow) {
	t.of[r.state.Word]++
	if r.tenant.Overdue {
		t.overdue++
		if r.state.Word == model.Suspended.String() {
			t.held++
		}
	}
}

func (s *tenants) counts(l *draw.Line) { s.putTally(l, &s.tally) }

// putTally writes counts; states that share a glyph share a count. While kinds
// are still being read, a count is what there is at least.
func (e *env) putTally(l *draw.Line, t *tally) {
	type group struct {
		mark mark
		n    int
	}
	var groups []group
	for _, f := range tallied {
		m := f(e)
		n := t.of[m.Word]
		if n == 0 {
			continue
		}
		at := -1
		for i := range groups {
			if groups[i].mark.Shape == m.Shape {
				at = i
			}
		}
		if at < 0 {
			groups = append(groups, group{m, n})
			continue
		}
		groups[at].n += n
	}
	least := ""
	if !e.store.Complete() {
		least = e.kit.Glyph.AtLeast
	}
	for _, g := range groups {
		l.Put(g.mark.Role, g.mark.Shape).Put(themes.Text, fmt.Sprintf(" %s%d", least, g.n))
		if g.mark.Word == model.Suspended.String() && t.overdue > 0 && t.held == t.overdue {
			l.PutMod(themes.Held, themes.Strong, fmt.Sprintf(" (%d overdue)", t.overdue))
		}
		l.Skip(2)
	}
	if t.overdue > t.held { // some of them are counted as worse than suspended
		l.PutMod(themes.Held, themes.Strong, fmt.Sprintf("%d overdue", t.overdue)).Skip(2)
	}
}
