package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// tree is a tree of objects in a table: rows fold, and each is known by what it
// is and by what it hangs under, since an object may stand in two places.
type tree struct {
	*env
	table *table.Table[objectID, *objectRow]
	// grow makes the roots anew from the store.
	grow    func() []*node
	toggled map[objectID]bool // folds a person turned over
	home    string            // the namespace that needs no saying; "" when there are several
	f       filter
	roots   []*node
}

// node is a row with what hangs under it.
type node struct {
	objectRow
	children []*node
	// folded rows begin folded: what hangs there is much and rarely asked for.
	folded bool
}

func newTree(e *env, grow func() []*node) *tree {
	t := &tree{env: e, grow: grow, toggled: map[objectID]bool{}}
	t.table = table.New(func(r *objectRow) objectID { return r.id }, t.columns()...)
	t.table.Markable = func(r *objectRow) bool { return r.object != nil && actable(r.key.Kind) }
	return t
}

// derive grows the tree anew.
func (t *tree) derive() {
	t.roots = t.grow()
	t.arrange()
}

// arrange lays the nodes out as rows. They stand where they hang and by name,
// whatever their state, so that none has to be held in its place.
func (t *tree) arrange() {
	t.f.hidden = 0
	var rows []*objectRow
	for _, n := range t.roots {
		rows = t.lay(rows, n, "", 0)
	}
	t.table.SetRows(rows, false)
	t.table.KeepMarks(func(id objectID) bool {
		k, ok := id.ref.Key()
		return ok && t.store.Get(k) != nil
	})
}

// lay adds a node and what hangs under it, as far as the filter lets it
// through: a row stays while anything under it does.
func (t *tree) lay(rows []*objectRow, n *node, under string, depth int) []*objectRow {
	r := &n.objectRow
	r.id.under, r.depth, r.folds = under, depth, len(n.children) > 0
	r.folded = r.folds && n.folded != t.toggled[r.id] && !t.f.on()
	before := len(rows)
	rows = append(rows, r)
	if !r.folded {
		path := r.id.path()
		for _, c := range n.children {
			rows = t.lay(rows, c, path, depth+1)
		}
	}
	if t.f.on() && len(rows) == before+1 && !t.fits(r) {
		if r.ref() {
			t.f.hidden++
		}
		return rows[:before]
	}
	return rows
}

// fits reports whether the filter lets a row through.
func (t *tree) fits(r *objectRow) bool {
	if !r.ref() {
		return false
	}
	if t.f.trouble && (r.state.Role == themes.OK || r.state.Role == themes.Muted) {
		return false
	}
	return t.f.query.Empty() || t.f.query.Fits(&query.Subject{
		Name: r.id.ref.Name, State: r.state.Word, Text: []string{r.id.ref.Kind, r.what},
		Namespaces: []string{r.id.ref.Namespace}, Revisions: []string{r.revision},
	})
}

// act does what a key asks of a tree and reports whether it was for one.
func (t *tree) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(t.table, a) {
		return nil, true
	}
	r, ok := t.table.Current()
	if !ok {
		return nil, a == keymap.Sort
	}
	switch a {
	case keymap.Mark:
		t.table.Mark()
	case keymap.MarkAll:
		t.table.MarkAll()
	case keymap.Open:
		switch {
		case r.key != (model.Key{}) && r.object != nil:
			return t.paths.open(newObjectPage(t.env, r.key)), true
		case r.ref():
			return t.paths.open(newRefPage(t.env, r.id.ref)), true
		case r.open != nil:
			return r.open(), true
		}
		t.turn(r, !r.folded)
	case keymap.Unfold:
		t.turn(r, false)
	case keymap.Fold:
		if r.folds && !r.folded {
			t.turn(r, true)
		} else {
			t.up(r)
		}
	case keymap.Sort: // rows stand where they hang
	default:
		return nil, false
	}
	return nil, true
}

// turn folds a row or unfolds it.
func (t *tree) turn(r *objectRow, fold bool) {
	if r.folds && r.folded != fold {
		t.toggled[r.id] = !t.toggled[r.id]
		t.arrange()
	}
}

// up puts the cursor on the row that r hangs under.
func (t *tree) up(r *objectRow) {
	for i := t.table.Position() - 2; i >= 0; i-- {
		if above := t.table.Rows()[i]; above.depth < r.depth {
			t.table.Select(above.id)
			return
		}
	}
}

// aim puts the cursor on an object and reports whether it is there.
func (t *tree) aim(k model.Key) bool {
	if k == (model.Key{}) {
		return false
	}
	for _, r := range t.table.Rows() {
		if r.key == k {
			return t.table.Select(r.id)
		}
	}
	return false
}

func (t *tree) refilter() { t.arrange() }

// actable reports whether there are actions on objects of a kind: only such
// can be marked.
func actable(k model.Kind) bool {
	switch k.Role() {
	case model.RoleSource, model.RoleSync, model.RoleWorkload, model.RolePlatform:
		return true
	}
	return false
}

// Marks of no tree are none.
func (t *tree) marks() (n, hidden int) {
	if t == nil {
		return 0, 0
	}
	return t.table.Marks()
}

func (t *tree) unmark() bool { return t != nil && t.table.Unmark() }

// marked are the objects marked, each once, in the order they were marked.
func (t *tree) marked() []spot {
	if t == nil {
		return nil
	}
	var out []spot
	seen := map[model.Key]bool{}
	for _, id := range t.table.Marked() {
		if k, ok := id.ref.Key(); ok && !seen[k] {
			seen[k] = true
			out = append(out, spot{t.store.TenantOf(k), k})
		}
	}
	return out
}
