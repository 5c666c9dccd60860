package api

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tenantry/kube/demo/tree"
)

// What a strategic merge patch says besides values.
const (
	patchDirective     = "$patch"
	retainKeys         = "$retainKeys"
	deleteFromPrefix   = "$deleteFromPrimitiveList/"
	elementOrderPrefix = "$setElementOrder/"
)

// mergeStrategic merges a strategic merge patch into a live object of a Go
// type, whose tags say how lists are merged. Both are its own to change.
// apimachinery does the same in a package that costs every start of the
// program time and memory.
func mergeStrategic(live, patch map[string]any, t reflect.Type) (map[string]any, error) {
	switch directive, ok := patch[patchDirective]; {
	case !ok:
	case directive == "replace":
		delete(patch, patchDirective)
		return patch, nil
	case directive == "delete":
		return map[string]any{}, nil
	default:
		return nil, fmt.Errorf("unknown patch type: %v in map: %v", directive, patch)
	}
	if err := retain(live, patch); err != nil {
		return nil, err
	}
	if err := mergeOrdered(live, patch, t); err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(patch)) { // what deletes comes before what adds
		value := patch[key]
		if list, ok := strings.CutPrefix(key, deleteFromPrefix); ok {
			if err := deleteScalars(live, list, value); err != nil {
				return nil, err
			}
			continue
		}
		if value == nil {
			delete(live, key)
			continue
		}
		if err := mergeMember(live, key, value, t); err != nil {
			return nil, err
		}
	}
	return live, nil
}

// retain removes from live what $retainKeys does not name.
func retain(live, patch map[string]any) error {
	directive, ok := patch[retainKeys]
	if !ok {
		return nil
	}
	delete(patch, retainKeys)
	keys, ok := directive.([]any)
	for key, value := range patch {
		if value != nil && !strings.HasPrefix(key, deleteFromPrefix) && !strings.HasPrefix(key, elementOrderPrefix) {
			ok = ok && slices.Contains(keys, any(key))
		}
	}
	if !ok {
		return fmt.Errorf("invalid patch format of retainKeys")
	}
	for key := range live {
		if !slices.Contains(keys, any(key)) {
			delete(live, key)
		}
	}
	return nil
}

// mergeMember merges one value of a patch that is not null.
func mergeMember(live map[string]any, key string, value any, t reflect.Type) error {
	switch had := live[key].(type) {
	case map[string]any:
		value, ok := value.(map[string]any)
		if !ok {
			break
		}
		f, err := patchedField(t, key)
		if err == nil && !f.replace {
			value, err = mergeStrategic(had, value, f.typ)
		}
		live[key] = value
		return err
	case []any:
		value, ok := value.([]any)
		if !ok {
			break
		}
		f, err := patchedField(t, key)
		if err == nil && f.merge {
			value, err = mergeLists(had, value, f, nil)
		}
		live[key] = value
		return err
	}
	live[key] = value
	if !withoutDirectives(live, key) {
		delete(live, key)
	}
	return nil
}

// withoutDirectives removes nulls and directives from a value that is new
// and reports whether anything is to be kept of it.
func withoutDirectives(in map[string]any, key string) bool {
	switch v := in[key].(type) {
	case map[string]any:
		if _, ok := v[patchDirective]; ok {
			return false
		}
		for k, item := range v {
			if item == nil || !withoutDirectives(v, k) {
				delete(v, k)
			}
		}
	case []any:
		kept := []any{}
		for _, item := range v {
			one := map[string]any{"": item}
			if withoutDirectives(one, "") {
				kept = append(kept, one[""])
			}
		}
		in[key] = kept
	}
	return true
}

// deleteScalars removes values from a list of scalars.
func deleteScalars(live map[string]any, key string, values any) error {
	gone, ok := values.([]any)
	if !ok {
		if _, has := live[key].([]any); !has {
			return nil
		}
		return fmt.Errorf("invalid patch format of primitive list")
	}
	if list, ok := live[key].([]any); ok {
		live[key] = slices.DeleteFunc(list, func(v any) bool { return indexOf(gone, v, "") >= 0 })
	}
	return nil
}

// mergeOrdered merges the lists whose order the patch names.
func mergeOrdered(live, patch map[string]any, t reflect.Type) error {
	for directive, value := range patch {
		key, ok := strings.CutPrefix(directive, elementOrderPrefix)
		if !ok {
			continue
		}
		delete(patch, directive)
		order, ok := value.([]any)
		if !ok {
			return fmt.Errorf("expected a list in %s, but received a %T", directive, value)
		}
		had, wanted := live[key], patch[key]
		if had == nil && wanted == nil {
			continue
		}
		f, err := patchedField(t, key)
		if err != nil {
			return err
		}
		for _, v := range []any{had, wanted} {
			if _, ok := v.([]any); !ok && v != nil {
				return fmt.Errorf("expected a list in %s, but received a %T", key, v)
			}
		}
		if err := checkOrder(tree.List(patch, key), order, f.key); err != nil {
			return err
		}
		switch {
		case had == nil:
			withoutDirectives(patch, key)
			live[key] = ordered(tree.List(patch, key), order, nil, f.key)
		case wanted == nil:
			live[key] = ordered(tree.List(live, key), order, tree.List(live, key), f.key)
		case f.merge:
			live[key], err = mergeLists(tree.List(live, key), tree.List(patch, key), f, order)
		default:
			live[key] = ordered(tree.List(patch, key), order, tree.List(live, key), f.key)
		}
		if err != nil {
			return err
		}
		delete(patch, key)
	}
	return nil
}

// checkOrder checks that a patch's items are in the order it names.
func checkOrder(items, order []any, key string) error {
	if len(order) == 0 {
		return nil
	}
	next := 0
	for _, item := range items {
		at := indexOf(order[next:], item, key)
		if m, ok := item.(map[string]any); ok && m[patchDirective] != nil {
			if m[patchDirective] == "delete" || next < len(order) {
				continue
			}
			at = -1
		}
		if at < 0 {
			//lint:ignore ST1005 these are the API server's own words
			return fmt.Errorf("The order in patch list:\n%v\n doesn't match %s list:\n%v\n", items, strings.TrimSuffix(elementOrderPrefix, "/"), order)
		}
		next += at + 1
	}
	return nil
}
