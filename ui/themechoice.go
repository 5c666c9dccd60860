package ui

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tenantry/themes"
)

// Which theme it is, where nobody chose one.

// themeBefore is the theme until the terminal has said what its background is,
// and for good where it never does: the one that can be read on any, unless the
// environment tells ("15;0", "0;default;15": the last number is the background).
func themeBefore(colours string) string {
	i := strings.LastIndexByte(colours, ';')
	switch n, err := strconv.Atoi(colours[i+1:]); {
	case i < 0 || err != nil || n < 0 || n > 15:
		return "16"
	case n < 7 || n == 8:
		return "dark"
	}
	return "light"
}

// background takes what the terminal said.
func (a *App) background(dark bool) {
	if a.opts.Theme != "" {
		return
	}
	name := "dark"
	if !dark {
		name = "light"
	}
	if t, err := themes.Load(name); err == nil && a.theme.Colour {
		a.setTheme(t)
		a.dirty = true
	}
}

// profile takes what the terminal can show: without colours, states are told
// by shape alone.
func (a *App) profile(msg tea.ColorProfileMsg) {
	if a.opts.Theme != "" || msg.Profile > colorprofile.Ascii {
		return
	}
	if t, err := themes.Load("mono"); err == nil {
		a.setTheme(t)
		a.dirty = true
	}
}
