package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
)

// begun is a restore on its way, and what it has said on stderr so far.
func (d *desk) begun(args ...string) (cmd *exec.Cmd, said func() string) {
	d.Helper()
	path := filepath.Join(d.TempDir(), "stderr")
	file, err := os.Create(path)
	if err != nil {
		d.Fatal(err)
	}
	defer file.Close()
	cmd = d.command(append([]string{"restore"}, args...)...)
	cmd.Stderr = file
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, func() string {
		text, err := os.ReadFile(path)
		if err != nil {
			d.Fatal(err)
		}
		return string(text)
	}
}

// While the server is away nothing is made of what was seen last, and it is
// said once; interrupted, it is said once how far it got. Away to the end of
// the time, it can't be told how it went.
func TestRestoreCutOffWhileItFollows(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	if _, err := d.company.Cluster.Client("ann").Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "https://git.example.com/acme/gone", "spec", "url") // so that it has something to wait for
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d.export(dir)
	d.lose()
	cmd, said := d.begun(dir, "--yes")
	d.eventually("it follows", func() bool { return strings.Contains(said(), "Kustomization/shop-stage/app: applied ") })
	heal := d.company.Faults.Add(fault.Rule{Do: fault.Refuse})
	d.server.CloseClientConnections()
	d.eventually("it says that the server is away", func() bool { return strings.Contains(said(), "the server does not answer: ") })
	heal()
	d.eventually("it says that the server is back", func() bool { return strings.Contains(said(), "the server answers again") })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	t.Log(said())
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.Contains(said(), "tenantry: interrupted with 19 of 19 objects applied, 5 of 7 ready, 2 waiting: the same command again goes on from there\n") {
		t.Errorf("interrupted: exit %d", code)
	}
	for _, once := range []string{"interrupted", "answers again", "does not answer: "} {
		if n := strings.Count(said(), once); n != 1 {
			t.Errorf("%q is said %d times", once, n)
		}
	}

	if err := d.company.Cluster.Client("ann").Delete(kustomizations, "shop-stage", "app", nil); err != nil {
		t.Fatal(err)
	}
	d.eventually("no sync in shop-stage", func() bool { return !d.there(kustomizations, "shop-stage", "app") })
	cmd, said = d.begun(dir, "--yes", "--timeout", "10s")
	d.eventually("it follows again", func() bool { return strings.Contains(said(), "Kustomization/shop-stage/app: applied ") })
	defer d.company.Faults.Add(fault.Rule{Do: fault.Refuse})()
	d.server.CloseClientConnections()
	_ = cmd.Wait()
	t.Log(said())
	if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(said(), "tenantry: the server does not answer, and did not within 10s: ") {
		t.Errorf("away to the end: exit %d", code)
	}
}

// Whoever may not read what is there is told so for each kind and namespace
// once.
func TestRestoreWithoutRights(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	d.export(dir)
	d.config = d.configFor(demo.TenantToken)
	w := d.once("restore", dir, "--yes")
	if w.code != 2 || strings.Count(w.stdout, "you may not list Namespace objects") != 1 || !strings.Contains(w.stdout, "unread  Namespace/shop-prod: as Namespace/club [tenants/shop/1_access.yaml]") {
		t.Errorf("exit %d", w.code)
	}
	if len(d.applied()) > 0 {
		t.Errorf("applied: %v", d.applied())
	}
}
