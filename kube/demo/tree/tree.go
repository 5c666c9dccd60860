// Package tree reads and writes objects as JSON trees, without a panic on any
// shape.
package tree

import "maps"

// Map returns the map at the path, or nil.
func Map(obj map[string]any, path ...string) map[string]any {
	for _, p := range path {
		obj, _ = obj[p].(map[string]any)
	}
	return obj
}

// Str returns the string at the path, or "".
func Str(obj map[string]any, path ...string) string {
	if len(path) == 0 {
		return ""
	}
	s, _ := Map(obj, path[:len(path)-1]...)[path[len(path)-1]].(string)
	return s
}

// List returns the list at the path, or nil.
func List(obj map[string]any, path ...string) []any {
	if len(path) == 0 {
		return nil
	}
	l, _ := Map(obj, path[:len(path)-1]...)[path[len(path)-1]].([]any)
	return l
}

// Strings returns the strings of the list at the path.
func Strings(obj map[string]any, path ...string) []string {
	var out []string
	for _, v := range List(obj, path...) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// Int returns the whole number at the path, or 0.
func Int(obj map[string]any, path ...string) int64 {
	if len(path) == 0 {
		return 0
	}
	switch n := Map(obj, path[:len(path)-1]...)[path[len(path)-1]].(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return 0
}

// Bool returns the boolean at the path, or false.
func Bool(obj map[string]any, path ...string) bool {
	if len(path) == 0 {
		return false
	}
	b, _ := Map(obj, path[:len(path)-1]...)[path[len(path)-1]].(bool)
	return b
}

// Make returns the map at the path, made where it is missing.
func Make(obj map[string]any, path ...string) map[string]any {
	for _, p := range path {
		next, _ := obj[p].(map[string]any)
		if next == nil {
			next = map[string]any{}
			obj[p] = next
		}
		obj = next
	}
	return obj
}

// Meta returns the object's metadata, made where it is missing.
func Meta(obj map[string]any) map[string]any { return Make(obj, "metadata") }

// Default sets a field that is absent.
func Default(obj map[string]any, name string, value any) {
	if _, ok := obj[name]; !ok {
		obj[name] = value
	}
}

// CopyTop copies the object and its metadata, sharing the rest.
func CopyTop(obj map[string]any) map[string]any {
	out := maps.Clone(obj)
	if out == nil {
		out = map[string]any{}
	}
	out["metadata"] = maps.Clone(Map(obj, "metadata"))
	if out["metadata"].(map[string]any) == nil {
		out["metadata"] = map[string]any{}
	}
	return out
}

// Maps returns the maps of the list at the path.
func Maps(obj map[string]any, path ...string) []map[string]any {
	var out []map[string]any
	for _, v := range List(obj, path...) {
		if m, ok := v.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Has reports whether there is anything at the path.
func Has(obj map[string]any, path ...string) bool {
	if len(path) == 0 {
		return false
	}
	_, ok := Map(obj, path[:len(path)-1]...)[path[len(path)-1]]
	return ok
}

// Anys turns strings into a list as JSON has it.
func Anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
