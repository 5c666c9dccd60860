package kube

import (
	"encoding/json"
	"slices"
	"strings"

	"tenantry/model"
)

// managedMeta is metadata of a kind of which it matters who wrote it: of all
// others managedFields are dropped unread, for their size.
type managedMeta struct {
	metaFields
	ManagedFields []struct {
		Manager     string          `json:"manager"`
		Subresource string          `json:"subresource"`
		Time        stamp           `json:"time"`
		Fields      json.RawMessage `json:"fieldsV1"`
	} `json:"managedFields"`
}

// specManagers returns who wrote the spec last and who owns anything under one
// of its fields, named as managedFields do (f:sync), by name. Entries of a
// subresource are of the status.
func (m *managedMeta) specManagers(field string) (last string, at model.Unix, owners string) {
	var newest stamp
	var names []string
	for i := range m.ManagedFields {
		entry := &m.ManagedFields[i]
		var fields struct {
			Spec map[string]json.RawMessage `json:"f:spec"`
		}
		if entry.Subresource != "" || json.Unmarshal(entry.Fields, &fields) != nil || fields.Spec == nil {
			continue
		}
		if last == "" || entry.Time > newest {
			last, newest = clip(entry.Manager), entry.Time
		}
		if _, owns := fields.Spec[field]; owns && !slices.Contains(names, entry.Manager) {
			names = append(names, clip(entry.Manager))
		}
	}
	slices.Sort(names)
	return last, model.Unix(newest), strings.Join(names, ", ")
}
