package jobs

import (
	"fmt"
	"regexp"
	"slices"
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
	before := d.focus()
	d.Keys("\t")
	_, _ = d.WaitFor(5*time.Second, func(string) bool { return d.focus() != before })
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

// focus is what in a dialog has the focus: what was typed just now may still
// arrive while it moves, and is not taken for that. Only it has a background of
// its own; of a field it is the label, of a button or tick its words.
func (d Desk) focus() string {
	cells := d.Cells()
	left, right := -1, -1
	for y, row := range cells {
		if left < 0 {
			line := []rune(runes(row))
			if left = slices.Index(line, '┌'); left >= 0 {
				right = slices.Index(line, '┐')
			}
			continue
		}
		if right < left || row[left].Rune == '└' {
			break
		}
		inside := row[left+1 : min(right, len(row))]
		from := slices.IndexFunc(inside, func(c terminal.Cell) bool { return c.Style.Background != terminal.DefaultColor })
		if from < 0 {
			continue
		}
		words := inside[from:]
		if to := slices.IndexFunc(words, func(c terminal.Cell) bool { return c.Style.Background == terminal.DefaultColor }); to >= 0 {
			words = words[:to]
		}
		if label := strings.TrimSpace(runes(inside[:min(11, len(inside))])); label != "" && from < 11 && !strings.HasPrefix(label, "[") {
			return label
		}
		return fmt.Sprint(y, strings.TrimSpace(runes(words)))
	}
	return ""
}
