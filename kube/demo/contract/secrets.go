package contract

// askRestored takes a source's Secret away and gives it back, wrongly and
// rightly, and suspends and resumes what is asked to reconcile.
func (s *suite) askRestored() {
	const secrets = "/api/v1/namespaces/" + space + "/secrets"
	const source, sync = sourcesPath + "/locked", syncsPath + "/locked"
	secret := func(data obj) obj {
		return obj{"apiVersion": "v1", "kind": "Secret", "metadata": obj{"name": "key"}, "stringData": data}
	}
	s.must(question{method: "POST", path: sourcesPath, body: obj{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": obj{"name": "locked"},
		"spec": obj{"interval": "10m", "url": s.target.GitBase + "/contract.git", "ref": obj{"branch": "main"}, "secretRef": obj{"name": "key"}}}})
	s.must(question{method: "POST", path: syncsPath, body: obj{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": obj{"name": "locked"},
		"spec": obj{"interval": "10m", "retryInterval": "10s", "timeout": "30s", "path": "./locked", "prune": true, "targetNamespace": space,
			"sourceRef": obj{"kind": "GitRepository", "name": "locked"}, "serviceAccountName": "tenant"}}})
	failed, ready := is("Ready", "False", "AuthenticationFailed"), is("Ready", "True", "Succeeded")
	// answered waits for a request's answer and keeps the whole status, the
	// request included.
	answered := func(name, path, token string, ok func(int, map[string]any) bool) {
		o := s.settled(name, path, func(code int, o map[string]any) bool {
			return ok(code, o) && text(o, "status", "lastHandledReconcileAt") == token
		})
		s.keep(name, o["status"])
	}
	suspend := func(path string, on bool) {
		s.must(patch(mergePatch, path+"?fieldManager=tenantry", obj{"spec": obj{"suspend": on}}))
	}
	s.settle("source without its secret", source, failed)
	s.settle("sync of a source without its secret", sync, is("Ready", "False", "ArtifactFailed"))
	suspend(sync, true)
	s.request(sync, "while suspended and failed")
	answered("suspended sync that has failed", sync, "while suspended and failed", is("Ready", "False", "ArtifactFailed"))
	suspend(sync, false)
	s.must(question{method: "POST", path: secrets, body: secret(obj{"password": "p"})})
	s.request(source, "wrong keys")
	answered("source with half a secret", source, "wrong keys", failed)
	s.must(patch(mergePatch, secrets+"/key", obj{"stringData": obj{"username": "git"}}))
	s.request(source, "right keys")
	answered("source with its secret", source, "right keys", ready)
	s.settle("sync of a source with its secret", sync, is("Ready", "True", "ReconciliationSucceeded"))
	s.must(question{method: "DELETE", path: secrets + "/key"})
	s.request(source, "secret lost")
	answered("source whose secret is lost", source, "secret lost", failed)
	s.settle("sync of a source whose secret is lost", sync, is("Ready", "True", "ReconciliationSucceeded"))
	suspend(source, true)
	s.request(source, "while suspended and lost")
	answered("suspended source whose secret is lost", source, "while suspended and lost", failed)
	suspend(source, false)
	s.must(question{method: "POST", path: secrets, body: secret(obj{"username": "git", "password": "p"})})
	s.request(source, "secret restored")
	answered("source whose secret is restored", source, "secret restored", ready)

	applied := is("Ready", "True", "ReconciliationSucceeded")
	for kind, path := range map[string]string{"source": source, "sync": sync} {
		fine := ready
		if kind == "sync" {
			fine = applied
		}
		suspend(path, true)
		s.request(path, "while suspended")
		answered("suspended "+kind+" after a request", path, "while suspended", fine)
		suspend(path, false)
		s.request(path, "after resuming")
		answered("resumed "+kind+" after a request", path, "after resuming", func(code int, o map[string]any) bool {
			return fine(code, o) && number(o, "status", "observedGeneration") == number(o, "metadata", "generation")
		})
	}
}
