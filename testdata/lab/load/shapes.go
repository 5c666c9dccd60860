// Package load fills a cluster with many tenants, measures what they weigh and
// keeps them moving, for measurements of programs that watch them.
package load

import (
	"fmt"
	"strings"
	"time"

	"tenantry/lab/cluster"
)

// Label marks everything the load made.
const Label = "lab/load"

const (
	sourceV1    = "source.toolkit.fluxcd.io/v1"
	kustomizeV1 = "kustomize.toolkit.fluxcd.io/v1"
	helmV2      = "helm.toolkit.fluxcd.io/v2"
	rbacV1      = "rbac.authorization.k8s.io/v1"
)

// An item is one object to create, who creates it and the status to give it.
type item struct {
	object  cluster.Object
	manager string
	status  map[string]any
	writer  string // who writes the status
}

// tenant holds what the objects of one tenant are made from. Everything but
// the times follows from its number, so two loads of one size are alike.
type tenant struct {
	n        int
	ns       string
	now      time.Time
	revision string
	full     bool
}

func newTenant(n int, full bool, now time.Time) tenant {
	return tenant{n: n, ns: fmt.Sprintf("load-%05d", n), now: now, revision: revision(n), full: full}
}

// revision is a made-up commit, always the same for the same number.
func revision(n int) string {
	return fmt.Sprintf("main@sha1:%08x%08x%08x%08x%08x", n*2654435761%(1<<32), n*40503%(1<<32), n*69069%(1<<32), n*1103515245%(1<<32), n)
}

// A few percent of the tenants have something wrong with them.
func (t tenant) sourceFails() bool  { return t.n%50 == 7 }
func (t tenant) applyFails() bool   { return t.n%40 == 11 }
func (t tenant) rolloutFails() bool { return t.n%60 == 13 }
func (t tenant) suspended() bool    { return t.n%45 == 17 }

func (t tenant) meta(name string, labels map[string]any) map[string]any {
	all := map[string]any{Label: "true", "toolkit.fluxcd.io/tenant": t.ns}
	for k, v := range labels {
		all[k] = v
	}
	m := map[string]any{"name": name, "labels": all}
	if name != t.ns || labels != nil {
		m["namespace"] = t.ns
	}
	return m
}

