// Package table is a list of rows of any kind. Rows are known by their key,
// never by their place: the cursor stays on its object whatever happens around
// it, and only the rows that can be seen are drawn.
package table

import (
	"tenantry/ui/draw"
)

// Gap is the blank between two columns, Gutter what stands in front of the
// first: the cursor, the mark of a fresh change, a blank.
const (
	Gap    = 1
	Gutter = 3
)

// Column is one column of a table.
type Column[V any] struct {
	ID, Title string
	// Short is the title where the whole one has no room; "" = it is cut.
	Short string
	// Min is the least the column is worth showing with; it grows to what its
	// rows Measure (or to Max, without Measure) where there is room.
	Min, Max int
	// Ample is what it is worth in a list at least AmpleFrom wide: there the
	// others grow only when it has that much. 0 = Min.
	Ample, AmpleFrom int
	// Flex columns share what is left over; most tables have one, the last.
	Flex bool
	// Leave is the order in which columns leave when it gets narrow: the
	// highest first, 0 never.
	Leave int
	// Pinned columns stay when a flat list is moved sideways: they say which row
	// it is.
	Pinned bool
	// Hidden columns are left out as long as it says so, e.g. because all rows
	// would say the same.
	Hidden func() bool
	// From is the width of the list from which the column is shown at all.
	From int
	// Right aligns the head; the cell aligns itself.
	Right bool
	// Measure returns how wide a row's cell would like to be.
	Measure func(V) int
	// Draw writes the cell into the columns it is given.
	Draw func(*draw.Line, V)
	// Compare orders by this column; nil = it cannot be sorted by.
	Compare func(a, b V) int
}

// placed is a column with the width it got.
type placed[V any] struct {
	*Column[V]
	x, width int
}

// layout gives the columns their widths for a list w columns wide: those that
// don't fit leave first, or are out of view when the list was moved aside; then
// everyone grows to what it wants, and the flexible ones take the rest.
func layout[V any](columns []Column[V], want []int, w, aside int) []placed[V] {
	shown := fitting(columns, w)
	if aside > 0 {
		shown = sideways(columns, w, aside)
	}
	room, total := w-Gutter, -Gap
	for i := range shown {
		total += shown[i].width + Gap
	}
	// In turns of one column each, so that two wide ones share what there is.
	for grown := true; grown && total < room; {
		grown = false
		for i := range shown {
			if limit := want[shown[i].x]; shown[i].width < limit && total < room {
				shown[i].width++
				total++
				grown = true
			}
		}
	}
	if flexible := countFlex(shown); flexible > 0 && total < room {
		each, rest := (room-total)/flexible, (room-total)%flexible
		for i := range shown {
			if shown[i].Flex {
				shown[i].width += each
				if rest > 0 {
					shown[i].width++
					rest--
				}
			}
		}
	}
	x := Gutter
	for i := range shown {
		shown[i].x = x
		x += shown[i].width + Gap
	}
	return shown
}

// fitting are the columns that stay in a list w columns wide.
func fitting[V any](columns []Column[V], w int) []placed[V] {
	room := w - Gutter
	shown := make([]placed[V], 0, len(columns))
	total := -Gap
	for i := range columns {
		if c := &columns[i]; w >= c.From && !c.hidden() {
			least := c.Min
			if c.Ample > 0 && w >= c.AmpleFrom {
				least = c.Ample
			}
			shown = append(shown, placed[V]{Column: c, x: i, width: least})
			total += least + Gap
		}
	}
	for total > room && len(shown) > 1 {
		out := 0
		for i := range shown {
			if shown[i].Leave > shown[out].Leave {
				out = i
			}
		}
		if shown[out].Leave == 0 {
			break
		}
		total -= shown[out].width + Gap
		shown = append(shown[:out], shown[out+1:]...)
	}
	return shown
}

func countFlex[V any](shown []placed[V]) int {
	n := 0
	for i := range shown {
		if shown[i].Flex {
			n++
		}
	}
	return n
}
