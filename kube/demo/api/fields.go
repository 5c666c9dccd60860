package api

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"tenantry/kube/demo/tree"
)

// fieldManager keeps the managedFields of a resource, or of its subresource,
// as apimachinery's manager of the same name does, whose packages cost every
// start of the program time and memory. There is one version of everything,
// so nothing is ever converted.
type fieldManager struct {
	types       fieldType
	version     fieldpath.APIVersion
	subresource string
	ignore      fieldpath.Filter // of what a write here does not change
	now         metav1.Time
}

func (s *Server) fieldManager(res *Resource, subresource string) *fieldManager {
	f := &fieldManager{types: s.types.typeOf(res.GVK()), version: fieldpath.APIVersion(res.APIVersion()),
		subresource: subresource, now: metav1.NewTime(s.now())}
	var reset []fieldpath.Path
	switch {
	case subresource == "status" && res.Group == "apps":
		reset = []fieldpath.Path{fieldpath.MakePathOrDie("spec"), fieldpath.MakePathOrDie("metadata", "labels")}
	case subresource == "status":
		reset = []fieldpath.Path{fieldpath.MakePathOrDie("spec"), fieldpath.MakePathOrDie("metadata")}
	case res.Status:
		reset = []fieldpath.Path{fieldpath.MakePathOrDie("status")}
	}
	if reset != nil {
		f.ignore = fieldpath.NewExcludeSetFilter(fieldpath.NewSet(reset...))
	}
	return f
}

// trackUpdate returns obj with managedFields that say the manager wrote what
// differs from live.
func (s *Server) trackUpdate(res *Resource, subresource string, live, obj map[string]any, manager string) (map[string]any, error) {
	before := live
	if live == nil {
		before = emptyObject(res)
	}
	f := s.fieldManager(res, subresource)
	o := f.ownersOf(before, obj)
	dropManagedFields(obj)
	if err := f.update(o, before, obj, manager); err != nil {
		return obj, nil // an object nobody can be said to own is stored all the same
	}
	return obj, o.write(obj)
}

// ownersOf are the owners before an update: those the new object names, where
// it may name them, else those of the live one. A list without an owner in it
// starts over.
func (f *fieldManager) ownersOf(live, obj map[string]any) *owners {
	if f.subresource == "" {
		if list, ok := tree.Map(obj, "metadata")["managedFields"].([]any); ok && isReset(list) {
			return newOwners()
		}
		if o, err := readOwners(obj); err == nil && len(o.sets) > 0 {
			return o
		}
	}
	if o, err := readOwners(live); err == nil {
		return o
	}
	return newOwners()
}

func isReset(list []any) bool {
	if len(list) != 1 {
		return len(list) == 0
	}
	entry, ok := list[0].(map[string]any)
	return ok && len(entry) == 0
}

func dropManagedFields(obj map[string]any) {
	if meta := tree.Map(obj, "metadata"); meta != nil {
		delete(meta, "managedFields")
	}
}

// update makes the manager an owner of what differs. An object nobody owned
// anything of is not tracked from the middle of its life.
func (f *fieldManager) update(o *owners, live, obj map[string]any, manager string) error {
	if len(o.sets) == 0 && tree.Str(live, "metadata", "uid") != "" {
		return nil
	}
	if err := f.checkBoth(live, obj); err != nil {
		return err
	}
	// What is written now is kept apart from what the manager wrote earlier:
	// only so does it show whether anything changed.
	changes, err := f.pass(o.sets, live, obj, "", true)
	if err != nil {
		return fmt.Errorf("cannot compare the fields with the live object's: %w", err)
	}
	set := changes.modified.Union(changes.added)
	if f.ignore != nil {
		set = f.ignore.Filter(set)
	}
	if set = set.Difference(nobodys()); !set.Empty() {
		id := o.id(f.entry(manager, metav1.ManagedFieldsOperationUpdate))
		if earlier := o.sets[id]; earlier != nil {
			set = set.Union(earlier.Set())
		}
		o.sets[id] = fieldpath.NewVersionedSet(set, f.version, false)
		o.touch(id, f.now)
	}
	o.limit()
	return nil
}

func (f *fieldManager) checkBoth(live, obj map[string]any) error {
	if err := f.types.check(live, "", true); err != nil {
		return fmt.Errorf("cannot read the fields of the live object: %w", err)
	}
	if err := f.types.check(obj, "", true); err != nil {
		return fmt.Errorf("cannot read the fields of the new object: %w", err)
	}
	return nil
}

func (f *fieldManager) entry(manager string, operation metav1.ManagedFieldsOperationType) metav1.ManagedFieldsEntry {
	if manager == "" {
		manager = "unknown"
	}
	return metav1.ManagedFieldsEntry{Manager: manager, Operation: operation, APIVersion: string(f.version), Subresource: f.subresource}
}

