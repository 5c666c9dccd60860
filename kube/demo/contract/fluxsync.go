package contract

import "strings"

const (
	fluxSpace    = "flux-system"
	instancePath = "/apis/fluxcd.controlplane.io/v1/namespaces/" + fluxSpace + "/fluxinstances/flux"
	fleetSource  = "/apis/source.toolkit.fluxcd.io/v1/namespaces/" + fluxSpace + "/gitrepositories/"
	fleetSync    = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/" + fluxSpace + "/kustomizations/"
)

// instanceWith is what tenantry applies: its sync and nothing else.
func instanceWith(sync obj) obj {
	o := obj{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": obj{"name": "flux", "namespace": fluxSpace}}
	if sync != nil {
		o["spec"] = obj{"sync": sync}
	}
	return o
}

// clearSync gives the instance back as it was: without what tenantry applied.
func (s *suite) clearSync() {
	s.must(patch(applyPatch, instancePath+"?fieldManager=tenantry", instanceWith(nil)))
	for _, path := range []string{fleetSync, fleetSource} {
		for _, name := range []string{fluxSpace, "fleet"} {
			s.until("the sync's object is gone", path+name, func(code int, _ map[string]any) bool { return code == 404 })
		}
	}
	s.installed("the instance without sync")
}

// installed waits until the instance is ready for what it now asks.
func (s *suite) installed(what string) map[string]any {
	return s.settled(what, instancePath, func(_ int, o map[string]any) bool {
		return number(o, "metadata", "generation") == observed(o) && is("Ready", "True", "ReconciliationSucceeded")(0, o)
	})
}

// observed returns the generation an object's Ready condition is about.
func observed(o map[string]any) float64 {
	st, _ := o["status"].(map[string]any)
	list, _ := st["conditions"].([]any)
	for _, item := range list {
		if c, _ := item.(map[string]any); c["type"] == "Ready" {
			return number(c, "observedGeneration")
		}
	}
	return 0
}

// askSync sets, changes and clears the sync of the cluster's instance, and
// follows what the operator makes of it.
func (s *suite) askSync() {
	if o := s.must(question{method: "GET", path: instancePath}); text(o, "spec", "sync", "url") != "" {
		s.t.Fatalf("the cluster's FluxInstance has a sync already (%s), which these questions would take away", text(o, "spec", "sync", "url"))
	}
	push := func(repo, subject string, files map[string]string) {
		if err := s.target.Push(repo, subject, files); err != nil {
			s.t.Fatal(err)
		}
	}
	fleet := func(name string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + ", namespace: " + space + "}\ndata: {k: v}\n"
	}
	push("fleet.git", "Describe two fleets", map[string]string{"one/x.yaml": fleet("fleet-one"), "one/both.yaml": fleet("fleet-both"),
		"two/x.yaml": fleet("fleet-two"), "two/both.yaml": fleet("fleet-both")})
	push("fleet2.git", "Describe a third", map[string]string{"two/x.yaml": fleet("fleet-three")})
	sync := obj{"kind": "GitRepository", "url": s.target.GitBase + "/fleet.git", "ref": "refs/heads/main", "path": "one"}
	apply := func(query string) question {
		return patch(applyPatch, instancePath+"?fieldManager=tenantry"+query, instanceWith(sync))
	}
	there := func(name string, want int) {
		s.until(name, maps+"/"+name, func(code int, _ map[string]any) bool { return code == want })
	}
	s.keepSync("sync set, dry", s.must(apply("&dryRun=All&fieldValidation=Strict")))
	s.keepSync("sync set", s.must(apply("")))
	s.keepInstance("instance with a sync", s.installed("the sync is set"))
	s.keepMade("sync's source", fleetSource+fluxSpace, is("Ready", "True", "Succeeded"))
	s.keepMade("sync's Kustomization", fleetSync+fluxSpace, is("Ready", "True", "ReconciliationSucceeded"))
	s.note("sync's object", question{method: "GET", path: maps + "/fleet-one"})

	sync["path"] = "two"
	s.keepSync("sync's path changed", s.must(apply("")))
	there("fleet-two", 200)
	there("fleet-one", 404)
	s.keepInstance("instance with another path", s.installed("the path is changed"))
	s.keepMade("sync's Kustomization with another path", fleetSync+fluxSpace, is("Ready", "True", "ReconciliationSucceeded"))

	sync["ref"] = "refs/heads/nope"
	s.must(apply(""))
	s.keepMade("sync's source with a wrong ref", fleetSource+fluxSpace, is("Ready", "False", "GitOperationFailed"))
	s.keepInstance("instance with a wrong ref", s.until("the instance waits", instancePath, is("Ready", "Unknown", "Progressing")))
	s.keepMade("sync's Kustomization with a wrong ref", fleetSync+fluxSpace, is("Ready", "True", "ReconciliationSucceeded"))

	sync["ref"], sync["url"] = "refs/heads/main", s.target.GitBase+"/fleet2.git"
	s.must(apply(""))
	there("fleet-three", 200)
	there("fleet-two", 404)
	s.keepInstance("instance with another URL", s.installed("the URL is changed"))
	s.keepMade("sync's source with another URL", fleetSource+fluxSpace, is("Ready", "True", "Succeeded"))

	// A name given later moves source and Kustomization, and takes the old ones
	// with all they applied.
	sync["name"] = "fleet"
	s.must(apply(""))
	s.keepInstance("instance with a named sync", s.installed("the sync is named"))
	s.keepMade("sync's Kustomization under its name", fleetSync+"fleet", is("Ready", "True", "ReconciliationSucceeded"))
	s.note("sync's Kustomization under its old name", question{method: "GET", path: fleetSync + fluxSpace})
	there("fleet-three", 200)

	// A suspended Kustomization that goes leaves what it applied.
	s.must(patch(mergePatch, fleetSync+"fleet?fieldManager=tenantry", obj{"spec": obj{"suspend": true}}))
	s.keepSync("sync cleared", s.must(patch(applyPatch, instancePath+"?fieldManager=tenantry", instanceWith(nil))))
	s.keepInstance("instance without a sync", s.installed("the sync is cleared"))
	s.note("cleared sync's Kustomization", question{method: "GET", path: fleetSync + "fleet"})
	s.note("cleared sync's source", question{method: "GET", path: fleetSource + "fleet"})
	s.note("what a suspended sync leaves", question{method: "GET", path: maps + "/fleet-three"})
	s.must(question{method: "DELETE", path: maps + "/fleet-three"})

	delete(sync, "name")
	s.must(apply(""))
	s.installed("the sync is set again")
	there("fleet-three", 200)
	s.clearSync()
	there("fleet-three", 404)
}

// keepSync keeps what tenantry has of the instance: the sync, and who owns it.
func (s *suite) keepSync(name string, o map[string]any) {
	meta, _ := o["metadata"].(map[string]any)
	entries, _ := meta["managedFields"].([]any)
	var owned []any
	for _, item := range entries {
		if entry, _ := item.(map[string]any); entry["manager"] == "tenantry" {
			owned = append(owned, entry)
		}
	}
	spec, _ := o["spec"].(map[string]any)
	s.keep(name, obj{"sync": spec["sync"], "owned": owned})
}

// keepInstance keeps what an instance says of its sync: what else it installs,
// and how often, differs from cluster to cluster.
func (s *suite) keepInstance(name string, o map[string]any) {
	st, _ := o["status"].(map[string]any)
	inventory, _ := st["inventory"].(map[string]any)
	entries, _ := inventory["entries"].([]any)
	var synced []any
	for _, item := range entries {
		if entry, _ := item.(map[string]any); strings.HasSuffix(text(entry, "id"), "_GitRepository") || strings.HasSuffix(text(entry, "id"), "_Kustomization") {
			synced = append(synced, entry)
		}
	}
	var latest any
	if history, _ := st["history"].([]any); len(history) > 0 {
		h, _ := history[0].(map[string]any)
		delete(h, "totalReconciliations")
		latest = h
	}
	spec, _ := o["spec"].(map[string]any)
	conditions, _ := st["conditions"].([]any)
	for _, item := range conditions {
		// Generations count on from run to run.
		if c, _ := item.(map[string]any); c != nil {
			c["observedGeneration"] = number(c, "observedGeneration") == number(o, "metadata", "generation")
		}
	}
	s.keep(name, obj{"sync": spec["sync"], "conditions": conditions, "inventory": synced, "latest": latest})
}

// keepMade keeps an object the operator made, whole.
func (s *suite) keepMade(name, path string, ok func(int, map[string]any) bool) {
	o := s.settled(name, path, func(code int, o map[string]any) bool {
		return ok(code, o) && observed(o) == number(o, "metadata", "generation")
	})
	s.keep(name, o)
}
