package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
)

// part is one thing a dialog says or asks, from above. With tick or line it
// takes the focus.
type part struct {
	label string
	text  string
	role  themes.Role
	state mark // in front of the text
	// tick is what can be ticked off; locked ones can't, and why says why not.
	tick   *bool
	locked string
	// line is a field; hint stands in it while it is empty. Masked fields show
	// that something is typed, never what. problem says what is wrong with what
	// is typed, "" when nothing is.
	line    *editLine
	hint    string
	masked  bool
	problem func(string) string
	// choices make a field that is chosen instead of typed, with left and right.
	choices []string
	chosen  *int
	// under is a sentence below the part as it is now; offer is what a field
	// could hold instead, taken with right at the end of what is typed.
	under func() (string, themes.Role)
	offer func() string
	// grid is a small table in place of the text, its heads first; a cell that
	// differs from the one before it in changed columns is pointed out.
	grid  [][]string
	inset bool // it begins where what belongs to a label begins
	gap   bool // a blank line in front
	// measured is how many lines it takes at a width, 0 as long as nobody
	// measured.
	measured, measuredAt int
	measuredOf           string
}

func (p *part) focusable() bool { return p.tick != nil || p.line != nil || p.chosen != nil }

// button ends a dialog. It carries the verb.
type button struct {
	word string
	// harmless buttons are marked first where something stops or is lost.
	harmless bool
	// refused says why it can't be pressed now, "" when it can.
	refused func() string
	press   func() tea.Cmd
	stays   bool // the dialog goes on after it was pressed
}

// dialog asks before something is done. It takes every key, and no letter
// answers it: only the marked button does, by enter.
type dialog struct {
	title   string
	danger  bool // it can delete, or take over by force
	parts   []part
	buttons []button
	// detail is what ctrl+y shows: what exactly would be sent. printed is what
	// ctrl+o shows and copies instead of doing it.
	detail, printed func() string
	// lines are those shown instead of the parts; nil for the parts.
	instead []string
	// broken are the same as they fit a width.
	broken   []string
	brokenAt int
	// refresh is called when a batch was applied: what the dialog was made of
	// may have changed.
	refresh func(*dialog)
	// ticked is called when something was ticked or unticked.
	ticked func()
	leave  func()
	busy   string     // what is being asked of the server; no key but esc counts meanwhile
	begins func() int // where the focus is first, in place of the usual
	// live is called after every message while the dialog is open: what it shows
	// is made anew, and what it waits for is asked for again.
	live func(*dialog) tea.Cmd
	// print is what ctrl+o does where that is more than to show a text.
	print func() tea.Cmd
	draft *draft // what of it is kept while it is open; nil for nothing
	seen  uint64 // the store's revision it was looked at with last

	at      int // the focus: parts that take it, then buttons
	top     int // the first line seen
	height  int // lines seen last
	said    string
	drawn   bool   // keys typed before that were meant for something else
	follows bool   // the view goes to the focus
	hits    []zone // the buttons as drawn last, from the box's inner edge
}

// ask opens a dialog over the page, seen from its top: what it is about comes
// first. The first field has the focus; without any, the harmless button is
// marked, or the one that was asked for.
func (a *App) ask(d *dialog) {
	d.seen = a.store.Revision()
	d.at = len(d.focusables()) + len(d.buttons) - 1
	for i := range d.buttons {
		if d.buttons[i].harmless {
			d.at = len(d.focusables()) + i
		}
	}
	for i, p := range d.focusables() {
		if d.parts[p].line != nil {
			d.at = i // what is typed goes into a field; the harmless button comes after them
			break
		}
	}
	if d.begins != nil {
		d.at = d.begins()
	}
	a.menu, a.dialog = nil, d
}

// focusables are the indices of the parts that take the focus.
func (d *dialog) focusables() []int {
	var out []int
	for i := range d.parts {
		if d.parts[i].focusable() {
			out = append(out, i)
		}
	}
	return out
}

// focus returns the part that has the focus, nil when a button has.
func (d *dialog) focus() *part {
	if f := d.focusables(); d.at < len(f) {
		return &d.parts[f[d.at]]
	}
	return nil
}

// button returns the button that has the focus, nil when a part has.
func (d *dialog) button() *button {
	if i := d.at - len(d.focusables()); i >= 0 && i < len(d.buttons) {
		return &d.buttons[i]
	}
	return nil
}

func (d *dialog) move(n int) {
	all := len(d.focusables()) + len(d.buttons)
	if all > 0 {
		d.at = (d.at + n + all) % all
	}
	d.follows, d.said = true, ""
}

// become shows other parts and buttons; the focus stays on what it was on.
func (d *dialog) become(parts []part, buttons []button) {
	var on part
	if p := d.focus(); p != nil {
		on = *p
	}
	word := ""
	if b := d.button(); b != nil {
		word = b.word
	}
	d.parts, d.buttons = parts, buttons
	fields := d.focusables()
	for i, at := range fields {
		if p := &d.parts[at]; word == "" && p.line == on.line && p.tick == on.tick && p.chosen == on.chosen {
			d.at = i
			return
		}
	}
	for i := range d.buttons {
		if d.buttons[i].word == word {
			d.at = len(fields) + i
			return
		}
	}
	d.at = min(d.at, len(fields)+len(buttons)-1)
}

// wrong says what is wrong with a field.
func (p *part) wrong() string {
	if p.line == nil || p.problem == nil {
		return ""
	}
	return p.problem(p.line.String())
}

// other is a key that is none of the dialog's own: it edits the field that has
// the focus, ticks or chooses; else it scrolls.
func (d *dialog) other(msg tea.KeyPressMsg) {
	key := msg.String()
	switch key {
	case "pgdown":
		d.top, d.follows = d.top+max(d.height-1, 1), false
		return
	case "pgup":
		d.top, d.follows = max(d.top-max(d.height-1, 1), 0), false
		return
	}
	p := d.focus()
	switch {
	case p == nil:
		switch key { // from button to button
		case "left":
			d.move(-1)
		case "right":
			d.move(1)
		}
	case p.tick != nil:
		if key == "space" {
			d.follows = true
			if p.locked != "" {
				d.said = p.locked
			} else {
				*p.tick = !*p.tick
				if d.ticked != nil {
					d.ticked()
				}
			}
		}
	case p.chosen != nil:
		switch key {
		case "left":
			*p.chosen = (*p.chosen + len(p.choices) - 1) % len(p.choices)
		case "right", "space":
			*p.chosen = (*p.chosen + 1) % len(p.choices)
		}
	default:
		d.follows, d.said = true, ""
		if key == "right" && p.line.at == len(p.line.runes) && p.offer != nil {
			if offer := p.offer(); offer != "" {
				*p.line = editLine{}
				p.line.insert(offer)
			}
			return
		}
		if !p.line.key(key) && msg.Text != "" {
			p.line.insert(msg.Text)
		}
	}
}

// paste goes into the field that has the focus, and nowhere else.
func (d *dialog) paste(s string) {
	if p := d.focus(); d.drawn && p != nil && p.line != nil {
		p.line.insert(s)
		if p.line.secret {
			forget(s)
		}
		d.follows, d.said = true, ""
	}
}
