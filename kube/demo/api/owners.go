package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// maxUpdaters is how many entries of updates an object keeps before the
// oldest become one.
const maxUpdaters = 10

// owners say which fields of an object are whose: its managedFields in the
// form the merge works on.
type owners struct {
	sets    fieldpath.ManagedFields
	entries map[string]metav1.ManagedFieldsEntry // the entries without their fields, under the same ids
}

func newOwners() *owners {
	return &owners{sets: fieldpath.ManagedFields{}, entries: map[string]metav1.ManagedFieldsEntry{}}
}

// readOwners decodes the managedFields of an object.
func readOwners(obj map[string]any) (*owners, error) {
	o := newOwners()
	for i, entry := range (&unstructured.Unstructured{Object: obj}).GetManagedFields() {
		set := fieldpath.NewSet()
		switch {
		case entry.Operation != metav1.ManagedFieldsOperationApply && entry.Operation != metav1.ManagedFieldsOperationUpdate:
			return nil, fmt.Errorf("managed fields entry %d: the operation %q is neither Apply nor Update", i, entry.Operation)
		case entry.APIVersion == "":
			return nil, fmt.Errorf("managed fields entry %d has no apiVersion", i)
		case entry.FieldsType != "FieldsV1":
			return nil, fmt.Errorf("managed fields entry %d: fieldsType %q is not FieldsV1", i, entry.FieldsType)
		case entry.FieldsV1 != nil:
			if err := set.FromJSON(entry.FieldsV1.GetRawReader()); err != nil {
				return nil, fmt.Errorf("managed fields entry %d: %w", i, err)
			}
		}
		applied := entry.Operation == metav1.ManagedFieldsOperationApply
		o.sets[o.id(entry)] = fieldpath.NewVersionedSet(set, fieldpath.APIVersion(entry.APIVersion), applied)
	}
	return o, nil
}

// id returns the id of an entry's owner and remembers the entry. Who applies
// is the same in every version. Conflicts are listed in the order of the ids,
// so these are the real server's.
func (o *owners) id(entry metav1.ManagedFieldsEntry) string {
	entry.FieldsV1, entry.FieldsType = nil, ""
	bare := entry
	bare.Time = nil
	if entry.Operation == metav1.ManagedFieldsOperationApply {
		bare.APIVersion = ""
	}
	b, _ := json.Marshal(bare) // strings alone cannot fail
	id := string(b)
	if known, ok := o.entries[id]; ok && entry.Time == nil {
		entry.Time = known.Time
	}
	o.entries[id] = entry
	return id
}

// touch says when an owner last changed something.
func (o *owners) touch(id string, now metav1.Time) {
	entry := o.entries[id]
	entry.Time = &now
	o.entries[id] = entry
}

// write puts the owners into the object.
func (o *owners) write(obj map[string]any) error {
	var entries []metav1.ManagedFieldsEntry
	for id, set := range o.sets {
		entry := o.entries[id]
		raw, err := set.Set().ToJSON()
		if err != nil {
			return fmt.Errorf("cannot write the fields of %s: %w", entry.Manager, err)
		}
		entry.APIVersion, entry.FieldsType, entry.FieldsV1 = string(set.APIVersion()), "FieldsV1", metav1.NewFieldsV1(string(raw))
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b metav1.ManagedFieldsEntry) int {
		return cmp.Or(cmp.Compare(a.Operation, b.Operation), cmp.Compare(seconds(a), seconds(b)), cmp.Compare(a.Manager, b.Manager),
			cmp.Compare(a.APIVersion, b.APIVersion), cmp.Compare(a.Subresource, b.Subresource))
	})
	(&unstructured.Unstructured{Object: obj}).SetManagedFields(entries)
	return nil
}

func seconds(entry metav1.ManagedFieldsEntry) int64 {
	if entry.Time == nil {
		return 0
	}
	return entry.Time.Unix()
}

// limit makes one entry, per version, of the oldest updates when there are
// too many.
func (o *owners) limit() {
	var updaters []string
	for id, set := range o.sets {
		if !set.Applied() {
			updaters = append(updaters, id)
		}
	}
	slices.SortFunc(updaters, func(a, b string) int {
		return cmp.Or(cmp.Compare(seconds(o.entries[a]), seconds(o.entries[b])), cmp.Compare(a, b))
	})
	first := map[fieldpath.APIVersion]string{}
	left := len(updaters)
	for _, id := range updaters {
		if left <= maxUpdaters {
			return
		}
		set, when := o.sets[id], o.entries[id].Time
		version := set.APIVersion()
		oldest, ok := first[version]
		if !ok {
			first[version] = id
			continue
		}
		ancient := o.id(metav1.ManagedFieldsEntry{Manager: "ancient-changes", Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: string(version), Time: when})
		if _, ok := o.sets[ancient]; !ok {
			o.sets[ancient] = o.sets[oldest]
			delete(o.sets, oldest)
		}
		o.sets[ancient] = fieldpath.NewVersionedSet(set.Set().Union(o.sets[ancient].Set()), version, false)
		delete(o.sets, id)
		left--
	}
}

// conflict words the conflicts of an apply as the real server does.
func (o *owners) conflict(conflicts conflictError) error {
	slices.SortStableFunc(conflicts, func(a, b conflict) int { return cmp.Compare(a.owner, b.owner) })
	var causes []metav1.StatusCause
	message := fmt.Sprintf("Apply failed with %d conflicts: ", len(conflicts))
	for i, c := range conflicts {
		with := ownerName(o.entries[c.owner])
		causes = append(causes, metav1.StatusCause{Type: metav1.CauseTypeFieldManagerConflict, Message: "conflict with " + with, Field: c.path.String()})
		if len(conflicts) == 1 {
			message = fmt.Sprintf("Apply failed with 1 conflict: conflict with %s: %v", with, c.path)
			break
		}
		if i == 0 || conflicts[i-1].owner != c.owner {
			if i > 0 {
				message += "\n"
			}
			message += "conflicts with " + with + ":"
		}
		message += fmt.Sprintf("\n- %v", c.path)
	}
	return apierrors.NewApplyConflict(causes, message)
}

func ownerName(entry metav1.ManagedFieldsEntry) string {
	name := fmt.Sprintf("%q", entry.Manager)
	if entry.Subresource != "" {
		name += fmt.Sprintf(" with subresource %q", entry.Subresource)
	}
	if entry.Operation == metav1.ManagedFieldsOperationUpdate {
		name += " using " + entry.APIVersion
	}
	return name
}
