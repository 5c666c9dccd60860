package kube

import (
	"cmp"
	"encoding/json"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"tenantry/model"
)

// fieldOwners flattens an object's managedFields: one line per field and
// manager. An entry that can't be read is left out: it says nothing about the
// others.
func fieldOwners(object []byte) []model.FieldOwner {
	var in struct {
		Metadata struct {
			ManagedFields []metav1.ManagedFieldsEntry `json:"managedFields"`
		} `json:"metadata"`
	}
	if json.Unmarshal(object, &in) != nil {
		return nil
	}
	var out []model.FieldOwner
	for i := range in.Metadata.ManagedFields {
		m := &in.Metadata.ManagedFields[i]
		var set fieldpath.Set
		if m.FieldsV1 == nil || set.FromJSON(m.FieldsV1.GetRawReader()) != nil {
			continue
		}
		set.Leaves().Iterate(func(p fieldpath.Path) {
			out = append(out, model.FieldOwner{Path: p.String(), Manager: m.Manager, Operation: string(m.Operation),
				Subresource: m.Subresource, Time: unixOf(m.Time)})
		})
	}
	slices.SortStableFunc(out, func(a, b model.FieldOwner) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Manager, b.Manager))
	})
	return out
}
