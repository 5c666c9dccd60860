package scenes

import (
	"context"
	"time"

	"tenantry/lab/cluster"
)

// brokenReleases are HelmReleases whose status the lab writes, since
// helm-controller does not run: states no other kind can be brought to by hand.
var brokenReleases = []Expectation{
	{Kind: "HelmRelease", Namespace: "team-h", Name: "ok", Health: "Ready", Why: "installed", Reason: "InstallSucceeded"},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "upgrade-failed", Health: "Failed", Why: "the upgrade failed and is retried", Reason: "UpgradeFailed"},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "gave-up", Health: "Stalled", Why: "retries are used up", Reason: "RetriesExceeded"},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "hangs", Health: "Stuck", Why: "in progress for hours", seen: reasonSeen("Ready", "Unknown", "Progressing")},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "busy", Health: "Ready", Why: "every routine pass adds Reconciling for a moment; showing it would flicker", seen: reasonSeen("Reconciling", "True", "Progressing")},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "upgrading", Health: "Reconciling", Why: "an upgrade is under way and its timeout of a day is not over", seen: reasonSeen("Ready", "Unknown", "Progressing")},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "blocked", Health: "Blocked", Why: "depends on a release that failed", Reason: "DependencyNotReady", Cause: &Cause{"HelmRelease", "team-h", "upgrade-failed"}},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "not-begun", Health: "Pending", Why: "no controller looked yet, and its interval of a day is not over", seen: present},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "says-nothing", Health: "Unknown", Why: "conditions, but no Ready among them", seen: reasonSeen("Released", "True", "InstallSucceeded")},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "ignored", Health: "Unobserved", Until: "Pending", UntilAge: "2m", Why: "no controller ever looked at it", seen: present},
	{Kind: "HelmRelease", Namespace: "team-h", Name: "paused", Health: "Suspended", Why: "suspended while failing", seen: suspended},
}

func (s *Scene) brokenReleases(ctx context.Context) error {
	if err := s.tenant(ctx, "team-h"); err != nil {
		return err
	}
	for _, e := range brokenReleases {
		spec := map[string]any{
			"interval": "10m", "serviceAccountName": "team-h",
			"chart": map[string]any{"spec": map[string]any{"chart": e.Name, "version": "1.x", "sourceRef": map[string]any{"kind": "HelmRepository", "name": "charts"}}},
		}
		switch e.Name {
		case "not-begun":
			spec["interval"] = "24h"
		case "upgrading":
			spec["timeout"] = "24h"
		case "ignored":
			spec["interval"] = "30s"
		case "blocked":
			spec["dependsOn"] = []any{map[string]any{"name": "upgrade-failed"}}
		case "paused":
			spec["suspend"] = true
		}
		object := cluster.Object{
			"apiVersion": helmV2, "kind": "HelmRelease",
			"metadata": map[string]any{"name": e.Name, "namespace": "team-h"}, "spec": spec,
		}
		if err := s.API.Apply(ctx, object, cluster.Manager); err != nil {
			return err
		}
		conditions := releaseConditions(e.Name)
		if conditions == nil {
			continue
		}
		status := statusOf(e.ref(), map[string]any{"conditions": conditions, "observedGeneration": 1, "lastAttemptedRevision": "1.4.0"})
		if err := s.API.ApplyStatus(ctx, status, "helm-controller"); err != nil {
			return err
		}
	}
	return nil
}

// releaseConditions are what helm-controller writes in each case.
func releaseConditions(name string) []any {
	now := time.Now()
	failed := "Helm upgrade failed for release team-h/" + name + " with chart " + name + "@1.4.0: context deadline exceeded"
	installed := condition("Released", "True", "InstallSucceeded", "Helm install succeeded for release team-h/"+name+".v1 with chart "+name+"@1.4.0", now.Add(-time.Hour))
	switch name {
	case "ok":
		return []any{condition("Ready", "True", "InstallSucceeded", "Helm install succeeded for release team-h/ok.v1 with chart ok@1.4.0", now.Add(-time.Hour)), installed}
	case "upgrade-failed", "paused":
		return []any{
			condition("Reconciling", "True", "ProgressingWithRetry", "retrying Helm upgrade", now),
			condition("Ready", "False", "UpgradeFailed", failed, now.Add(-10*time.Minute)),
			condition("Released", "False", "UpgradeFailed", failed, now.Add(-10*time.Minute)),
		}
	case "gave-up":
		return []any{
			condition("Stalled", "True", "RetriesExceeded", "Failed to upgrade after 3 attempt(s)", now.Add(-time.Hour)),
			condition("Ready", "False", "UpgradeFailed", failed, now.Add(-time.Hour)),
			condition("Released", "False", "UpgradeFailed", failed, now.Add(-time.Hour)),
		}
	case "hangs":
		return []any{
			condition("Reconciling", "True", "Progressing", "Running 'upgrade' action with timeout of 5m0s", now.Add(-3*time.Hour)),
			condition("Ready", "Unknown", "Progressing", "Running 'upgrade' action with timeout of 5m0s", now.Add(-3*time.Hour)),
		}
	case "upgrading":
		return []any{
			condition("Reconciling", "True", "Progressing", "Running 'upgrade' action with timeout of 24h0m0s", now),
			condition("Ready", "Unknown", "Progressing", "Running 'upgrade' action with timeout of 24h0m0s", now),
		}
	case "busy":
		return []any{
			condition("Reconciling", "True", "Progressing", "Fulfilling prerequisites", now),
			condition("Ready", "True", "InstallSucceeded", "Helm install succeeded for release team-h/busy.v1 with chart busy@1.4.0", now.Add(-time.Hour)),
			installed,
		}
	case "blocked":
		return []any{
			condition("Reconciling", "True", "ProgressingWithRetry", "Fulfilling prerequisites", now),
			condition("Ready", "False", "DependencyNotReady", "dependency 'team-h/upgrade-failed' is not ready", now.Add(-9*time.Minute)),
		}
	case "says-nothing":
		return []any{installed}
	}
	return nil
}
