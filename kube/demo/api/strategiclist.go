package api

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// patchField is how a field is patched: what its Go struct tags say.
type patchField struct {
	typ     reflect.Type // of the field, or of the elements of a list
	merge   bool
	replace bool
	key     string // by which the elements of a list are told apart
}

// patchedField finds a field by its name in JSON.
func patchedField(t reflect.Type, name string) (patchField, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return patchField{}, fmt.Errorf("merging an object in json but data type is not struct, instead is: %s", t.Kind())
	}
	f, ok := fieldNamed(t, name)
	if !ok {
		return patchField{}, fmt.Errorf("unable to find api field in struct %s for the json field %q", t.Name(), name)
	}
	strategies := strings.Split(f.Tag.Get("patchStrategy"), ",")
	out := patchField{typ: f.Type, key: f.Tag.Get("patchMergeKey"),
		merge: slices.Contains(strategies, "merge"), replace: slices.Contains(strategies, "replace")}
	for out.typ.Kind() == reflect.Pointer || out.typ.Kind() == reflect.Slice {
		out.typ = out.typ.Elem()
	}
	return out, nil
}

func fieldNamed(t reflect.Type, name string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "" && f.Anonymous {
			if inner, ok := fieldNamed(f.Type, name); ok {
				return inner, true
			}
			continue
		}
		if tag == name {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// mergeLists merges the items of a patch into a live list. The items named in
// order, if nil those of the patch, stand in that order.
func mergeLists(live, patch []any, f patchField, order []any) ([]any, error) {
	if len(live)+len(patch) == 0 {
		return live, nil
	}
	objects, err := ofObjects(slices.Concat(live, patch))
	if err != nil {
		return nil, err
	}
	merged := live
	switch {
	case !objects:
		merged = nil
		for _, v := range slices.Concat(live, patch) {
			if indexOf(merged, v, "") < 0 {
				merged = append(merged, v)
			}
		}
	case f.key == "":
		return nil, fmt.Errorf("cannot merge lists without merge key for %s", f.typ.Kind())
	default:
		if live, patch, err = obeyDirectives(live, patch, f.key); err != nil {
			return nil, err
		}
		if merged, err = mergeObjects(live, patch, f); err != nil {
			return nil, err
		}
	}
	if order == nil {
		order = patch
	}
	return ordered(merged, order, live, f.key), nil
}

// ofObjects reports whether a list is one of objects.
func ofObjects(list []any) (bool, error) {
	objects := 0
	for _, v := range list {
		switch v.(type) {
		case map[string]any:
			objects++
		case []any:
			return false, errors.New("lists of lists are not supported")
		}
	}
	if objects > 0 && objects < len(list) {
		return false, errors.New("list element types are not identical")
	}
	return objects > 0, nil
}

// obeyDirectives removes from the live list what the patch deletes, and from
// the patch what is no item.
func obeyDirectives(live, patch []any, key string) (_, items []any, _ error) {
	replace := false
	for _, v := range patch {
		item := v.(map[string]any)
		switch directive, ok := item[patchDirective]; {
		case !ok:
			items = append(items, v)
		case directive == "replace":
			replace = true
		case directive == "merge":
			return nil, nil, errors.New("merging lists cannot yet be specified in the patch")
		case directive != "delete":
			return nil, nil, fmt.Errorf("unknown patch type: %v in map: %v", directive, item)
		case item[key] == nil:
			return nil, nil, noMergeKey(item, key)
		default:
			live = slices.DeleteFunc(live, func(had any) bool { return same(had, v, key) })
		}
	}
	if replace {
		return items, nil, nil
	}
	return live, items, nil
}

func noMergeKey(item map[string]any, key string) error {
	return fmt.Errorf("map: %v does not contain declared merge key: %s", item, key)
}

// mergeObjects merges objects into those of the same key, or adds them.
func mergeObjects(live, patch []any, f patchField) ([]any, error) {
	merged := slices.Clone(live)
	for _, v := range patch {
		item := v.(map[string]any)
		if item[f.key] == nil {
			return nil, noMergeKey(item, f.key)
		}
		at := indexOf(merged, v, f.key)
		if at < 0 {
			merged = append(merged, v)
			continue
		}
		next, err := mergeStrategic(merged[at].(map[string]any), item, f.typ)
		if err != nil {
			return nil, err
		}
		merged[at] = next
	}
	return merged, nil
}

// ordered sorts a merged list: the items named in order as they are there,
// the others as they were, and before a named one only where they were
// before it.
func ordered(merged, order, live []any, key string) []any {
	var named, others []any
	for _, v := range merged {
		if indexOf(order, v, key) >= 0 {
			named = append(named, v)
		} else {
			others = append(others, v)
		}
	}
	by := func(list []any) func(a, b any) int {
		return func(a, b any) int { return indexOf(list, a, key) - indexOf(list, b, key) }
	}
	slices.SortStableFunc(named, by(order))
	slices.SortStableFunc(others, by(live))
	out := make([]any, 0, len(merged))
	for len(named) > 0 && len(others) > 0 {
		n, o := indexOf(live, named[0], key), indexOf(live, others[0], key)
		if n >= 0 && o >= 0 && o < n {
			out, others = append(out, others[0]), others[1:]
		} else {
			out, named = append(out, named[0]), named[1:]
		}
	}
	return append(append(out, others...), named...)
}

// indexOf finds an item in a list: the same scalar, or an object with the
// same key.
func indexOf(list []any, item any, key string) int {
	return slices.IndexFunc(list, func(v any) bool { return same(v, item, key) })
}

func same(a, b any, key string) bool {
	if key == "" {
		return reflect.DeepEqual(a, b)
	}
	x, _ := a.(map[string]any)
	y, _ := b.(map[string]any)
	return x != nil && y != nil && reflect.DeepEqual(x[key], y[key])
}
