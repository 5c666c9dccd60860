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

// Wrap breaks s into lines of at most w columns, between words where it can.
func Wrap(s string, w int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	lines := strings.Split(ansi.Wrap(s, w, "/"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
		if Width(lines[i]) > w { // a single character wider than the line
			lines[i] = ansi.Truncate(lines[i], w, "")
		}
	}
	return lines
}
