package setup_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/uitest"
)

// What was done and only settles takes nobody back to it; what has failed for a
// reason of its own does, and says so.
func TestWhatSettlesHoldsNobodyUp(t *testing.T) {
	working := uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", 0)
	fails := func(message string) model.Condition {
		return uitest.Failing("ReconciliationFailed", message, time.Minute)
	}
	instance := func(change func(*model.Instance), conditions ...model.Condition) *uitest.Cluster {
		return uitest.Synced().Tenant("docs").Put(uitest.Instance(func(d *model.Instance) {
			d.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: "./"}
			if change != nil {
				change(d)
			}
		}, conditions...))
	}
	never := func(d *model.Instance) { d.Applied = "" }
	for _, c := range []struct {
		name   string
		look   setup.Look
		states string
		first  setup.Step
		why    string // of that step
	}{
		{"nothing moves", allowed(instance(nil)), "dddddddo", setup.Keep, ""},
		{"the operator looks at it anew", allowed(instance(nil, working)), "ddbddddo", setup.Keep, ""},
		{"it begins once more", allowed(instance(nil, uitest.Failing("HealthCheckCanceled", "New reconciliation triggered by FluxInstance/flux-system/flux", 0))), "ddbddddo", setup.Keep, ""},
		{"it has never been made", allowed(instance(never, working)), "ddbddddo", setup.Instance, ""},
		{"it waits for its source", allowed(instance(nil, fails("reconciliation failed: timeout waiting for: [GitRepository/flux-system/flux-system status: 'InProgress']\nDeployment/a/b status: x"))), "dddddddo", setup.Keep, ""},
		{"it can't apply its source", allowed(instance(nil, fails("reconciliation failed: GitRepository/flux-system/flux-system dry-run failed (Invalid): spec.url"))), "dddddddo", setup.Keep, ""},
		{"it waits for a controller, too", allowed(instance(nil, fails("reconciliation failed: timeout waiting for: [GitRepository/flux-system/flux-system status: 'InProgress', Deployment/flux-system/helm-controller status: 'InProgress']"))),
			"ddxddddo", setup.Instance, "waited in vain"},
		{"its manifests can't be had", allowed(instance(nil, uitest.Failing("ArtifactFailed", "fetch failed: ghcr.io/x: denied", time.Minute))), "ddxddddo", setup.Instance, "denied"},
		{"there is none any more", allowed(uitest.OperatorOnly().Tenant("docs")), "ddoooodo", setup.Instance, "none"},
		{"the operator is replaced", allowed(instance(nil).Put(uitest.OperatorStarting().Changes[1].Object)), "dbdddddo", setup.Keep, ""},
		{"a commit is applied", allowed(instance(nil).Put(uitest.Sync("flux-system", "flux-system", "./", uitest.Rev1, working))), "ddddbddo", setup.Keep, ""},
		{"so is one of the only tenant", allowed(instance(nil).Put(uitest.Sync("docs", "docs", "./", uitest.Rev1, working))), "ddddddbo", setup.Keep, ""},
		{"it is the tenant's first", allowed(instance(nil).Put(uitest.Sync("docs", "docs", "./", "", working))), "ddddddbo", setup.Green, ""},
		{"the first fetch", allowed(instance(func(d *model.Instance) { d.Sync.PullSecret = "deploy-key" }).
			Put(uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", "", working), uitest.Sync("flux-system", "flux-system", "./", "", working)), "deploy-key"), "ddddbddo", setup.Sync, ""},
		{"with a Secret that can't be seen", func() setup.Look {
			l := allowed(instance(func(d *model.Instance) { d.Sync.PullSecret = "deploy-key" }).
				Put(uitest.Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", "", working), uitest.Sync("flux-system", "flux-system", "./", "", working)))
			l.Secrets, l.SecretsWhy = nil, "ann may not list secrets"
			return l
		}(), "ddd~bddo", setup.Sync, ""},
	} {
		all := c.look.All()
		if states, first := letters(all), c.look.First(all); states != c.states || first != c.first {
			t.Errorf("%s: %s begins at %s, want %s at %s", c.name, states, first, c.states, c.first)
		}
		if why := all[c.first].Why(); !strings.Contains(why, c.why) {
			t.Errorf("%s: %q is not said, but %q", c.name, c.why, why)
		}
	}
}
