package ui

import (
	"strings"
	"unicode/utf8"

	"tenantry/ui/query"
	"tenantry/ui/text"
)

// maxTyped bounds what can be typed or pasted into one line.
const maxTyped = 200

// editLine is one line of text being typed.
type editLine struct {
	runes []rune
	at    int
}

func (e *editLine) String() string { return string(e.runes) }

// insert puts typed or pasted text at the cursor, cleaned first.
func (e *editLine) insert(s string) {
	if utf8.RuneCountInString(s) > maxTyped {
		s = string([]rune(s)[:maxTyped])
	}
	in := []rune(text.Clean(s))
	if room := maxTyped - len(e.runes); len(in) > room {
		in = in[:max(room, 0)]
	}
	rest := append([]rune(nil), e.runes[e.at:]...)
	e.runes = append(append(e.runes[:e.at], in...), rest...)
	e.at += len(in)
}

// key edits the line; it reports whether the key was one for editing.
func (e *editLine) key(key string) bool {
	switch key {
	case "left", "ctrl+b":
		e.at = max(e.at-1, 0)
	case "right", "ctrl+f":
		e.at = min(e.at+1, len(e.runes))
	case "home", "ctrl+a":
		e.at = 0
	case "end", "ctrl+e":
		e.at = len(e.runes)
	case "backspace", "ctrl+h":
		if e.at > 0 {
			e.runes = append(e.runes[:e.at-1], e.runes[e.at:]...)
			e.at--
		}
	case "delete", "ctrl+d":
		if e.at < len(e.runes) {
			e.runes = append(e.runes[:e.at], e.runes[e.at+1:]...)
		}
	case "ctrl+u":
		e.runes, e.at = e.runes[e.at:], 0
	case "ctrl+k":
		e.runes = e.runes[:e.at]
	case "ctrl+w", "alt+backspace":
		from := e.at
		for from > 0 && e.runes[from-1] == ' ' {
			from--
		}
		for from > 0 && e.runes[from-1] != ' ' {
			from--
		}
		e.runes, e.at = append(e.runes[:from], e.runes[e.at:]...), from
	default:
		return false
	}
	return true
}

// filter narrows a list: typed text, and only what is not fine.
type filter struct {
	line    editLine
	typing  bool
	trouble bool
	query   query.Query
	hidden  int // rows that don't fit, as of the last derive
}

func (f *filter) parse() { f.query = query.Parse(f.line.String()) }

// on reports whether the filter may hide anything.
func (f *filter) on() bool { return f.trouble || !f.query.Empty() }

// drop shows everything again and reports whether that changed anything.
func (f *filter) drop() bool {
	was := f.on() || f.typing || len(f.line.runes) > 0
	*f = filter{hidden: f.hidden}
	return was
}

// words say what is filtered for.
func (f *filter) words() string {
	var parts []string
	if f.trouble {
		parts = append(parts, "! trouble only")
	}
	if s := f.line.String(); s != "" {
		parts = append(parts, "/"+s)
	}
	return strings.Join(parts, "  ")
}
