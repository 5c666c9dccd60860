package table

import (
	"slices"

	"tenantry/themes"
	"tenantry/ui/draw"
)

// Table is a list of rows V, each known by its key K.
type Table[K comparable, V any] struct {
	columns []Column[V]
	key     func(V) K
	// Fresh marks rows that changed lately; Mods lays mods over a cell that
	// changed. Both may be nil.
	Fresh func(V) bool
	Mods  func(V, string) themes.Mod
	// Markable tells which rows can be marked; nil: all of them.
	Markable func(V) bool
	// Flat lists have no folds: their columns can be moved sideways instead.
	Flat bool
	// Still rows belong to the row above them: the cursor steps over them.
	Still func(V) bool
	// Whole draws a row over the whole width instead of column by column, and
	// reports whether it did.
	Whole func(*draw.Line, V) bool
	// Bare tables have no head: their rows bring their own.
	Bare bool

	rows []V
	want []int

	at     int // the cursor's row
	cursor K
	chosen bool // a person has moved the cursor
	// displaced: the row the cursor was on went away. hadRow: it was on one.
	displaced, hadRow bool
	offset            int // the first row that is seen
	height            int // rows that were seen last

	sortBy string
	desc   bool
	held   bool // the order is not the one that was asked for

	marked map[K]int // when each was marked, counted from one
	marks  int       // how many were ever

	width  int // of the layout that stands; -1: none does
	drawn  int // the width asked for last
	aside  int // how many columns are out of view at the left
	placed []placed[V]
}

// New makes an empty table.
func New[K comparable, V any](key func(V) K, columns ...Column[V]) *Table[K, V] {
	t := &Table[K, V]{columns: columns, key: key, want: make([]int, len(columns)), height: 1}
	for i := range columns {
		t.want[i] = t.wanted(i, 0)
	}
	return t
}

// wanted bounds what a column's rows would like.
func (t *Table[K, V]) wanted(i, measured int) int {
	c := &t.columns[i]
	if c.Measure == nil {
		measured = c.Max
	}
	w := max(c.Min, measured)
	if c.Max > 0 {
		w = min(w, c.Max)
	}
	return max(w, min(len(c.Title), c.Min))
}

// SetRows replaces the rows. They come in the order they should have; with
// hold, rows that are there already keep their places and new ones stand at
// the end, until SetRows is called without it. The cursor stays on its object;
// if that is gone, it goes to what took its place.
func (t *Table[K, V]) SetRows(rows []V, hold bool) {
	t.held = false
	if hold && len(t.rows) > 0 {
		rows, t.held = Hold(t.rows, rows, t.key)
	}
	before := t.at
	t.rows = rows
	t.measure()
	t.at = t.find(t.cursor)
	if t.at < 0 {
		t.displaced = t.hadRow
		t.at = min(before, len(rows)-1)
	}
	t.at = max(t.at, 0)
	if t.offset > 0 {
		t.offset += t.at - before // the picture around the cursor stays
	}
	t.settle()
}

// Hold puts rows into the order they had before, as far as they were there; new
// ones stand at the end. It reports whether some now have places that are not
// theirs.
func Hold[K comparable, V any](before, rows []V, key func(V) K) ([]V, bool) {
	place := make(map[K]int, len(before))
	for i := range before {
		place[key(before[i])] = i
	}
	slots := make([]int, len(before)+len(rows)) // place → row, counted from one
	last, held := -1, false
	for i, r := range rows {
		p, known := place[key(r)]
		if !known {
			p = len(before) + i
		}
		slots[p] = i + 1
		held = held || p < last
		last = p
	}
	if !held {
		return rows, false
	}
	out := make([]V, 0, len(rows))
	for _, i := range slots {
		if i > 0 {
			out = append(out, rows[i-1])
		}
	}
	return out, true
}

func (t *Table[K, V]) measure() {
	for i := range t.columns {
		measured := 0
		if m := t.columns[i].Measure; m != nil {
			limit := t.columns[i].Max
			for j := range t.rows {
				if measured = max(measured, m(t.rows[j])); limit > 0 && measured >= limit {
					break
				}
			}
		}
		t.want[i] = t.wanted(i, measured)
	}
	t.width = -1
}

func (t *Table[K, V]) find(k K) int {
	if t.at < len(t.rows) && t.at >= 0 && t.key(t.rows[t.at]) == k {
		return t.at
	}
	return slices.IndexFunc(t.rows, func(v V) bool { return t.key(v) == k })
}

