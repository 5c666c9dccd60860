package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/ui/keymap"
)

// zoneKind is what a part of the screen does when it is clicked.
type zoneKind uint8

const (
	zoneBody zoneKind = iota
	zoneAbove
	zoneKey
)

// zone is a part of the frame drawn last that can be clicked.
type zone struct {
	x, y, w, h int
	kind       zoneKind
	action     keymap.Action
}

func (a *App) zone(x, y, w, h int, kind zoneKind) {
	a.zones = append(a.zones, zone{x: x, y: y, w: w, h: h, kind: kind})
}

func (z *zone) holds(x, y int) bool {
	return x >= z.x && x < z.x+z.w && y >= z.y && y < z.y+z.h
}

// click remembers the last one, to tell a double click.
type click struct {
	at   time.Time
	x, y int
}

const doubleClick = 400 * time.Millisecond

// clicked selects; a second click on the same spot opens.
func (a *App) clicked(m tea.Mouse) tea.Cmd {
	if m.Button != tea.MouseLeft {
		return nil
	}
	a.lastKey, a.dirty = a.local, true
	double := a.last.y == m.Y && a.local.Sub(a.last.at) < doubleClick && abs(a.last.x-m.X) <= 1
	a.last = click{a.local, m.X, m.Y}
	over := a.menu != nil || a.dialog != nil
	for _, z := range a.zones {
		if !z.holds(m.X, m.Y) || over && (z.kind != zoneKey || z.y != a.h-1 || a.menu != nil && a.menuAt.holds(m.X, m.Y)) {
			continue // under what lies over the page, only the key line is seen
		}
		if z.kind == zoneKey {
			return a.pressed(z.action)
		}
		p, ok := a.page().(pointable)
		if !ok {
			return nil
		}
		if z.kind == zoneAbove {
			p.clickAbove(m.X, z.w)
			return nil
		}
		if p.click(m.X-z.x, m.Y-z.y) && double {
			a.last = click{}
			return a.do(keymap.Open)
		}
		return nil
	}
	if a.dialog != nil {
		a.last = click{}
		return a.clickDialog(m.X, m.Y)
	}
	if a.menu != nil {
		a.last = click{}
		return a.clickMenu(m.X, m.Y)
	}
	return nil
}

// pressed is a click on a key's name: it does what the key does.
func (a *App) pressed(action keymap.Action) tea.Cmd {
	a.notice, a.last = "", click{}
	switch {
	case a.dialog != nil:
		return a.pressedInDialog(action)
	case a.menu != nil:
		return a.menuKey(action, tea.KeyPressMsg{})
	case a.typist() != nil:
		return a.typed(action, tea.KeyPressMsg{})
	}
	return a.do(action)
}

// wheel scrolls what is under it.
func (a *App) wheel(m tea.Mouse) {
	n := 3
	switch m.Button {
	case tea.MouseWheelUp:
		n = -n
	case tea.MouseWheelDown:
	default:
		return
	}
	if a.dialog != nil {
		a.dialog.top, a.dialog.follows = max(a.dialog.top+n, 0), false
	} else if a.menu != nil {
		a.menu.move(n)
	} else if p, ok := a.page().(pointable); ok {
		p.scroll(n)
	}
	a.lastKey, a.dirty = a.local, true
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
