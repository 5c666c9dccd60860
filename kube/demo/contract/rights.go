package contract

import "strings"

// askRights asks as people who may not.
func (s *suite) askRights() {
	as := func(q question, header ...string) question {
		if q.header == nil {
			q.header = map[string]string{}
		}
		for i := 0; i+1 < len(header); i += 2 {
			q.header[header[i]] = header[i+1]
		}
		return q
	}
	jane := func(q question) question { return as(q, "Impersonate-User", "jane") }
	get := func(path string) question { return question{method: "GET", path: path} }
	s.note("list refused in a namespace", jane(get("/apis/apps/v1/namespaces/"+space+"/deployments")))
	s.note("list refused everywhere", jane(get("/apis/apps/v1/deployments")))
	s.note("watch refused", jane(get("/api/v1/secrets?watch=true")))
	s.note("get refused", jane(get("/api/v1/namespaces/"+space)))
	s.note("get by name refused", jane(get(maps+"?fieldSelector=metadata.name%3Da")))
	s.note("subresource refused", jane(get("/api/v1/namespaces/"+space+"/pods/x/log")))
	s.note("patch refused", jane(patch(mergePatch, maps+"/a", obj{})))
	s.note("path refused", jane(get("/metrics")))
	s.note("unknown kind refused", jane(get("/apis/none.example.com/v1/things")))
	s.note("discovery allowed", jane(get("/readyz")))
	s.note("impersonation refused", as(question{method: "GET", path: maps, asUser: true}, "Impersonate-User", "jane"))
	s.note("user refused", question{method: "GET", path: "/api/v1/nodes", asUser: true})
	const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + space
	review := func(ns string) question {
		return jane(question{method: "POST", path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
			body: obj{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
				"spec": obj{"resourceAttributes": obj{"verb": "list", "group": "apps", "resource": "deployments", "namespace": ns}}}})
	}
	s.note("access review, no", review(space))
	s.must(question{method: "POST", path: rbac + "/roles", body: obj{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": obj{"name": "reader"},
		"rules": []any{obj{"apiGroups": []any{"apps"}, "resources": []any{"deployments"}, "verbs": []any{"list"}},
			obj{"apiGroups": []any{""}, "resources": []any{"configmaps"}, "resourceNames": []any{"a"}, "verbs": []any{"get"}}}}})
	s.note("binding created", question{method: "POST", path: rbac + "/rolebindings?fieldManager=first", body: binding("reader", "Role", "reader")})
	allowed := func() bool {
		code, _, _ := s.ask(jane(get("/apis/apps/v1/namespaces/" + space + "/deployments")))
		return code == 200
	}
	s.until("jane may list", "/readyz", func(int, map[string]any) bool { return allowed() })
	s.note("access review, yes", review(space))
	s.note("access review elsewhere", review(otherSpace))
	s.note("rules review", jane(question{method: "POST", path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
		body: obj{"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": obj{"namespace": space}}}))
	s.note("named object allowed", jane(get(maps+"/a")))
	s.note("other object refused", jane(get(maps+"/l1")))
	s.note("binding's role changed", patch(mergePatch, rbac+"/rolebindings/reader", obj{"roleRef": obj{"name": "other"}}))
	s.must(question{method: "POST", path: rbac + "/rolebindings", body: binding("broken", "ClusterRole", "none-such")})
	s.until("the broken binding is seen", "/readyz", func(int, map[string]any) bool {
		_, _, data := s.ask(jane(get("/api/v1/namespaces/" + space + "/secrets")))
		return len(data) > 0 && strings.Contains(string(data), "RBAC")
	})
	s.note("refused by a broken binding", jane(get("/api/v1/namespaces/"+space+"/secrets")))
	s.note("apply refused to create", as(patch(applyPatch, maps+"/new?fieldManager=one", configMap("new", nil)), "Impersonate-User", "system:serviceaccount:"+space+":ghost"))
}

func binding(name, kind, role string) obj {
	return obj{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": obj{"name": name},
		"roleRef":  obj{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": role},
		"subjects": []any{obj{"kind": "User", "name": "jane"}}}
}

// askDeletions deletes: at once, held by finalizers, with conditions.
func (s *suite) askDeletions() {
	held := configMap("held", nil)
	held["metadata"].(obj)["finalizers"] = []any{"contract.tenantry.dev/hold"}
	s.must(question{method: "POST", path: maps, body: held})
	s.note("deletion held", question{method: "DELETE", path: maps + "/held"})
	s.note("deletion asked again", question{method: "DELETE", path: maps + "/held"})
	s.note("finalizer added too late", patch(mergePatch, maps+"/held", obj{"metadata": obj{"finalizers": []any{"contract.tenantry.dev/hold", "contract.tenantry.dev/more"}}}))
	s.must(patch(mergePatch, maps+"/held", obj{"metadata": obj{"finalizers": nil}}))
	s.note("deletion done", question{method: "GET", path: maps + "/held"})
	s.must(question{method: "POST", path: maps, body: configMap("plain", nil)})
	s.note("deletion of another uid", question{method: "DELETE", path: maps + "/plain", body: obj{"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": obj{"uid": "11111111-1111-4111-8111-111111111111"}}})
	s.note("deletion with a bad policy", question{method: "DELETE", path: maps + "/plain?propagationPolicy=Sometimes"})
	s.note("deletion dry run", question{method: "DELETE", path: maps + "/plain?dryRun=All"})
	s.note("deletion", question{method: "DELETE", path: maps + "/plain"})
	s.note("deletion of what is missing", question{method: "DELETE", path: maps + "/plain"})
	const going = "/api/v1/namespaces/contract-going"
	s.must(question{method: "POST", path: "/api/v1/namespaces", body: obj{"apiVersion": "v1", "kind": "Namespace", "metadata": obj{"name": "contract-going"}}})
	s.must(question{method: "POST", path: going + "/configmaps", body: held})
	s.must(question{method: "DELETE", path: going})
	s.until("its contents are being deleted", going+"/configmaps/held", func(_ int, o map[string]any) bool { return text(o, "metadata", "deletionTimestamp") != "" })
	s.note("object for a namespace that is going", question{method: "POST", path: going + "/configmaps", body: configMap("late", nil)})
	s.must(patch(mergePatch, going+"/configmaps/held", obj{"metadata": obj{"finalizers": nil}}))
	s.until("the namespace is gone", going, func(code int, _ map[string]any) bool { return code == 404 })
}