// settle keeps the cursor inside the rows and what is seen around the cursor.
func (t *Table[K, V]) settle() {
	t.at = t.rest(max(min(t.at, len(t.rows)-1), 0), -1)
	if t.hadRow = len(t.rows) > 0; t.hadRow {
		t.cursor = t.key(t.rows[t.at])
	}
	last := t.at // with what belongs to the cursor's row
	for last+1 < len(t.rows) && last+1-t.at < t.height && t.still(last+1) {
		last++
	}
	t.offset = min(t.offset, t.at, max(len(t.rows)-t.height, 0))
	t.offset = max(t.offset, last-t.height+1, 0)
}

func (t *Table[K, V]) still(i int) bool { return t.Still != nil && t.Still(t.rows[i]) }

// rest returns the row nearest to i where the cursor can rest, looked for in
// direction dir first.
func (t *Table[K, V]) rest(i, dir int) int {
	for _, d := range [2]int{dir, -dir} {
		for j := i; j >= 0 && j < len(t.rows); j += d {
			if !t.still(j) {
				return j
			}
		}
	}
	return i
}

// Held reports whether rows hold places that are not theirs any more.
func (t *Table[K, V]) Held() bool { return t.held }

// Len returns the number of rows.
func (t *Table[K, V]) Len() int { return len(t.rows) }

// Rows returns the rows in the order they are shown, to be read only.
func (t *Table[K, V]) Rows() []V { return t.rows }

// Current returns the row under the cursor.
func (t *Table[K, V]) Current() (V, bool) {
	if t.at < 0 || t.at >= len(t.rows) {
		var none V
		return none, false
	}
	return t.rows[t.at], true
}

// Position returns the cursor's row, counted from one, among those it can rest
// on.
func (t *Table[K, V]) Position() int { return t.count(min(t.at+1, len(t.rows))) }

// Stops counts the rows the cursor can rest on.
func (t *Table[K, V]) Stops() int { return t.count(len(t.rows)) }

func (t *Table[K, V]) count(n int) int {
	if t.Still == nil {
		return n
	}
	stops := 0
	for i := range n {
		if !t.still(i) {
			stops++
		}
	}
	return stops
}

// Chosen reports whether a person has put the cursor where it is.
func (t *Table[K, V]) Chosen() bool { return t.chosen }

// Select puts the cursor on a key and reports whether it is there.
func (t *Table[K, V]) Select(k K) bool {
	i := t.find(k)
	if i < 0 {
		return false
	}
	t.at, t.displaced = i, false
	t.settle()
	return true
}

// Go is Select because a person asked for it: from then on the cursor is where
// they put it.
func (t *Table[K, V]) Go(k K) bool {
	if !t.Select(k) {
		return false
	}
	t.chosen = true
	return true
}

// Move moves the cursor by n rows.
func (t *Table[K, V]) Move(n int) { t.MoveTo(t.at + n) }

// MoveTo puts the cursor on a row; the ends hold it.
func (t *Table[K, V]) MoveTo(i int) {
	dir := 1
	if i = max(min(i, len(t.rows)-1), 0); i < t.at {
		dir = -1
	}
	t.at, t.chosen, t.displaced = t.rest(i, dir), true, false
	t.settle()
}

// Displaced reports, once, whether the cursor stands where it does because the
// row it was on went away.
func (t *Table[K, V]) Displaced() bool {
	was := t.displaced
	t.displaced = false
	return was
}

// Page moves the cursor by n screens, one row less than fits, so that a row of
// the screen before stays in sight.
func (t *Table[K, V]) Page(n int) { t.Move(n * max(t.height-1, 1)) }

// Scroll moves what is seen, as a wheel does; the cursor comes along when it
// would be left behind.
func (t *Table[K, V]) Scroll(n int) {
	t.offset = max(min(t.offset+n, len(t.rows)-t.height), 0)
	dir := 1
	if n < 0 {
		dir = -1
	}
	t.at = t.rest(max(min(t.at, t.offset+t.height-1, len(t.rows)-1), t.offset, 0), dir)
	t.chosen = true
	t.settle()
}

// ClickAt puts the cursor on the row at line y of what was drawn last, the
// head being line 0, and reports whether there is one.
func (t *Table[K, V]) ClickAt(y int) bool {
	if t.Bare {
		y++
	}
	i := t.offset + y - 1
	if y < 1 || y > t.height || i >= len(t.rows) {
		return false
	}
	t.MoveTo(t.rest(i, -1))
	return true
}
