package contract

import (
	"sort"
	"strings"
	"time"
)

// kcheck is the small web app the suite deploys.
const kcheck = `apiVersion: apps/v1
kind: Deployment
metadata: {name: kcheck, namespace: contract, labels: {type: front-end}}
spec:
  replicas: REPLICAS
  selector: {matchLabels: {app: kcheck}}
  template:
    metadata: {labels: {app: kcheck}}
    spec:
      containers: [{name: kcheck, image: "ghcr.io/wolcn/kcheck:1.0.2", env: [{name: COLOUR, value: COLOURED}]}]
`

func kcheckWith(replicas, colour string) string {
	return strings.NewReplacer("REPLICAS", replicas, "COLOURED", colour).Replace(kcheck)
}

const (
	sourcesPath = "/apis/source.toolkit.fluxcd.io/v1/namespaces/" + space + "/gitrepositories"
	syncsPath   = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/" + space + "/kustomizations"
)

// askFlux makes a tenant with sources and Kustomizations that do well or fail
// in every known way, and keeps what Flux says of them.
func (s *suite) askFlux() {
	s.must(question{method: "DELETE", path: maps + "/a"})
	files := map[string]string{
		"app/kcheck.yaml":   kcheckWith("1", "Cornsilk"),
		"extra/x.yaml":      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {k: v}\n",
		"escape/x.yaml":     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: intruder, namespace: " + otherSpace + "}\n",
		"badyaml/x.yaml":    "apiVersion: v1\nkind: ConfigMap\nmetadata: name: x\n",
		"nokind/x.yaml":     "apiVersion: none.example.com/v1\nkind: Thing\nmetadata: {name: x}\n",
		"unhealthy/x.yaml":  strings.Replace(strings.Replace(kcheckWith("1", "Red"), "name: kcheck, namespace", "name: slow, namespace", 1), "spec:\n  replicas", "spec:\n  progressDeadlineSeconds: 10\n  replicas", 1) + "      nodeSelector: {no: such}\n",
		"badobject/x.yaml":  strings.Replace(kcheckWith("-1", "Red"), "name: kcheck, namespace", "name: negative, namespace", 1),
		"locked/x.yaml":     "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: locked}\ndata: {k: v}\n",
		"twostages/ns.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: contract-escape}\n",
	}
	push := func(subject string) {
		if err := s.target.Push("contract.git", subject, files); err != nil {
			s.t.Fatal(err)
		}
	}
	push("Start with one replica of a small web app that says little, but says it well")
	rbac := "/apis/rbac.authorization.k8s.io/v1/namespaces/" + space
	s.must(question{method: "POST", path: "/api/v1/namespaces/" + space + "/serviceaccounts", body: obj{"kind": "ServiceAccount", "apiVersion": "v1", "metadata": obj{"name": "tenant"}}})
	b := binding("tenant-reconciler", "ClusterRole", "cluster-admin")
	b["subjects"] = []any{obj{"kind": "ServiceAccount", "name": "tenant", "namespace": space}}
	s.must(question{method: "POST", path: rbac + "/rolebindings", body: b})

	source := func(name, url string, more obj) {
		spec := obj{"interval": "1m", "url": url, "ref": obj{"branch": "main"}}
		for k, v := range more {
			spec[k] = v
		}
		s.must(question{method: "POST", path: sourcesPath, body: obj{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": obj{"name": name}, "spec": spec}})
	}
	good := s.target.GitBase + "/contract.git"
	source("good", good, nil)
	source("nosecret", "ssh://git@git.invalid/x.git", obj{"secretRef": obj{"name": "none"}})
	source("nokeys", "ssh://git@git.invalid/x.git", obj{"secretRef": obj{"name": "s"}})
	source("nobranch", good, obj{"ref": obj{"branch": "nope"}})
	source("noname", good, obj{"ref": obj{"name": "refs/heads/nope"}})
	source("norepo", s.target.GitBase+"/none.git", nil)
	source("byname", good, obj{"ref": obj{"name": "refs/heads/main"}})
	source("nomatch", good, obj{"suspend": true})
	sync := func(name, path, src string, more obj) {
		spec := obj{"interval": "5m", "retryInterval": "10s", "timeout": "30s", "path": path, "prune": true,
			"sourceRef": obj{"kind": "GitRepository", "name": src}, "serviceAccountName": "tenant"}
		for k, v := range more {
			spec[k] = v
		}
		s.must(question{method: "POST", path: syncsPath, body: obj{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": obj{"name": name}, "spec": spec}})
	}
	target := obj{"targetNamespace": space}
	s.until("the source is ready", sourcesPath+"/good", is("Ready", "True", "Succeeded"))
	sync("app", "./app", "good", obj{"wait": true})
	sync("extra", "./extra", "good", target)
	sync("escape", "./escape", "good", nil)
	sync("badyaml", "./badyaml", "good", nil)
	sync("badobject", "./badobject", "good", nil)
	sync("nokind", "./nokind", "good", target)
	sync("nopath", "./nopath", "good", nil)
	sync("nonamespace", "./extra", "good", nil)
	sync("unhealthy", "./unhealthy", "good", obj{"wait": true})
	sync("nosa", "./extra", "good", obj{"targetNamespace": space, "serviceAccountName": "ghost"})
	sync("defaultsa", "./extra", "good", obj{"targetNamespace": space, "serviceAccountName": nil})
	sync("cluster", "./twostages", "good", nil)
	sync("waitfor", "./extra", "good", obj{"dependsOn": []any{obj{"name": "nopath"}}, "targetNamespace": space})
	sync("waitfornone", "./extra", "good", obj{"dependsOn": []any{obj{"name": "nobody"}}, "targetNamespace": space})
	sync("nosource", "./extra", "missing", nil)
	sync("noartifact", "./extra", "nosecret", nil)
	sync("crossns", "./extra", "good", obj{"sourceRef": obj{"kind": "GitRepository", "name": "good", "namespace": otherSpace}})
	sync("suspended", "./extra", "good", obj{"suspend": true})

	for name, reason := range map[string]string{"nosecret": "AuthenticationFailed", "nokeys": "AuthenticationFailed", "nobranch": "GitOperationFailed", "noname": "GitOperationFailed", "norepo": "GitOperationFailed"} {
		s.settle("source "+name, sourcesPath+"/"+name, is("Ready", "False", reason))
	}
	s.settle("source good", sourcesPath+"/good", is("Ready", "True", "Succeeded"))
	s.settle("source byname", sourcesPath+"/byname", is("Ready", "True", "Succeeded"))
	for name, reason := range map[string]string{"escape": "ReconciliationFailed", "badyaml": "BuildFailed", "badobject": "ReconciliationFailed", "nokind": "ReconciliationFailed",
		"nopath": "ArtifactFailed", "nonamespace": "ReconciliationFailed", "unhealthy": "HealthCheckFailed", "nosa": "ReconciliationFailed", "defaultsa": "ReconciliationFailed",
		"cluster": "ReconciliationFailed", "waitfor": "DependencyNotReady", "waitfornone": "DependencyNotReady", "nosource": "ArtifactFailed", "noartifact": "ArtifactFailed", "crossns": "AccessDenied"} {
		s.settle("sync "+name, syncsPath+"/"+name, is("Ready", "False", reason))
	}
	s.settle("sync app", syncsPath+"/app", is("Ready", "True", "ReconciliationSucceeded"))
	s.settle("sync extra", syncsPath+"/extra", is("Ready", "True", "ReconciliationSucceeded"))
	s.keep("suspended without a run", s.must(question{method: "GET", path: syncsPath + "/suspended"})["status"])
	s.askRollout(push, files)
}

// askRollout follows a commit to pods, a suspension and a pruning.
func (s *suite) askRollout(push func(string), files map[string]string) {
	const deployment = "/apis/apps/v1/namespaces/" + space + "/deployments/kcheck"
	rolled := func(generation, replicas float64) func(int, map[string]any) bool {
		return func(_ int, o map[string]any) bool {
			return number(o, "metadata", "generation") == generation && number(o, "status", "observedGeneration") == generation &&
				number(o, "status", "availableReplicas") == replicas && number(o, "status", "replicas") == replicas && number(o, "status", "updatedReplicas") == replicas
		}
	}
	s.keep("deployment rolled out", s.until("the rollout", deployment, rolled(1, 1)))
	files["app/kcheck.yaml"] = kcheckWith("2", "Teal")
	delete(files, "extra/x.yaml")
	files["extra/y.yaml"] = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {k: v}\n"
	push("Two replicas in teal")
	s.request(sourcesPath+"/good", "one")
	d := s.until("the second rollout", deployment, rolled(2, 2))
	s.keep("deployment rolled out again", obj{"metadata": d["metadata"], "status": d["status"]})
	s.until("the old object is pruned", maps+"/extra", func(code int, _ map[string]any) bool { return code == 404 })
	s.settle("sync extra after the prune", syncsPath+"/extra", is("Ready", "True", "ReconciliationSucceeded"))
	s.note("pruned into", question{method: "GET", path: maps + "/other"})
	s.must(patch(mergePatch, syncsPath+"/extra?fieldManager=tenantry", obj{"spec": obj{"suspend": true}}))
	s.request(syncsPath+"/extra", "two")
	s.until("the suspended one answers", syncsPath+"/extra", func(_ int, o map[string]any) bool { return text(o, "status", "lastHandledReconcileAt") == "two" })
	s.keep("suspended after a request", s.must(question{method: "GET", path: syncsPath + "/extra"})["metadata"])
	s.keep("events of extra", s.events("Kustomization", "extra"))
	s.keep("events of app", s.events("Kustomization", "app"))
	s.must(question{method: "DELETE", path: syncsPath + "/app"})
	s.until("what it applied is gone", deployment, func(code int, _ map[string]any) bool { return code == 404 })
}

func (s *suite) request(path, token string) {
	s.must(patch(mergePatch, path+"?fieldManager=tenantry", obj{"metadata": obj{"annotations": obj{"reconcile.fluxcd.io/requestedAt": token}}}))
}

// is tells objects with a condition.
func is(typ, status, reason string) func(int, map[string]any) bool {
	return func(_ int, o map[string]any) bool {
		st, _ := o["status"].(map[string]any)
		list, _ := st["conditions"].([]any)
		for _, item := range list {
			c, _ := item.(map[string]any)
			if c["type"] == typ {
				return c["status"] == status && c["reason"] == reason
			}
		}
		return false
	}
}

// settle waits for a state and keeps the object's status and spec. How often
// it was tried depends on the moment.
func (s *suite) settle(name, path string, ok func(int, map[string]any) bool) {
	o := s.settled(name, path, ok)
	st, _ := o["status"].(map[string]any)
	delete(st, "lastHandledReconcileAt")
	s.keep(name, obj{"spec": o["spec"], "status": st})
}

// settled waits for a state that stays the same for a moment: a controller
// writes one run's outcome in several patches.
func (s *suite) settled(name, path string, ok func(int, map[string]any) bool) map[string]any {
	o := s.until(name, path, ok)
	for range 20 {
		s.pause(300 * time.Millisecond)
		again := s.until(name, path, ok)
		if text(again, "metadata", "resourceVersion") == text(o, "metadata", "resourceVersion") {
			break
		}
		o = again
	}
	st, _ := o["status"].(map[string]any)
	history, _ := st["history"].([]any)
	for _, item := range history {
		if h, _ := item.(map[string]any); h != nil {
			delete(h, "totalReconciliations")
		}
	}
	return o
}

// events lists an object's events, without how often each came.
func (s *suite) events(kind, name string) []any {
	list := s.must(question{method: "GET", path: "/api/v1/namespaces/" + space + "/events?fieldSelector=involvedObject.kind%3D" + kind + ",involvedObject.name%3D" + name})
	items, _ := list["items"].([]any)
	seen := map[string]any{}
	for _, item := range items {
		e, _ := item.(map[string]any)
		meta, _ := e["metadata"].(map[string]any)
		message := s.mask.text(text(e, "message"))
		seen[text(e, "reason")+message] = obj{"type": e["type"], "reason": e["reason"], "message": message, "annotations": meta["annotations"],
			"source": e["source"], "reportingComponent": e["reportingComponent"]}
	}
	keys := make([]string, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var out []any
	for _, k := range keys {
		out = append(out, seen[k])
	}
	return out
}
