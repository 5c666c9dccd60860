// Package query is the language of the filter: words that must all fit, each
// fuzzy text, a state's name, a revision, ns: or repo: with a value, or any of
// these with - in front, which excludes.
package query

import (
	"strings"
	"unicode"
)

// Subject is what a row offers to be found by. All of it is lower case but
// Name, which is needed as it is to see where its words begin.
type Subject struct {
	Name       string
	State      string   // the state's word
	Text       []string // what else is written in the row: cause, message
	Namespaces []string
	Revisions  []string
	// Repos is asked only when the query names one: looking them up for ten
	// thousand rows takes longer than a key may.
	Repos func() []string
}

type term struct {
	field   string // "", "ns", "repo"
	value   string
	exclude bool
}

// Query is a parsed filter; the zero value fits everything.
type Query struct{ terms []term }

var fields = []string{"ns", "repo"}

// Parse reads a filter. There is no wrong one: what is no field is text.
func Parse(s string) Query {
	var q Query
	for _, word := range strings.Fields(strings.ToLower(s)) {
		t := term{value: word}
		if rest, ok := strings.CutPrefix(word, "-"); ok {
			t.exclude, t.value = true, rest
		}
		for _, f := range fields {
			if rest, ok := strings.CutPrefix(t.value, f+":"); ok {
				t.field, t.value = f, rest
			}
		}
		if t.value != "" { // "ns:" is a word still being typed
			q.terms = append(q.terms, t)
		}
	}
	return q
}

// Empty reports whether the query fits everything.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Fits reports whether a row fits every term.
func (q Query) Fits(s *Subject) bool {
	for _, t := range q.terms {
		if t.fits(s) == t.exclude {
			return false
		}
	}
	return true
}

func (t term) fits(s *Subject) bool {
	switch t.field {
	case "ns":
		return anyContains(s.Namespaces, t.value)
	case "repo":
		return s.Repos != nil && anyContains(s.Repos(), t.value)
	}
	if len(t.value) >= 3 && strings.HasPrefix(strings.ToLower(s.State), t.value) {
		return true
	}
	if isRevision(t.value) && anyPrefix(s.Revisions, t.value) {
		return true
	}
	return Fuzzy(s.Name, t.value) || anyContains(s.Namespaces, t.value) || anyContains(s.Text, t.value)
}

func anyContains(list []string, value string) bool {
	for _, s := range list {
		if containsFold(s, value) {
			return true
		}
	}
	return false
}

func anyPrefix(list []string, value string) bool {
	for _, s := range list {
		if len(s) >= len(value) && strings.EqualFold(s[:len(value)], value) {
			return true
		}
	}
	return false
}

// containsFold is a Contains that ignores ASCII case; value is lower case.
func containsFold(s, value string) bool {
	for i := 0; i+len(value) <= len(s); i++ {
		if lower(s[i]) == value[0] && strings.EqualFold(s[i:i+len(value)], value) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// isRevision: at least four hex digits, as commits are abbreviated.
func isRevision(s string) bool {
	if len(s) < 4 {
		return false
	}
	return strings.Trim(s, "0123456789abcdef") == ""
}

// Fuzzy reports whether the letters of value stand in name in that order, the
// first of them where a word begins: "fp" and "dprod" find fluxdemo-prod, "lp"
// does not. Without the second condition two letters find half a cluster.
func Fuzzy(name, value string) bool {
	if value == "" || containsFold(name, value) {
		return true
	}
	letters, runes := []rune(value), []rune(name)
	for start := range runes {
		if begins(runes, start) && unicode.ToLower(runes[start]) == letters[0] && follows(runes[start:], letters) {
			return true
		}
	}
	return false
}

func begins(name []rune, i int) bool {
	return i == 0 || !isWord(name[i-1]) || unicode.IsDigit(name[i]) != unicode.IsDigit(name[i-1])
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func follows(name, letters []rune) bool {
	i := 0
	for _, r := range name {
		if unicode.ToLower(r) == letters[i] {
			if i++; i == len(letters) {
				return true
			}
		}
	}
	return false
}
