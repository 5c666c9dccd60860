// Package owners says which lines of an object's YAML hold the fields that
// somebody wrote, as managedFields tell it, and which of them were not written
// by what applies the object.
package owners

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tenantry/model"
)

// Lines returns the owners of the fields on each line of a document, by line
// number from one. What can't be matched is left out: a field that is gone, or a
// document that is no YAML.
func Lines(text string, fields []model.FieldOwner) map[int][]model.FieldOwner {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	w := walker{out: map[int][]model.FieldOwner{}}
	rests := make([]rest, len(fields))
	for i := range fields {
		rests[i] = rest{fields[i].Path, &fields[i]}
	}
	w.walk(doc.Content[0], rests, 0)
	return w.out
}

// rest is what is left of a field's path at a node.
type rest struct {
	path  string
	owner *model.FieldOwner
}

type walker struct{ out map[int][]model.FieldOwner }

// maxDepth is deeper than any object goes.
const maxDepth = 64

func (w *walker) walk(n *yaml.Node, fields []rest, depth int) {
	if len(fields) == 0 || depth > maxDepth {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			w.step(n.Content[i].Line, n.Content[i+1], under(fields, "."+n.Content[i].Value), depth)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			var mine []rest
			for _, f := range fields {
				if selector, after, ok := cutSelector(f.path); ok && selects(selector, i, item) {
					mine = append(mine, rest{after, f.owner})
				}
			}
			w.step(item.Line, item, mine, depth)
		}
	}
}

// step notes who owns the field itself, and goes on with what is in it.
func (w *walker) step(line int, n *yaml.Node, fields []rest, depth int) {
	var deeper []rest
	for _, f := range fields {
		if f.path == "" || f.path == "." { // a map's item itself ends with a dot
			w.out[line] = append(w.out[line], *f.owner)
		} else {
			deeper = append(deeper, f)
		}
	}
	w.walk(n, deeper, depth+1)
}

// under are the fields below a key. Keys may have dots in them, so that only
// the document tells where one ends.
func under(fields []rest, key string) []rest {
	var out []rest
	for _, f := range fields {
		if after, ok := strings.CutPrefix(f.path, key); ok && (after == "" || after[0] == '.' || after[0] == '[') {
			out = append(out, rest{after, f.owner})
		}
	}
	return out
}

// cutSelector takes the [...] off the front of a path; a ] in quotes is none.
func cutSelector(path string) (selector, after string, ok bool) {
	if !strings.HasPrefix(path, "[") {
		return "", "", false
	}
	quoted := false
	for i := 1; i < len(path); i++ {
		switch {
		case path[i] == '\\' && quoted:
			i++
		case path[i] == '"':
			quoted = !quoted
		case path[i] == ']' && !quoted:
			return path[1:i], path[i+1:], true
		}
	}
	return "", "", false
}

// selects reports whether a selector means an item: [name="web"], a value of a
// set [="x"], or a place [0].
func selects(selector string, index int, item *yaml.Node) bool {
	if value, ok := strings.CutPrefix(selector, "="); ok {
		return same(value, item)
	}
	if !strings.Contains(selector, "=") {
		return selector == itoa(index)
	}
	for _, pair := range splitPairs(selector) {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || !has(item, key, value) {
			return false
		}
	}
	return true
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

// splitPairs splits a="x",b=1 at commas outside quotes.
func splitPairs(s string) []string {
	var out []string
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

func has(item *yaml.Node, key, value string) bool {
	if item.Kind != yaml.MappingNode {
		return false
	}
	for i := 0; i+1 < len(item.Content); i += 2 {
		if item.Content[i].Value == key {
			return same(value, item.Content[i+1])
		}
	}
	// A key with a default may be left out of what is shown.
	return false
}

func same(value string, n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && strings.Trim(value, `"`) == n.Value
}

// Applier is the field manager of what applies an object, by the kind of its
// owner; "" for one of no owner.
func Applier(owner model.Kind) string {
	switch owner {
	case model.Kustomization:
		return "kustomize-controller"
	case model.HelmRelease:
		return "helm-controller"
	case model.ResourceSet, model.FluxInstance:
		return "flux-operator"
	}
	return ""
}

// Foreign are the fields that others than the applier wrote, the newest first:
// what differs from what was applied, as far as managedFields can tell. A status
// is its controller's, and so is what Kubernetes keeps in metadata.
func Foreign(fields []model.FieldOwner, applier string) []model.FieldOwner {
	if applier == "" {
		return nil
	}
	applied := map[string]bool{}
	for i := range fields {
		if fields[i].Manager == applier {
			applied[fields[i].Path] = true
		}
	}
	var out []model.FieldOwner
	for i := range fields {
		f := &fields[i]
		if f.Manager != applier && f.Subresource == "" && !kept(f.Path) && !applied[f.Path] {
			out = append(out, *f)
		}
	}
	slices.SortStableFunc(out, func(a, b model.FieldOwner) int { return cmp.Compare(b.Time, a.Time) })
	return out
}

// kept reports whether a field is one that controllers keep on objects which
// others apply.
func kept(path string) bool {
	for _, p := range []string{".status", ".metadata.finalizers", ".metadata.ownerReferences", ".metadata.annotations.deployment.kubernetes.io/",
		".metadata.annotations.reconcile.fluxcd.io/", ".metadata.annotations.kubectl.kubernetes.io/last-applied-configuration", ".metadata.labels.kubernetes.io/metadata.name"} {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return path == ".metadata.annotations" || path == ".metadata.labels" || strings.HasSuffix(path, ".") && strings.Count(path, ".") <= 2
}
