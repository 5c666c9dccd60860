package api

import (
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// Resource is one kind of object the server serves.
type Resource struct {
	Group, Version, Kind string
	Plural, Singular     string
	ShortNames           []string
	Categories           []string
	Namespaced           bool
	// Status says that status is a subresource: the main resource ignores it.
	Status bool
	// Custom says that the resource comes from a CustomResourceDefinition: it
	// has no protobuf form and keeps unknown fields.
	Custom bool
	// Generations says that metadata.generation counts changes.
	Generations bool
	verbs       []string
	typed       func() runtime.Object
}

// ID is the resource's name in the store, e.g. "deployments.apps".
func (r *Resource) ID() string { return resourceID(r.Group, r.Plural) }

func resourceID(group, plural string) string {
	if group == "" {
		return plural
	}
	return plural + "." + group
}

// GVK returns the resource's kind.
func (r *Resource) GVK() schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
}

// GR returns the resource's group and plural, as error messages name it.
func (r *Resource) GR() schema.GroupResource {
	return schema.GroupResource{Group: r.Group, Resource: r.Plural}
}

// APIVersion returns group/version as objects carry it.
func (r *Resource) APIVersion() string {
	if r.Group == "" {
		return r.Version
	}
	return r.Group + "/" + r.Version
}

var allVerbs = []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}

const crdGroup = "apiextensions.k8s.io"

// crdID is where definitions of custom resources are stored.
const crdID = "customresourcedefinitions." + crdGroup

// newBuiltins returns the resources that are always there, by ID. It is a
// function, not a table, so that importing the package costs nothing.
func newBuiltins() map[string]*Resource {
	list := []*Resource{
		{Plural: "namespaces", Kind: "Namespace", ShortNames: []string{"ns"}, Status: true, typed: func() runtime.Object { return &corev1.Namespace{} }},
		{Plural: "nodes", Kind: "Node", ShortNames: []string{"no"}, Status: true, typed: func() runtime.Object { return &corev1.Node{} }},
		{Plural: "pods", Kind: "Pod", ShortNames: []string{"po"}, Categories: []string{"all"}, Namespaced: true, Status: true, Generations: true, typed: func() runtime.Object { return &corev1.Pod{} }},
		{Plural: "services", Kind: "Service", ShortNames: []string{"svc"}, Categories: []string{"all"}, Namespaced: true, Status: true, typed: func() runtime.Object { return &corev1.Service{} }},
		{Plural: "serviceaccounts", Kind: "ServiceAccount", ShortNames: []string{"sa"}, Namespaced: true, typed: func() runtime.Object { return &corev1.ServiceAccount{} }},
		{Plural: "secrets", Kind: "Secret", Namespaced: true, typed: func() runtime.Object { return &corev1.Secret{} }},
		{Plural: "configmaps", Kind: "ConfigMap", ShortNames: []string{"cm"}, Namespaced: true, typed: func() runtime.Object { return &corev1.ConfigMap{} }},
		{Plural: "events", Kind: "Event", ShortNames: []string{"ev"}, Namespaced: true, typed: func() runtime.Object { return &corev1.Event{} }},
		{Plural: "resourcequotas", Kind: "ResourceQuota", ShortNames: []string{"quota"}, Namespaced: true, Status: true, typed: func() runtime.Object { return &corev1.ResourceQuota{} }},
		{Group: "apps", Plural: "deployments", Kind: "Deployment", ShortNames: []string{"deploy"}, Categories: []string{"all"}, Namespaced: true, Status: true, Generations: true, typed: func() runtime.Object { return &appsv1.Deployment{} }},
		{Group: "apps", Plural: "replicasets", Kind: "ReplicaSet", ShortNames: []string{"rs"}, Categories: []string{"all"}, Namespaced: true, Status: true, Generations: true, typed: func() runtime.Object { return &appsv1.ReplicaSet{} }},
		{Group: "apps", Plural: "statefulsets", Kind: "StatefulSet", ShortNames: []string{"sts"}, Categories: []string{"all"}, Namespaced: true, Status: true, Generations: true, typed: func() runtime.Object { return &appsv1.StatefulSet{} }},
		{Group: "apps", Plural: "daemonsets", Kind: "DaemonSet", ShortNames: []string{"ds"}, Categories: []string{"all"}, Namespaced: true, Status: true, Generations: true, typed: func() runtime.Object { return &appsv1.DaemonSet{} }},
		{Group: "rbac.authorization.k8s.io", Plural: "roles", Kind: "Role", Namespaced: true, typed: func() runtime.Object { return &rbacv1.Role{} }},
		{Group: "rbac.authorization.k8s.io", Plural: "rolebindings", Kind: "RoleBinding", Namespaced: true, typed: func() runtime.Object { return &rbacv1.RoleBinding{} }},
		{Group: "rbac.authorization.k8s.io", Plural: "clusterroles", Kind: "ClusterRole", typed: func() runtime.Object { return &rbacv1.ClusterRole{} }},
		{Group: "rbac.authorization.k8s.io", Plural: "clusterrolebindings", Kind: "ClusterRoleBinding", typed: func() runtime.Object { return &rbacv1.ClusterRoleBinding{} }},
		{Group: "coordination.k8s.io", Plural: "leases", Kind: "Lease", Namespaced: true, typed: func() runtime.Object { return &coordinationv1.Lease{} }},
		{Group: "networking.k8s.io", Plural: "networkpolicies", Kind: "NetworkPolicy", ShortNames: []string{"netpol"}, Namespaced: true, Generations: true, typed: func() runtime.Object { return &networkingv1.NetworkPolicy{} }},
		{Group: "authentication.k8s.io", Plural: "selfsubjectreviews", Kind: "SelfSubjectReview", verbs: []string{"create"}},
		{Group: "authorization.k8s.io", Plural: "selfsubjectaccessreviews", Kind: "SelfSubjectAccessReview", verbs: []string{"create"}},
		{Group: "authorization.k8s.io", Plural: "selfsubjectrulesreviews", Kind: "SelfSubjectRulesReview", verbs: []string{"create"}},
		{Group: "authorization.k8s.io", Plural: "subjectaccessreviews", Kind: "SubjectAccessReview", verbs: []string{"create"}},
		{Group: "authorization.k8s.io", Plural: "localsubjectaccessreviews", Kind: "LocalSubjectAccessReview", Namespaced: true, verbs: []string{"create"}},
		{Group: crdGroup, Plural: "customresourcedefinitions", Kind: "CustomResourceDefinition", ShortNames: []string{"crd", "crds"}, Categories: []string{"api-extensions"}, Status: true, Generations: true},
	}
	byID := make(map[string]*Resource, len(list))
	for _, r := range list {
		r.Version = "v1"
		r.Singular = strings.ToLower(r.Kind)
		if r.verbs == nil {
			r.verbs = allVerbs
		}
		byID[r.ID()] = r
	}
	return byID
}

