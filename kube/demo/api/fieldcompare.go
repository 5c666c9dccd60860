package api

import (
	"fmt"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// comparison is what a second object does to the fields of a first.
type comparison struct {
	added, modified, removed *fieldpath.Set
}

// compare compares two values that were checked.
func (t fieldType) compare(before, after any) (*comparison, error) {
	c := &comparison{fieldpath.NewSet(), fieldpath.NewSet(), fieldpath.NewSet()}
	return c, c.walk(t, nil, side{before, true}, side{after, true})
}

// filtered returns the comparison without the fields a filter leaves out.
func (c *comparison) filtered(f fieldpath.Filter) *comparison {
	if f == nil {
		return c
	}
	return &comparison{f.Filter(c.added), f.Filter(c.modified), f.Filter(c.removed)}
}

// side is one of the two values compared. A field may be null, or not there.
type side struct {
	v     any
	there bool
}

func sideOf(object map[string]any, name string) side {
	v, ok := object[name]
	return side{v, ok}
}

func (c *comparison) walk(t fieldType, path fieldpath.Path, l, r side) error {
	was, is := t.atom(l.v), t.atom(r.v)
	switch {
	case !l.there:
		was = is
	case !r.there:
		is = was
	}
	if !was.Equals(&is) {
		// A field became another kind of thing: what was in it goes first.
		if _, err := c.atoms(t, was, path, l, r); err != nil {
			return err
		}
	}
	leaf, err := c.atoms(t, is, path, l, r)
	switch {
	case err != nil || leaf:
	case !l.there:
		c.added.Insert(path)
	case !r.there:
		c.removed.Insert(path)
	}
	return err
}

// atoms compares two values as what a says they are. It reports whether they
// are compared as a whole.
func (c *comparison) atoms(t fieldType, a schema.Atom, path fieldpath.Path, l, r side) (leaf bool, err error) {
	switch {
	case a.Map != nil:
		lo, _ := l.v.(map[string]any)
		ro, _ := r.v.(map[string]any)
		if a.Map.ElementRelationship == schema.Atomic || len(lo)+len(ro) == 0 {
			c.leaf(path, l, r)
			return true, nil
		}
		return false, c.objects(t, a.Map, path, lo, ro)
	case a.Scalar != nil:
		if !isScalar(*a.Scalar, l.v) && !isScalar(*a.Scalar, r.v) {
			return false, fmt.Errorf("%v: expected %s, got %v and %v", path, *a.Scalar, l.v, r.v)
		}
		c.leaf(path, l, r)
		return true, nil
	}
	ll, _ := l.v.([]any)
	rl, _ := r.v.([]any)
	if a.List.ElementRelationship == schema.Atomic || len(ll)+len(rl) == 0 {
		c.leaf(path, l, r)
		return true, nil
	}
	return false, c.lists(t, a.List, path, ll, rl)
}

func (c *comparison) leaf(path fieldpath.Path, l, r side) {
	switch {
	case !l.there:
		c.added.Insert(path)
	case !r.there:
		c.removed.Insert(path)
	case !sameValue(l.v, r.v):
		c.modified.Insert(path)
	}
}

func sameValue(a, b any) bool {
	return value.Equals(value.NewValueInterface(a), value.NewValueInterface(b))
}

func (c *comparison) objects(t fieldType, m *schema.Map, path fieldpath.Path, l, r map[string]any) error {
	for name := range l {
		if err := c.walk(t.member(m, name), below(path, fieldpath.PathElement{FieldName: &name}), sideOf(l, name), sideOf(r, name)); err != nil {
			return err
		}
	}
	for name := range r {
		if _, ok := l[name]; ok {
			continue
		}
		if err := c.walk(t.member(m, name), below(path, fieldpath.PathElement{FieldName: &name}), side{}, sideOf(r, name)); err != nil {
			return err
		}
	}
	return nil
}

// lists compares lists item by item. Items of the same name are compared as
// one.
func (c *comparison) lists(t fieldType, list *schema.List, path fieldpath.Path, l, r []any) error {
	names, was := t.group(list, l)
	more, is := t.group(list, r)
	for _, pe := range more {
		if _, ok := was.Get(pe); !ok {
			names = append(names, pe)
		}
	}
	for _, pe := range names {
		at, lItems, rItems := below(path, pe), grouped(was, pe), grouped(is, pe)
		left, right := firstOf(lItems), firstOf(rItems)
		switch {
		case len(lItems) <= 1 && len(rItems) <= 1:
		case len(lItems) >= 2 && len(rItems) >= 2:
			if !sameValue(lItems, rItems) {
				c.modified.Insert(at)
			}
			continue
		case len(lItems) >= 2:
			c.removed.Insert(at)
			left = side{}
		default:
			c.added.Insert(at)
			right = side{}
		}
		if !left.there && !right.there {
			continue
		}
		if err := c.walk(t.of(list.ElementType), at, left, right); err != nil {
			return err
		}
	}
	return nil
}

// group returns the names of a list's items, each once, and the items by name.
func (t fieldType) group(l *schema.List, list []any) ([]fieldpath.PathElement, *fieldpath.PathElementMap) {
	items := fieldpath.MakePathElementMap(len(list))
	var names []fieldpath.PathElement
	for _, v := range list {
		pe, _ := t.item(l, v) // checked before
		had := grouped(&items, pe)
		if had == nil {
			names = append(names, pe)
		}
		items.Insert(pe, append(had, v))
	}
	return names, &items
}

func grouped(items *fieldpath.PathElementMap, pe fieldpath.PathElement) []any {
	v, _ := items.Get(pe)
	list, _ := v.([]any)
	return list
}

func firstOf(list []any) side {
	if len(list) == 0 {
		return side{}
	}
	return side{list[0], true}
}
