package table

import (
	"fmt"

	"tenantry/ui/draw"
)

// sideways picks the columns of a list that was moved n columns sideways: the
// pinned ones, then from the n-th of the others on what fits.
func sideways[V any](columns []Column[V], w, n int) []placed[V] {
	var shown []placed[V]
	room := w - Gutter + Gap
	for i := range columns {
		if c := &columns[i]; c.Pinned && !c.hidden() {
			shown = append(shown, placed[V]{Column: c, x: i, width: c.Min})
			room -= c.Min + Gap
		}
	}
	skip := n
	for i := range columns {
		c := &columns[i]
		if c.Pinned || c.hidden() {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if c.Min+Gap > room {
			break
		}
		shown = append(shown, placed[V]{Column: c, x: i, width: c.Min})
		room -= c.Min + Gap
	}
	return shown
}

func (c *Column[V]) hidden() bool { return c.Hidden != nil && c.Hidden() }

// Sideways moves the columns that are not pinned by n, so that those without
// room come into view, and reports whether it could.
func (t *Table[K, V]) Sideways(n int) bool {
	to := max(min(t.aside+n, t.furthest()), 0)
	if to == t.aside {
		return false
	}
	t.aside, t.width = to, -1
	return true
}

// furthest is how far there is something to come into view at the width drawn
// last: until the last column has.
func (t *Table[K, V]) furthest() int {
	if t.drawn <= 0 || len(t.placed) == t.visible() && t.aside == 0 {
		return 0
	}
	loose := 0
	for i := range t.columns {
		if c := &t.columns[i]; !c.Pinned && !c.hidden() {
			loose++
		}
	}
	for n := 1; n < loose; n++ {
		if t.beyond(sideways(t.columns, t.drawn, n), n) == 0 {
			return n
		}
	}
	return max(loose-1, 0)
}

// visible counts the columns there are something to show in.
func (t *Table[K, V]) visible() int {
	n := 0
	for i := range t.columns {
		if !t.columns[i].hidden() {
			n++
		}
	}
	return n
}

// beyond counts the columns to the right of those shown.
func (t *Table[K, V]) beyond(shown []placed[V], aside int) int {
	return t.visible() - len(shown) - aside
}

// elsewhere says for the head how many columns are not in view, on the left and
// on the right; "" where all are, or where columns don't move.
func (t *Table[K, V]) elsewhere(kit draw.Kit) (left, right string) {
	if !t.Flat || t.width < fromElsewhere {
		return "", ""
	}
	n := t.beyond(t.placed, t.aside)
	switch {
	case t.aside > 0 && n > 0:
		right = fmt.Sprintf("%d %s", n, kit.Glyph.Arrow)
	case n > 0:
		right = fmt.Sprintf("%d more %s", n, kit.Glyph.Arrow)
	}
	if t.aside > 0 {
		left = fmt.Sprintf("%s%d", kit.Glyph.Left, t.aside)
	}
	return left, right
}

// fromElsewhere is the width below which the head has no room to say so.
const fromElsewhere = 40
