package table

import (
	"cmp"
	"maps"
	"slices"
)

// Mark marks the row under the cursor, or takes its mark away, and steps down.
// A row that can't be marked is stepped over.
func (t *Table[K, V]) Mark() {
	if v, ok := t.Current(); ok && t.markable(v) {
		t.toggle(t.key(v))
	}
	t.Move(1)
}

// MarkAll marks all rows shown; when all of them are marked, none is any more,
// those that are not shown included.
func (t *Table[K, V]) MarkAll() {
	all := true
	for _, v := range t.rows {
		if k := t.key(v); t.markable(v) && t.marked[k] == 0 {
			all = false
			t.toggle(k)
		}
	}
	if all {
		t.Unmark()
	}
}

func (t *Table[K, V]) toggle(k K) {
	if t.marked[k] > 0 {
		delete(t.marked, k)
		return
	}
	if t.marked == nil {
		t.marked = map[K]int{}
	}
	t.marks++
	t.marked[k] = t.marks
}

func (t *Table[K, V]) markable(v V) bool { return t.Markable == nil || t.Markable(v) }

// Unmark takes all marks away and reports whether there were any.
func (t *Table[K, V]) Unmark() bool {
	had := len(t.marked) > 0
	clear(t.marked)
	return had
}

// KeepMarks takes the marks of rows away that are no more. Rows that are only
// filtered out keep theirs.
func (t *Table[K, V]) KeepMarks(there func(K) bool) {
	for k := range t.marked {
		if !there(k) {
			delete(t.marked, k)
		}
	}
}

// Marked returns the keys that are marked, in the order they were marked.
func (t *Table[K, V]) Marked() []K {
	return slices.SortedFunc(maps.Keys(t.marked), func(a, b K) int { return cmp.Compare(t.marked[a], t.marked[b]) })
}

// Marks returns how many rows are marked, and how many of them are not shown.
func (t *Table[K, V]) Marks() (n, hidden int) {
	if len(t.marked) == 0 {
		return 0, 0
	}
	shown := 0
	for _, v := range t.rows {
		if t.marked[t.key(v)] > 0 {
			shown++
		}
	}
	return len(t.marked), len(t.marked) - shown
}
