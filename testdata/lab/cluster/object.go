// Package cluster is a small client of the API server: enough to apply, patch,
// list and wait, without client-go's weight.
package cluster

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/yaml"
)

// An Object is a Kubernetes object as JSON has it.
type Object map[string]any

// A Ref names one object.
type Ref struct{ APIVersion, Kind, Namespace, Name string }

func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// Ref of an object.
func (o Object) Ref() Ref {
	return Ref{o.Str("apiVersion"), o.Str("kind"), o.Str("metadata", "namespace"), o.Str("metadata", "name")}
}

// At walks down maps; nil where the way ends.
func (o Object) At(path ...string) any {
	var cur any = map[string]any(o)
	for _, p := range path {
		m, ok := cur.(map[string]any)
		if !ok {
			return nil
		}
		cur = m[p]
	}
	return cur
}

// Str is At for strings, empty where there is none.
func (o Object) Str(path ...string) string {
	s, _ := o.At(path...).(string)
	return s
}

// Num is At for numbers.
func (o Object) Num(path ...string) int64 {
	f, _ := o.At(path...).(float64)
	return int64(f)
}

// A Condition of an object's status.
type Condition struct {
	Type, Status, Reason, Message string
	Generation                    int64
}

// Condition finds one by its type; its Status is empty where there is none.
func (o Object) Condition(kind string) Condition {
	list, _ := o.At("status", "conditions").([]any)
	for _, e := range list {
		m, ok := e.(map[string]any)
		if !ok || m["type"] != kind {
			continue
		}
		c := Object(m)
		return Condition{kind, c.Str("status"), c.Str("reason"), c.Str("message"), c.Num("observedGeneration")}
	}
	return Condition{Type: kind}
}

// Parse reads a stream of YAML documents.
func Parse(text []byte) ([]Object, error) {
	var out []Object
	for i, doc := range bytes.Split(text, []byte("\n---")) {
		var o Object
		if err := yaml.Unmarshal(doc, &o); err != nil {
			return nil, fmt.Errorf("YAML document %d: %w", i+1, err)
		}
		if len(o) == 0 {
			continue
		}
		if o.Str("kind") == "" {
			return nil, fmt.Errorf("YAML document %d has no kind", i+1)
		}
		out = append(out, o)
	}
	return out, nil
}

// clusterScoped lists the kinds the lab uses that have no namespace.
var clusterScoped = map[string]bool{
	"Namespace": true, "Node": true, "CustomResourceDefinition": true, "ClusterRole": true,
	"ClusterRoleBinding": true, "Stage": true, "ClusterLogs": true, "PriorityClass": true,
}

// Resource is the plural by which the server knows a kind.
func Resource(kind string) string {
	s := strings.ToLower(kind)
	switch {
	case kind == "Logs" || kind == "ClusterLogs":
		return s
	case strings.HasSuffix(s, "y"):
		return strings.TrimSuffix(s, "y") + "ies"
	case strings.HasSuffix(s, "s"):
		return s + "es"
	}
	return s + "s"
}

// CollectionPath is where a kind's objects are listed.
func CollectionPath(apiVersion, kind, namespace string) string {
	root := "/apis/" + apiVersion
	if !strings.Contains(apiVersion, "/") {
		root = "/api/" + apiVersion
	}
	if namespace != "" && !clusterScoped[kind] {
		root += "/namespaces/" + namespace
	}
	return root + "/" + Resource(kind)
}

// Path of one object.
func (r Ref) Path() string {
	return CollectionPath(r.APIVersion, r.Kind, r.Namespace) + "/" + r.Name
}
