package flux

import (
	"encoding/json"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"tenantry/kube/demo/tree"
)

// adopt makes fields a person set with kubectl the controller's own, so that
// those its manifest does not name vanish with the apply that follows. Fields
// of other managers, tenantry's among them, stay.
func (f *Controllers) adopt(o Object) {
	client := f.client(kustomizeController)
	gk, namespace, name := groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")
	live, err := client.Get(gk, namespace, name)
	if err != nil || !hasForeign(live) {
		return
	}
	_, _ = client.Untracked().Edit(gk, namespace, name, func(o Object) error {
		own := fieldpath.NewSet()
		var left []any
		var mine Object
		for _, item := range tree.List(o, "metadata", "managedFields") {
			entry, _ := item.(map[string]any)
			switch {
			case foreign(entry):
				own = own.Union(fieldsOf(entry))
			case tree.Str(entry, "manager") == kustomizeController && tree.Str(entry, "operation") == "Apply":
				own, mine = own.Union(fieldsOf(entry)), entry
			default:
				left = append(left, item)
			}
		}
		if mine == nil {
			mine = Object{"manager": kustomizeController, "operation": "Apply", "apiVersion": o["apiVersion"], "fieldsType": "FieldsV1", "time": f.env.Stamp()}
		}
		if b, err := own.ToJSON(); err == nil {
			if fields, err := decodeJSON(b); err == nil {
				mine["fieldsV1"] = fields
			}
		}
		tree.Meta(o)["managedFields"] = append(left, mine)
		return nil
	})
}

// foreign says whether an entry belongs to a manager Flux takes over from.
func foreign(entry Object) bool {
	if tree.Str(entry, "subresource") != "" {
		return false
	}
	manager := tree.Str(entry, "manager")
	return strings.HasPrefix(manager, "kubectl") || strings.HasPrefix(manager, "before-first-apply") ||
		manager == kustomizeController && tree.Str(entry, "operation") == "Update"
}

func hasForeign(o Object) bool {
	for _, entry := range tree.Maps(o, "metadata", "managedFields") {
		if foreign(entry) {
			return true
		}
	}
	return false
}

func fieldsOf(entry Object) *fieldpath.Set {
	set := fieldpath.NewSet()
	b, err := json.Marshal(entry["fieldsV1"])
	if err == nil {
		_ = set.FromJSON(strings.NewReader(string(b)))
	}
	return set
}
