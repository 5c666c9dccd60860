package flux

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/tree"
)

// InstallOperator puts the operator on the cluster as its chart does: kinds,
// account, rights and the Deployment.
func (f *Controllers) InstallOperator() error {
	client := f.client("helm")
	labels := Object{"app.kubernetes.io/name": operator, "app.kubernetes.io/instance": operator,
		"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/version": operatorVersion}
	meta := func(namespace, name string) Object {
		m := Object{"name": name, "labels": labels,
			"annotations": Object{"meta.helm.sh/release-name": operator, "meta.helm.sh/release-namespace": f.Namespace}}
		if namespace != "" {
			m["namespace"] = namespace
		}
		return m
	}
	objects := []Object{{"apiVersion": "v1", "kind": "Namespace", "metadata": Object{"name": f.Namespace}}}
	for _, k := range operatorKinds() {
		objects = append(objects, define(k, labels))
	}
	objects = append(objects,
		Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(f.Namespace, operator)},
		Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": meta("", operator),
			"roleRef":  Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{Object{"kind": "ServiceAccount", "name": operator, "namespace": f.Namespace}}},
		Object{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(f.Namespace, operator),
			"spec": Object{"replicas": int64(1), "selector": Object{"matchLabels": Object{"app.kubernetes.io/name": operator}},
				"template": Object{"metadata": Object{"labels": Object{"app.kubernetes.io/name": operator}},
					"spec": Object{"serviceAccountName": operator, "containers": []any{Object{"name": "manager",
						"image": "ghcr.io/controlplaneio-fluxcd/flux-operator:" + operatorVersion,
						"args":  []any{"--leader-elect", "--log-level=info", "--log-encoding=json"}}}}}}})
	for _, o := range objects {
		if _, _, _, err := client.Apply(o, true, false); err != nil {
			return fmt.Errorf("cannot install the operator: %w", err)
		}
	}
	f.scheduleReport()
	return nil
}

// Running says whether the operator or a controller is up, for its Lease.
func (f *Controllers) Running(component string) bool { return f.runs(component) }

func (f *Controllers) scheduleReport() {
	every := 5 * time.Minute
	if f.env.Loop.History() {
		every = 9*24*time.Hour - time.Minute // the past reads no reports
	}
	f.env.Loop.After(every, func() {
		f.report()
		f.scheduleReport()
	})
}

// report writes the FluxReport: counts of what there is.
func (f *Controllers) report() {
	client := f.client(operator)
	if !f.runs(operator) || f.env.Loop.History() {
		return
	}
	var reconcilers []any
	for _, k := range append(operatorKinds(), toolkitKinds()...) {
		if k.kind == "FluxReport" {
			continue
		}
		gk := schema.GroupKind{Group: k.group, Kind: k.kind}
		if client.Known(gk) == nil {
			continue
		}
		var running, failing, suspended int64
		for _, o := range client.List(gk, "") {
			c := conditionOf(o, "Ready")
			switch {
			case tree.Bool(o, "spec", "suspend"):
				suspended++
			case c != nil && c["status"] == "False":
				failing++
			default:
				running++
			}
		}
		reconcilers = append(reconcilers, Object{"apiVersion": k.group + "/" + k.version, "kind": k.kind,
			"stats": Object{"running": running, "failing": failing, "suspended": suspended}})
	}
	spec := Object{
		"cluster":      Object{"nodes": int64(1), "platform": "linux/amd64", "serverVersion": api.GitVersion},
		"distribution": Object{"entitlement": "Issued by controlplane", "managedBy": operator, "status": "Installed", "version": distributionVersion},
		"operator":     Object{"apiVersion": GroupOperator + "/v1", "platform": "linux/amd64", "version": strings.TrimPrefix(operatorVersion, "v")},
		"components":   f.reportComponents(), "reconcilers": reconcilers,
	}
	if sync := f.reportSync(); sync != nil {
		spec["sync"] = sync
	}
	o := Object{"apiVersion": GroupOperator + "/v1", "kind": "FluxReport",
		"metadata": Object{"name": "flux", "namespace": f.Namespace}, "spec": spec}
	if _, _, _, err := client.Apply(o, true, false); err != nil {
		return
	}
	_, _ = client.EditStatus(Report, f.Namespace, "flux", func(o Object) error {
		s := status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()}
		s.set("Ready", "True", "Succeeded", "Reporting finished in 1s")
		return nil
	})
}

func (f *Controllers) reportComponents() []any {
	var out []any
	for _, d := range f.client("").List(control.Deployment, f.Namespace) {
		if tree.Str(d, "metadata", "labels", "app.kubernetes.io/part-of") != "flux" {
			continue
		}
		word := kstatus(d)
		text := word + " Deployment is not available"
		if word == "Current" {
			text = fmt.Sprintf("Current Deployment is available. Replicas: %d", tree.Int(d, "status", "replicas"))
		}
		image := ""
		if c := tree.Maps(d, "spec", "template", "spec", "containers"); len(c) > 0 {
			image = tree.Str(c[0], "image")
		}
		out = append(out, Object{"name": tree.Str(d, "metadata", "name"), "ready": word == "Current", "status": text, "image": image})
	}
	return out
}

func (f *Controllers) reportSync() Object {
	for _, ks := range f.client("").List(Kustomization, f.Namespace) {
		if tree.Str(ks, "metadata", "labels", GroupOperator+"/name") == "" {
			continue
		}
		c := conditionOf(ks, "Ready")
		src, _ := f.client("").Get(GitRepository, f.Namespace, tree.Str(ks, "spec", "sourceRef", "name"))
		return Object{"id": "kustomization/" + tree.Str(ks, "metadata", "name"), "path": tree.Str(ks, "spec", "path"),
			"ready": c != nil && c["status"] != "False", "status": tree.Str(c, "message"), "source": tree.Str(src, "spec", "url")}
	}
	return nil
}
