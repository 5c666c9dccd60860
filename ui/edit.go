package ui

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"tenantry/ui/query"
	"tenantry/ui/text"
)

// maxTyped bounds what can be typed or pasted into one line.
const maxTyped = 200

// editLine is one line of text being typed.
type editLine struct {
	runes []rune
	at    int
	// secret lines live in one piece of memory that never grows, and of which
	// nothing is copied into a string: wipe makes zeros of all that was typed.
	secret bool
	// room is how much can be typed; 0 = maxTyped.
	room int
}

func (e *editLine) String() string { return string(e.runes) }

// insert puts typed or pasted text at the cursor, cleaned first.
func (e *editLine) insert(s string) {
	if e.secret {
		e.insertSecret(s)
		return
	}
	maxTyped := cmp.Or(e.room, maxTyped)
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

// maxSecret is how much can be typed or pasted into a secret line: tokens are
// long.
const maxSecret = 4096

// insertSecret puts a secret at the cursor, letter by letter; what is no letter,
// as the line end behind a pasted token, is left out.
func (e *editLine) insertSecret(s string) {
	if cap(e.runes) < maxSecret {
		grown := make([]rune, len(e.runes), maxSecret)
		copy(grown, e.runes)
		clear(e.runes)
		e.runes = grown
	}
	for _, r := range s {
		if unicode.IsControl(r) || len(e.runes) == maxSecret {
			continue
		}
		e.runes = e.runes[:len(e.runes)+1]
		copy(e.runes[e.at+1:], e.runes[e.at:])
		e.runes[e.at] = r
		e.at++
	}
}

// forget makes zeros of a pasted text. Nobody but the one who pasted it has it:
// Bubble Tea made the string of what the terminal sent.
func forget(s string) {
	if len(s) > 0 {
		clear(unsafe.Slice(unsafe.StringData(s), len(s)))
	}
}

// bytes is what was typed, in memory of its own that is the caller's to wipe.
func (e *editLine) bytes() []byte {
	n := 0
	for _, r := range e.runes {
		n += utf8.RuneLen(r)
	}
	out := make([]byte, 0, n)
	for _, r := range e.runes {
		out = utf8.AppendRune(out, r)
	}
	return out
}

// wipe makes zeros of what was typed.
func (e *editLine) wipe() {
	clear(e.runes[:cap(e.runes)])
	e.runes, e.at = e.runes[:0], 0
}

// key edits the line; it reports whether the key was one for editing.
func (e *editLine) key(key string) bool {
	if e.secret { // what was deleted must not stay behind the line's end
		defer func(n int) { clear(e.runes[len(e.runes):max(n, len(e.runes))]) }(len(e.runes))
	}
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
		e.runes, e.at = append(e.runes[:0], e.runes[e.at:]...), 0
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
