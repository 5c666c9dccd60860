package api

import (
	"encoding/json"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// encodeTable writes a list of Secrets as the columns kubectl prints, without
// the objects (includeObject=None).
func (s *Server) encodeTable(_ *Resource, items []*store.Version, meta metav1.ListMeta, _ output) ([]byte, error) {
	out := metav1.Table{ListMeta: meta, Rows: []metav1.TableRow{}, ColumnDefinitions: []metav1.TableColumnDefinition{
		{Name: "Name", Type: "string", Format: "name"}, {Name: "Type", Type: "string"}, {Name: "Data", Type: "string"}, {Name: "Age", Type: "string"}}}
	out.Kind, out.APIVersion = "Table", partialVersion
	for _, v := range items {
		age := "<unknown>"
		if at, err := time.Parse(time.RFC3339, tree.Str(v.Content, "metadata", "creationTimestamp")); err == nil {
			age = duration.HumanDuration(s.now().Sub(at))
		}
		out.Rows = append(out.Rows, metav1.TableRow{Cells: []any{tree.Str(v.Content, "metadata", "name"), tree.Str(v.Content, "type"),
			len(tree.Map(v.Content, "data")), age}})
	}
	return json.Marshal(out)
}
