package api

import (
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"tenantry/kube/demo/tree"
)

// selection is a pair of selectors; a nil one selects everything.
type selection struct {
	labels labels.Selector
	fields fields.Selector
}

// selectable lists the field selectors of a resource beyond the object's name
// and namespace.
func selectable(res *Resource) []string {
	switch res.ID() {
	case "secrets":
		return []string{"type"}
	case "namespaces":
		return []string{"status.phase"}
	case "nodes":
		return []string{"spec.unschedulable"}
	case "pods":
		return []string{"spec.nodeName", "spec.restartPolicy", "spec.schedulerName",
			"spec.serviceAccountName", "status.phase", "status.podIP", "status.nominatedNodeName"}
	case "replicasets.apps":
		return []string{"status.replicas"}
	case "events":
		return []string{"involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
			"involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
			"involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"}
	}
	return nil
}

func parseSelection(res *Resource, labelSelector, fieldSelector string) (selection, error) {
	var sel selection
	if labelSelector != "" {
		l, err := labels.Parse(labelSelector)
		if err != nil {
			return sel, apierrors.NewBadRequest(err.Error())
		}
		sel.labels = l
	}
	if fieldSelector == "" {
		return sel, nil
	}
	known := selectable(res)
	f, err := fields.ParseSelector(fieldSelector)
	if err != nil {
		return sel, apierrors.NewBadRequest(err.Error())
	}
	for _, r := range f.Requirements() {
		if r.Field == "metadata.name" || r.Field == "metadata.namespace" || contains(known, r.Field) {
			continue
		}
		if known == nil && !res.Custom {
			return sel, apierrors.NewBadRequest(fmt.Sprintf(
				"%q is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", r.Field))
		}
		return sel, apierrors.NewBadRequest("field label not supported: " + r.Field)
	}
	if !f.Empty() {
		sel.fields = f
	}
	return sel, nil
}

func (s selection) matches(obj map[string]any) bool {
	if s.labels != nil && !s.labels.Matches(labelSet{tree.Map(obj, "metadata", "labels")}) {
		return false
	}
	return s.fields == nil || s.fields.Matches(fieldSet{obj})
}

// labelSet reads labels without copying them.
type labelSet struct{ m map[string]any }

func (l labelSet) Has(name string) bool { _, ok := l.m[name]; return ok }
func (l labelSet) Get(name string) string {
	v, _ := l.m[name].(string)
	return v
}
func (l labelSet) Lookup(name string) (string, bool) {
	v, ok := l.m[name].(string)
	return v, ok
}

// fieldSet reads fields at their path, with the few defaults the server fills
// in where the object says nothing.
type fieldSet struct{ obj map[string]any }

func (f fieldSet) Has(name string) bool { return f.Get(name) != "" }
func (f fieldSet) Get(name string) string {
	if name == "source" {
		return tree.Str(f.obj, "source", "component")
	}
	path := strings.Split(name, ".")
	parent := tree.Map(f.obj, path[:len(path)-1]...)
	v, ok := parent[path[len(path)-1]]
	if !ok {
		switch name {
		case "spec.unschedulable":
			return "false"
		case "status.replicas":
			return "0"
		}
		return ""
	}
	return fmt.Sprint(v)
}

// nameFromSelector returns the name a list is narrowed to: rules with
// resourceNames allow such lists.
func nameFromSelector(fieldSelector string) string {
	if fieldSelector == "" {
		return ""
	}
	f, err := fields.ParseSelector(fieldSelector)
	if err != nil {
		return ""
	}
	name, _ := f.RequiresExactMatch("metadata.name")
	return name
}
