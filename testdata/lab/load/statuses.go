package load

import (
	"fmt"
	"strings"
	"time"
)

// Statuses as the real controllers write them.

func condition(kind, status, reason, message string, at time.Time) map[string]any {
	return map[string]any{
		"type": kind, "status": status, "reason": reason, "message": message, "observedGeneration": 1,
		"lastTransitionTime": at.UTC().Format(time.RFC3339),
	}
}

// since spreads the tenants' last changes over the last ten minutes.
func (t tenant) since() time.Time { return t.now.Add(-time.Duration(t.n%600) * time.Second) }

func (t tenant) sourceStatus() map[string]any {
	sha := t.revision[strings.LastIndex(t.revision, ":")+1:]
	stored := "stored artifact for revision '" + t.revision + "'"
	path := "gitrepository/" + t.ns + "/app/" + sha + ".tar.gz"
	status := map[string]any{
		"artifact": map[string]any{
			"digest": fmt.Sprintf("sha256:%064x", t.n), "lastUpdateTime": t.since().UTC().Format(time.RFC3339), "path": path,
			"revision": t.revision, "size": 2048 + t.n%1000, "url": "http://source-controller.flux-system.svc.cluster.local./" + path,
		},
		"observedGeneration": 1,
	}
	inStorage := condition("ArtifactInStorage", "True", "Succeeded", stored, t.since())
	if !t.sourceFails() {
		status["conditions"] = []any{condition("Ready", "True", "Succeeded", stored, t.since()), inStorage}
		return status
	}
	message := fmt.Sprintf("failed to get secret '%[1]s/git': failed to get secret '%[1]s/git': secrets \"git\" not found", t.ns)
	status["conditions"] = []any{
		condition("Reconciling", "True", "ProgressingWithRetry", "reconciliation in progress", t.since()),
		condition("Ready", "False", "AuthenticationFailed", message, t.since()), inStorage,
		condition("FetchFailed", "True", "AuthenticationFailed", message, t.since()),
	}
	return status
}

// inventory has twelve entries, the tenant's real Deployments among them.
func (t tenant) inventory() map[string]any {
	ids := []string{"web_apps_Deployment", "api_apps_Deployment"}
	for _, app := range []string{"web", "api"} {
		ids = append(ids, app+"__Service", app+"__ServiceAccount", app+"__ConfigMap",
			app+"_networking.k8s.io_NetworkPolicy", app+"_policy_PodDisruptionBudget")
	}
	entries := make([]any, len(ids))
	for i, id := range ids {
		entries[i] = map[string]any{"id": t.ns + "_" + id, "v": "v1"}
	}
	return map[string]any{"entries": entries}
}

func (t tenant) syncStatus(apps bool) map[string]any {
	at := t.since()
	reason, message, ready := "ReconciliationSucceeded", "Applied revision: "+t.revision, "True"
	if apps && t.applyFails() {
		reason, ready = "ReconciliationFailed", "False"
		message = fmt.Sprintf("ConfigMap/other/web dry-run failed (Forbidden): configmaps \"web\" is forbidden: User \"system:serviceaccount:%[1]s:%[1]s\" cannot patch resource \"configmaps\" in API group \"\" in the namespace \"other\"\n", t.ns)
	}
	if apps && t.rolloutFails() {
		reason, ready = "HealthCheckFailed", "False"
		message = fmt.Sprintf("health check failed after 15.03s: failed early due to stalled resources: [Deployment/%s/web status: 'Failed']", t.ns)
	}
	conditions := []any{condition("Ready", ready, reason, message, at)}
	if ready == "False" {
		conditions = []any{condition("Reconciling", "True", "ProgressingWithRetry", "Detecting drift for revision "+t.revision+" with a timeout of 5m0s", at), conditions[0]}
	}
	status := map[string]any{
		"conditions": conditions, "inventory": t.inventory(), "lastAttemptedRevision": t.revision, "observedGeneration": 1,
		"lastAppliedRevision": t.revision,
		"history":             t.history(reason),
	}
	return status
}

// history has three entries: an object that lived a while has up to five.
func (t tenant) history(reason string) []any {
	var out []any
	for i, at := 0, t.since(); i < 3; i, at = i+1, at.Add(-26*time.Hour) {
		out = append(out, map[string]any{
			"digest": fmt.Sprintf("sha256:%064x", t.n*7+i), "firstReconciled": at.Add(-time.Hour).UTC().Format(time.RFC3339),
			"lastReconciled": at.UTC().Format(time.RFC3339), "lastReconciledDuration": "312.4ms", "lastReconciledStatus": reason,
			"metadata": map[string]any{"revision": revision(t.n + i)}, "totalReconciliations": 3 + t.n%10,
		})
		reason = "ReconciliationSucceeded"
	}
	return out
}

func (t tenant) deploymentStatus(app string) map[string]any {
	at := t.since().UTC().Format(time.RFC3339)
	cond := func(kind, status, reason, message string) map[string]any {
		return map[string]any{"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": at, "lastUpdateTime": at}
	}
	rs := app + "-" + hash(app, 2)
	if app == "web" && t.rolloutFails() {
		return map[string]any{
			"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "unavailableReplicas": 2,
			"conditions": []any{
				cond("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."),
				cond("Progressing", "False", "ProgressDeadlineExceeded", "ReplicaSet \""+rs+"\" has timed out progressing."),
			},
		}
	}
	return map[string]any{
		"observedGeneration": 1, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2, "availableReplicas": 2,
		"conditions": []any{
			cond("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."),
			cond("Progressing", "True", "NewReplicaSetAvailable", "ReplicaSet \""+rs+"\" has successfully progressed."),
		},
	}
}

func (t tenant) releaseStatus() map[string]any {
	message := fmt.Sprintf("Helm install succeeded for release %s/cache.v1 with chart redis@1.4.%d", t.ns, t.n%30)
	return map[string]any{
		"conditions":         []any{condition("Ready", "True", "InstallSucceeded", message, t.since()), condition("Released", "True", "InstallSucceeded", message, t.since())},
		"observedGeneration": 1, "lastAttemptedRevision": fmt.Sprintf("1.4.%d", t.n%30), "helmChart": "load/" + t.ns + "-cache",
		"history": []any{map[string]any{
			"name": "cache", "namespace": t.ns, "version": 1, "status": "deployed", "chartName": "redis", "chartVersion": fmt.Sprintf("1.4.%d", t.n%30),
			"configDigest": fmt.Sprintf("sha256:%064x", t.n*3), "digest": fmt.Sprintf("sha256:%064x", t.n*5),
			"firstDeployed": t.since().UTC().Format(time.RFC3339), "lastDeployed": t.since().UTC().Format(time.RFC3339),
		}},
	}
}
