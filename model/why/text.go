package why

import (
	"strings"
	"time"

	"tenantry/model"
)

// Text is the whole explanation as plain text, for the clipboard and for
// reports. The words are the cluster's in part: clean them before they are
// drawn. at is the zone times are written in.
func (e *Explanation) Text(at *time.Location) string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	line(end(e.Headline))
	if e.Effect != "" {
		line(e.Effect)
	}
	for _, s := range e.Waits {
		line(end(s))
	}
	for i := range e.Faults {
		f := &e.Faults[i]
		line("")
		if len(e.Faults) > 1 {
			line(end("CAUSE " + f.Sentence()))
		}
		line("CHAIN")
		for j, l := range f.Chain {
			text := strings.Repeat("  ", j+1) + l.Ref.String() + "  " + l.State()
			if l.Note != "" {
				text += "  " + l.Note
			}
			line(text)
		}
		if len(f.Evidence) > 0 {
			line("EVIDENCE")
		}
		for _, ev := range f.Evidence {
			text := "  " + ev.Label + "  "
			if ev.At != 0 {
				text += time.Unix(int64(ev.At), 0).In(at).Format(time.DateTime) + "  "
			}
			line(text + ev.Text)
		}
		if len(f.Fixes) > 0 {
			line("FIX")
		}
		for _, x := range f.Fixes {
			line("  " + x.Words)
			if x.Command != "" {
				line("    " + x.Command)
			}
		}
	}
	if len(e.RuledOut) > 0 {
		line("\nRULED OUT " + strings.Join(e.RuledOut, ", "))
	}
	if len(e.NotTried) > 0 {
		line("NOT TRIED " + strings.Join(e.NotTried, ", "))
	}
	return b.String()
}

// State is a link's state in a word.
func (l *Link) State() string {
	switch {
	case l.Word != "":
		return l.Word
	case l.Old:
		return "Ready, old"
	case l.Health == model.NotApplicable:
		return "Exists"
	}
	return l.Health.String()
}

// Sentence is what is wrong where it starts, begun like a sentence; a
// controller's own words stay as they are.
func (f *Fault) Sentence() string {
	if f.Raw {
		return f.Words
	}
	return upper(f.Words)
}

// end closes a sentence.
func end(s string) string {
	if s == "" || strings.ContainsRune(".!?", rune(s[len(s)-1])) {
		return s
	}
	return s + "."
}
