// Package keymap holds the one table of keys: which key means what, where.
// Resolving a key, the key line, the help page and the documentation are all
// made from it, so they cannot disagree.
package keymap

import "strings"

// Scope is a layer of keys. From the inside: typing, menus and dialogs take
// every key; below them a text view or a list, the page, and everywhere.
type Scope uint8

// The scopes.
const (
	Everywhere Scope = iota
	Page             // an object, a tenant or a page of one
	Home             // Tenants and Platform
	List             // lists and trees
	TextView
	Dialog
	Menu
	Typing
	Demo // the demo and replays only
	Picker
	scopeCount
)

var scopeNames = [scopeCount]string{
	"everywhere", "object, tenant, page", "Tenants, Platform", "list, tree", "text view",
	"dialog", "menus", "typing", "demo, replay", "picking several",
}

// String returns the scope's name as the documentation writes it.
func (s Scope) String() string {
	if s >= scopeCount {
		return ""
	}
	return scopeNames[s]
}

// Takes reports whether the scope takes every key, known or not.
func (s Scope) Takes() bool { return s == Typing || s == Menu || s == Picker || s == Dialog }

// Action is what a key asks for.
type Action uint8

// Entry is one line of the table.
type Entry struct {
	Scope  Scope
	Keys   []string // as Bubble Tea spells them
	Action Action
	Word   string // on the key line: "open", "filter"
	Help   string // in the help and the documentation
	// Later marks a key that is reserved: it does nothing until it is built.
	Later bool
	// Instead answers a key that has no meaning here but is a habit from
	// elsewhere.
	Instead string
	// Shadows marks the one key that means something else further out.
	Shadows bool
}

// Map resolves keys. The zero value knows none; use Default.
type Map struct {
	entries []Entry
	byKey   [scopeCount]map[string]int
}

// New builds a map from a table.
func New(entries []Entry) *Map {
	m := &Map{entries: entries}
	for i, e := range entries {
		if m.byKey[e.Scope] == nil {
			m.byKey[e.Scope] = map[string]int{}
		}
		for _, k := range e.Keys {
			m.byKey[e.Scope][k] = i
		}
	}
	return m
}

// Entries returns the table, to be read only.
func (m *Map) Entries() []Entry { return m.entries }

// Resolve finds what key means in the scopes, given from the innermost out.
// When an inner scope takes every key, the outer ones are not asked.
func (m *Map) Resolve(scopes []Scope, key string) (Entry, bool) {
	for _, s := range scopes {
		if i, ok := m.byKey[s][key]; ok {
			return m.entries[i], true
		}
		if s.Takes() {
			return Entry{}, false
		}
	}
	return Entry{}, false
}

// KeyFor returns the first key of an action in the scopes, as it is shown.
func (m *Map) KeyFor(scopes []Scope, a Action) (key, word string, ok bool) {
	for _, s := range scopes {
		for _, e := range m.entries {
			if e.Scope == s && e.Action == a && !e.Later && len(e.Keys) > 0 {
				return Show(e.Keys[0]), e.Word, true
			}
		}
	}
	return "", "", false
}

// Help returns the entries that work in the scopes, from the innermost out.
func (m *Map) Help(scopes []Scope) []Entry {
	var out []Entry
	taken := map[string]bool{}
	for _, s := range scopes {
		for _, e := range m.entries {
			if e.Scope != s || e.Later || e.Instead != "" || e.Action == None {
				continue
			}
			if e.Shadows || !anyTaken(taken, e.Keys) {
				out = append(out, e)
			}
		}
		for k := range m.byKey[s] {
			taken[k] = true
		}
		if s.Takes() {
			break
		}
	}
	return out
}

// Reserved returns the entries of the scopes whose keys do nothing yet.
func (m *Map) Reserved(scopes []Scope) []Entry {
	var out []Entry
	for _, s := range scopes {
		for _, e := range m.entries {
			if e.Scope == s && e.Later {
				out = append(out, e)
			}
		}
		if s.Takes() {
			break
		}
	}
	return out
}

func anyTaken(taken map[string]bool, keys []string) bool {
	for _, k := range keys {
		if taken[k] {
			return true
		}
	}
	return false
}

// Markdown writes the table for the documentation: what works, by scope.
func (m *Map) Markdown() string {
	var b strings.Builder
	b.WriteString("| where | key | what it does |\n|---|---|---|\n")
	for _, s := range []Scope{Everywhere, List, Home, Page, TextView, Dialog, Menu, Picker, Typing, Demo} {
		for _, e := range m.entries {
			if e.Scope != s || e.Later || e.Instead != "" {
				continue
			}
			keys := make([]string, len(e.Keys))
			for i, k := range e.Keys {
				keys[i] = "`" + Show(k) + "`"
			}
			b.WriteString("| " + s.String() + " | " + strings.Join(keys, " ") + " | " + e.Help + " |\n")
		}
	}
	return b.String()
}

// Show writes a key the way people read it.
func Show(key string) string {
	switch key {
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	}
	return key
}

// ShowAll writes the keys of an entry.
func ShowAll(keys []string) string {
	shown := make([]string, len(keys))
	for i, k := range keys {
		shown[i] = Show(k)
	}
	return strings.Join(shown, " ")
}
