// Package query is the language of the filter: words that must all fit, each
// fuzzy text, a state's name, a revision, ns:, repo:, by: or older: with a
// value, or any of these with - in front, which excludes.
package query

import (
	"strings"
	"time"
	"unicode"

	"tenantry/model"
)

// Subject is what a row offers to be found by.
type Subject struct {
	Name       string
	State      string   // the state's word
	Text       []string // what else is written in the row: cause, message
	Namespaces []string
	Revisions  []string
	// Age is how long the row's state has lasted; 0 = unknown.
	Age time.Duration
	// Repos and By are asked only when the query names one: looking them up for
	// ten thousand rows takes longer than a key may. By is whoever is behind the
	// row: a field manager, who suspended it, the account it runs as.
	Repos, By func() []string
}

type term struct {
	field   string // "", "ns", "repo", "by", "older"
	value   string
	age     time.Duration // with "older"
	state   bool          // the value is the whole name of a state
	exclude bool
}

// Query is a parsed filter; the zero value fits everything.
type Query struct{ terms []term }

var fields = []string{"ns", "repo", "by", "older"}

// Parse reads a filter. There is no wrong one: what is no field is text, and
// what is still being typed is left out.
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
				break
			}
		}
		if t.value == "" { // "ns:" is a word still being typed
			continue
		}
		if t.field == "older" {
			if strings.Trim(t.value, "0123456789") == "" {
				continue // and so is "older:2"
			}
			var ok bool
			if t.age, ok = parseAge(t.value); !ok {
				t.field, t.value = "", "older:"+t.value
			}
		}
		t.state = t.field == "" && isState(t.value)
		q.terms = append(q.terms, t)
	}
	return q
}

// parseAge reads an age as lists write it: 30m, 2d.
func parseAge(s string) (time.Duration, bool) {
	digits := strings.TrimRight(s, "smhdw")
	if digits == "" || len(digits) > 6 || len(s) != len(digits)+1 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n := 0
	for _, r := range digits {
		n = n*10 + int(r-'0')
	}
	day := 24 * time.Hour
	unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': day, 'w': 7 * day}[s[len(s)-1]]
	return time.Duration(n) * unit, true
}

func isState(s string) bool {
	for _, h := range model.Healths() {
		if strings.EqualFold(h.String(), s) {
			return true
		}
	}
	return false
}

// Empty reports whether the query fits everything.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Exact reports whether a word of the query is the whole name: such rows stand
// before those that only contain it.
func (q Query) Exact(name string) bool {
	for _, t := range q.terms {
		if t.field == "" && !t.exclude && strings.EqualFold(t.value, name) {
			return true
		}
	}
	return false
}

// Revision returns what of the query, alone, can be meant as the beginning of a
// commit's digest; "" when nothing is.
func (q Query) Revision() string {
	if len(q.terms) == 1 && q.terms[0].field == "" && !q.terms[0].exclude && isRevision(q.terms[0].value) {
		return q.terms[0].value
	}
	return ""
}

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
	case "by":
		return s.By != nil && anyContains(s.By(), t.value)
	case "older":
		return s.Age > 0 && s.Age >= t.age
	}
	if len(t.value) >= 3 && len(s.State) >= len(t.value) && strings.EqualFold(s.State[:len(t.value)], t.value) {
		return true
	}
	if isRevision(t.value) && anyPrefix(s.Revisions, t.value) {
		return true
	}
	// A whole state's name is meant as one: messages say "failed" and "ready" of
	// all kinds of things.
	return Fuzzy(s.Name, t.value) || !t.state && (anyContains(s.Namespaces, t.value) || anyContains(s.Text, t.value))
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
