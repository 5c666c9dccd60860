package textview

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// match is where the text searched for stands.
type match struct{ line, from int }

// search is what was searched for, in lower case, and where it was found.
type search struct {
	text    string
	matches []match
	at      int // the current one
}

// Find searches for text as it is typed, without regard to case; the current
// match is the first one from where the view stood when the search began.
// Nothing searched for ends the search.
func (v *View) Find(text string) {
	if text == "" {
		v.DropSearch()
		return
	}
	if v.search.text == "" {
		v.origin = v.top
	}
	v.search = search{text: strings.ToLower(text)}
	v.search.matches = v.findFrom(0)
	first := sort.Search(len(v.search.matches), func(i int) bool { return v.search.matches[i].line >= v.origin.line })
	if first == len(v.search.matches) {
		first = 0
	}
	v.search.at = first
	v.top = v.origin
	v.settle() // the text or the room may be another by now
	v.reveal()
}

// findFrom searches all lines from the given one on.
func (v *View) findFrom(first int) []match {
	want := v.search.text
	var out []match
	for i := first; i < len(v.lines); i++ {
		s := v.lines[i].text
		for from := 0; from+len(want) <= len(s); {
			at := indexFold(s[from:], want)
			if at < 0 {
				break
			}
			out = append(out, match{i, from + at})
			from += at + len(want)
		}
	}
	return out
}

// indexFold is strings.Index without regard to case; want is lower case. A
// letter whose other case has another length is found in its own case only.
func indexFold(s, want string) int {
	c := want[0]
	upper := c
	if c >= 'a' && c <= 'z' {
		upper = c - 'a' + 'A'
	}
	for i := 0; i+len(want) <= len(s); i++ {
		if (s[i] == c || s[i] == upper || c >= utf8.RuneSelf && s[i] >= utf8.RuneSelf) &&
			utf8.RuneStart(s[i]) && strings.EqualFold(s[i:i+len(want)], want) {
			return i
		}
	}
	return -1
}

// Searching reports whether something is searched for.
func (v *View) Searching() bool { return v.search.text != "" }

// Matches returns which match is the current one, counted from one, and how
// many there are.
func (v *View) Matches() (at, of int) {
	if len(v.search.matches) == 0 {
		return 0, 0
	}
	return v.search.at + 1, len(v.search.matches)
}

// NextMatch goes n matches on, round the end.
func (v *View) NextMatch(n int) {
	if of := len(v.search.matches); of > 0 {
		v.search.at = ((v.search.at+n)%of + of) % of
		v.reveal()
	}
}

// DropSearch ends the search and reports whether there was one; the view stays
// where it is.
func (v *View) DropSearch() bool {
	was := v.Searching()
	v.search = search{}
	return was
}

// again searches anew after the lines have changed; the current match stays
// the one nearest to where it was.
func (v *View) again() {
	if !v.Searching() {
		return
	}
	was := match{}
	if v.search.at < len(v.search.matches) {
		was = v.search.matches[v.search.at]
	}
	v.search.matches = v.findFrom(0)
	v.search.at = sort.Search(len(v.search.matches), func(i int) bool {
		m := v.search.matches[i]
		return m.line > was.line || m.line == was.line && m.from >= was.from
	})
	if v.search.at == len(v.search.matches) {
		v.search.at = max(len(v.search.matches)-1, 0)
	}
}

// searchOn goes on with a search when the first n lines are gone and there are
// new ones from the given line on.
func (v *View) searchOn(n, first int) {
	if !v.Searching() {
		return
	}
	gone := sort.Search(len(v.search.matches), func(i int) bool { return v.search.matches[i].line >= n })
	left := append(v.search.matches[:0], v.search.matches[gone:]...)
	for i := range left {
		left[i].line -= n
	}
	v.search.matches = append(left, v.findFrom(first)...)
	v.search.at = max(v.search.at-gone, 0)
}

// matchAt returns whether byte at of a line is in a match, whether that is the
// current one, and where this answer ends.
func (v *View) matchAt(line, at int) (in, current bool, until int) {
	n := len(v.search.text)
	if n == 0 {
		return false, false, len(v.lines[line].text)
	}
	i := sort.Search(len(v.search.matches), func(i int) bool {
		m := v.search.matches[i]
		return m.line > line || m.line == line && m.from+n > at
	})
	switch {
	case i == len(v.search.matches) || v.search.matches[i].line != line:
		return false, false, len(v.lines[line].text)
	case v.search.matches[i].from > at:
		return false, false, v.search.matches[i].from
	}
	return true, i == v.search.at, v.search.matches[i].from + n
}

// reveal scrolls until the current match can be seen.
func (v *View) reveal() {
	if v.search.at >= len(v.search.matches) {
		return
	}
	m := v.search.matches[v.search.at]
	at := place{line: m.line}
	if v.cut {
		column := v.column(m)
		if column < v.left || column+len(v.search.text) > v.left+v.width {
			v.left = max(column-v.width/3, 0)
		}
	} else {
		for i, r := range v.rowsOf(m.line) {
			if m.from >= r.from {
				at.row = i
			}
		}
	}
	if first, last := v.top, v.forward(v.top, v.height-1); at.before(first) || last.before(at) {
		v.top = v.back(at, v.height/3)
	}
	v.settle()
}

// column is the column a match begins in.
func (v *View) column(m match) int {
	column := 0
	for s := v.lines[m.line].text[:m.from]; s != ""; {
		n, width := cluster(s)
		column += width
		s = s[n:]
	}
	return column
}
