package api

import (
	"fmt"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// conflict is a field an apply would change that is somebody else's.
type conflict struct {
	owner string // by id
	path  fieldpath.Path
}

// conflictError lists the conflicts of an apply that is not forced.
type conflictError []conflict

func (e conflictError) Error() string { return fmt.Sprintf("%d conflicts", len(e)) }

// pass takes from every owner but one what a write removed or changed. Unless
// forced, changing another's fields is a conflict.
func (f *fieldManager) pass(sets fieldpath.ManagedFields, before, after any, writer string, force bool) (*comparison, error) {
	all, err := f.types.compare(before, after)
	if err != nil {
		return nil, err
	}
	own := all.filtered(f.ignore)
	var conflicts conflictError
	for id, owned := range sets {
		if id == writer {
			continue
		}
		c := own
		if owned.APIVersion() != f.version {
			c = all // what is ignored is ignored in its own version
		}
		lost := owned.Set().Intersection(c.modified.Union(c.added))
		lost.Iterate(func(p fieldpath.Path) { conflicts = append(conflicts, conflict{id, p.Copy()}) })
		sets[id] = fieldpath.NewVersionedSet(owned.Set().Difference(lost).Difference(c.removed), owned.APIVersion(), owned.Applied())
	}
	if len(conflicts) > 0 && !force {
		return nil, conflicts
	}
	for id, owned := range sets {
		if owned.Set().Empty() {
			delete(sets, id)
		}
	}
	return own, nil
}

// mergeApplied merges a configuration into a live object and makes the applier
// own what it says. What the applier said before and does not any more goes,
// unless another owns it too.
func (f *fieldManager) mergeApplied(sets fieldpath.ManagedFields, live, config any, applier string, force bool) (any, error) {
	merged := f.types.merge(live, config)
	set := f.types.fields(config)
	if f.ignore != nil {
		set = f.ignore.Filter(set)
	}
	earlier := sets[applier]
	sets[applier] = fieldpath.NewVersionedSet(set, f.version, true)
	if earlier != nil && !earlier.Set().Empty() {
		merged = f.prune(sets, merged, earlier.Set())
	}
	_, err := f.pass(sets, live, merged, applier, force)
	return merged, err
}

// prune removes from a merged object what was applied earlier and has no owner
// now.
func (f *fieldManager) prune(sets fieldpath.ManagedFields, merged any, earlier *fieldpath.Set) any {
	// A field that holds owned ones counts as owned.
	members := func(set *fieldpath.Set) *fieldpath.Set {
		return set.EnsureNamedFieldsAreMembers(f.types.schema, f.types.ref)
	}
	owned := fieldpath.NewSet()
	for _, set := range sets {
		owned = owned.Union(set.Set())
	}
	all := members(f.types.fields(merged))
	left := members(f.types.fields(f.types.without(merged, members(earlier))))
	pruned := f.types.without(merged, all.Difference(left.Union(members(owned))))
	gone := all.Difference(members(f.types.fields(pruned)))
	return f.types.without(merged, gone.Intersection(members(earlier)))
}
