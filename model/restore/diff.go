package restore

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tenantry/model/export"
	"tenantry/model/redact"
)

// Difference is a field that would change.
type Difference struct{ Path, From, To string }

// none is shown of a field that is not there.
const none = "–"

// Lost reports whether the field is taken away.
func (d Difference) Lost() bool { return d.To == none }

// String writes it for one line.
func (d Difference) String() string { return d.Path + " " + d.From + " → " + d.To }

// differences are the fields in which two objects differ, by path. Of lists that
// are not equally long they are the elements only one of them has.
func differences(from, to export.Object) []Difference {
	var out []Difference
	walk("", from, to, &out)
	return out
}

func walk(path string, from, to any, out *[]Difference) {
	if reflect.DeepEqual(from, to) {
		return
	}
	a, isA := from.(export.Object)
	b, isB := to.(export.Object)
	if (isA || from == nil) && (isB || to == nil) && (isA && len(a) > 0 || isB && len(b) > 0) {
		for _, k := range slices.Sorted(maps.Keys(merged(a, b))) {
			at := k
			if path != "" {
				at = path + "." + k
			}
			walk(at, a[k], b[k], out)
		}
		return
	}
	x, isX := from.([]any)
	y, isY := to.([]any)
	if isX && isY && len(x) == len(y) {
		for i := range x {
			walk(fmt.Sprintf("%s[%d]", path, i), x[i], y[i], out)
		}
		return
	}
	if lost, came := lacking(x, y), lacking(y, x); isX && isY && len(lost)+len(came) > 0 {
		for _, v := range lost {
			*out = append(*out, Difference{path + "[]", shown(path, v), none})
		}
		for _, v := range came {
			*out = append(*out, Difference{path + "[]", none, shown(path, v)})
		}
		return
	}
	*out = append(*out, Difference{path, shown(path, from), shown(path, to)})
}

func merged(a, b export.Object) export.Object {
	all := maps.Clone(a)
	if all == nil {
		all = export.Object{}
	}
	maps.Copy(all, b)
	return all
}

// shownLength bounds a value in a line.
const shownLength = 80

// shown is a value in a line; what looks like a secret, by itself or by the
// field's name, is left out.
func shown(path string, v any) string {
	if v == nil {
		return none
	}
	text, ok := v.(string)
	if !ok {
		data, err := json.Marshal(v)
		if err != nil {
			return "?"
		}
		text = string(data)
	}
	if text == "" {
		return `""`
	}
	name := path[strings.LastIndexByte(path, '.')+1:] + "="
	text = strings.TrimPrefix(redact.Text(name+text), name)
	if r := []rune(text); len(r) > shownLength {
		return string(r[:shownLength-1]) + "…"
	}
	return text
}

// normal is an object as JSON decodes it, numbers as they are written.
func normal(o export.Object) export.Object {
	data, err := json.Marshal(o)
	if err != nil {
		return o
	}
	return decoded(data)
}
