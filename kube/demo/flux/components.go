package flux

import (
	"strings"
	"time"

	"tenantry/kube/demo/tree"
)

// What the operator of the demo brings with it.
const (
	distributionVersion = "v2.9.4"
	operatorVersion     = "v0.58.1"
)

var componentTags = map[string]string{"source-controller": "v1.9.4", "kustomize-controller": "v1.9.4",
	"helm-controller": "v1.6.3", "notification-controller": "v1.9.2"}

// offers says whether a version expression matches the one distribution.
func offers(expression string) bool {
	e := strings.TrimPrefix(strings.TrimSpace(expression), "v")
	switch e {
	case "*", "2.x", "2.*", "2", "2.9.x", "2.9.*", "2.9", strings.TrimPrefix(distributionVersion, "v"):
		return true
	}
	return strings.HasPrefix(e, ">=2.") || strings.HasPrefix(e, "^2") || strings.HasPrefix(e, "~2.9")
}

func instanceComponents(obj Object) []string {
	if list := tree.Strings(obj, "spec", "components"); len(list) > 0 {
		return list
	}
	return []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"}
}

func (f *Controllers) componentStatus(obj Object) []any {
	var out []any
	registry := tree.Str(obj, "spec", "distribution", "registry")
	for _, name := range instanceComponents(obj) {
		out = append(out, Object{"name": name, "repository": registry + "/" + name, "tag": componentTags[name], "digest": digestOf(name)})
	}
	return out
}

// components builds what an instance installs, in the order it is applied.
func (f *Controllers) components(obj Object) []Object {
	labels := func(component string) Object {
		l := Object{"app.kubernetes.io/instance": f.Namespace, "app.kubernetes.io/managed-by": operator,
			"app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": distributionVersion,
			GroupOperator + "/name": tree.Str(obj, "metadata", "name"), GroupOperator + "/namespace": f.Namespace}
		if component != "" {
			l["app.kubernetes.io/component"] = component
		}
		return l
	}
	meta := func(namespace, name, component string) Object {
		m := Object{"name": name, "labels": labels(component),
			"annotations": Object{ssaAnnotation: "Ignore", GroupKustomize + "/prune": "Disabled"}}
		if namespace != "" {
			m["namespace"] = namespace
		}
		return m
	}
	var out []Object
	for _, k := range toolkitKinds() {
		crd := define(k, nil)
		crd["metadata"] = meta("", k.plural+"."+k.group, "")
		out = append(out, crd)
	}
	ns := meta("", f.Namespace, "")
	ns["annotations"].(Object)[GroupOperator+"/prune"] = "disabled"
	out = append(out, Object{"apiVersion": "v1", "kind": "Namespace", "metadata": ns})
	out = append(out, f.roles(meta)...)
	components := instanceComponents(obj)
	for _, name := range components {
		out = append(out, Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(f.Namespace, name, name)})
	}
	for _, name := range components {
		out = append(out, f.controllerDeployment(obj, name, meta(f.Namespace, name, name)))
	}
	return append(out, f.syncObjects(obj, meta)...)
}

func (f *Controllers) roles(meta func(namespace, name, component string) Object) []Object {
	groups := []any{GroupSource, GroupKustomize, GroupHelm}
	read, write := tree.Anys([]string{"get", "list", "watch"}), tree.Anys([]string{"create", "delete", "deletecollection", "patch", "update"})
	role := func(name string, verbs []any, to ...string) Object {
		m := meta("", name+"-"+f.Namespace, "")
		for _, t := range to {
			m["labels"].(Object)["rbac.authorization.k8s.io/aggregate-to-"+t] = "true"
		}
		return Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": m,
			"rules": []any{Object{"apiGroups": groups, "resources": []any{"*"}, "verbs": verbs}}}
	}
	return []Object{
		role("flux-view", read, "view", "edit", "admin"),
		role("flux-edit", write, "edit", "admin"),
		{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": meta("", "cluster-reconciler-"+f.Namespace, ""),
			"roleRef": Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{Object{"kind": "ServiceAccount", "name": "kustomize-controller", "namespace": f.Namespace},
				Object{"kind": "ServiceAccount", "name": "helm-controller", "namespace": f.Namespace}}},
	}
}

