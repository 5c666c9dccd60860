package api

import "maps"

// Objects are JSON trees. These read them without a panic on any shape.

func mapAt(obj map[string]any, path ...string) map[string]any {
	for _, p := range path {
		obj, _ = obj[p].(map[string]any)
	}
	return obj
}

func stringAt(obj map[string]any, path ...string) string {
	if len(path) == 0 {
		return ""
	}
	s, _ := mapAt(obj, path[:len(path)-1]...)[path[len(path)-1]].(string)
	return s
}

func listAt(obj map[string]any, path ...string) []any {
	if len(path) == 0 {
		return nil
	}
	l, _ := mapAt(obj, path[:len(path)-1]...)[path[len(path)-1]].([]any)
	return l
}

func stringsAt(obj map[string]any, path ...string) []string {
	var out []string
	for _, v := range listAt(obj, path...) {
		if s, ok := v.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

func intAt(obj map[string]any, path ...string) int64 {
	if len(path) == 0 {
		return 0
	}
	switch n := mapAt(obj, path[:len(path)-1]...)[path[len(path)-1]].(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return 0
}

func boolAt(obj map[string]any, path ...string) bool {
	if len(path) == 0 {
		return false
	}
	b, _ := mapAt(obj, path[:len(path)-1]...)[path[len(path)-1]].(bool)
	return b
}

// setMapAt returns the map at the path, made where it is missing.
func setMapAt(obj map[string]any, path ...string) map[string]any {
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

// metadata returns the object's metadata, made where it is missing.
func metadata(obj map[string]any) map[string]any { return setMapAt(obj, "metadata") }

// setDefault sets a field that is absent.
func setDefault(obj map[string]any, name string, value any) {
	if _, ok := obj[name]; !ok {
		obj[name] = value
	}
}

// copyTop copies the object and its metadata, sharing the rest.
func copyTop(obj map[string]any) map[string]any {
	out := maps.Clone(obj)
	if out == nil {
		out = map[string]any{}
	}
	out["metadata"] = maps.Clone(mapAt(obj, "metadata"))
	if out["metadata"].(map[string]any) == nil {
		out["metadata"] = map[string]any{}
	}
	return out
}
