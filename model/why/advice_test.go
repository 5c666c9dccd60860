package why_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/said"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// fixOf joins what helps against the first fault of an object.
func fixOf(e *why.Explanation) string {
	var out []string
	for _, x := range e.Faults[0].Fixes {
		out = append(out, x.Words)
	}
	return strings.Join(out, "; ")
}

// A login is no deploy key, and a source without a secret is told that it has
// none.
func TestWhatHelpsFitsTheLogin(t *testing.T) {
	login := fetching("GitOperationFailed", asksRemote+"authentication required: no")
	if got := fixOf(why.Object(newWorld(login).Store, git)); strings.Contains(got, "deploy key") || !strings.Contains(got, "put another credential into its secret") {
		t.Error(got)
	}
	bare := fetching("GitOperationFailed", asksRemote+"authentication required: no")
	bare.Detail.(*model.Source).Secrets = nil
	if got := fixOf(why.Object(newWorld(bare).Store, git)); !strings.Contains(got, "it names no secret") || strings.Contains(got, "another credential") {
		t.Error(got)
	}
	key := ssh(fetching("GitOperationFailed", "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"))
	if got := fixOf(why.Object(newWorld(key).Store, git)); !strings.Contains(got, "deploy key") {
		t.Error(got)
	}
}

// The bindings every Kubernetes has give every account what is of no use to a
// sync: one with nothing else may do nothing.
func TestBindingsOfTheSystemAreNoRights(t *testing.T) {
	everyone := uitest.Object(model.ClusterRoleBinding, "", "system:service-account-issuer-discovery", &model.Binding{RoleKind: "ClusterRole", RoleName: "system:service-account-issuer-discovery",
		Subjects: []model.Subject{{Kind: "Group", Name: "system:serviceaccounts"}}})
	refused := applying("ReconciliationFailed", `ConfigMap/eu/fine dry-run failed (Forbidden): configmaps "fine" is forbidden: User "system:serviceaccount:eu:default" cannot patch resource "configmaps" in API group "" in the namespace "eu"`)
	w := newWorld(everyone, uitest.Object(model.ServiceAccount, "eu", "default", &model.Account{}), at(refused, func(d *model.Sync) { d.ServiceAccount = "" }))
	e := why.Object(w.Store, sync)
	if f := e.Faults[0]; f.Ours != why.NoRights || !strings.Contains(f.Words, "no role binding names it") || slices.ContainsFunc(f.Evidence, func(ev why.Evidence) bool { return strings.Contains(ev.Text, "issuer-discovery") }) {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// A source that is refused for its namespace and does not exist either is one
// fault, and is not to be created.
func TestARefusedSourceIsOneFault(t *testing.T) {
	k := at(applying("AccessDenied", `can't access 'GitRepository/elsewhere/app', cross-namespace references have been blocked`), func(d *model.Sync) {
		d.SourceRef = model.Ref{Kind: "GitRepository", Namespace: "elsewhere", Name: "app"}
	})
	k.Conditions = append(k.Conditions, uitest.Condition("Stalled", "True", "AccessDenied", k.Conditions[0].Message, time.Hour))
	e := why.Object(newWorld(k).Store, sync)
	if len(e.Faults) != 1 || e.Faults[0].Kind != said.CrossNamespace || !e.Faults[0].Root().Missing || !strings.Contains(e.Faults[0].Words, "nor does it exist") {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// A release that failed to be upgraded was there before.
func TestAFailedUpgradeWasInstalledBefore(t *testing.T) {
	h := uitest.Object(model.HelmRelease, "eu", "web", &model.Sync{Interval: 60, SourceRef: model.Ref{Kind: "GitRepository", Namespace: "eu", Name: "app"}},
		uitest.Failing("UpgradeFailed", "Helm upgrade failed for release eu/web with chart web@1.4.0: context deadline exceeded", time.Hour))
	e := why.Object(newWorld(h).Store, h.Key)
	if strings.Contains(e.Effect, "ever been applied") {
		t.Error(e.Effect)
	}
}

// A secret that does not fit is the sentence's subject; of pods that can't be
// made there are none to look at.
func TestSentencesReadWell(t *testing.T) {
	app := fetching("InvalidProviderConfiguration", `secretRef 'eu/git' has github app data but provider is not set to github`)
	if got := why.Object(newWorld(app).Store, git).Faults[0].Words; got != "secret eu/git holds a GitHub App's keys, and spec.provider is not github" {
		t.Error(got)
	}
	full := stuckDeployment()
	full.Conditions = append(full.Conditions, model.Condition{Type: "ReplicaFailure", Status: "True", Reason: "FailedCreate", Message: `pods "web-1" is forbidden: exceeded quota: no-pods, requested: pods=1`})
	e := why.Object(newWorld(full, applying("HealthCheckFailed", waitsForWeb)).Store, sync)
	if e.Effect != "It is applied; no pod can be made of it. No pod of Deployment eu/web serves." || slices.Contains(e.NotTried, "its pods") {
		t.Errorf("%s", e.Text(time.UTC))
	}
}
