package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
)

// The embedded cluster behind a listener of this process: for what does not
// depend on a real API server, on machines that have none.

const embeddedConfig = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
users:
- name: u
  user:
    token: %s
contexts: [{name: bench, context: {cluster: c, user: u}}]
current-context: bench
`

// embedded is n tenants on the embedded cluster.
type embedded struct {
	client  *api.Client
	tenants int
}

var deploymentKind = schema.GroupKind{Group: "apps", Kind: "Deployment"}

func embed(n int, dir string) (*embedded, environment, func(), error) {
	cluster := demo.NewCluster(demo.Options{Kinds: true, History: 1 << 16})
	e := &embedded{client: cluster.Client("bench").Untracked(), tenants: n}
	for i := range n {
		for _, o := range tenantObjects(i) {
			if err := e.create(o); err != nil {
				return nil, environment{}, nil, err
			}
		}
	}
	server := httptest.NewUnstartedServer(cluster.Handler())
	server.EnableHTTP2 = true
	server.StartTLS()
	path := filepath.Join(dir, "kubeconfig")
	if err := os.WriteFile(path, fmt.Appendf(nil, embeddedConfig, server.URL, demo.AdminToken), 0o600); err != nil {
		return nil, environment{}, nil, err
	}
	return e, environment{Server: server.URL, Kubeconfig: path}, func() {
		server.CloseClientConnections()
		server.Close()
	}, nil
}

// create creates an object and writes its status, which a server drops at first.
func (e *embedded) create(o demo.Object) error {
	status := o["status"]
	made, err := e.client.Create(o)
	if err != nil || status == nil {
		return err
	}
	meta := made["metadata"].(map[string]any)
	group, _, _ := strings.Cut(o["apiVersion"].(string), "/")
	_, err = e.client.EditStatus(schema.GroupKind{Group: group, Kind: o["kind"].(string)}, meta["namespace"].(string), meta["name"].(string), func(o demo.Object) error {
		o["status"] = status
		return nil
	})
	return err
}

func tenantName(i int) string { return fmt.Sprintf("load-%05d", i) }

const benchRevision = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"

// tenantObjects are what the lab's plain profile makes of a tenant, but for the
// RoleBinding; every fortieth fails.
func tenantObjects(i int) []demo.Object {
	ns := tenantName(i)
	at := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
	meta := func(name string) demo.Object { return demo.Object{"name": name, "namespace": ns} }
	ready := func(reason string) []any {
		status := "True"
		if i%40 == 11 && reason == "ReconciliationSucceeded" {
			status, reason = "False", "ReconciliationFailed"
		}
		return []any{demo.Object{"type": "Ready", "status": status, "reason": reason, "message": "as the bench wants it", "lastTransitionTime": at, "observedGeneration": int64(1)}}
	}
	inventory := []any{}
	for j := range 12 {
		inventory = append(inventory, demo.Object{"id": fmt.Sprintf("%s_config-%02d__ConfigMap", ns, j), "v": "v1"})
	}
	out := []demo.Object{
		{"apiVersion": "v1", "kind": "Namespace", "metadata": demo.Object{"name": ns, "labels": demo.Object{"toolkit.fluxcd.io/tenant": ns}}},
		{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(ns)},
		{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": meta("app"),
			"spec": demo.Object{"interval": "1m0s", "url": "https://git.example.com/" + ns + "/app.git", "ref": demo.Object{"branch": "main"}},
			"status": demo.Object{"observedGeneration": int64(1), "conditions": ready("Succeeded"),
				"artifact": demo.Object{"revision": benchRevision, "digest": "sha256:" + fmt.Sprintf("%064d", i), "path": "x", "url": "http://source/x", "lastUpdateTime": at}}},
	}
	for _, name := range []string{"infra", "apps"} {
		out = append(out, demo.Object{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": meta(name),
			"spec": demo.Object{"interval": "20m0s", "path": "./" + name, "prune": true, "serviceAccountName": ns,
				"sourceRef": demo.Object{"kind": "GitRepository", "name": "app"}},
			"status": demo.Object{"observedGeneration": int64(1), "conditions": ready("ReconciliationSucceeded"),
				"lastAppliedRevision": benchRevision, "lastAttemptedRevision": benchRevision, "inventory": demo.Object{"entries": inventory}}})
	}
	for _, name := range []string{"web", "api"} {
		selector := demo.Object{"app": name}
		m := meta(name)
		m["labels"] = demo.Object{"app": name, "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": ns}
		out = append(out, demo.Object{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": m,
			"spec": demo.Object{"replicas": int64(3), "selector": demo.Object{"matchLabels": selector},
				"template": demo.Object{"metadata": demo.Object{"labels": selector}, "spec": demo.Object{"containers": []any{demo.Object{"name": name, "image": "registry.example.com/" + name + ":1.0.0"}}}}},
			"status": demo.Object{"observedGeneration": int64(1), "replicas": int64(3), "updatedReplicas": int64(3), "readyReplicas": int64(3), "availableReplicas": int64(3)}})
	}
	return out
}

// update changes statuses of Deployments at a rate, until the context ends, and
// returns how many pods each has in the end.
func (e *embedded) update(ctx context.Context, rate int) (states map[string]int64, made int) {
	states = map[string]int64{}
	beat := time.NewTicker(20 * time.Millisecond)
	defer beat.Stop()
	began := time.Now()
	for {
		select {
		case <-ctx.Done():
			return states, made
		case <-beat.C:
		}
		for due := int(time.Since(began).Seconds() * float64(rate)); made < due && ctx.Err() == nil; made++ {
			ns, name, available := tenantName(rand.IntN(e.tenants)), []string{"web", "api"}[rand.IntN(2)], rand.Int64N(4)
			if _, err := e.client.EditStatus(deploymentKind, ns, name, func(o demo.Object) error {
				status := o["status"].(map[string]any)
				status["availableReplicas"], status["readyReplicas"], status["unavailableReplicas"] = available, available, 3-available
				return nil
			}); err != nil {
				fmt.Fprintln(os.Stderr, "bench: update:", err)
				continue
			}
			states[ns+" "+name] = available
		}
	}
}
