package themes

import (
	"strings"

	"charm.land/lipgloss/v2"
)

// build makes every style of the program, once: role × mods.
func build(name string, l looks) *Theme {
	t := &Theme{Name: name, looks: l}
	for r := range l.role {
		if l.role[r].fg != "" || l.role[r].bg != "" {
			t.Colour = true
		}
		for m := range t.styles[r] {
			t.styles[r][m] = compile(overlay(l.role[r], Mod(m), l.cursor))
		}
	}
	return t
}

// overlay lays the mods over a role's look.
func overlay(l look, m Mod, cursor look) look {
	if m&Cursor != 0 {
		if cursor.bg != "" {
			l.bg = cursor.bg
		}
		if cursor.fg != "" && l.fg == "" {
			l.fg = cursor.fg
		}
		l.bold = l.bold || cursor.bold
		l.underline = l.underline || cursor.underline
		l.reverse = l.reverse != cursor.reverse
		// Faint text on a coloured bar is what is read least well; the cursor
		// row is the one that is being read.
		l.faint = false
	}
	if m&Flash != 0 {
		l.reverse, l.faint = !l.reverse, false
	}
	if m&Strong != 0 {
		l.bold, l.faint = true, false
	}
	return l
}

// compile asks lipgloss for the style's sequences by rendering one letter.
func compile(l look) style {
	s := lipgloss.NewStyle().Bold(l.bold).Faint(l.faint).Reverse(l.reverse).Underline(l.underline)
	if l.fg != "" {
		s = s.Foreground(lipgloss.Color(l.fg))
	}
	if l.bg != "" {
		s = s.Background(lipgloss.Color(l.bg))
	}
	pre, post, _ := strings.Cut(s.Render("x"), "x")
	return style{pre, post}
}
