package ui

import (
	"tenantry/themes"
	"tenantry/ui/draw"
)

// gridLines draws a small table of a dialog, its heads first. Columns are as
// wide as what is in them; where that is too wide, the widest give way, and
// what doesn't fit is cut in the middle, where addresses differ least.
func gridLines(kit draw.Kit, w int, grid [][]string) []string {
	widths := gridWidths(kit, max(w-2, 1), grid)
	lines := make([]string, 0, len(grid))
	for i, row := range grid {
		l := draw.NewLine(kit, w).Skip(1)
		for c, cell := range row {
			if widths[c] <= 0 {
				continue
			}
			role := themes.Text
			switch {
			case i == 0 || c == 0:
				role = themes.Head
			case c == gridAfter && row[gridNow] != cell:
				role = themes.Changed
			case c == gridNow && row[gridAfter] != cell:
				role = themes.Muted
			}
			at := l.X()
			l.Put(role, kit.CutMiddle(cell, widths[c])).To(at + widths[c] + 2)
		}
		lines = append(lines, l.String())
	}
	return lines
}

// The columns of a grid that are compared.
const (
	gridNow   = 1
	gridAfter = 2
)

func gridWidths(kit draw.Kit, w int, grid [][]string) []int {
	if len(grid) == 0 {
		return nil
	}
	widths := make([]int, len(grid[0]))
	total := 2 * (len(widths) - 1)
	for _, row := range grid {
		for c, cell := range row {
			widths[c] = max(widths[c], kit.Width(cell))
		}
	}
	for _, n := range widths {
		total += n
	}
	for total > w {
		widest := 0
		for c := range widths {
			if widths[c] > widths[widest] {
				widest = c
			}
		}
		if widths[widest] == 0 {
			break
		}
		widths[widest]--
		total--
	}
	return widths
}
