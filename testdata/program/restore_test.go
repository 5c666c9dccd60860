package program

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/testdata/terminal"
)

// All tenants are lost and come back from the folder; restored again, nothing
// is written.
func TestRestoreTenants(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	before := d.export(dir)
	d.lose()
	if w := d.once("restore", dir); w.code != 3 || !strings.Contains(w.stderr, "no terminal to ask on") || len(d.applied()) > 0 {
		t.Errorf("without a terminal: exit %d, applied %v", w.code, d.applied())
	}
	if w := d.once("restore", dir, "--yes", "--read-only"); w.code != 3 || !strings.Contains(w.stderr, "read-only") || len(d.applied()) > 0 {
		t.Errorf("read-only: exit %d, applied %v", w.code, d.applied())
	}
	w := d.once("restore", dir, "--dry-run")
	if w.code != 0 || len(d.applied()) > 0 {
		t.Errorf("dry run: exit %d, applied %v", w.code, d.applied())
	}
	for _, want := range []string{"to prod (https://", "new     Namespace/shop-prod", "RoleBinding/club/club-reconciler: edit for ServiceAccount club/club (not dry-run: its namespace is made in step 1)",
		"Flux itself: 1 same", "GitRepository/shop-stage/app: " + shopURL} {
		if !strings.Contains(w.stdout, want) {
			t.Errorf("the plan does not say %q", want)
		}
	}
	if w := d.once("restore", dir, "--yes"); w.code != 0 || !strings.Contains(w.stderr, "Kustomization/shop-prod/app: applied ") {
		t.Fatalf("restore: exit %d", w.code)
	}
	for _, ns := range shopSpaces {
		if !d.there(configMaps, ns, "settings") || !d.ready(ns) {
			t.Errorf("%s does not run", ns)
		}
	}
	d.sameExport(before)
	n := len(d.applied())
	if w := d.once("restore", dir, "--yes"); w.code != 0 || len(d.applied()) != n || !strings.Contains(w.stdout, "0 objects applied") {
		t.Errorf("again: exit %d, applied %v", w.code, d.applied())
	}
}

// A cluster with nothing but the operator becomes what was exported.
func TestRestoreFromNothing(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	before := d.export(dir)

	empty := shops(t, demo.CompanyOptions{Empty: true})
	if w := empty.once("restore", dir, "--yes"); w.code != 1 || !strings.Contains(w.stderr, "install flux-operator first") || len(empty.applied()) > 0 {
		t.Errorf("without the operator: exit %d, applied %v", w.code, empty.applied())
	}
	empty.company.InstallOperator()
	empty.eventually("the operator's kinds", func() bool {
		_, err := empty.company.Cluster.Client("test").Get(instances, "flux-system", "flux")
		return err != nil && strings.Contains(err.Error(), `"flux" not found`)
	})
	w := empty.once("restore", dir, "--yes")
	if w.code != 0 || !strings.Contains(w.stdout, "its kind comes with Flux, in step 3") || !strings.Contains(w.stderr, "Flux is being installed") {
		t.Fatalf("restore: exit %d", w.code)
	}
	empty.sameExport(before)
}

// Killed half-way, the same command goes on: what was applied is not applied
// again.
func TestRestoreKilledHalfWay(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	before := d.export(dir)
	d.lose()
	heal := d.company.Faults.Add(fault.Rule{Verb: "patch", Resource: "gitrepositories", Skip: 1, Do: fault.Hang})
	cmd := d.command("restore", dir, "--yes")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d.eventually("one source is there", func() bool {
		n := 0
		for _, ns := range shopSpaces {
			if d.there(repositories, ns, "app") {
				n++
			}
		}
		return n == 1
	})
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	heal()
	once := d.applied()
	w := d.once("restore", dir, "--yes")
	if w.code != 0 || !strings.Contains(w.stdout, "was cut off; this goes on") {
		t.Errorf("again: exit %d", w.code)
	}
	for path, n := range d.applied() {
		if n > 1 && !strings.Contains(path, "/gitrepositories/") { // those that hung were asked for twice
			t.Errorf("%s was applied %d times, %d before the kill", path, n, once[path])
		}
	}
	d.sameExport(before)
	if w := d.once("restore", dir, "--yes"); strings.Contains(w.stdout, "was cut off") {
		t.Error("it is still said to be unfinished")
	}
}

// What others own is named and left; what differs is shown by field and asked
// about on the terminal.
func TestRestoreOverWhatIsThere(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	d.export(dir)
	edit := func(file, old, new string) {
		t.Helper()
		path := filepath.Join(dir, file)
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), old) {
			t.Fatalf("%s: %v\n%s", file, err, text)
		}
		if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	edit("tenants/club/3_source.yaml", "interval: 1m", "interval: 2m")                             // ann applied it
	edit("tenants/club/4_sync.yaml", "  path: ./deploy", "  path: ./deploy\n  retryInterval: 30s") // nobody's yet
	w := d.once("restore", dir, "--yes")
	if w.code != 1 || !strings.Contains(w.stdout, "left    GitRepository/club/app: .spec.interval belongs to ann") {
		t.Errorf("exit %d", w.code)
	}
	if !strings.Contains(w.stdout, "change  Kustomization/club/app") || !strings.Contains(w.stdout, "spec.retryInterval – → 30s") {
		t.Error("the change is not shown")
	}
	if got := d.applied(); len(got) != 1 {
		t.Errorf("applied: %v", got)
	}
	if v, _, _ := unstructured.NestedString(d.object(repositories, "club", "app").Object, "spec", "interval"); v != "1m" && v != "1m0s" {
		t.Errorf("ann's interval is %s", v)
	}

	edit("tenants/club/4_sync.yaml", "retryInterval: 30s", "retryInterval: 40s")
	for _, answer := range []string{"no\r", "yes\r"} { // ann's source is left either way
		s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home}, binary, "restore", dir)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, err := s.WaitText(20*time.Second, "Apply 1 object to prod? Nothing is deleted. Type yes:"); err != nil {
			t.Fatal(err)
		}
		if err := s.Type(answer); err != nil {
			t.Fatal(err)
		}
		if code, err := s.Wait(60 * time.Second); err != nil || code != 1 {
			t.Errorf("%q: exit %d, %v\n%s", answer, code, err, s.Screen())
		}
		v, _, _ := unstructured.NestedString(d.object(kustomizations, "club", "app").Object, "spec", "retryInterval")
		if (v == "40s") != (answer == "yes\r") {
			t.Errorf("after %q it is %s", answer, v)
		}
	}
}
