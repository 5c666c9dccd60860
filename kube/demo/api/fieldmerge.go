package api

import (
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// merge merges an applied value into a live one; both were checked.
func (t fieldType) merge(live, config any) any {
	v, _ := t.mergeSides(side{live, true}, side{config, true})
	return v
}

func (t fieldType) mergeSides(l, r side) (any, bool) {
	keep := l
	if r.there {
		keep = r
	}
	a := t.atom(keep.v)
	switch {
	case a.Scalar != nil:
		return keep.v, true
	case a.Map != nil:
		lo, _ := l.v.(map[string]any)
		ro, _ := r.v.(map[string]any)
		if a.Map.ElementRelationship == schema.Atomic || len(lo)+len(ro) == 0 {
			return keep.v, true
		}
		out := map[string]any{}
		for _, names := range []map[string]any{lo, ro} {
			for name := range names {
				if v, ok := t.member(a.Map, name).mergeSides(sideOf(lo, name), sideOf(ro, name)); ok {
					out[name] = v
				}
			}
		}
		return out, len(out) > 0
	}
	ll, _ := l.v.([]any)
	rl, _ := r.v.([]any)
	if a.List.ElementRelationship == schema.Atomic || len(ll)+len(rl) == 0 {
		return keep.v, true
	}
	out := t.mergeItems(a.List, ll, rl)
	return out, len(out) > 0
}

// mergeItems merges lists item by item. Applied items stand in their order,
// live ones between them where they stood.
func (t fieldType) mergeItems(list *schema.List, live, config []any) []any {
	item := t.of(list.ElementType)
	lNames, lCount := t.count(list, live)
	rNames, rItems := t.group(list, config)
	_, lItems := t.group(list, live)
	shared := make([]fieldpath.PathElement, 0, len(rNames))
	for _, pe := range rNames {
		if grouped(lItems, pe) != nil {
			shared = append(shared, pe)
		}
	}
	done := fieldpath.MakePathElementSet(len(rNames))
	var out []any
	add := func(l, r side) {
		if v, ok := item.mergeSides(l, r); ok {
			out = append(out, v)
		}
	}
	take := func(pe fieldpath.PathElement) {
		left := firstOf(grouped(lItems, pe))
		if n, _ := lCount.Get(pe); n != nil && n.(int) > 1 {
			left = side{nil, true} // it is not known which of them is meant
		}
		add(left, firstOf(grouped(rItems, pe)))
		done.Insert(pe)
		if len(shared) > 0 && shared[0].Equals(pe) {
			shared = shared[1:]
		}
	}
	for l, r := 0, 0; l < len(live) || r < len(rNames); {
		if l < len(live) {
			pe := lNames[l]
			if r < len(rNames) && pe.Equals(rNames[r]) {
				take(pe)
				l, r = l+1, r+1
				continue
			}
			applied := grouped(rItems, pe) != nil
			if r < len(rNames) && applied && len(shared) > 0 && !shared[0].Equals(pe) {
				l++ // applied too, but another of those is to come first
				continue
			}
			if !applied {
				add(side{live[l], true}, side{})
				l++
				continue
			}
			if done.Has(pe) {
				l++
			}
		}
		if r < len(rNames) {
			take(rNames[r])
			r++
		}
	}
	return out
}

// without returns a value less the fields of a set. An object or a list of
// which nothing is left stays as an empty one.
func (t fieldType) without(v any, set *fieldpath.Set) any {
	switch a := t.atom(v); {
	case a.Scalar != nil:
		return v
	case a.Map != nil:
		object, _ := v.(map[string]any)
		if len(object) == 0 || a.Map.ElementRelationship == schema.Atomic {
			return nil
		}
		out := make(map[string]any, len(object))
		for name, item := range object {
			if left, ok := t.member(a.Map, name).part(item, set, fieldpath.PathElement{FieldName: &name}); ok {
				out[name] = left
			}
		}
		return out
	default:
		list, _ := v.([]any)
		if len(list) == 0 || a.List.ElementRelationship == schema.Atomic {
			return nil
		}
		out := make([]any, 0, len(list))
		for _, item := range list {
			pe, _ := t.item(a.List, item) // checked before
			if left, ok := t.of(a.List.ElementType).part(item, set, pe); ok {
				out = append(out, left)
			}
		}
		return out
	}
}

// part returns what is left of a part of a value less the fields of a set,
// and whether anything is.
func (t fieldType) part(v any, set *fieldpath.Set, pe fieldpath.PathElement) (any, bool) {
	if set.Members.Has(pe) {
		return nil, false
	}
	within := set.WithPrefix(pe)
	if within.Empty() {
		return v, true
	}
	left := t.without(v, within)
	if left == nil {
		switch v.(type) {
		case map[string]any:
			left = map[string]any{}
		case []any:
			left = []any{}
		}
	}
	return left, true
}
