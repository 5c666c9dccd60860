package table

import "slices"

// SortBy sorts by a column; the same again reverses, and "" goes back to the
// order the rows come in. The rows take it the next time they are set.
func (t *Table[K, V]) SortBy(id string) {
	switch {
	case id == "":
		t.sortBy, t.desc = "", false
	case id == t.sortBy:
		t.desc = !t.desc
	default:
		t.sortBy, t.desc = id, false
	}
}

// Sorted returns the column sorted by, "" for the order the rows come in.
func (t *Table[K, V]) Sorted() (id string, desc bool) { return t.sortBy, t.desc }

// Sortable returns the ids and titles of the columns that can be sorted by and
// that there is room for.
func (t *Table[K, V]) Sortable() (ids, titles []string) {
	for i := range t.placed {
		if p := &t.placed[i]; p.Compare != nil {
			ids, titles = append(ids, p.ID), append(titles, p.Title)
		}
	}
	return ids, titles
}

// Sort orders rows by the chosen column, equal ones as they came. It does
// nothing while no column is chosen.
func (t *Table[K, V]) Sort(rows []V) {
	i := slices.IndexFunc(t.columns, func(c Column[V]) bool { return c.ID == t.sortBy })
	if t.sortBy == "" || i < 0 || t.columns[i].Compare == nil {
		return
	}
	compare := t.columns[i].Compare
	slices.SortStableFunc(rows, func(a, b V) int {
		if t.desc {
			a, b = b, a
		}
		return compare(a, b)
	})
}

// HeadAt returns the column whose head is at x of what was drawn last.
func (t *Table[K, V]) HeadAt(x int) (string, bool) {
	for i := range t.placed {
		if p := &t.placed[i]; x >= p.x && x < p.x+p.width {
			return p.ID, p.Compare != nil
		}
	}
	return "", false
}