// items are all objects of the tenant, the namespace first.
func (t tenant) items() []item {
	account := map[string]any{"kind": "ServiceAccount", "name": t.ns, "namespace": t.ns}
	out := []item{
		{object: cluster.Object{"apiVersion": "v1", "kind": "Namespace", "metadata": t.meta(t.ns, nil)}},
		{object: cluster.Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": t.meta(t.ns, map[string]any{})}},
		{object: cluster.Object{
			"apiVersion": rbacV1, "kind": "RoleBinding", "metadata": t.meta(t.ns+"-reconciler", map[string]any{}),
			"roleRef":  map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{map[string]any{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "gotk:" + t.ns + ":reconciler"}, account},
		}},
		t.source(), t.sync("infra", false), t.sync("apps", true), t.deployment("web"), t.deployment("api"),
	}
	if t.full {
		for _, app := range []string{"web", "api"} {
			out = append(out, t.replicaSet(app, 1, 0), t.replicaSet(app, 2, 2))
		}
		out = append(out, t.secret(), t.release())
	}
	for i := range out {
		if out[i].manager == "" {
			out[i].manager = "flux"
		}
	}
	return out
}

func (t tenant) source() item {
	return item{
		object: cluster.Object{
			"apiVersion": sourceV1, "kind": "GitRepository", "metadata": t.meta("app", map[string]any{}),
			"spec": map[string]any{
				"interval": "1m0s", "timeout": "60s", "url": "https://git.example.com/" + t.ns + "/app.git",
				"ref": map[string]any{"branch": "main"}, "secretRef": map[string]any{"name": "git"},
			},
		},
		status: t.sourceStatus(), writer: "source-controller",
	}
}

func (t tenant) sync(name string, dependent bool) item {
	spec := map[string]any{
		"interval": "20m0s", "retryInterval": "1m0s", "timeout": "5m0s", "path": "./" + name, "prune": true, "wait": true, "force": false,
		"serviceAccountName": t.ns, "sourceRef": map[string]any{"kind": "GitRepository", "name": "app"},
	}
	if dependent {
		spec["dependsOn"] = []any{map[string]any{"name": "infra"}}
		if t.suspended() {
			spec["suspend"] = true
		}
	}
	return item{
		object: cluster.Object{"apiVersion": kustomizeV1, "kind": "Kustomization", "metadata": t.meta(name, map[string]any{}), "spec": spec},
		status: t.syncStatus(dependent), writer: "kustomize-controller",
	}
}

func (t tenant) template(app string, labels map[string]any) map[string]any {
	return map[string]any{
		"metadata": map[string]any{"labels": labels},
		"spec": map[string]any{"containers": []any{map[string]any{
			"name": app, "image": fmt.Sprintf("registry.example.com/%s/%s:1.%d.0", t.ns, app, t.n%20),
			"env": []any{
				map[string]any{"name": "TENANT", "value": t.ns}, map[string]any{"name": "LOG_LEVEL", "value": "info"},
				map[string]any{"name": "GREETING", "value": "Hello from " + t.ns},
			},
			"ports":     []any{map[string]any{"name": "http", "containerPort": 8080, "protocol": "TCP"}},
			"resources": map[string]any{"requests": map[string]any{"cpu": "100m", "memory": "64Mi"}, "limits": map[string]any{"memory": "128Mi"}},
		}}},
	}
}

func (t tenant) deployment(app string) item {
	selector := map[string]any{"app": app}
	meta := t.meta(app, map[string]any{"app": app, "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": t.ns})
	meta["annotations"] = map[string]any{"deployment.kubernetes.io/revision": "2"}
	return item{
		object: cluster.Object{
			"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta,
			"spec": map[string]any{"replicas": 2, "selector": map[string]any{"matchLabels": selector}, "template": t.template(app, selector)},
		},
		manager: "kustomize-controller", status: t.deploymentStatus(app), writer: "kube-controller-manager",
	}
}

func hash(app string, revision int) string {
	return fmt.Sprintf("%s%d%s", strings.Repeat("b", 4), revision, strings.Repeat("c", 4)+app[:1])
}

func (t tenant) replicaSet(app string, revision, replicas int) item {
	labels := map[string]any{"app": app, "pod-template-hash": hash(app, revision)}
	meta := t.meta(app+"-"+hash(app, revision), labels)
	meta["annotations"] = map[string]any{
		"deployment.kubernetes.io/desired-replicas": "2", "deployment.kubernetes.io/max-replicas": "3", "deployment.kubernetes.io/revision": fmt.Sprint(revision),
	}
	return item{
		object: cluster.Object{
			"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta,
			"spec": map[string]any{"replicas": replicas, "selector": map[string]any{"matchLabels": labels}, "template": t.template(app, labels)},
		},
		manager: "kube-controller-manager",
		status:  map[string]any{"observedGeneration": 1, "replicas": replicas, "readyReplicas": replicas, "availableReplicas": replicas, "fullyLabeledReplicas": replicas},
		writer:  "kube-controller-manager",
	}
}

func (t tenant) secret() item {
	return item{object: cluster.Object{
		"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": t.meta("git", map[string]any{}),
		"stringData": map[string]any{"username": "git", "password": fmt.Sprintf("made-up-%d", t.n)},
	}}
}

func (t tenant) release() item {
	return item{
		object: cluster.Object{
			"apiVersion": helmV2, "kind": "HelmRelease", "metadata": t.meta("cache", map[string]any{"kustomize.toolkit.fluxcd.io/name": "infra", "kustomize.toolkit.fluxcd.io/namespace": t.ns}),
			"spec": map[string]any{
				"interval": "10m0s", "serviceAccountName": t.ns,
				"chart":  map[string]any{"spec": map[string]any{"chart": "redis", "version": "1.x", "reconcileStrategy": "ChartVersion", "sourceRef": map[string]any{"kind": "HelmRepository", "name": "charts"}}},
				"values": map[string]any{"replicas": 2, "persistence": map[string]any{"enabled": true, "size": "1Gi"}},
			},
		},
		manager: "kustomize-controller", status: t.releaseStatus(), writer: "helm-controller",
	}
}
