package program

import (
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/testdata/terminal"
)

// A folder that was exported before the sync was set does not take it back: the
// operator would delete the source and the Kustomization, and that all it
// applied. It is named and left, and sent only where that is allowed.
func TestRestoreKeepsASyncSetSince(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	d.export(dir)
	d.company.Git.Add(fleetURL, git.Access{}).Push("main", "Describe the fleet", "Mara Lind <mara@example.com>", time.Now(),
		git.Write("one/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fleet, namespace: default}\n"))
	c := d.company.Cluster.Client("tenantry") // as the dashboard's set sync does
	set := demo.Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": demo.Object{"name": "flux", "namespace": "flux-system"},
		"spec": demo.Object{"sync": demo.Object{"kind": "GitRepository", "url": fleetURL, "ref": "refs/heads/main", "path": "one"}}}
	if _, _, _, err := c.Apply(set, false, false); err != nil {
		t.Fatal(err)
	}
	d.eventually("the sync has applied", func() bool { return d.there(configMaps, "default", "fleet") })
	const names = "would delete: FluxInstance/flux-system/flux: it loses spec.sync: the operator deletes the source and the Kustomization it made of it"
	for _, how := range []string{"--dry-run", "--yes"} {
		w := d.once("restore", dir, how, "--timeout", "60s")
		if w.code != 1 || !strings.Contains(w.stdout, names) || !strings.Contains(w.stdout, "spec.sync.url "+fleetURL+" → –") ||
			!strings.Contains(w.stdout, "tenantry export") || !strings.Contains(w.stdout, "--allow-prune") || len(d.applied()) > 0 {
			t.Errorf("%s: exit %d, applied %v", how, w.code, d.applied())
		}
		if !d.there(configMaps, "default", "fleet") || len(d.syncSpec()) == 0 {
			t.Fatalf("%s took the sync", how)
		}
	}

	s, err := terminal.Start(160, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home}, binary, "restore", dir, "--allow-prune")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.WaitText(20*time.Second, "Apply 1 object to prod? By 1 of them Flux deletes what is said above. Type yes:"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s.Screen(), "Nothing is deleted") {
		t.Error("it says that nothing is deleted")
	}
	if err := s.Type("no\r"); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Wait(60 * time.Second); err != nil || code != 1 || len(d.syncSpec()) == 0 {
		t.Errorf("no: exit %d, %v\n%s", code, err, s.Screen())
	}

	if w := d.once("restore", dir, "--yes", "--allow-prune", "--timeout", "60s"); w.code != 0 || !strings.Contains(w.stdout, "allowed to delete: it loses spec.sync") {
		t.Errorf("allowed: exit %d", w.code)
	}
	d.eventually("what it applied is pruned", func() bool { return !d.there(configMaps, "default", "fleet") })
}
