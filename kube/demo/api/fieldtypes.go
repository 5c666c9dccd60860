package api

import (
	"errors"
	"fmt"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// The files field*.go do what structured-merge-diff's packages typed and merge
// do, on plain objects: those two read a schema at every start of the program.

// fieldType says which fields a value has, which of them are owned as a whole
// and how lists are merged.
type fieldType struct {
	schema *schema.Schema
	ref    schema.TypeRef
}

// of returns the type of a part.
func (t fieldType) of(ref schema.TypeRef) fieldType { return fieldType{t.schema, ref} }

// atom returns what a value is under its type: exactly one of object, scalar
// and list. Where there is no value, or an unfit one, an object or else a
// scalar is preferred.
func (t fieldType) atom(v any) schema.Atom {
	a, _ := t.schema.Resolve(t.ref)
	switch v.(type) {
	case nil:
	case map[string]any:
		if a.Map != nil {
			return schema.Atom{Map: a.Map}
		}
	case []any:
		if a.List != nil {
			return schema.Atom{List: a.List}
		}
	default:
		if a.Scalar != nil {
			return schema.Atom{Scalar: a.Scalar}
		}
	}
	switch {
	case a.Map != nil:
		return schema.Atom{Map: a.Map}
	case a.Scalar != nil:
		return schema.Atom{Scalar: a.Scalar}
	}
	return schema.Atom{List: a.List}
}

// member returns the type of an object's member.
func (t fieldType) member(m *schema.Map, name string) fieldType {
	if f, ok := m.FindField(name); ok {
		return t.of(f.Type)
	}
	return t.of(m.ElementType)
}

// item returns how an item of a list is named in a path: by its keys, or by
// itself.
func (t fieldType) item(l *schema.List, v any) (fieldpath.PathElement, error) {
	var pe fieldpath.PathElement
	if len(l.Keys) == 0 {
		switch v.(type) {
		case map[string]any, []any, nil:
			return pe, fmt.Errorf("a set of scalars has an item that is a %T", v)
		}
		scalar := value.NewValueInterface(v)
		pe.Value = &scalar
		return pe, nil
	}
	object, ok := v.(map[string]any)
	if !ok {
		return pe, errors.New("associative list with keys may not have non-map elements")
	}
	var keys value.FieldList
	for _, key := range l.Keys {
		v, ok := object[key]
		if !ok {
			if v = t.defaultOf(l, key); v == nil {
				continue
			}
		}
		keys = append(keys, value.Field{Name: key, Value: value.NewValueInterface(v)})
	}
	if len(keys) == 0 {
		return pe, fmt.Errorf("associative list with keys has an element that omits all key fields %q", l.Keys)
	}
	keys.Sort()
	pe.Key = &keys
	return pe, nil
}

func (t fieldType) defaultOf(l *schema.List, key string) any {
	a, _ := t.schema.Resolve(l.ElementType)
	if a.Map == nil {
		return nil
	}
	f, _ := a.Map.FindField(key)
	return f.Default
}

// check checks that a value is of the type. Only what is applied must not
// name an item twice.
func (t fieldType) check(v any, at string, duplicates bool) error {
	switch a := t.atom(v); {
	case a.Map != nil:
		object, ok := v.(map[string]any)
		if !ok && v != nil {
			return fmt.Errorf("%s: expected map, got %v", at, v)
		}
		for name, item := range object {
			of := t.member(a.Map, name)
			if of.ref == (schema.TypeRef{}) {
				return fmt.Errorf("%s.%s: field not declared in schema", at, name)
			}
			if err := of.check(item, at+"."+name, duplicates); err != nil {
				return err
			}
		}
	case a.Scalar != nil:
		if !isScalar(*a.Scalar, v) {
			return fmt.Errorf("%s: expected %s, got %v", at, *a.Scalar, v)
		}
	default:
		list, ok := v.([]any)
		if !ok && v != nil {
			return fmt.Errorf("%s: expected list, got %v", at, v)
		}
		return t.checkList(a.List, list, at, duplicates)
	}
	return nil
}

func (t fieldType) checkList(l *schema.List, list []any, at string, duplicates bool) error {
	seen := fieldpath.MakePathElementSet(len(list))
	for i, v := range list {
		name := fmt.Sprintf("%s[%d]", at, i)
		if l.ElementRelationship == schema.Associative {
			pe, err := t.item(l, v)
			if err != nil {
				return fmt.Errorf("%s: element %d: %w", at, i, err)
			}
			if seen.Has(pe) && !duplicates {
				return fmt.Errorf("%s: duplicate entries for key %v", at, pe)
			}
			seen.Insert(pe)
		}
		if err := t.of(l.ElementType).check(v, name, duplicates); err != nil {
			return err
		}
	}
	return nil
}

func isScalar(s schema.Scalar, v any) bool {
	switch v.(type) {
	case nil:
		return true
	case map[string]any, []any:
		return false
	case string:
		return s == schema.String || s == schema.Untyped
	case bool:
		return s == schema.Boolean || s == schema.Untyped
	}
	return s == schema.Numeric || s == schema.Untyped
}

// fields returns the paths of all that a value sets.
func (t fieldType) fields(v any) *fieldpath.Set {
	set := fieldpath.NewSet()
	t.addFields(set, nil, v)
	return set
}

func (t fieldType) addFields(set *fieldpath.Set, path fieldpath.Path, v any) {
	switch a := t.atom(v); {
	case a.Scalar != nil, a.Map != nil && a.Map.ElementRelationship == schema.Atomic, a.List != nil && a.List.ElementRelationship == schema.Atomic:
		set.Insert(path)
	case a.Map != nil:
		object, _ := v.(map[string]any)
		for name, item := range object {
			at := below(path, fieldpath.PathElement{FieldName: &name})
			t.member(a.Map, name).addFields(set, at, item)
			inner, isObject := item.(map[string]any)
			if _, declared := a.Map.FindField(name); item == nil || isObject && len(inner) == 0 || !declared {
				set.Insert(at)
			}
		}
	default:
		list, _ := v.([]any)
		names, count := t.count(a.List, list)
		for i, item := range list {
			at := below(path, names[i])
			if n, _ := count.Get(names[i]); n == 1 {
				t.of(a.List.ElementType).addFields(set, at, item)
			}
			set.Insert(at)
		}
	}
}

// count names the items of a list and says how often each name is there.
func (t fieldType) count(l *schema.List, list []any) ([]fieldpath.PathElement, fieldpath.PathElementMap) {
	names, count := make([]fieldpath.PathElement, len(list)), fieldpath.MakePathElementMap(len(list))
	for i, item := range list {
		names[i], _ = t.item(l, item) // checked before
		n, _ := count.Get(names[i])
		seen, _ := n.(int)
		count.Insert(names[i], seen+1)
	}
	return names, count
}

// below returns a path one step longer, which shares nothing with it.
func below(path fieldpath.Path, pe fieldpath.PathElement) fieldpath.Path {
	return append(path[:len(path):len(path)], pe)
}
