package main

import (
	"fmt"
	"html"
	"strings"

	"tenantry/testdata/terminal"
)

const (
	cellWidth, cellHeight = 8.43, 18.0 // DejaVu Sans Mono at 14
	margin                = 12.0
)

// palette is what the terminal's sixteen colours look like in the picture.
type palette struct {
	background, foreground string
	sixteen                [16]string
}

var (
	darkPalette = palette{"#16181d", "#d6d9df", [16]string{
		"#1d2026", "#e5686f", "#84c077", "#dcb25c", "#6ba4e7", "#c58ad9", "#5fbfc4", "#c9ccd3",
		"#5a606b", "#f08a8f", "#a0d494", "#ecc87c", "#8dbbf0", "#d7a8e6", "#83d3d7", "#f2f3f5"}}
	lightPalette = palette{"#fbfbfa", "#24272d", [16]string{
		"#24272d", "#b3262d", "#2f7d32", "#946000", "#1f5fae", "#8a3aa0", "#0f7a80", "#d8dadf",
		"#767c87", "#c9444b", "#46974a", "#ad7a1a", "#3d7ac6", "#a457b8", "#2d949a", "#ffffff"}}
)

// draw renders the cells row by row, one text run per stretch of equal style.
func draw(rows [][]terminal.Cell, light bool) string {
	p := darkPalette
	if light {
		p = lightPalette
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r))
	}
	w, h := float64(width)*cellWidth+2*margin, float64(len(rows))*cellHeight+2*margin
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f">`, w, h, w, h)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`, p.background)
	b.WriteString(`<g font-family="'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14" xml:space="preserve">`)
	for y, row := range rows {
		for x := 0; x < len(row); {
			end := x + 1
			for end < len(row) && row[end].Style == row[x].Style {
				end++
			}
			drawRun(&b, p, row[x:end], x, y)
			x = end
		}
	}
	b.WriteString("</g></svg>\n")
	return b.String()
}

func drawRun(b *strings.Builder, p palette, run []terminal.Cell, x, y int) {
	style := run[0].Style
	fg, bg := p.color(style.Foreground, p.foreground), p.color(style.Background, "")
	if style.Reverse {
		if bg == "" {
			bg = p.background
		}
		fg, bg = bg, fg
	}
	left, top := margin+float64(x)*cellWidth, margin+float64(y)*cellHeight
	if bg != "" {
		fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`, left, top, float64(len(run))*cellWidth, cellHeight, bg)
	}
	extra := ""
	if style.Bold {
		extra += ` font-weight="bold"`
	}
	if style.Faint {
		extra += ` opacity="0.6"`
	}
	if style.Underline {
		extra += ` text-decoration="underline"`
	}
	// Word by word, each at its own cell: fonts and viewers differ in what a
	// space takes.
	for i := 0; i < len(run); {
		if run[i].Rune == ' ' {
			i++
			continue
		}
		var word strings.Builder
		from := i
		for ; i < len(run) && run[i].Rune != ' '; i++ {
			word.WriteRune(run[i].Rune)
		}
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s" textLength="%.1f"%s>%s</text>`, left+float64(from)*cellWidth, top+13.5, fg,
			float64(i-from)*cellWidth, extra, html.EscapeString(word.String()))
	}
}

func (p palette) color(c terminal.Color, otherwise string) string {
	switch {
	case c == terminal.DefaultColor:
		return otherwise
	case c < 16:
		return p.sixteen[c]
	case c < 256:
		return fmt.Sprintf("#%06x", xterm(int(c)))
	}
	return fmt.Sprintf("#%06x", int(c)&0xffffff)
}

// xterm returns the 256-colour palette's cube and greys as RGB.
func xterm(n int) int {
	if n >= 232 {
		v := 8 + (n-232)*10
		return v<<16 | v<<8 | v
	}
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + i*40
	}
	n -= 16
	return level(n/36)<<16 | level(n/6%6)<<8 | level(n%6)
}
