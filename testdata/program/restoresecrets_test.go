package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
	"tenantry/testdata/terminal"
)

// A Secret that is not there is named with the next step; the rest is applied.
func TestRestoreNamesMissingSecrets(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	if _, err := d.company.Cluster.Client("ann").Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "deploy-key", "spec", "secretRef", "name")
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d.export(dir)
	d.lose()
	w := d.once("restore", dir, "--yes")
	if w.code != 1 {
		t.Errorf("exit %d", w.code)
	}
	for _, want := range []string{"1 Secret missing", "club/deploy-key, for GitRepository/club/app secretRef", "tenantry --context prod, the cursor on what is in club, then K",
		"missing: Secret club/deploy-key"} {
		if !strings.Contains(w.stdout, want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if !d.ready("shop-prod") {
		t.Error("the other tenant does not run")
	}

	// In a terminal there is time for it, and it is waited for.
	d.lose()
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home}, binary, "restore", dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d.Session = s
	d.wait("Type yes:")
	d.keys("yes\r")
	d.wait("enter goes on:")
	if d.there(repositories, "club", "app") || !d.there(namespaces, "", "club") {
		t.Error("the pause is not between the namespaces and the sources")
	}
	d.keys("\r")
	d.wait("waits for the Secret club/deploy-key")
	if _, err := d.company.Cluster.Client("ann").Create(demo.Object{"apiVersion": "v1", "kind": "Secret", "metadata": demo.Object{"name": "deploy-key", "namespace": "club"},
		"stringData": demo.Object{"username": "git", "password": "sesame"}}); err != nil {
		t.Fatal(err)
	}
	d.annotate("club", "app", requestedAt, "now")
	if code, err := s.Wait(60 * time.Second); err != nil || code != 0 {
		t.Errorf("with the Secret there: exit %d, %v\n%s", code, err, s.Screen())
	}
	if !d.ready("club") {
		t.Error("the tenant does not run")
	}
}

// From the dashboard: a tenant is exported and brought back by keys; the
// dashboard steps aside and comes back, and asks for the credential that is
// missing.
func TestExportAndRestoreByKeys(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	if _, err := d.company.Cluster.Client("ann").Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "deploy-key", "spec", "secretRef", "name")
	}); err != nil {
		t.Fatal(err)
	}
	d.start()
	dir := filepath.Join(t.TempDir(), "kept")
	d.tenant("club")
	d.keys(":export")
	d.wait("club, as files for Git")
	d.keys("\r")
	d.wait("Export tenant club from prod")
	d.keys(dir)
	d.wait("FOLDER    " + dir)
	d.button("Export")
	d.wait("enter goes back to the dashboard")
	d.keys("\r")
	d.wait("● live")
	if _, err := os.Stat(filepath.Join(dir, "tenants/club/4_sync.yaml")); err != nil {
		t.Fatal(err)
	}
	d.lose()
	d.keys(":restore")
	d.wait("compare what was exported")
	d.keys("\r")
	d.wait("Restore a folder to prod")
	d.wait("FOLDER    " + dir) // as it was
	d.button("Compare")
	d.wait("new     GitRepository/club/app")
	d.wait("Type yes:")
	d.keys("yes\r")
	d.wait("missing: Secret club/deploy-key: back in the dashboard its dialog opens, filled in")
	d.wait("enter goes back to the dashboard")
	d.keys("\r")
	d.wait("git credential: Secret club/deploy-key on prod")
	d.keys("\x1b")
	d.wait("● live")
	if d.there(namespaces, "", "shop-prod") || !d.there(kustomizations, "club", "app") {
		t.Error("it is not club alone that came back")
	}
	d.jobs().Leave()
}

// The platform's own sync lacks its Secret: the instance waits for that, which
// is said at once and not after its time is over.
func TestRestoreOfAPlatformWithoutItsSecret(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	if _, err := d.company.Cluster.Client("ann").Edit(instances, "flux-system", "flux", func(o demo.Object) error {
		return unstructured.SetNestedMap(o, map[string]any{"kind": "GitRepository", "url": shopURL, "ref": "refs/heads/main", "path": "./deploy", "pullSecret": "fleet"}, "spec", "sync")
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d.export(dir)
	empty := shops(t, demo.CompanyOptions{Empty: true})
	empty.company.InstallOperator()
	empty.eventually("the operator's kinds", func() bool {
		_, err := empty.company.Cluster.Client("test").Get(instances, "flux-system", "flux")
		return err != nil && strings.Contains(err.Error(), `"flux" not found`)
	})
	w := empty.once("restore", dir, "--yes", "--timeout", "90s")
	if w.code != 1 || !strings.Contains(w.stdout, "missing: Secret flux-system/fleet: tenantry --context prod, the cursor on what is in flux-system, then K") {
		t.Errorf("exit %d", w.code)
	}
}
