package textview

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// Span is a piece of a line in one role.
type Span struct {
	Role themes.Role
	Text string
}

// Line is one line of text.
type Line struct {
	Spans []Span
	// Hang is how far the rows after the first are indented where the line is
	// wrapped.
	Hang int
}

// Plain is a line without roles.
func Plain(s string) Line { return Line{Spans: []Span{{Text: s}}} }

// line is a line made ready for drawing: cleaned, in one string.
type line struct {
	text  string
	runs  []run
	width int // columns
	hang  int
}

// run is where a role ends, in bytes.
type run struct {
	to   int
	role themes.Role
}

func makeLine(kit draw.Kit, in Line) line {
	out := line{hang: in.Hang, runs: make([]run, 0, len(in.Spans))}
	var b strings.Builder
	for _, s := range in.Spans {
		clean := kit.Text(s.Text)
		if clean == "" {
			continue
		}
		if len(in.Spans) == 1 {
			out.text = clean
		} else {
			b.WriteString(clean)
		}
		out.width += text.Width(clean)
		out.runs = append(out.runs, run{out.end() + len(clean), s.Role})
	}
	if len(in.Spans) != 1 {
		out.text = b.String()
	}
	return out
}

// end is where the last run ends.
func (l *line) end() int {
	if len(l.runs) == 0 {
		return 0
	}
	return l.runs[len(l.runs)-1].to
}

// row is a part of a line that fits the width.
type row struct{ from, to, indent int }

// leastRow is what is left for the text of a wrapped row at least: a hang is
// given up rather than a row of three letters shown.
const leastRow = 16

// wrap breaks a line into rows of at most w columns: after a blank where there
// is one in the row's second half, else anywhere.
func (l *line) wrap(w int) []row {
	if w <= 0 {
		return nil
	}
	if l.width <= w {
		return []row{{0, len(l.text), 0}}
	}
	hang := l.hang
	if w-hang < leastRow {
		hang = 0
	}
	var rows []row
	from, indent := 0, 0
	for from < len(l.text) {
		room := w - indent
		to, blank, columns := from, -1, 0
		for to < len(l.text) {
			n, width := cluster(l.text[to:])
			if columns+width > room {
				break
			}
			columns += width
			to += n
			if l.text[to-1] == ' ' && columns > room/2 {
				blank = to
			}
		}
		switch {
		case to == from: // one character wider than the row: it can't be shown
			n, _ := cluster(l.text[from:])
			to = from + n
		case to < len(l.text) && blank > 0 && l.text[to] != ' ':
			to = blank
		}
		rows = append(rows, row{from, to, indent})
		for to < len(l.text) && l.text[to] == ' ' { // no row begins with the blank it was broken at
			to++
		}
		from, indent = to, hang
	}
	return rows
}

// cluster measures the first character of s.
func cluster(s string) (bytes, width int) {
	if c := s[0]; c < 0x80 && (len(s) == 1 || s[1] < 0x80) {
		return 1, 1
	}
	c, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return max(len(c), 1), width
}

// skip is where the text begins after n columns; pad is what a wide character
// on the edge left over.
func (l *line) skip(n int) (from, pad int) {
	for from < len(l.text) && n > 0 {
		bytes, width := cluster(l.text[from:])
		from += bytes
		n -= width
	}
	return from, max(-n, 0)
}
