// Package themes turns colour tokens into styles. It is the only place in the
// program that makes a colour or a lipgloss style: screens name a role ("bad",
// "muted") and never a colour.
package themes

import (
	"embed"
	"fmt"
	"sort"
	"strings"
)

// Role is what a piece of text means; a theme decides how that looks.
type Role uint8

// The roles. The first nine carry meaning, the others are furniture.
const (
	Text    Role = iota // plain text in the terminal's own colour
	OK                  // fine
	Busy                // moving, within its timeout
	Caution             // runs on, waits, or can't be told
	Bad                 // broken
	Held                // stopped on purpose
	Muted               // nothing to say, or not yet
	Accent              // names of keys, the page in the breadcrumb
	Changed             // the mark of a fresh change
	Danger              // frames what can delete or force, and nothing else
	Title               // context and headings
	Head                // column heads
	Badge               // reversed words on line 1
	Rule                // the one rule
	roleCount
)

var roleNames = [roleCount]string{
	"text", "ok", "busy", "caution", "bad", "held", "muted", "accent", "changed", "danger",
	"title", "head", "badge", "rule",
}

// String returns the role's name as theme files spell it.
func (r Role) String() string {
	if r >= roleCount {
		return roleNames[Text]
	}
	return roleNames[r]
}

// Roles returns every role.
func Roles() []Role {
	roles := make([]Role, roleCount)
	for i := range roles {
		roles[i] = Role(i)
	}
	return roles
}

// Mod is laid over a role; mods combine.
type Mod uint8

// The mods.
const (
	Cursor   Mod = 1 << iota // the row under the cursor
	Flash                    // a cell that changed less than a second ago
	Strong                   // a cell that changed less than ten seconds ago; overdue
	modCount = 1 << iota
)

// Theme is a finished set of styles. It is immutable, and its methods may be
// called from anywhere.
type Theme struct {
	Name string
	// Colour is false when a state has to be told by shape alone: the cursor
	// is then drawn as ">" and reversed.
	Colour bool
	styles [roleCount][modCount]style
	looks  looks
}

// style is what a lipgloss style writes before and after a text. Keeping the
// two strings makes a styled cell cost two copies: a frame has a thousand.
type style struct{ pre, post string }

// Before returns the sequence that switches the style on; empty for none.
func (t *Theme) Before(r Role, m Mod) string { return t.styles[r][m].pre }

// After returns the sequence that switches the style off; empty for none.
func (t *Theme) After(r Role, m Mod) string { return t.styles[r][m].post }

// Paint returns s in the style of r with m.
func (t *Theme) Paint(r Role, m Mod, s string) string {
	if s == "" {
		return ""
	}
	return t.styles[r][m].pre + s + t.styles[r][m].post
}

// Drained returns the theme without its colours: for old data, and for the
// screen under a dialog. Shapes, bold and faint stay.
func (t *Theme) Drained() *Theme {
	drained := looks{cursor: t.looks.cursor}
	for r := range t.looks.role {
		drained.role[r] = t.looks.role[r].drained()
	}
	d := build(t.Name, drained)
	d.Colour = t.Colour // the cursor keeps its shape while the data grows old
	return d
}

//go:embed *.theme
var files embed.FS

// Names returns the built-in themes' names, sorted.
func Names() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil // cannot happen: the files are part of the binary
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".theme"))
	}
	sort.Strings(names)
	return names
}

// Load returns the built-in theme of that name.
func Load(name string) (*Theme, error) {
	data, err := files.ReadFile(name + ".theme")
	if err != nil {
		return nil, fmt.Errorf("no theme %q: there are %s", name, strings.Join(Names(), ", "))
	}
	return Parse(name, string(data))
}
