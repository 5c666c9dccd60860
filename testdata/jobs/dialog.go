package jobs

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"tenantry/testdata/terminal"
)

// Button presses a dialog's button.
func (d Desk) Button(word string) {
	d.T.Helper()
	d.Wait("[ " + word + " ]")
	for range 60 {
		if d.focused("[ " + word + " ]") {
			d.Keys("\r")
			return
		}
		d.Tab()
	}
	d.T.Fatalf("no way to the button %q:\n%s", word, d.Screen())
}

// Field replaces what is in a field of a dialog.
func (d Desk) Field(label, typed string) {
	d.T.Helper()
	d.To(label)
	// First something else, so that the same again is seen arriving.
	d.shows(label, "\x05\x15#", "#")
	d.shows(label, "\x7f"+typed, typed)
}

// To goes to a field or tick of a dialog, by its label.
func (d Desk) To(label string) {
	d.T.Helper()
	for range 60 {
		if d.focused("│ " + label) {
			return
		}
		d.Tab()
	}
	d.T.Fatalf("no way to %q:\n%s", label, d.Screen())
}

func (d Desk) shows(label, keys, value string) {
	d.T.Helper()
	d.Keys(keys)
	d.Until(label+" "+value, regexp.MustCompile(`(?m)│ `+label+` +`+regexp.QuoteMeta(value)+`( |$)`).MatchString)
}

// Tab goes on to the next field or button of a dialog, and waits until it is
// there.
func (d Desk) Tab() {
	d.T.Helper()
	before := d.box()
	d.Keys("\t")
	_, _ = d.WaitFor(5*time.Second, func(string) bool { return d.box() != before })
}

// focused reports whether what begins with a text has the focus: only that has
// a background of its own.
func (d Desk) focused(text string) bool {
	for _, row := range d.Cells() {
		line := runes(row)
		if i := strings.Index(line, text); i >= 0 {
			at := len([]rune(line[:i]))
			if strings.HasPrefix(text, "│") {
				at++
			}
			return row[at].Style.Background != terminal.DefaultColor
		}
	}
	return false
}

func runes(row []terminal.Cell) string {
	var b strings.Builder
	for _, c := range row {
		b.WriteRune(c.Rune)
	}
	return b.String()
}

// box is what a dialog looks like, colours and all: the page below may change
// while the focus moves, which may change no letter.
func (d Desk) box() string {
	var out strings.Builder
	for _, row := range d.Cells() {
		inside := false
		for _, c := range row {
			inside = inside || c.Rune == '│' || c.Rune == '┌'
			if inside {
				fmt.Fprintf(&out, "%c%v", c.Rune, c.Style)
			}
		}
	}
	return out.String()
}
