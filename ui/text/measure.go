package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Width returns the columns s takes. Glyphs of ambiguous width count as one.
func Width(s string) int {
	if w, ok := simple(s); ok {
		return w
	}
	return ansi.StringWidth(s)
}

// Cut shortens s to at most w columns, its end replaced by tail.
func Cut(s string, w int, tail string) string {
	width, ok := simple(s)
	if !ok {
		width = ansi.StringWidth(s)
	}
	switch {
	case w <= 0:
		return ""
	case width <= w:
		return s
	}
	if Width(tail) > w {
		tail = ""
	}
	if ok {
		return columns(s, w-Width(tail)) + tail
	}
	return ansi.Truncate(s, w, tail)
}

// columns are the first n columns of a simple string.
func columns(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// CutMiddle shortens s to at most w columns, its middle replaced by tail:
// names tell themselves apart at both ends.
func CutMiddle(s string, w int, tail string) string {
	total, t := Width(s), Width(tail)
	switch {
	case w <= 0:
		return ""
	case total <= w:
		return s
	case w < t+3:
		return Cut(s, w, tail)
	}
	left := (w - t + 1) / 2
	right := w - t - left
	end := ansi.TruncateLeft(s, total-right, "")
	// A wide character on the seam can leave one column too many.
	for Width(end) > right {
		_, size := firstCluster(end)
		end = end[size:]
	}
	return ansi.Truncate(s, left, "") + tail + end
}

func firstCluster(s string) (string, int) {
	c, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return c, max(len(c), 1)
}

// Pad fills s with blanks to w columns; what is wider stays as it is.
func Pad(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// PadLeft is Pad with the blanks in front, for numbers.
func PadLeft(s string, w int) string {
	if n := w - Width(s); n > 0 {
		return strings.Repeat(" ", n) + s
	}
	return s
}

// Wrap breaks s into lines of at most w columns, at spaces: a name that is cut
// at its hyphen can't be copied. Only a word longer than a line is broken, at a
// hyphen or slash where it has one.
func Wrap(s string, w int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	var lines []string
	for _, part := range strings.Split(s, "\n") {
		lines = append(lines, wrapLine(part, w)...)
	}
	return lines
}

func wrapLine(s string, w int) (lines []string) {
	if Width(s) <= w {
		return []string{strings.TrimRight(s, " ")}
	}
	from, to, wide := 0, 0, 0 // the line so far is s[from:to], that many columns
	flush := func(next int) {
		lines = append(lines, strings.TrimRight(s[from:to], " "))
		from, to, wide = next, next, 0
	}
	for at := 0; at < len(s); {
		end := len(s)
		if n := strings.IndexByte(s[at:], ' '); n >= 0 {
			end = at + n
		}
		word := Width(s[at:end])
		if to > from && wide+word > w {
			flush(at)
		}
		if word > w {
			parts := breakWord(s[at:end], w)
			last := parts[len(parts)-1]
			lines = append(lines, parts[:len(parts)-1]...)
			from, word = end-len(last), Width(last)
		}
		wide += word + 1
		to = min(end+1, len(s))
		at = to
	}
	if to > from {
		flush(to)
	}
	return lines
}

// breakWord breaks what is wider than a line: after a joint in the second half
// of the line, else where the line ends.
func breakWord(s string, w int) (lines []string) {
	from, wide, joint := 0, 0, 0
	for at := 0; at < len(s); {
		c, n := firstCluster(s[at:])
		cw := Width(c)
		if wide+cw > w && at > from {
			cut := at
			if joint > from && Width(s[from:joint]) >= w/2 {
				cut = joint
			}
			lines = append(lines, s[from:cut])
			from, wide = cut, Width(s[cut:at])
		}
		at += n
		wide += cw
		if c == "-" || c == "/" {
			joint = at
		}
	}
	lines = append(lines, s[from:])
	for i, l := range lines {
		if Width(l) > w { // a single character wider than the line
			lines[i] = ansi.Truncate(l, w, "")
		}
	}
	return lines
}
