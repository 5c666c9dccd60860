package contract

// askCustom writes Flux's objects rightly and wrongly, and defines a kind.
func (s *suite) askCustom() {
	const repos = "/apis/source.toolkit.fluxcd.io/v1/namespaces/" + space + "/gitrepositories"
	repo := func(spec obj) obj {
		return obj{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": obj{"name": "r"}, "spec": spec}
	}
	s.note("source without a URL", question{method: "POST", path: repos, body: repo(obj{"interval": "1m"})})
	s.note("source with an scp URL", question{method: "POST", path: repos, body: repo(obj{"interval": "1m", "url": "git@host:org/repo"})})
	s.note("source with a bad interval", question{method: "POST", path: repos, body: repo(obj{"interval": "soon", "url": "https://x"})})
	s.note("source of an unknown provider", question{method: "POST", path: repos, body: repo(obj{"interval": "1m", "url": "https://x", "provider": "none"})})
	s.note("source with a typo, strict", question{method: "POST", path: repos + "?fieldValidation=Strict", body: repo(obj{"interval": "1m", "url": "https://x", "ulr": "x"})})
	s.note("source with a typo, applied", patch(applyPatch, repos+"/r?fieldManager=one", repo(obj{"interval": "1m", "url": "https://x", "ulr": "x"})))
	s.note("source created, dry", question{method: "POST", path: repos + "?fieldManager=one&dryRun=All", body: repo(obj{"interval": "1m", "url": "https://x", "suspend": true})})
	s.note("source applied, dry", patch(applyPatch, repos+"/r?fieldManager=one&dryRun=All", repo(obj{"interval": "1m", "url": "https://x", "suspend": true})))
	s.must(question{method: "POST", path: repos + "?fieldManager=one", body: repo(obj{"interval": "1m", "url": "https://x", "suspend": true})})
	s.note("source patched strategically", patch(strategicPatch, repos+"/r", "{}"))
	s.note("source updated without a revision", question{method: "PUT", path: repos + "/r", body: repo(obj{"interval": "1m", "url": "https://y"})})
	const syncs = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/" + space + "/kustomizations"
	ks := func(spec obj) obj {
		return obj{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": obj{"name": "k"}, "spec": spec}
	}
	s.note("sync without anything", question{method: "POST", path: syncs, body: ks(obj{})})
	s.note("sync of an unknown source kind", question{method: "POST", path: syncs, body: ks(obj{"interval": "1m", "prune": true, "sourceRef": obj{"kind": "Tarball", "name": "x"}})})
	s.note("sync created, dry", question{method: "POST", path: syncs + "?fieldManager=one&dryRun=All",
		body: ks(obj{"interval": "1m", "prune": true, "suspend": true, "sourceRef": obj{"kind": "GitRepository", "name": "x"}})})
	s.askInstance()
	s.askDefinition()
}

func (s *suite) askInstance() {
	const instances = "/apis/fluxcd.controlplane.io/v1/namespaces/" + space + "/fluxinstances"
	instance := func(name string, spec obj) obj {
		return obj{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": obj{"name": name}, "spec": spec}
	}
	dist := obj{"version": "2.x", "registry": "ghcr.io/fluxcd"}
	sync := func(name string) obj {
		return obj{"kind": "GitRepository", "url": "https://x", "ref": "refs/heads/main", "path": "p", "name": name}
	}
	s.note("instance of another name", question{method: "POST", path: instances, body: instance("other", obj{"distribution": dist})})
	s.note("instance without distribution", patch(applyPatch, instances+"/flux?fieldManager=one", instance("flux", obj{"sync": sync("a")})))
	s.note("instance with half a sync", question{method: "POST", path: instances, body: instance("flux", obj{"distribution": dist, "sync": obj{"kind": "GitRepository"}})})
	s.note("instance applied", patch(applyPatch, instances+"/flux?fieldManager=one", instance("flux", obj{"distribution": dist, "cluster": obj{"multitenant": true}, "sync": sync("a")})))
	s.note("instance's sync renamed", patch(mergePatch, instances+"/flux", obj{"spec": obj{"sync": obj{"name": "b"}}}))
	s.note("instance's sync from another hand", patch(applyPatch, instances+"/flux?fieldManager=two&dryRun=All",
		instance("flux", obj{"sync": obj{"kind": "GitRepository", "url": "https://y", "ref": "refs/heads/main", "path": "p", "name": "a"}})))
	s.note("instance provider that cannot be", patch(mergePatch, instances+"/flux", obj{"spec": obj{"sync": obj{"provider": "gcp"}}}))
	s.must(question{method: "DELETE", path: instances + "/flux"})
}

// askDefinition defines a kind late and takes it away again.
func (s *suite) askDefinition() {
	const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
	const widgets = "/apis/contract.tenantry.dev/v1/namespaces/" + space + "/widgets"
	s.note("kind before its definition", question{method: "GET", path: widgets})
	s.must(question{method: "POST", path: crds, body: obj{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": obj{"name": "widgets.contract.tenantry.dev"},
		"spec": obj{"group": "contract.tenantry.dev", "scope": "Namespaced", "names": obj{"kind": "Widget", "listKind": "WidgetList", "plural": "widgets", "singular": "widget"},
			"versions": []any{obj{"name": "v1", "served": true, "storage": true, "subresources": obj{"status": obj{}},
				"schema": obj{"openAPIV3Schema": obj{"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}}})
	s.until("the kind is served", widgets, func(code int, _ map[string]any) bool { return code == 200 })
	widget := obj{"apiVersion": "contract.tenantry.dev/v1", "kind": "Widget", "metadata": obj{"name": "w"}, "spec": obj{"a": 1}, "status": obj{"b": 1}}
	s.until("the kind can be written", widgets, func(int, map[string]any) bool {
		code, _, _ := s.ask(question{method: "POST", path: widgets + "?dryRun=All", body: widget})
		return code == 201
	})
	s.note("object of a late kind", question{method: "POST", path: widgets + "?fieldManager=one", body: widget})
	s.note("its status", patch(mergePatch, widgets+"/w/status?fieldManager=two", obj{"spec": obj{"a": 2}, "status": obj{"b": 2}}))
	s.note("its spec", patch(mergePatch, widgets+"/w?fieldManager=two", obj{"spec": obj{"a": 2}, "status": obj{"b": 3}}))
	s.note("its list", question{method: "GET", path: widgets})
	s.askExpired(widgets)
	// A watch that is open while the definition goes sees its objects go.
	events := s.watch(widgets + "?watch=true&timeoutSeconds=60")
	s.must(question{method: "DELETE", path: crds + "/widgets.contract.tenantry.dev"})
	s.until("the kind is gone", widgets, func(code int, _ map[string]any) bool { return code == 404 })
	s.keep("watch of a kind that goes", events())
	s.note("kind after its definition", question{method: "GET", path: widgets})
	s.note("watch of a kind after its definition", question{method: "GET", path: widgets + "?watch=true"})
}

// askLists lists, pages and watches.
func (s *suite) askLists() {
	for _, name := range []string{"l1", "l2", "l3"} {
		body := configMap(name, obj{"k": "v"})
		body["metadata"].(obj)["labels"] = obj{"list": "yes", "n": name}
		s.must(question{method: "POST", path: maps + "?fieldManager=first", body: body})
	}
	some := maps + "?labelSelector=list%3Dyes"
	s.note("list", question{method: "GET", path: some})
	s.note("list by field", question{method: "GET", path: maps + "?fieldSelector=metadata.name%3Dl2"})
	s.note("list as metadata", question{method: "GET", path: some, header: map[string]string{"Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}})
	first := s.note("page one", question{method: "GET", path: some + "&limit=2"})
	s.note("page two", question{method: "GET", path: some + "&limit=2&continue=" + text(first, "metadata", "continue")})
	s.note("page of nonsense", question{method: "GET", path: some + "&limit=2&continue=nonsense"})
	for name, query := range map[string]string{
		"list with a bad limit": "limit=x", "list with a match alone": "resourceVersionMatch=Exact",
		"list with initial events": "sendInitialEvents=true", "list by an unknown field": "fieldSelector=spec.none%3Da",
		"list by a bad label": "labelSelector=%3D%3D", "list of a bad revision": "resourceVersion=abc",
		"watch with initial events alone": "watch=true&sendInitialEvents=true", "watch with a match alone": "watch=true&resourceVersionMatch=NotOlderThan",
	} {
		s.note(name, question{method: "GET", path: maps + "?" + query})
	}
	s.note("list of repositories by field", question{method: "GET",
		path: "/apis/source.toolkit.fluxcd.io/v1/namespaces/" + space + "/gitrepositories?fieldSelector=spec.url%3Da"})
	s.askWatch()
}