// nobodys are the fields that are never owned.
var nobodys = sync.OnceValue(func() *fieldpath.Set {
	set := fieldpath.NewSet(fieldpath.MakePathOrDie("apiVersion"), fieldpath.MakePathOrDie("kind"), fieldpath.MakePathOrDie("metadata"))
	for _, name := range []string{"name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"} {
		set.Insert(fieldpath.MakePathOrDie("metadata", name))
	}
	return set
})

// emptyObject is what a new object is compared with: for built-in kinds the
// structs within are there before anything is written.
func emptyObject(res *Resource) map[string]any {
	obj := map[string]any{}
	if res.typed != nil {
		if o, err := runtime.DefaultUnstructuredConverter.ToUnstructured(res.typed()); err == nil {
			obj = o
		}
	} else if strings.HasPrefix(res.Plural, "selfsubject") {
		obj["spec"] = map[string]any{}
	}
	obj["apiVersion"], obj["kind"] = res.APIVersion(), res.Kind
	return obj
}

// trackApply merges an applied configuration into live, as server-side apply
// does. Both are its own to change. Conflicts come back as the real server words them.
func (s *Server) trackApply(res *Resource, subresource string, live, config map[string]any, manager string, force bool) (map[string]any, error) {
	obj, err := s.fieldManager(res, subresource).applyAs(live, config, manager, force)
	var known apierrors.APIStatus
	if err != nil && !errors.As(err, &known) {
		return nil, apierrors.NewInternalError(err)
	}
	return obj, err
}

func (f *fieldManager) applyAs(live, config map[string]any, manager string, force bool) (map[string]any, error) {
	merged, o, err := f.apply(live, config, manager, force)
	var conflicts conflictError
	if errors.As(err, &conflicts) && manager == kubectl {
		if conflicts = f.withoutLastApplied(live, conflicts); len(conflicts) == 0 {
			merged, o, err = f.apply(live, config, manager, true)
		}
	}
	switch {
	case err == nil:
	case len(conflicts) > 0:
		return nil, o.conflict(conflicts)
	default:
		return nil, err
	}
	if manager == kubectl {
		if err := renewLastApplied(merged, config); err != nil {
			return nil, err
		}
	}
	return merged, o.write(merged)
}

// apply merges config into live. It returns the owners with an error too: a
// conflict names them.
func (f *fieldManager) apply(live, config map[string]any, manager string, force bool) (map[string]any, *owners, error) {
	o, err := readOwners(live)
	if err != nil {
		return nil, nil, err
	}
	if len(o.sets) == 0 {
		// What was there before anybody applied belongs to whoever wrote it.
		empty := map[string]any{"apiVersion": live["apiVersion"], "kind": live["kind"]}
		if err := f.update(o, empty, live, "before-first-apply"); err != nil {
			return nil, nil, err
		}
	}
	if err := f.types.check(live, "", true); err != nil {
		return nil, nil, fmt.Errorf("cannot read the fields of the live object: %w", err)
	}
	if err := f.types.check(config, "", false); err != nil {
		return nil, nil, fmt.Errorf("cannot read the fields of the applied configuration: %w", err)
	}
	id := o.id(f.entry(manager, metav1.ManagedFieldsOperationApply))
	after, err := f.mergeApplied(o.sets, live, config, id, force)
	if err != nil {
		return nil, o, err
	}
	if set := o.sets[id]; set != nil {
		if left := set.Set().Difference(nobodys()); left.Empty() {
			delete(o.sets, id)
		} else {
			o.sets[id] = fieldpath.NewVersionedSet(left, set.APIVersion(), true)
		}
	}
	if sameValue(live, after) {
		dropManagedFields(live)
		return live, o, nil
	}
	o.touch(id, f.now)
	merged, ok := after.(map[string]any)
	if !ok {
		return nil, nil, fmt.Errorf("a merged object became a %T", after)
	}
	return merged, o, nil
}

// withoutFieldTimes returns managedFields without their times, to compare two
// states of an object: a write that changes nothing else is no write.
func withoutFieldTimes(obj map[string]any) map[string]any {
	meta := tree.Map(obj, "metadata")
	entries := tree.List(meta, "managedFields")
	if len(entries) == 0 {
		return obj
	}
	out := tree.CopyTop(obj)
	bare := make([]any, len(entries))
	for i, item := range entries {
		entry, _ := item.(map[string]any)
		e := make(map[string]any, len(entry))
		for k, v := range entry {
			if k != "time" {
				e[k] = v
			}
		}
		bare[i] = e
	}
	out["metadata"].(map[string]any)["managedFields"] = bare
	return out
}

// userAgentManager is the field manager of a client that names none.
func userAgentManager(userAgent string) string {
	name := userAgent
	for i, c := range userAgent {
		if c == '/' {
			name = userAgent[:i]
			break
		}
	}
	if len(name) > 128 {
		name = name[:128]
	}
	if name == "" {
		return "unknown"
	}
	return name
}
