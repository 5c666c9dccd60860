package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/folder"
)

// exported runs an export and returns its files.
func exported(t *testing.T, dir string) map[string]string {
	t.Helper()
	if _, stderr, code := tenantry(t, lab.Kubeconfig, "export", "-d", dir); code != 0 {
		t.Fatalf("export: exit %d: %s", code, stderr)
	}
	return folder.Read(t, dir)
}

var demoTenants = []string{"fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod"}

// revisions are what the demo's tenants run, by tenant.
func revisions(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, ns := range demoTenants {
		out[ns] = kubectl(t, "get", "kustomizations", "-n", ns, "-o", "jsonpath={.items[*].metadata.name} {.items[*].status.lastAppliedRevision}")
	}
	return out
}

// The cluster is lost, etcd and all. A new one with the operator on it becomes
// what was exported: the same tenants at the same revisions, and its export is
// the same to the byte.
func TestTotalLoss(t *testing.T) {
	inLab(t, "reset")
	inLab(t, "demo")
	dir := t.TempDir()
	before, ran := exported(t, dir), revisions(t)
	for _, ns := range demoTenants {
		if !strings.Contains(ran[ns], "@sha1:") || before["tenants/"+ns+"/4_sync.yaml"] == "" {
			t.Fatalf("%s runs %q; exported: %v", ns, ran[ns], before)
		}
	}

	if out, err := exec.Command(labBin, "down").CombinedOutput(); err != nil {
		t.Fatalf("lab down: %v\n%s", err, out)
	}
	for _, lost := range []string{"etcd", "seeded"} { // with all that is in it, and that anything ever was
		path := filepath.Join(os.Getenv("TENANTRY_LAB_DIR"), lost)
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
	}
	inLab(t, "up")
	for _, ns := range demoTenants {
		if out, err := kubectlErr("get", "namespace", ns); err == nil || !strings.Contains(out, "NotFound") {
			t.Fatalf("%s is not lost: %v %s", ns, err, out)
		}
	}

	// Of Flux there is the operator and nothing else: the instance, its kinds and
	// its controllers come with what is restored.
	inLab(t, "stop", "source-controller", "kustomize-controller")
	kubectl(t, "delete", "fluxinstance", "-n", lab.FluxNamespace, "flux", "--timeout=60s")
	const crd = "crd/kustomizations.kustomize.toolkit.fluxcd.io"
	eventually(t, time.Minute, func() error {
		if out, err := kubectlErr("get", crd); err == nil || !strings.Contains(out, "NotFound") {
			return fmt.Errorf("Flux is still there: %s", out)
		}
		return nil
	})

	stdout, stderr, code := tenantry(t, lab.Kubeconfig, "restore", dir, "--dry-run")
	for _, want := range []string{"new     Namespace/fluxdemo-stage", "not dry-run: its namespace is made in step 1", "new     FluxInstance/flux-system/flux",
		"GitRepository/fluxdemo-stage/flux-stage-prod", "not dry-run: its kind comes with Flux, in step 3"} {
		if code != 0 || !strings.Contains(stdout, want) {
			t.Fatalf("dry run: exit %d, want %q\n%s%s", code, want, stdout, stderr)
		}
	}
	if out, err := kubectlErr("get", "namespace", "fluxdemo-stage"); err == nil {
		t.Fatalf("the dry run made it: %s", out)
	}
	started := make(chan error, 1)
	go func() { // as the pods of the controllers' Deployments do, once their kinds are served
		_, err := kubectlErr("wait", "--for=create", crd, "--timeout=2m")
		if err == nil {
			_, err = kubectlErr("wait", "--for=condition=Established", crd, "--timeout=1m")
		}
		if err == nil {
			var said []byte
			if said, err = exec.Command(labBin, "start", "source-controller", "kustomize-controller").CombinedOutput(); err != nil {
				err = fmt.Errorf("%w: %s", err, said)
			}
		}
		started <- err
	}()
	stdout, stderr, code = tenantry(t, lab.Kubeconfig, "restore", dir, "--yes", "--timeout", "5m")
	t.Logf("%s%s", stdout, stderr)
	if err := <-started; err != nil {
		t.Fatalf("the controllers: %v", err)
	}
	if code != 0 {
		t.Fatalf("restore: exit %d", code)
	}
	now := revisions(t)
	for _, ns := range demoTenants {
		if now[ns] != ran[ns] {
			t.Errorf("%s runs %q, ran %q", ns, now[ns], ran[ns])
		}
	}
	after := exported(t, t.TempDir())
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s differs:\n--- before\n%s\n--- after\n%s", name, text, after[name])
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok {
			t.Errorf("%s is new", name)
		}
	}
	eventually(t, 2*time.Minute, func() error {
		_, err := kubectlErr("rollout", "status", "deployment/kcheck", "-n", "fluxdemo-prod", "--timeout=1s")
		return err
	})
	if stdout, stderr, code = tenantry(t, lab.Kubeconfig, "restore", dir, "--yes"); code != 0 || !strings.Contains(stdout, "0 objects applied") {
		t.Errorf("again: exit %d\n%s%s", code, stdout, stderr)
	}
}
