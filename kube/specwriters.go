package kube

import (
	"encoding/json"
	"strings"

	"tenantry/model"
)

// Who changed a Flux object's spec stands in managedFields, which are long and
// of no other use here. They are read of the few objects whose generation is
// another than the one that was known; in a first list nobody has changed
// anything yet.

// attributed reports whether a kind's spec is told about field by field.
func attributed(k model.Kind) bool {
	switch k.Role() {
	case model.RoleSource, model.RoleSync:
		return true
	}
	return k == model.FluxInstance || k == model.ResourceSetInputProvider
}

// attribute notes on an object, which nobody else has yet, who wrote its spec,
// if that changed since it was known. Later states of the same generation keep
// it: of several that come at once only the last is seen.
func (s *store) attribute(o *model.Object, raw []byte, enc encoding) {
	if enc != encodingJSON || o.Undecodable != "" || !attributed(o.Kind) {
		return
	}
	s.mu.Lock()
	known, ok := s.known[objectName{o.Namespace, o.Name}.hash()]
	s.mu.Unlock()
	switch {
	case !ok || known.object.UID != o.UID:
	case known.object.Generation == o.Generation:
		o.SpecWriters = known.object.SpecWriters
	default:
		o.SpecWriters = specWriters(raw)
	}
}

// specWriters returns who wrote each field of the spec last. Entries of a
// subresource are of the status.
func specWriters(raw []byte) map[string]model.Manager {
	var in struct {
		Metadata struct {
			ManagedFields []struct {
				Manager     string `json:"manager"`
				Operation   string `json:"operation"`
				Subresource string `json:"subresource"`
				Time        stamp  `json:"time"`
				Fields      struct {
					Spec map[string]json.RawMessage `json:"f:spec"`
				} `json:"fieldsV1"`
			} `json:"managedFields"`
		} `json:"metadata"`
	}
	if json.Unmarshal(raw, &in) != nil {
		return nil
	}
	var out map[string]model.Manager
	for _, m := range in.Metadata.ManagedFields {
		if m.Subresource != "" {
			continue
		}
		for name := range m.Fields.Spec {
			field, ok := strings.CutPrefix(name, "f:")
			if !ok || len(out) >= maxSpecFields && out[field] == (model.Manager{}) {
				continue
			}
			if was, had := out[field]; had && was.Time >= model.Unix(m.Time) {
				continue
			}
			if out == nil {
				out = map[string]model.Manager{}
			}
			out[strings.Clone(field)] = model.Manager{Name: intern(clip(m.Manager)), Operation: intern(m.Operation), Time: model.Unix(m.Time)}
		}
	}
	return out
}

// maxSpecFields bounds how many fields of a spec are kept apart.
const maxSpecFields = 64
