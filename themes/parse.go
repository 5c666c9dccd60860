package themes

import (
	"fmt"
	"strconv"
	"strings"
)

// looks is a theme as its file says it, before it becomes styles.
type looks struct {
	role   [roleCount]look
	cursor look
}

// look is how one role looks. Colours are "" (the terminal's own), a number of
// the 256-colour table, or #rrggbb.
type look struct {
	fg, bg                          string
	bold, faint, reverse, underline bool
}

func (l look) drained() look {
	l.fg, l.bg = "", ""
	return l
}

// The terminal's 16 colours by name: what they look like is the person's
// choice, which is why the default themes use nothing else for text.
var colourNames = map[string]string{
	"black": "0", "red": "1", "green": "2", "yellow": "3",
	"blue": "4", "magenta": "5", "cyan": "6", "white": "7",
	"bright-black": "8", "bright-red": "9", "bright-green": "10", "bright-yellow": "11",
	"bright-blue": "12", "bright-magenta": "13", "bright-cyan": "14", "bright-white": "15",
}

// Parse reads a theme file: one role a line, then its colour (a name, a number
// up to 255 or #rrggbb), bg= and a colour, and the attributes bold, faint,
// reverse and underline. "cursor" is laid over every role on the cursor's row.
func Parse(name, data string) (*Theme, error) {
	var l looks
	var seen [roleCount]bool
	cursor := false
	for i, line := range strings.Split(data, "\n") {
		line, _, _ = strings.Cut(line, " //")
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "//") {
			continue
		}
		look, err := parseLook(words[1:])
		if err != nil {
			return nil, fmt.Errorf("theme %s, line %d: %w", name, i+1, err)
		}
		if words[0] == "cursor" {
			l.cursor, cursor = look, true
			continue
		}
		role, ok := roleNamed(words[0])
		if !ok {
			return nil, fmt.Errorf("theme %s, line %d: no role %q: there are cursor, %s",
				name, i+1, words[0], strings.Join(roleNames[:], ", "))
		}
		l.role[role], seen[role] = look, true
	}
	for r, ok := range seen {
		if !ok {
			return nil, fmt.Errorf("theme %s: role %q is missing", name, Role(r))
		}
	}
	if !cursor {
		return nil, fmt.Errorf("theme %s: cursor is missing", name)
	}
	return build(name, l), nil
}

func roleNamed(name string) (Role, bool) {
	for r, n := range roleNames {
		if n == name {
			return Role(r), true
		}
	}
	return Text, false
}

func parseLook(words []string) (look, error) {
	var l look
	for _, w := range words {
		switch w {
		case "bold":
			l.bold = true
		case "faint":
			l.faint = true
		case "reverse":
			l.reverse = true
		case "underline":
			l.underline = true
		case "plain":
		default:
			value, isBackground := strings.CutPrefix(w, "bg=")
			colour, err := parseColour(value)
			if err != nil {
				return look{}, err
			}
			if isBackground {
				l.bg = colour
			} else {
				l.fg = colour
			}
		}
	}
	return l, nil
}

func parseColour(s string) (string, error) {
	if n, ok := colourNames[s]; ok {
		return n, nil
	}
	if hex, ok := strings.CutPrefix(s, "#"); ok && len(hex) == 6 {
		if _, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return s, nil
		}
	}
	if n, err := strconv.ParseUint(s, 10, 8); err == nil {
		return strconv.FormatUint(n, 10), nil
	}
	return "", fmt.Errorf("%q is neither a colour nor an attribute", s)
}
