// Package text prepares and measures text for the terminal: it takes out of a
// cluster's strings what could move the cursor, colour the screen or reorder
// it, and cuts, pads and wraps what is left to whole columns.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Clean makes a string from the cluster safe to draw on one line: escape
// sequences, control characters, direction overrides and zero-width characters
// are taken out, line breaks and tabs become one space, bytes that are no
// UTF-8 become U+FFFD. What it returns is as wide on every terminal: a cluster
// of characters that terminals measure differently becomes U+FFFD too.
//
// Everything drawn passes through here; plain ASCII costs one look per byte.
func Clean(s string) string {
	if _, ok := simple(s); ok {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false // a run of line breaks is one space
	for i := 0; i < len(s); {
		if s[i] == 0x1b {
			i += escapeLen(s[i:])
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case isBreak(r):
			space = true
			continue
		case !visible(r):
			continue
		}
		if space {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
		}
		b.WriteRune(r)
	}
	return sameWidth(b.String())
}

// simple measures a string of printable ASCII, Latin letters and the shapes
// this program draws itself: all of them one column wide on their own and next
// to each other. Nearly everything drawn is, and the general way costs a
// hundred times as much.
func simple(s string) (width int, ok bool) {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 || c > 0x7e {
				return 0, false
			}
			i++
			width++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if !oneColumn(r) {
			return 0, false
		}
		i += n
		width++
	}
	return width, true
}

// oneColumn reports whether a character outside ASCII is a Latin letter or one
// of the program's own shapes.
func oneColumn(r rune) bool {
	switch {
	case r >= 0xa1 && r <= 0x17f:
		// Copyright and registered can be drawn as emoji.
		return r != 0xad && r != 0xa9 && r != 0xae
	case r >= 0x2500 && r <= 0x259f: // lines, corners, blocks
		return true
	}
	switch r {
	case '–', '…', '•', '‖', '→', '←', '↑', '↓', '▸', '▾', '●', '○', '◐', '◓', '◑', '◒', '✓', '✗', '⊘', '⊖', '≥':
		return true
	}
	return false
}

// plain reports whether s is printable ASCII throughout.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\t', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// visible reports whether a character may reach the terminal. Everything of
// category Cf (bidi overrides, joiners, soft hyphen, tags), the variation
// selectors, the emoji modifiers, which change the width of what is before
// them, and letters that are blank by definition stay out.
func visible(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return false
	case r < 0x300:
		return r != 0xad
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef:
		return false
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return false
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x17b4, r == 0x17b5:
		return false
	}
	return !unicode.In(r, unicode.Cf, unicode.Cc, unicode.Cs, unicode.Co)
}

// escapeLen returns the length of the escape sequence s begins with. One that
// does not end within s is the ESC alone, so that an unfinished sequence can't
// swallow the rest of a message.
func escapeLen(s string) int {
	if len(s) < 2 {
		return 1
	}
	switch s[1] {
	case '[': // CSI: parameters, then one final byte
		for i := 2; i < len(s) && i < 64; i++ {
			if s[i] >= 0x40 && s[i] <= 0x7e {
				return i + 1
			}
			if s[i] < 0x20 || s[i] > 0x3f {
				break
			}
		}
	case ']', 'P', 'X', '^', '_': // OSC, DCS, SOS, PM, APC: up to BEL or ST
		for i := 2; i < len(s); i++ {
			if s[i] == 0x07 {
				return i + 1
			}
			if s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\' {
				return i + 2
			}
		}
	}
	return 1
}

// sameWidth replaces the grapheme clusters that terminals with and without
// grapheme support measure differently, and those piled high with combining
// marks.
func sameWidth(s string) string {
	if plain(s) {
		return s
	}
	const maxCluster = 24 // bytes: a letter and a handful of marks
	var b strings.Builder
	for len(s) > 0 {
		cluster, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if cluster == "" {
			break
		}
		s = s[len(cluster):]
		if len(cluster) > maxCluster || width == 0 || width != ansi.StringWidthWc(cluster) {
			b.WriteRune(utf8.RuneError)
			continue
		}
		b.WriteString(cluster)
	}
	return b.String()
}

// ASCII replaces every character outside printable ASCII, for terminals that
// can show no other.
func ASCII(s string) string {
	if plain(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == '→' { // sentences about changes are made of it
			return '>'
		}
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
}
