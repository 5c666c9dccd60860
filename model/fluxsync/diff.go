package fluxsync

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Change is one leaf of a spec that differs; "" on a side means that the leaf
// is not there.
type Change struct{ Path, Before, After string }

// Diff compares two decoded specs leaf by leaf, by path.
func Diff(before, after any) []Change { return diff(".spec", before, after) }

// DiffObjects compares two decoded objects leaf by leaf.
func DiffObjects(before, after map[string]any) []Change { return diff("", before, after) }

func diff(at string, before, after any) []Change {
	was, is := map[string]string{}, map[string]string{}
	flatten(at, before, was)
	flatten(at, after, is)
	var out []Change
	for path, v := range was {
		if is[path] != v {
			out = append(out, Change{path, v, is[path]})
		}
	}
	for path, v := range is {
		if _, both := was[path]; !both {
			out = append(out, Change{path, "", v})
		}
	}
	slices.SortFunc(out, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return out
}

func flatten(path string, v any, out map[string]string) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for k, child := range v {
			flatten(path+"."+k, child, out)
		}
	case []any:
		for i, child := range v {
			flatten(fmt.Sprintf("%s[%d]", path, i), child, out)
		}
	case string:
		out[path] = v
	default:
		text, _ := json.Marshal(v)
		out[path] = string(text)
	}
}

// SameChanges reports whether two dry runs would change the same, and in words
// what is different now.
func SameChanges(shown, now []Change) (differs string, same bool) {
	if slices.Equal(shown, now) {
		return "", true
	}
	known := map[string]Change{}
	for _, c := range shown {
		known[c.Path] = c
	}
	for _, c := range now {
		was, ok := known[c.Path]
		switch {
		case !ok:
			return fmt.Sprintf("%s would change too, from %s to %s", c.Path, orNone(c.Before), orNone(c.After)), false
		case was != c:
			return fmt.Sprintf("%s would go from %s to %s now, and from %s to %s when it was shown", c.Path, orNone(c.Before), orNone(c.After), orNone(was.Before), orNone(was.After)), false
		}
		delete(known, c.Path)
	}
	for _, c := range shown {
		if _, left := known[c.Path]; left {
			return c.Path + " would not change any more", false
		}
	}
	return "the order of the changes", false
}

func orNone(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// Unified writes changes as a diff is read: minus and plus.
func Unified(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		if c.Before != "" {
			fmt.Fprintf(&b, "- %s: %s\n", c.Path, c.Before)
		}
		if c.After != "" {
			fmt.Fprintf(&b, "+ %s: %s\n", c.Path, c.After)
		}
	}
	return b.String()
}