// controllerDeployment is one controller, locked down where the instance says
// multitenant.
func (f *Controllers) controllerDeployment(obj Object, name string, meta Object) Object {
	args := []string{"--events-addr=", "--watch-all-namespaces=true", "--log-level=info", "--log-encoding=json", "--enable-leader-election"}
	if tree.Bool(obj, "spec", "cluster", "multitenant") {
		account := tree.Str(obj, "spec", "cluster", "tenantDefaultServiceAccount")
		if account == "" {
			account = "default"
		}
		switch name {
		case "kustomize-controller":
			args = append(args, "--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account="+account)
		case "helm-controller":
			args = append(args, "--no-cross-namespace-refs=true", "--default-service-account="+account)
		case "source-controller":
			args = append(args, "--storage-path=/data", "--storage-adv-addr=source-controller.$(RUNTIME_NAMESPACE).svc.cluster.local.")
		default:
			args = append(args, "--no-cross-namespace-refs=true")
		}
	}
	image := tree.Str(obj, "spec", "distribution", "registry") + "/" + name + ":" + componentTags[name] + "@" + digestOf(name)
	meta["labels"].(Object)["control-plane"] = "controller"
	return Object{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta,
		"spec": Object{
			"replicas": int64(1), "selector": Object{"matchLabels": Object{"app": name}},
			"template": Object{
				"metadata": Object{"labels": Object{"app": name, "app.kubernetes.io/component": name, "app.kubernetes.io/part-of": "flux"}},
				"spec": Object{"serviceAccountName": name, "priorityClassName": "system-cluster-critical",
					"nodeSelector":                  Object{"kubernetes.io/os": "linux"},
					"terminationGracePeriodSeconds": int64(60),
					"containers": []any{Object{"name": "manager", "image": image, "args": tree.Anys(args),
						"ports":     []any{Object{"name": "http-prom", "containerPort": int64(8080)}, Object{"name": "healthz", "containerPort": int64(9440)}},
						"resources": Object{"limits": Object{"cpu": "1", "memory": "1Gi"}, "requests": Object{"cpu": "100m", "memory": "64Mi"}}}}},
			},
		},
	}
}

// syncObjects are the source and the Kustomization spec.sync asks for.
func (f *Controllers) syncObjects(obj Object, meta func(namespace, name, component string) Object) []Object {
	sync := tree.Map(obj, "spec", "sync")
	if sync == nil {
		return nil
	}
	name := tree.Str(sync, "name")
	if name == "" {
		name = f.Namespace
	}
	kind := tree.Str(sync, "kind")
	source := Object{"interval": duration(tree.Str(sync, "interval"), time.Minute).String(), "url": sync["url"]}
	switch kind {
	case "GitRepository":
		source["ref"] = Object{"name": sync["ref"]}
	case "OCIRepository":
		source["ref"] = Object{"tag": sync["ref"]}
	case "Bucket":
		delete(source, "url")
		source["bucketName"], source["endpoint"] = sync["ref"], sync["url"]
	}
	if v := tree.Str(sync, "pullSecret"); v != "" {
		source["secretRef"] = Object{"name": v}
	}
	if v := tree.Str(sync, "provider"); v != "" {
		source["provider"] = v
	}
	ks := Object{"interval": "10m0s", "path": sync["path"], "prune": true, "sourceRef": Object{"kind": kind, "name": name}}
	if tree.Bool(obj, "spec", "cluster", "multitenant") {
		ks["serviceAccountName"] = "kustomize-controller"
	}
	return []Object{
		{"apiVersion": GroupSource + "/v1", "kind": kind, "metadata": meta(f.Namespace, name, ""), "spec": source},
		{"apiVersion": GroupKustomize + "/v1", "kind": "Kustomization", "metadata": meta(f.Namespace, name, ""), "spec": ks},
	}
}
