package contract

type obj = map[string]any

func configMap(name string, data obj) obj {
	return obj{"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj{"name": name}, "data": data}
}

const maps = "/api/v1/namespaces/" + space + "/configmaps"

// askObjects creates and reads objects, and does it wrongly.
func (s *suite) askObjects() {
	s.note("namespace created", question{method: "POST", path: "/api/v1/namespaces",
		body: obj{"apiVersion": "v1", "kind": "Namespace", "metadata": obj{"name": space}}})
	s.must(question{method: "POST", path: "/api/v1/namespaces", body: obj{"apiVersion": "v1", "kind": "Namespace", "metadata": obj{"name": otherSpace}}})
	s.note("namespace created again", question{method: "POST", path: "/api/v1/namespaces", body: obj{"metadata": obj{"name": space}}})
	s.note("object created", question{method: "POST", path: maps + "?fieldManager=first", body: configMap("a", obj{"k": "v"})})
	s.note("object read", question{method: "GET", path: maps + "/a"})
	s.note("object missing", question{method: "GET", path: maps + "/none"})
	s.note("object in a missing namespace", question{method: "POST", path: "/api/v1/namespaces/none-such/configmaps", body: configMap("a", nil)})
	s.note("object without a name", question{method: "POST", path: maps, body: obj{"kind": "ConfigMap", "apiVersion": "v1"}})
	s.note("object with a bad name", question{method: "POST", path: maps, body: configMap("A_b", nil)})
	s.note("object of another namespace", question{method: "POST", path: maps,
		body: obj{"kind": "ConfigMap", "apiVersion": "v1", "metadata": obj{"name": "x", "namespace": otherSpace}}})
	s.note("object with a revision", question{method: "POST", path: maps, body: obj{"kind": "ConfigMap", "apiVersion": "v1", "metadata": obj{"name": "x", "resourceVersion": "5"}}})
	s.note("object dry run", question{method: "POST", path: maps + "?dryRun=All", body: configMap("dry", obj{"k": "v"})})
	s.note("object after the dry run", question{method: "GET", path: maps + "/dry"})
	s.note("dry run misspelt", question{method: "POST", path: maps + "?dryRun=Some", body: configMap("dry", nil)})
	s.note("body that is no JSON", question{method: "POST", path: maps, body: "{"})
	s.note("body of an unknown type", question{method: "POST", path: maps, body: "x", header: map[string]string{"Content-Type": "text/plain"}})
	s.note("metadata alone", question{method: "GET", path: maps + "/a",
		header: map[string]string{"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}})
	s.note("an unknown Accept", question{method: "GET", path: maps + "/a", header: map[string]string{"Accept": "text/csv"}})
	s.note("secret created", question{method: "POST", path: "/api/v1/namespaces/" + space + "/secrets?fieldManager=first",
		body: obj{"kind": "Secret", "apiVersion": "v1", "metadata": obj{"name": "s"}, "stringData": obj{"username": "git"}}})
	s.note("unknown group", question{method: "GET", path: "/apis/none.example.com/v1/things"})
	s.note("unknown resource", question{method: "GET", path: "/api/v1/things"})
	s.note("unknown path", question{method: "GET", path: "/none"})
	s.note("health", question{method: "GET", path: "/readyz"})
	s.note("a wrong token", question{method: "GET", path: maps, header: map[string]string{"Authorization": "Bearer wrong"}})
	read := s.must(question{method: "GET", path: maps + "/a"})
	s.must(patch(mergePatch, maps+"/a?fieldManager=second", obj{"data": obj{"k": "w"}}))
	read["data"] = obj{"k": "x"}
	s.note("update of an old revision", question{method: "PUT", path: maps + "/a", body: read})
	delete(read["metadata"].(obj), "resourceVersion")
	s.note("update without a revision", question{method: "PUT", path: maps + "/a?fieldManager=third", body: read})
	s.note("update under another name", question{method: "PUT", path: maps + "/b", body: read})
	s.note("update of what is missing", question{method: "PUT", path: maps + "/none", body: configMap("none", nil)})
	s.note("update of a collection", question{method: "PUT", path: maps, body: read})
}

// askPatches patches, applies and collides.
func (s *suite) askPatches() {
	s.note("merge patch", patch(mergePatch, maps+"/a?fieldManager=second", obj{"metadata": obj{"annotations": obj{"note": "x"}}, "data": obj{"more": "1"}}))
	s.note("merge patch removes", patch(mergePatch, maps+"/a?fieldManager=second", obj{"data": obj{"more": nil}}))
	s.note("merge patch that changes nothing", patch(mergePatch, maps+"/a?fieldManager=else", obj{"data": obj{"k": "x"}}))
	s.note("merge patch of an old revision", patch(mergePatch, maps+"/a", obj{"metadata": obj{"resourceVersion": "1"}}))
	s.note("merge patch dry run", patch(mergePatch, maps+"/a?fieldManager=second&dryRun=All", obj{"data": obj{"dry": "1"}}))
	s.note("object after the dry patch", question{method: "GET", path: maps + "/a"})
	s.note("merge patch forced", patch(mergePatch, maps+"/a?force=true", obj{}))
	s.note("merge patch of what is missing", patch(mergePatch, maps+"/none", obj{}))
	s.note("merge patch renames", patch(mergePatch, maps+"/a", obj{"metadata": obj{"name": "z"}}))
	s.note("JSON patch", patch(jsonPatch, maps+"/a?fieldManager=second", []any{obj{"op": "add", "path": "/data/j", "value": "1"}}))
	s.note("JSON patch of an unknown type", patch("application/strange", maps+"/a", obj{}))
	apply := func(data obj) obj { return configMap("applied", data) }
	s.note("apply creates", patch(applyPatch, maps+"/applied?fieldManager=one", apply(obj{"a": "1", "b": "2"})))
	s.note("apply changes nothing", patch(applyPatch, maps+"/applied?fieldManager=one", apply(obj{"a": "1", "b": "2"})))
	s.note("apply conflicts", patch(applyPatch, maps+"/applied?fieldManager=two", apply(obj{"a": "9"})))
	s.note("apply conflicts twice", patch(applyPatch, maps+"/applied?fieldManager=two", apply(obj{"a": "9", "b": "9"})))
	s.note("apply shares", patch(applyPatch, maps+"/applied?fieldManager=two", apply(obj{"a": "1", "c": "3"})))
	s.note("apply drops", patch(applyPatch, maps+"/applied?fieldManager=one", apply(obj{"a": "1"})))
	s.note("apply forced", patch(applyPatch, maps+"/applied?fieldManager=two&force=true", apply(obj{"a": "7"})))
	s.note("apply against an update", patch(applyPatch, maps+"/a?fieldManager=two", configMap("a", obj{"k": "applied"})))
	s.note("apply without a manager", patch(applyPatch, maps+"/applied", apply(nil)))
	s.note("apply of another kind", patch(applyPatch, maps+"/applied?fieldManager=one", obj{"apiVersion": "v1", "kind": "Secret", "metadata": obj{"name": "applied"}}))
	s.note("apply under another name", patch(applyPatch, maps+"/applied?fieldManager=one", configMap("else", nil)))
	s.note("apply with managed fields", patch(applyPatch, maps+"/applied?fieldManager=one",
		obj{"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj{"name": "applied", "managedFields": []any{obj{"manager": "x"}}}}))
}

// askWorkloads asks what a Deployment is given and how its generation counts.
func (s *suite) askWorkloads() {
	const deployments = "/apis/apps/v1/namespaces/" + space + "/deployments"
	web := func(change func(spec obj)) obj {
		spec := obj{"replicas": 0, "selector": obj{"matchLabels": obj{"app": "web"}},
			"template": obj{"metadata": obj{"labels": obj{"app": "web"}}, "spec": obj{"containers": []any{
				obj{"name": "web", "image": "web:1", "ports": []any{obj{"containerPort": 80}}, "env": []any{obj{"name": "A", "value": "1"}}}}}}}
		if change != nil {
			change(spec)
		}
		return obj{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": obj{"name": "web"}, "spec": spec}
	}
	s.note("deployment created, dry", question{method: "POST", path: deployments + "?fieldManager=first&dryRun=All", body: web(nil)})
	s.note("deployment applied, dry", patch(applyPatch, deployments+"/web?fieldManager=first&dryRun=All", web(nil)))
	s.note("deployment with negative replicas", question{method: "POST", path: deployments, body: web(func(spec obj) { spec["replicas"] = -1 })})
	s.note("deployment with wordy replicas", question{method: "POST", path: deployments, body: web(func(spec obj) { spec["replicas"] = "two" })})
	s.note("deployment with a typo, strict", question{method: "POST", path: deployments + "?fieldValidation=Strict", body: web(func(spec obj) { spec["replcas"] = 2 })})
	s.note("deployment with a typo, applied", patch(applyPatch, deployments+"/web?fieldManager=first", web(func(spec obj) { spec["replcas"] = 2 })))
	s.must(question{method: "POST", path: deployments + "?fieldManager=first", body: web(nil)})
	s.until("the Deployment is observed", deployments+"/web", func(_ int, o map[string]any) bool { return number(o, "status", "observedGeneration") == 1 })
	gen := func(name string, q question) {
		after := s.must(q)
		s.keep("generation after "+name, number(after, "metadata", "generation"))
	}
	gen("an annotation", patch(mergePatch, deployments+"/web", obj{"metadata": obj{"annotations": obj{"x": "y"}}}))
	gen("a new image", patch(strategicPatch, deployments+"/web?fieldManager=second", `{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}`))
	gen("the same image", patch(strategicPatch, deployments+"/web?fieldManager=second", `{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"web:2"}]}}}}`))
	gen("a status", patch(mergePatch, deployments+"/web/status?fieldManager=second", obj{"spec": obj{"replicas": 5}, "status": obj{"collisionCount": 1}}))
	s.note("deployment's selector changed", patch(mergePatch, deployments+"/web", `{"spec":{"selector":{"matchLabels":{"app":"other"}},"template":{"metadata":{"labels":{"app":"other"}}}}}`))
	s.note("log of a missing pod", question{method: "GET", path: "/api/v1/namespaces/" + space + "/pods/none/log"})
}

// number reads a number at a path.
func number(o map[string]any, path ...string) float64 {
	for _, p := range path[:len(path)-1] {
		o, _ = o[p].(map[string]any)
	}
	n, _ := o[path[len(path)-1]].(float64)
	return n
}

// text reads a string at a path.
func text(o map[string]any, path ...string) string {
	for _, p := range path[:len(path)-1] {
		o, _ = o[p].(map[string]any)
	}
	v, _ := o[path[len(path)-1]].(string)
	return v
}
