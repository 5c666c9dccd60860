// Package export turns live objects into files that can be kept in Git: what
// the cluster added is taken away, what something else makes is left to it, and
// the rest is put into an order it can be applied in. It reads nothing itself.
package export

import (
	"reflect"
	"strings"

	"tenantry/model"
)

// Object is one object as JSON decodes it.
type Object = map[string]any

// Metadata the API server or a controller writes.
var madeMetadata = []string{"uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
	"deletionGracePeriodSeconds", "managedFields", "selfLink", "ownerReferences", "finalizers", "generateName"}

// Annotations that ask for something once, or repeat the object.
var madeAnnotations = []string{
	"kubectl.kubernetes.io/last-applied-configuration",
	model.AnnotationRequestedAt, "reconcile.fluxcd.io/forceAt", "reconcile.fluxcd.io/resetAt",
	"kustomize.toolkit.fluxcd.io/checksum",
}

// Labels the API server puts on every namespace.
const labelMetadataName = "kubernetes.io/metadata.name"

// defaults are the fields a CRD or the API server fills in with the same value
// for everyone, by kind (source-controller, kustomize-controller and
// helm-controller config/crd/bases; flux-operator's FluxInstance CRD; core
// defaulting). Left in, they would hide what somebody decided.
var defaults = map[string][]struct {
	path  string
	value any
}{
	"GitRepository":  {{"spec.timeout", "60s"}},
	"OCIRepository":  {{"spec.timeout", "60s"}, {"spec.provider", "generic"}},
	"Bucket":         {{"spec.timeout", "60s"}, {"spec.provider", "generic"}},
	"HelmRepository": {{"spec.provider", "generic"}},
	"Kustomization":  {{"spec.force", false}},
	"FluxInstance": {{"spec.wait", true}, {"spec.migrateResources", true}, {"spec.cluster.type", "kubernetes"},
		{"spec.cluster.domain", "cluster.local"}, {"spec.cluster.networkPolicy", true}, {"spec.cluster.multitenant", false},
		{"spec.sync.interval", "1m"}},
}

// Clean returns the object without what the cluster added, and leaves the one
// it is given as it was. The same object cleaned twice, or cleaned after it was
// applied anew, is the same.
func Clean(o Object) Object {
	out := copied(o).(Object)
	delete(out, "status")
	kind, _ := out["kind"].(string)
	meta := section(out, "metadata")
	for _, f := range madeMetadata {
		delete(meta, f)
	}
	cleanPairs(meta, "annotations", madeAnnotations)
	switch kind {
	case "Namespace":
		delete(out, "spec") // its finalizers, nothing else
		cleanPairs(meta, "labels", []string{labelMetadataName})
	case "ServiceAccount":
		delete(out, "secrets") // tokens of this cluster
	case "RoleBinding", "ClusterRoleBinding":
		cleanSubjects(out)
	}
	for _, d := range defaults[kind] {
		drop(out, strings.Split(d.path, "."), d.value)
	}
	return out
}

// cleanPairs takes names out of labels or annotations, and these away when
// nothing is left.
func cleanPairs(meta Object, field string, names []string) {
	pairs := section(meta, field)
	for _, n := range names {
		delete(pairs, n)
	}
	if len(pairs) == 0 {
		delete(meta, field)
	}
}

// cleanSubjects drops the API group the server fills in for users and groups.
func cleanSubjects(o Object) {
	subjects, _ := o["subjects"].([]any)
	for _, s := range subjects {
		if s, ok := s.(Object); ok && s["apiGroup"] == "rbac.authorization.k8s.io" {
			delete(s, "apiGroup")
		}
	}
}

// drop takes a field away when it has the value everyone gets.
func drop(o Object, path []string, value any) {
	for len(path) > 1 {
		next, ok := o[path[0]].(Object)
		if !ok {
			return
		}
		o, path = next, path[1:]
	}
	if v, ok := o[path[0]]; ok && reflect.DeepEqual(v, value) {
		delete(o, path[0])
	}
}

// section returns a part of an object, an empty one where there is none.
func section(o Object, field string) Object {
	s, _ := o[field].(Object)
	if s == nil {
		s = Object{}
	}
	return s
}

// copied is a deep copy of what JSON decodes to.
func copied(v any) any {
	switch v := v.(type) {
	case Object:
		out := make(Object, len(v))
		for k, e := range v {
			out[k] = copied(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = copied(e)
		}
		return out
	}
	return v
}