// resource returns the resource served at group/version/plural, or nil.
func (s *Server) resource(group, version, plural string) *Resource {
	if r := s.builtins[resourceID(group, plural)]; r != nil {
		if r.Version != version {
			return nil
		}
		return r
	}
	if group == "" {
		return nil
	}
	crd := s.store.Get(crdID, store.Key{Name: resourceID(group, plural)})
	if crd == nil {
		return nil
	}
	if r := s.customResource(crd); r != nil && r.Version == version {
		return r
	}
	return nil
}

// customResource reads a definition; the answer is remembered per revision.
func (s *Server) customResource(crd *store.Version) *Resource {
	s.customMu.Lock()
	defer s.customMu.Unlock()
	if known, ok := s.custom[crd.Key.Name]; ok && known.revision == crd.Revision {
		return known.resource
	}
	r := decodeDefinition(crd.Content)
	s.custom[crd.Key.Name] = customEntry{crd.Revision, r}
	return r
}

type customEntry struct {
	revision uint64
	resource *Resource
}

func decodeDefinition(crd map[string]any) *Resource {
	spec := tree.Map(crd, "spec")
	names := tree.Map(spec, "names")
	versions, _ := spec["versions"].([]any)
	for _, v := range versions {
		version, _ := v.(map[string]any)
		if served, _ := version["served"].(bool); !served {
			continue
		}
		subresources := tree.Map(version, "subresources")
		_, status := subresources["status"]
		return &Resource{
			Group: tree.Str(spec, "group"), Version: tree.Str(version, "name"),
			Kind: tree.Str(names, "kind"), Plural: tree.Str(names, "plural"),
			Singular: tree.Str(names, "singular"), ShortNames: tree.Strings(names, "shortNames"),
			Categories: tree.Strings(names, "categories"),
			Namespaced: tree.Str(spec, "scope") == "Namespaced",
			Status:     status, Custom: true, Generations: true, verbs: allVerbs,
		}
	}
	return nil
}
