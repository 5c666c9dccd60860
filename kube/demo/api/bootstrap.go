package api

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// bootstrap creates what every cluster starts with: namespaces, a node and
// the default roles.
func (s *Server) bootstrap() {
	c := s.Client(System("system:apiserver"), "kube-apiserver")
	for _, ns := range []string{"default", "kube-node-lease", "kube-public", "kube-system"} {
		s.must(c.Create(Object{"apiVersion": "v1", "kind": "Namespace", "metadata": Object{"name": ns}}))
		s.must(c.Create(Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": Object{"name": "default", "namespace": ns}}))
	}
	s.must(c.Create(Object{"apiVersion": "v1", "kind": "Node",
		"metadata": Object{"name": "node-0", "labels": Object{"kubernetes.io/os": "linux", "kubernetes.io/hostname": "node-0"}}}))
	s.must(c.EditStatus(schema.GroupKind{Kind: "Node"}, "", "node-0", func(o Object) error {
		o["status"] = Object{
			"capacity":    Object{"cpu": "8", "memory": "32Gi", "pods": "200"},
			"allocatable": Object{"cpu": "8", "memory": "32Gi", "pods": "200"},
			"conditions": []any{Object{"type": "Ready", "status": "True", "reason": "KubeletReady",
				"message": "kubelet is posting ready status", "lastTransitionTime": timestamp(s.now())}},
		}
		return nil
	}))
	for _, r := range defaultRoles() {
		meta := Object{"name": r.name, "labels": Object{"kubernetes.io/bootstrapping": "rbac-defaults"}}
		for k, v := range r.labels {
			meta["labels"].(Object)[k] = v
		}
		role := Object{"apiVersion": rbacGroup + "/v1", "kind": "ClusterRole", "metadata": meta, "rules": r.rules}
		if r.aggregate != "" {
			role["aggregationRule"] = Object{"clusterRoleSelectors": []any{
				Object{"matchLabels": Object{"rbac.authorization.k8s.io/aggregate-to-" + r.aggregate: "true"}}}}
		}
		s.must(c.Create(role))
	}
	for role, groups := range map[string][]string{
		"cluster-admin":             {Masters},
		"system:discovery":          {groupAuth},
		"system:basic-user":         {groupAuth},
		"system:public-info-viewer": {groupAuth, groupAnon},
	} {
		var subjects []any
		for _, g := range groups {
			subjects = append(subjects, Object{"kind": "Group", "name": g, "apiGroup": rbacGroup})
		}
		s.must(c.Create(Object{"apiVersion": rbacGroup + "/v1", "kind": "ClusterRoleBinding",
			"metadata": Object{"name": role, "labels": Object{"kubernetes.io/bootstrapping": "rbac-defaults"}},
			"roleRef":  Object{"apiGroup": rbacGroup, "kind": "ClusterRole", "name": role}, "subjects": subjects}))
	}
}

// must reports a mistake in this package's own objects, which no input can
// cause.
func (s *Server) must(_ Object, err error) {
	if err != nil {
		panic(fmt.Sprintf("the embedded cluster's own object was refused: %v", err))
	}
}

type defaultRole struct {
	name, aggregate string
	labels          Object
	rules           []any
}

func rule(verbs, groups, resources []string) Object {
	return Object{"verbs": anys(verbs), "apiGroups": anys(groups), "resources": anys(resources)}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func defaultRoles() []defaultRole {
	read := []string{"get", "list", "watch"}
	write := []string{"create", "delete", "deletecollection", "patch", "update"}
	all := []string{"*"}
	core := []string{"configmaps", "events", "namespaces", "pods", "pods/log", "pods/status", "resourcequotas", "serviceaccounts", "services"}
	apps := []string{"daemonsets", "deployments", "replicasets", "statefulsets"}
	toView := Object{"rbac.authorization.k8s.io/aggregate-to-view": "true"}
	toEdit := Object{"rbac.authorization.k8s.io/aggregate-to-edit": "true"}
	toAdmin := Object{"rbac.authorization.k8s.io/aggregate-to-admin": "true"}
	return []defaultRole{
		{name: "cluster-admin", rules: []any{rule(all, all, all), Object{"verbs": anys(all), "nonResourceURLs": anys(all)}}},
		{name: "view", aggregate: "view", labels: toEdit},
		{name: "edit", aggregate: "edit", labels: toAdmin},
		{name: "admin", aggregate: "admin"},
		{name: "system:aggregate-to-view", labels: toView, rules: []any{
			rule(read, []string{""}, core), rule(read, []string{"apps"}, apps),
			rule(read, []string{"networking.k8s.io"}, []string{"networkpolicies"})}},
		{name: "system:aggregate-to-edit", labels: toEdit, rules: []any{
			rule(write, []string{""}, []string{"configmaps", "events", "pods", "serviceaccounts", "services"}),
			rule(append(append([]string(nil), read...), write...), []string{""}, []string{"secrets"}),
			rule([]string{"impersonate"}, []string{""}, []string{"serviceaccounts"}),
			rule(write, []string{"apps"}, apps), rule(write, []string{"networking.k8s.io"}, []string{"networkpolicies"})}},
		{name: "system:aggregate-to-admin", labels: toAdmin, rules: []any{
			rule(append(append([]string(nil), read...), write...), []string{rbacGroup}, []string{"roles", "rolebindings"}),
			rule([]string{"create"}, []string{"authorization.k8s.io"}, []string{"localsubjectaccessreviews"})}},
		{name: "system:basic-user", rules: []any{rule([]string{"create"}, []string{"authorization.k8s.io"},
			[]string{"selfsubjectaccessreviews", "selfsubjectrulesreviews"}),
			rule([]string{"create"}, []string{"authentication.k8s.io"}, []string{"selfsubjectreviews"})}},
		{name: "system:discovery", rules: []any{Object{"verbs": []any{"get"}, "nonResourceURLs": []any{
			"/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"}}}},
		{name: "system:public-info-viewer", rules: []any{Object{"verbs": []any{"get"}, "nonResourceURLs": []any{
			"/healthz", "/livez", "/readyz", "/version", "/version/"}}}},
	}
}
