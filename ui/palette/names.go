// Package palette finds things by a few letters of their names, among a
// hundred thousand of them between two keys.
package palette

import (
	"bytes"
	"slices"
	"strings"

	"github.com/sahilm/fuzzy"
)

// How well a name fits what was typed, the best first.
const (
	Exact  = iota
	Begins // the name begins with it
	Word   // a word of the name does
	Within // the name holds it
	Around // what stands around the name does, e.g. its namespace
	Letters
	None
)

// Names is an index of names, each within a space of its own: a namespace, or
// "" for none. It is built once and searched with every letter.
type Names struct {
	text []byte // "space/name" after "space/name", in lower case
	at   []span
}

type span struct {
	start, name, end uint32
	letters          uint64 // which letters there are
}

// Grow makes room for that many names.
func (n *Names) Grow(names int) {
	n.at = slices.Grow(n.at, names)
	n.text = slices.Grow(n.text, names*averageName)
}

const averageName = 40

// Add appends a name. Its place is how many there were before.
func (n *Names) Add(space, name string) {
	s := span{start: uint32(len(n.text))}
	if space != "" {
		n.text = append(append(n.text, strings.ToLower(space)...), '/')
	}
	s.name = uint32(len(n.text))
	n.text = append(n.text, strings.ToLower(name)...)
	s.end = uint32(len(n.text))
	s.letters = letters(n.text[s.start:s.end])
	n.at = append(n.at, s)
}

// Len returns how many names there are.
func (n *Names) Len() int { return len(n.at) }

func (n *Names) name(i int) []byte { return n.text[n.at[i].name:n.at[i].end] }

// Hit is a name that fits.
type Hit struct {
	At   int   // its place
	Fit  int   // how well
	Hits []int // the letters of the name that were typed, as bytes
	size int
}

// fuzzyAtOnce bounds how many names are ranked by their scattered letters.
const fuzzyAtOnce = 500

// Find returns the names that fit every word of what was typed, the best
// first, at most limit. Only names that only accepts are looked at; nil accepts
// all. Where few names hold what was typed, those that hold its letters in that
// order follow.
func (n *Names) Find(typed string, only func(i int) bool, limit int) []Hit {
	terms := strings.Fields(strings.ToLower(typed))
	best := make([]Hit, 0, limit+1)
	if len(terms) == 0 || limit <= 0 {
		return nil
	}
	words := make([][]byte, len(terms))
	var all uint64
	for i, t := range terms {
		words[i] = []byte(t)
		all |= letters(words[i])
	}
	for i := range n.at {
		if n.at[i].letters&all != all {
			continue
		}
		fit := n.fit(i, words)
		if fit == None {
			continue
		}
		h := Hit{At: i, Fit: fit, size: int(n.at[i].end - n.at[i].name)}
		if len(best) == limit && n.compare(h, best[limit-1]) >= 0 || only != nil && !only(i) {
			continue
		}
		best = n.insert(best, h, limit)
	}
	if len(best) < limit && len(terms) == 1 {
		best = append(best, n.scattered(words[0], all, only, limit-len(best))...)
	}
	for i := range best {
		if best[i].Fit < Letters {
			best[i].Hits = n.held(best[i].At, words)
		}
	}
	return best
}

// fit is how well a name fits its best word; every word has to.
func (n *Names) fit(i int, words [][]byte) int {
	s := n.at[i]
	best := None
	for _, w := range words {
		fit := fitOf(n.text[s.name:s.end], w)
		if fit == None {
			if !bytes.Contains(n.text[s.start:s.end], w) {
				return None
			}
			fit = Around
		}
		best = min(best, fit)
	}
	if best == Exact && len(words) > 1 {
		best = Begins
	}
	return best
}

func fitOf(name, w []byte) int {
	at := bytes.Index(name, w)
	switch {
	case at < 0:
		return None
	case at == 0 && len(name) == len(w):
		return Exact
	case at == 0:
		return Begins
	case begins(name, at):
		return Word
	}
	return Within
}

// FitOf is how well a single name fits a word; both in lower case.
func FitOf(name, word string) int { return fitOf([]byte(name), []byte(word)) }

// compare orders hits: by fit, then the shorter name, then by the letters, then
// as they were added.
func (n *Names) compare(a, b Hit) int {
	switch {
	case a.Fit != b.Fit:
		return a.Fit - b.Fit
	case a.size != b.size:
		return a.size - b.size
	}
	x, y := n.at[a.At], n.at[b.At]
	if c := bytes.Compare(n.text[x.start:x.end], n.text[y.start:y.end]); c != 0 {
		return c
	}
	return a.At - b.At
}

func (n *Names) insert(best []Hit, h Hit, limit int) []Hit {
	i, _ := slices.BinarySearchFunc(best, h, n.compare)
	best = slices.Insert(best, i, h)
	return best[:min(len(best), limit)]
}

// scattered are the names that hold the letters in their order, the first of
// them where a word begins.
func (n *Names) scattered(word []byte, all uint64, only func(int) bool, limit int) []Hit {
	if len(word) < 2 {
		return nil
	}
	var places []int
	var names []string
	for i := range n.at {
		if n.at[i].letters&all != all || !follows(n.name(i), word) || only != nil && !only(i) {
			continue
		}
		if s := n.at[i]; bytes.Contains(n.text[s.start:s.end], word) {
			continue // found already
		}
		places, names = append(places, i), append(names, string(n.name(i)))
		if len(places) == fuzzyAtOnce {
			break
		}
	}
	matches := fuzzy.FindNoSort(string(word), names)
	slices.SortFunc(matches, func(a, b fuzzy.Match) int {
		if a.Score != b.Score {
			return b.Score - a.Score
		}
		return n.compare(Hit{At: places[a.Index]}, Hit{At: places[b.Index]})
	})
	out := make([]Hit, 0, min(len(matches), limit))
	for _, m := range matches[:min(len(matches), limit)] {
		out = append(out, Hit{At: places[m.Index], Fit: Letters, Hits: m.MatchedIndexes})
	}
	return out
}

// Scattered reports whether name holds the letters of word in that order, the
// first of them where a word begins; both in lower case.
func Scattered(name, word string) bool {
	return len(word) > 1 && follows([]byte(name), []byte(word))
}

func follows(name, word []byte) bool {
	for start := range name {
		if name[start] != word[0] || !begins(name, start) {
			continue
		}
		i := 1
		for _, c := range name[start+1:] {
			if i < len(word) && c == word[i] {
				i++
			}
		}
		if i == len(word) {
			return true
		}
	}
	return false
}

// held are the letters of a name that hold the words.
func (n *Names) held(i int, words [][]byte) []int {
	name := n.name(i)
	var out []int
	for _, w := range words {
		at := bytes.Index(name, w)
		for j := range w {
			if at >= 0 && !slices.Contains(out, at+j) {
				out = append(out, at+j)
			}
		}
	}
	slices.Sort(out)
	return out
}

// begins reports whether a word begins at i.
func begins(name []byte, i int) bool {
	return i == 0 || !isWord(name[i-1]) || isDigit(name[i]) != isDigit(name[i-1])
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isWord(c byte) bool  { return isDigit(c) || c >= 'a' && c <= 'z' || c >= 0x80 }

// letters is the set of letters of a text: what lacks one of those typed needs
// no closer look.
func letters(s []byte) uint64 {
	var set uint64
	for _, c := range s {
		set |= 1 << (c & 63)
	}
	return set
}
