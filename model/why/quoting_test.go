package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// failingAs is eu's sync of a kind, failing with a message.
func failingAs(kind model.Kind, reason, message string) *model.Object {
	return uitest.Object(kind, "eu", "set", &model.Sync{Path: "./deploy", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "eu", Name: "app"}},
		uitest.Failing(reason, message, time.Hour))
}

// Home and the explanation say the same of a failure: the cause where the words
// name one, and the words where they only look as if they did.
func TestWordsThatOnlyLookLikeACause(t *testing.T) {
	for _, c := range []struct {
		kind            model.Kind
		reason, message string
		says            string   // in both sentences
		not             []string // in neither, nor in what helps
	}{
		{model.ResourceSet, "ReconciliationFailed", `reconciliation failed: Ingress/eu/b dry-run failed (Invalid): Ingress.networking.k8s.io "b" is invalid: spec.tls: Required value`,
			"Ingress/eu/b is not accepted (Invalid)", []string{"TLS connection"}},
		{model.Kustomization, "ReconciliationFailed", `Ingress/eu/b dry-run failed, reason: Invalid, error: Ingress.networking.k8s.io "b" is invalid: spec.tls: Required value`,
			"Ingress/eu/b is not accepted (Invalid)", []string{"TLS connection"}},
		{model.Kustomization, "ReconciliationFailed", `Pod/eu/b dry-run failed, reason: Invalid, error: Pod "b" is invalid: spec.x: Forbidden: must not be set because the feature gate is disabled`,
			"Pod/eu/b is not accepted (Invalid)", []string{"feature is", "no retry helps"}},
		{model.HelmRelease, "InstallFailed", `Kubernetes cluster unreachable: Get "https://10.0.0.1:443/version": dial tcp 10.0.0.1:443: i/o timeout`,
			"Kubernetes cluster unreachable: Get", []string{"no answer in time", "lets source-controller out"}},
		{model.Kustomization, "ReconciliationFailed", `Secret/eu/x dry-run failed, reason: NotFound, error: secrets "x" not found`,
			`secrets "x" not found`, []string{"does not exist", "is missing", "create secret"}},
		{model.Kustomization, "ReconciliationFailed", `ConfigMap/eu/web dry-run failed (NotFound): secrets "x" not found`,
			`secrets "x" not found`, []string{"does not exist", "is missing", "create secret"}},
		{model.Kustomization, "ArtifactFailed", "kustomization path not found: stat /tmp/k-1/deploy: permission denied",
			"permission denied", []string{"there is no path", "correct spec.path"}},
		{model.Kustomization, "ReconciliationFailed", "failed to get API group resources: unable to retrieve the complete list of server APIs: v1: context deadline exceeded",
			"failed to get API group resources", []string{"no answer in time"}},
		{model.HelmRelease, "UpgradeFailed", "failed to get last release revision: query: failed to query with labels: context deadline exceeded",
			"failed to get last release revision", []string{"no answer in time"}},
		// It reads like a fetch of its own, and a Kustomization has none.
		{model.Kustomization, "ReconciliationFailed", "failed to download manifest: unable to clone 'https://git.acme.io/x': authentication required",
			"failed to download manifest", []string{"wants a login"}},
		{model.ResourceSet, "ReconciliationFailed", "reconciliation failed: failed to fetch inputs: dial tcp 10.0.0.9:443: i/o timeout",
			"failed to fetch inputs", []string{"no answer in time"}},
		{model.Kustomization, "ReconciliationFailed", `Deployment/eu/web dry-run failed (Timeout): Timeout: request did not complete within the allotted timeout`,
			"dry-run failed (Timeout)", []string{"is not accepted", "mend it in"}},
	} {
		w := newWorld(failingAs(c.kind, c.reason, c.message))
		k := model.Key{Kind: c.kind, Namespace: "eu", Name: "set"}
		e := why.Object(w.Store, k)
		home := model.Sentence(w.Get(k), w.Verdict(k))
		for place, text := range map[string]string{"why": e.Headline, "home": home} {
			if !strings.Contains(text, c.says) {
				t.Errorf("%s\n  %s says %q, want %q in it", c.message, place, text, c.says)
			}
		}
		for _, not := range c.not {
			if all := home + "\n" + e.Text(time.UTC); strings.Contains(all, not) {
				t.Errorf("%s\n  %q is said:\n%s", c.message, not, all)
			}
		}
	}
}
