package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/ui/keymap"
)

// What keys do in a dialog.

// dialogKey takes a key while a dialog is open.
func (a *App) dialogKey(action keymap.Action, msg tea.KeyPressMsg) tea.Cmd {
	d := a.dialog
	if action == keymap.Quit {
		return a.leaveProgram()
	}
	if !d.drawn || d.busy != "" && action != keymap.Leave {
		return nil
	}
	switch action {
	case keymap.Leave:
		a.closeDialog()
	case keymap.NextField:
		d.move(1)
	case keymap.PreviousField:
		d.move(-1)
	case keymap.Press:
		return a.pressButton()
	case keymap.ShowDetail:
		if d.detail != nil {
			d.show(d.detail())
		}
	case keymap.PrintInstead:
		if d.print != nil {
			return d.print()
		}
		if d.printed != nil {
			text := d.printed()
			if d.show(text) {
				d.said = "copied; esc leaves without doing anything"
				return tea.SetClipboard(text)
			}
		}
	default:
		d.other(msg)
	}
	return nil
}

// show puts text in the place of the parts, or takes it away again.
func (d *dialog) show(text string) (shown bool) {
	d.top, d.said, d.broken = 0, "", nil
	if d.instead != nil {
		d.instead, d.follows = nil, true
		return false
	}
	d.instead, d.follows = strings.Split(strings.TrimRight(text, "\n"), "\n"), false
	return true
}

func (a *App) closeDialog() {
	d := a.dialog
	a.dialog, a.closing = nil, ""
	if d != nil && d.leave != nil {
		d.leave()
	}
}

// pressButton presses the marked button; in a field, enter goes on to the next.
func (a *App) pressButton() tea.Cmd {
	d := a.dialog
	b := d.button()
	if b == nil {
		d.move(1)
		return nil
	}
	if b.refused != nil {
		if why := b.refused(); why != "" {
			d.said = why
			return nil
		}
	}
	if !b.harmless {
		for at, i := range d.focusables() {
			if why := d.parts[i].wrong(); why != "" {
				d.at, d.follows, d.said = at, true, why
				return nil
			}
		}
	}
	if !b.stays {
		a.dialog = nil
	}
	if b.press == nil {
		a.closing = "" // as when it is left by esc
		return nil
	}
	return b.press()
}

// prints reports whether it can be printed instead of done.
func (d *dialog) prints() bool { return d.printed != nil || d.print != nil }

// extra names the keys a dialog has besides its buttons.
func (d *dialog) extra() string {
	var out []string
	if d.detail != nil {
		out = append(out, "ctrl+y what is sent")
	}
	if d.prints() {
		out = append(out, "ctrl+o print instead")
	}
	return strings.Join(out, "   ")
}

// hints are the keys of the last line while it is open.
func (d *dialog) hints() []keymap.Action {
	out := []keymap.Action{keymap.NextField, keymap.Press, keymap.Leave}
	if d.detail != nil {
		out = append(out, keymap.ShowDetail)
	}
	if d.prints() {
		out = append(out, keymap.PrintInstead)
	}
	return out
}
