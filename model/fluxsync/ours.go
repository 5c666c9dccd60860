package fluxsync

import (
	"encoding/json"
	"slices"
	"strings"

	"tenantry/model"
)

// Applied are the parts of spec that tenantry has applied itself, outside the
// fields given: what an apply by the same manager leaves out, the server takes
// away. They are sent again as they are.
func (l Live) Applied(but ...string) map[string]any {
	var paths []string
	for _, o := range l.Owners {
		if o.Manager != model.FieldManager || o.Operation != "Apply" || o.Subresource != "" || !strings.HasPrefix(o.Path, ".spec.") {
			continue
		}
		path, _, _ := strings.Cut(o.Path, "[") // a list goes as a whole
		if slices.ContainsFunc(but, func(b string) bool { return path == b || strings.HasPrefix(path, b+".") }) {
			continue
		}
		paths = append(paths, path)
	}
	if len(paths) == 0 {
		return nil
	}
	out := map[string]any{}
	for _, path := range paths {
		put(out, l.Spec, strings.Split(strings.TrimPrefix(path, ".spec."), "."))
	}
	return out
}

// put copies the field at a path; one that is owned and not there is left out.
func put(into map[string]any, from any, path []string) {
	m, _ := from.(map[string]any)
	v, there := m[path[0]]
	switch {
	case !there:
	case len(path) == 1:
		into[path[0]] = v
	default:
		next, _ := into[path[0]].(map[string]any)
		if next == nil {
			next = map[string]any{}
		}
		if put(next, v, path[1:]); len(next) > 0 {
			into[path[0]] = next
		}
	}
}

// With returns an instance's body with these parts of spec besides its own.
func With(body []byte, others map[string]any) []byte {
	if len(others) == 0 {
		return body
	}
	var o map[string]any
	if json.Unmarshal(body, &o) != nil {
		return body
	}
	spec, _ := o["spec"].(map[string]any)
	if spec == nil {
		return body
	}
	for k, v := range others {
		if _, stated := spec[k]; !stated {
			spec[k] = v
		}
	}
	return encode(o)
}
