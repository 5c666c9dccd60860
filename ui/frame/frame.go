// Package frame divides the terminal: which line belongs to what, at every
// size, and how a box is laid over what is there.
package frame

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// Below these the list gives way to the row under the cursor.
const (
	compactWidth  = 60
	compactHeight = 12
	// listRows is what a list keeps, whatever else has to go.
	listRows = 6
	// sentenceHeight is the height below which the pane is one sentence.
	sentenceHeight = 20
)

// Sizes says how many lines each part of the frame gets. They add up to the
// height.
type Sizes struct {
	W, H    int
	Compact bool // counts, then the row under the cursor
	Head    int  // line 1 and line 2
	Above   int  // the fleet line
	Body    int  // the list with its head, or text
	Rule    int
	Pane    int
	Keys    int
}

// Divide divides w × h. above is what stands between head and body, need how
// many lines the pane would like: it gets them up to a third of the height.
// Zoomed, the body is alone with line 1.
func Divide(w, h, above, need int, zoomed bool) Sizes {
	s := Sizes{W: max(w, 0), H: max(h, 0)}
	if s.Compact = w < compactWidth || h < compactHeight; s.Compact {
		return s
	}
	if zoomed {
		s.Head, s.Body = 1, h-1
		return s
	}
	s.Head, s.Above, s.Rule, s.Keys = 2, above, 1, 1
	s.Pane = 1
	if h >= sentenceHeight {
		// The pane keeps its height while the cursor moves, or the list would
		// jump; only what really needs more gets more.
		s.Pane = min(max(Pane(h), need), h/3)
	}
	s.Body = h - s.Head - s.Above - s.Rule - s.Pane - s.Keys
	for s.Body < listRows+1 && s.Pane > 1 {
		s.Pane--
		s.Body++
	}
	for s.Body < listRows+1 && s.Above > 0 {
		s.Above--
		s.Body++
	}
	return s
}

// Overlay lays box, a block of equally wide lines, over the middle of lines,
// which lose their colour.
func Overlay(kit draw.Kit, lines, box []string, w int) []string {
	out := make([]string, len(lines))
	_, top := Middle(w, len(lines), 0, len(box))
	for i, line := range lines {
		plain := ansi.Strip(line)
		j := i - top
		if j < 0 || j >= len(box) {
			out[i] = kit.Theme.Paint(themes.Muted, 0, plain)
			continue
		}
		bw := ansi.StringWidth(box[j])
		x, _ := Middle(w, 0, bw, 0)
		left := text.Pad(ansi.Truncate(plain, x, ""), x)
		right := ansi.TruncateLeft(plain, x+bw, "")
		out[i] = kit.Theme.Paint(themes.Muted, 0, left) + ansi.Truncate(box[j], w, "") +
			kit.Theme.Paint(themes.Muted, 0, ansi.Truncate(right, max(w-x-bw, 0), ""))
	}
	return out
}

// Pane is the height a pane has at a height of the terminal unless it needs
// more.
func Pane(h int) int { return max(h/8, 3) }

// Middle is where a box of bw × bh begins that lies over the middle of w × h.
func Middle(w, h, bw, bh int) (x, y int) { return max((w-bw)/2, 0), max((h-bh)/2, 0) }

// Box draws a frame with a title round lines, w columns wide in all.
func Box(kit draw.Kit, role themes.Role, title string, lines []string, w int) []string {
	g := kit.Glyph.Box
	inner := max(w-2, 0)
	head := kit.Cut(" "+title+" ", max(inner-1, 0))
	top := g[0] + g[4] + head + strings.Repeat(g[4], max(inner-1-text.Width(head), 0)) + g[1]
	out := make([]string, 0, len(lines)+2)
	out = append(out, kit.Theme.Paint(role, 0, top))
	for _, line := range lines {
		body := ansi.Truncate(line, inner, "")
		body += strings.Repeat(" ", max(inner-ansi.StringWidth(body), 0))
		out = append(out, kit.Theme.Paint(role, 0, g[5])+body+kit.Theme.Paint(role, 0, g[5]))
	}
	return append(out, kit.Theme.Paint(role, 0, g[3]+strings.Repeat(g[4], inner)+g[2]))
}
