package doctor_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What helps has its command: a report has no keys to press. A name that a shell
// would read as more than a name gets none.
func TestFixesHaveCommands(t *testing.T) {
	missing := func(ns string) *model.Object {
		o := uitest.Git(ns, "app", "ssh://git@git.acme.io/a", uitest.Rev1, uitest.Failing("AuthenticationFailed", `failed to get secret '`+ns+`/git': secrets "git" not found`, time.Hour))
		o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "git"}}
		return o
	}
	evil := uitest.Sync("a", "$(reboot)", "./deploy", uitest.Rev1, uitest.Failing("ArtifactFailed", "kustomization path not found: stat /tmp/k-1/deploy: no such file or directory", time.Hour))
	hung := uitest.Object(model.ResourceSet, "b", "set", &model.Sync{}, uitest.Failing("ReconciliationFailed", `Certificate/x dry-run failed: no matches for kind "Certificate" in version "example.com/v1"`, time.Hour))
	r := examine(uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Tenant("b").Put(missing("a"), evil, hung))
	var got []string
	for _, c := range r.Causes {
		for _, f := range c.Fixes {
			got = append(got, f.Command)
			if strings.Contains(f.Command, "reboot") {
				t.Errorf("%q is handed to a shell", f.Command)
			}
			if strings.Contains(f.Words, "restore the secret") && !strings.Contains(f.Words, "(in tenantry: K on GitRepository a/app)") {
				t.Errorf("%q does not say where", f.Words)
			}
		}
	}
	for _, want := range []string{"flux reconcile source git app -n a", `kubectl annotate --overwrite resourcesets.fluxcd.controlplane.io set -n b reconcile.fluxcd.io/requestedAt="$(date +%s)"`} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
}

// A finding of what a cause says already is not said again, and the platform is
// counted among the broken only where it is.
func TestSaidOnce(t *testing.T) {
	r := examine(bad())
	if want := "Not healthy: the platform and 9 of 9 tenants, by 8 causes"; !strings.HasPrefix(r.Summary(), want) {
		t.Errorf("%q, want %q", r.Summary(), want)
	}
	told := 0
	for i := range r.Findings {
		f := &r.Findings[i]
		if is := f.Rule == "P11" && f.Object.Namespace == "flux-system"; is != r.ToldAsCause(f) {
			t.Errorf("%v is told as a cause: %v", f, !is)
		} else if is {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d findings of the missing secret", told)
	}
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync().Put(uitest.Object(model.ServiceAccount, "flux-system", "flux-system", &model.Account{})).Tenant("a").Tenant("b")
	if r := examine(c.Put(pods("a", 0, 0))); r.Summary() != "Not healthy: 1 of 2 tenants, by one cause" {
		t.Errorf("%q", r.Summary())
	}
}
