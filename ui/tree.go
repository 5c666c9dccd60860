package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
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

func (t *tree) columns() []table.Column[*objectRow] {
	return []table.Column[*objectRow]{
		{ID: "object", Title: "OBJECT", Min: 24, Max: 56,
			Measure: func(r *objectRow) int { return nameWidth(t.labelOf(r)) + 2*r.depth + 2 },
			Draw:    t.drawName},
		{ID: "namespace", Title: "NAMESPACE", Min: 10, Max: 24, Leave: 2, From: 100,
			Hidden:  func() bool { return t.home != "" },
			Measure: func(r *objectRow) int { return nameWidth(r.id.ref.Namespace) },
			Draw: func(l *draw.Line, r *objectRow) {
				l.Put(themes.Text, t.kit.CutMiddle(r.id.ref.Namespace, l.Left()))
			}},
		{ID: colState, Title: "STATE", Min: 13, Max: 20,
			Measure: func(r *objectRow) int { return len(r.state.Word) + 3 },
			Draw:    func(l *draw.Line, r *objectRow) { drawMark(l, t.Turn(r.state), 0) }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true,
			Draw: func(l *draw.Line, r *objectRow) {
				if r.ref() || r.since != 0 {
					l.FitRight(themes.Text, 0, t.age(r.since), l.Left())
				}
			}},
		{ID: colGeneration, Title: " GENERATION", Min: 11, Max: 13, Leave: 3, From: 90,
			Draw: func(l *draw.Line, r *objectRow) { l.Skip(1).Put(themes.Text, t.generationOf(r.object, r.rollout)) }},
		{ID: "what", Title: "WHAT", Min: 22, Flex: true, Draw: t.drawWhat},
	}
}

// body draws the rows; without any it says why.
func (t *tree) body(w, h int, none string) []string {
	lines := t.table.View(t.kit, w, h)
	if t.table.Len() > 0 || h-len(lines) < 2 {
		return lines
	}
	if t.f.on() {
		none = "Nothing matches " + t.f.words() + ". esc shows all again."
	}
	lines = append(lines, "")
	for _, s := range wrap(t.kit, none, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(t.kit, w).Skip(3).Put(themes.Text, s).String())
	}
	return lines[:min(len(lines), h)]
}

// pane explains the row under the cursor.
func (t *tree) pane(w, h int) []string {
	r, ok := t.table.Current()
	switch {
	case !ok:
		return nil
	case r.object != nil:
		return t.objectPane(r.object, &r.objectFacts, w, h)
	case !r.ref():
		return drawPane(t.kit, w, h, section{label: "WHAT", text: upperFirst(sentence(join(r.label, r.what)))})
	}
	what := refWords(r.id.ref)
	if r.what != "" && r.what != notWatched {
		what = r.id.ref.String() + ": " + r.what
	}
	return drawPane(t.kit, w, h, section{label: "WHAT", text: sentence(what)}, section{label: "NEXT", text: "enter shows its YAML."})
}

// refWords say what is known of an object of which only the name is.
func refWords(ref model.ObjectRef) string {
	what := ref.String()
	if ref.Group != "" {
		what += " of " + ref.Group
	}
	return what + ". Its kind is not watched, so its state is not known"
}

// objectPane explains an object; beside a workload's sentence stand its last
// generations, where there is room.
func (e *env) objectPane(o *model.Object, f *objectFacts, w, h int) []string {
	if w < timelineFrom || h < 2 || o.Role() != model.RoleWorkload {
		return drawPane(e.kit, w, h, e.objectSections(o, f)...)
	}
	left := w * 2 / 5
	return beside(e.kit, drawPane(e.kit, left, h, e.objectSections(o, f)...), e.generationNews(o.Key, w-left-2, h), left, h)
}

// subject is the row under the cursor; tenant is the row the tree belongs to.
func (t *tree) subject(tenant string) subject {
	r, ok := t.table.Current()
	if !ok {
		return subject{}
	}
	s := subject{name: r.label, state: r.state, cause: r.what, copy: r.id.ref.Name, spot: spot{tenant, r.key}}
	if !r.ref() {
		s.copy = r.label
	}
	if r.key != (model.Key{}) {
		if of := t.store.TenantOf(r.key); of != "" {
			s.spot.tenant = of
		}
	}
	if r.since != 0 {
		s.since = t.age(r.since)
	}
	return s
}

func (t *tree) hints() []keymap.Action {
	open := keymap.Open
	if r, ok := t.table.Current(); ok && !r.ref() && r.open == nil {
		open = keymap.Fold
		if r.folded {
			open = keymap.Unfold
		}
	}
	return []keymap.Action{open, keymap.Escape, keymap.Filter, keymap.Trouble}
}
