package contract

const setsPath = "/apis/fluxcd.controlplane.io/v1/namespaces/" + space + "/resourcesets"

// made is a template of a ConfigMap for each tenant.
func made(name string, data obj) obj {
	return obj{"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj{"name": name, "namespace": space}, "data": data}
}

// askSets lets the operator make objects from templates, rightly and wrongly.
func (s *suite) askSets() {
	post := func(name string, spec obj) question {
		return question{method: "POST", path: setsPath + "?fieldManager=one", body: obj{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "ResourceSet",
			"metadata": obj{"name": name, "namespace": space}, "spec": spec}}
	}
	tenants := []any{obj{"tenant": "blue", "count": 3, "on": true, "labels": obj{"a": "1", "b": "2"}}, obj{"tenant": "green", "count": 5, "on": false, "labels": obj{"c": "3"}}}
	one := []any{made("set-<< inputs.tenant >>", obj{"count": "<< inputs.count | quote >>", "by": "<< inputs.provider.kind >>/<< inputs.provider.name >>"})}
	s.note("set without resources", post("none", obj{"inputs": tenants}))
	s.note("set with steps and resources", post("both", obj{"resources": one, "steps": []any{obj{"name": "a", "resources": one}}}))
	s.note("set with a text for inputs", post("wordy", obj{"inputs": "blue", "resources": one}))

	s.note("set created", post("tenants", obj{"inputs": tenants, "resources": one}))
	for name, spec := range map[string]obj{
		"text":       {"inputs": tenants, "resourcesTemplate": setTemplate},
		"plain":      {"resources": []any{made("set-plain", obj{"k": "v"})}, "commonMetadata": obj{"labels": obj{"team": "x"}, "annotations": obj{"note": "y"}}},
		"functions":  {"inputs": []any{obj{"name": "Blue Team: EU", "text": "a\nb", "empty": "", "list": []any{"x", "y"}}}, "resourcesTemplate": setFunctions},
		"nofunction": {"inputs": tenants, "resourcesTemplate": "kind: << inputs.tenant | nosuchfunction >>\n"},
		"noinput":    {"inputs": tenants, "resources": []any{made("set-<< inputs.none >>", obj{})}},
		"badsyntax":  {"inputs": tenants, "resources": []any{made("set-<< inputs.tenant", obj{})}},
		"badyaml":    {"inputs": tenants, "resourcesTemplate": "kind: a: b\n"},
		"nokind":     {"inputs": tenants, "resources": []any{obj{"apiVersion": "none.example.com/v1", "kind": "Thing", "metadata": obj{"name": "x", "namespace": space}}}},
		"nospace":    {"inputs": tenants, "resources": []any{obj{"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj{"name": "x", "namespace": "contract-none"}}}},
		"noaccount":  {"inputs": tenants, "serviceAccountName": "ghost", "resources": one},
		"noprovider": {"inputsFrom": []any{obj{"kind": "ResourceSetInputProvider", "name": "none"}}, "resources": one},
		"waitfor":    {"dependsOn": []any{obj{"apiVersion": "v1", "kind": "ConfigMap", "name": "none", "namespace": space}}, "resources": []any{made("set-late", obj{"k": "v"})}},
		"waitforset": {"dependsOn": []any{obj{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "ResourceSet", "name": "noinput", "namespace": space, "ready": true}},
			"resources": []any{made("set-later", obj{"k": "v"})}},
		"unhealthy": {"wait": true, "resources": []any{obj{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": obj{"name": "set-slow", "namespace": space},
			"spec": obj{"replicas": 1, "progressDeadlineSeconds": 5, "selector": obj{"matchLabels": obj{"app": "slow"}}, "template": obj{"metadata": obj{"labels": obj{"app": "slow"}},
				"spec": obj{"nodeSelector": obj{"no": "such"}, "containers": []any{obj{"name": "slow", "image": "slow:1"}}}}}}}},
		"kept": {"inputs": tenants, "resources": []any{obj{"apiVersion": "v1", "kind": "ConfigMap", "metadata": obj{"name": "kept-<< inputs.tenant >>", "namespace": space,
			"annotations": obj{"fluxcd.controlplane.io/prune": "disabled"}}}}},
	} {
		s.must(post(name, spec))
	}
	off := post("off", obj{"inputs": tenants, "resources": []any{made("off-<< inputs.tenant >>", obj{"k": "v"})}})
	off.body.(obj)["metadata"].(obj)["annotations"] = obj{"fluxcd.controlplane.io/reconcile": "disabled"}
	s.must(off)

	done := is("Ready", "True", "ReconciliationSucceeded")
	for _, name := range []string{"tenants", "text", "plain", "functions", "kept"} {
		s.settle("set "+name, setsPath+"/"+name, done)
	}
	for name, reason := range map[string]string{"nofunction": "BuildFailed", "noinput": "BuildFailed", "badsyntax": "BuildFailed", "badyaml": "BuildFailed",
		"nokind": "ReconciliationFailed", "nospace": "ReconciliationFailed", "noaccount": "ReconciliationFailed", "noprovider": "BuildFailed",
		"waitfor": "DependencyNotReady", "waitforset": "DependencyNotReady", "unhealthy": "ReconciliationFailed"} {
		s.settle("set "+name, setsPath+"/"+name, is("Ready", "False", reason))
	}
	s.settle("set off", setsPath+"/off", is("Ready", "True", "ReconciliationDisabled"))
	s.note("set's object", question{method: "GET", path: maps + "/set-blue"})
	s.note("set's labelled object", question{method: "GET", path: maps + "/set-plain"})
	s.note("set's object from a text", question{method: "GET", path: maps + "/text-green"})
	s.note("set's object from functions", question{method: "GET", path: maps + "/set-functions"})
	s.askSetChanges(tenants[0], post)
}

// askSetChanges takes an input away, switches a set off and on, and deletes.
func (s *suite) askSetChanges(first any, post func(string, obj) question) {
	done := is("Ready", "True", "ReconciliationSucceeded")
	current := func(_ int, o map[string]any) bool {
		return done(0, o) && observed(o) == number(o, "metadata", "generation")
	}
	gone := func(code int, _ map[string]any) bool { return code == 404 }
	for _, name := range []string{"tenants", "kept"} {
		s.must(patch(mergePatch, setsPath+"/"+name, obj{"spec": obj{"inputs": []any{first}}}))
		s.settle("set "+name+" with one input less", setsPath+"/"+name, current)
	}
	s.note("set's object whose input is gone", question{method: "GET", path: maps + "/set-green"})
	s.note("set's kept object whose input is gone", question{method: "GET", path: maps + "/kept-green"})
	annotate := func(name string, annotations obj) {
		s.must(patch(mergePatch, setsPath+"/"+name+"?fieldManager=tenantry", obj{"metadata": obj{"annotations": annotations}}))
	}
	annotate("tenants", obj{"fluxcd.controlplane.io/reconcile": "disabled"})
	s.must(patch(mergePatch, setsPath+"/tenants", obj{"spec": obj{"inputs": []any{obj{"tenant": "red", "count": 1}}}}))
	s.until("the set says that it is disabled", "/readyz", func(int, map[string]any) bool {
		for _, e := range s.events("ResourceSet", "tenants") {
			if text(e.(map[string]any), "reason") == "ReconciliationDisabled" {
				return true
			}
		}
		return false
	})
	annotate("tenants", obj{"reconcile.fluxcd.io/requestedAt": "while disabled"})
	s.until("the disabled set answers", setsPath+"/tenants", func(_ int, o map[string]any) bool {
		return text(o, "status", "lastHandledReconcileAt") == "while disabled"
	})
	s.settle("set tenants disabled", setsPath+"/tenants", done)
	s.note("set's object while disabled", question{method: "GET", path: maps + "/set-red"})
	annotate("tenants", obj{"fluxcd.controlplane.io/reconcile": nil, "reconcile.fluxcd.io/requestedAt": "once enabled"})
	s.settle("set tenants enabled", setsPath+"/tenants", func(_ int, o map[string]any) bool {
		return current(0, o) && text(o, "status", "lastHandledReconcileAt") == "once enabled"
	})
	s.must(patch(mergePatch, setsPath+"/noinput", obj{"spec": obj{"resources": []any{made("set-mended", obj{"k": "v"})}}}))
	s.settle("set noinput mended", setsPath+"/noinput", current)
	s.settle("set that waited for another", setsPath+"/waitforset", current)
	s.keep("events of the set", s.events("ResourceSet", "tenants"))
	s.keep("events of the failed set", s.events("ResourceSet", "nofunction"))
	for _, name := range []string{"tenants", "kept", "off"} {
		s.must(question{method: "DELETE", path: setsPath + "/" + name})
		s.until("the set is gone", setsPath+"/"+name, gone)
	}
	s.until("what the set made is gone", maps+"/set-red", gone)
	s.note("deleted set's kept object", question{method: "GET", path: maps + "/kept-blue"})
}

const setTemplate = `apiVersion: v1
kind: ConfigMap
metadata:
  name: text-<< inputs.tenant >>
  namespace: ` + space + `
data:
  << range $k, $v := inputs.labels >>
  << $k >>: << $v | quote >>
  << end >>
  on: "<< if inputs.on >>yes<< else >>no<< end >>"
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: text-shared
  namespace: ` + space + `
data:
  k: v
`

const setFunctions = `apiVersion: v1
kind: ConfigMap
metadata:
  name: set-functions
  namespace: ` + space + `
  labels:
    slug: << slugify inputs.name >>
data:
  lower: << inputs.name | lower | squote >>
  upper: << upper inputs.name | quote >>
  default: << inputs.empty | default "none" | quote >>
  replace: << inputs.name | replace " " "_" | quote >>
  trunc: << trunc 4 inputs.name | quote >>
  trim: << trim "  x " | quote >>
  trimmed: << trimSuffix "EU" inputs.name | trimPrefix "Blue" | quote >>
  join: << join "," inputs.list | quote >>
  has: << has "x" inputs.list | quote >>
  contains: << contains "Team" inputs.name | quote >>
  ternary: << ternary "a" "b" (hasPrefix "Blue" inputs.name) | quote >>
  sum: << add 1 2 | quote >>
  b64: << b64enc inputs.name >>
  sha: << sha256sum "x" | trunc 8 | quote >>
  json: << toJson inputs.list | quote >>
  first: << first inputs.list | quote >>
  split: << index (splitList ":" inputs.name) 1 | trim | quote >>
  yaml: |
<< toYaml inputs.list | indent 4 >>
  text: << inputs.text | nindent 4 | quote >>
  empty: << empty inputs.empty | quote >>
`
