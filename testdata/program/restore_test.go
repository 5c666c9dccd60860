package program

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/kube/demo/git"
	"tenantry/model/onboard"
	"tenantry/testdata/folder"
	"tenantry/testdata/terminal"
)

// once runs a command of the program, without a terminal.
func (d *desk) once(args ...string) waited {
	d.Helper()
	cmd := d.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.Fatal(err)
	}
	out := waited{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(began)}
	d.Logf("%s: exit %d after %s\n%s%s", strings.Join(args, " "), out.code, out.took.Round(time.Millisecond), out.stderr, out.stdout)
	return out
}

func (d *desk) command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+d.config, "XDG_STATE_HOME="+d.state, "XDG_CONFIG_HOME="+d.home)
	return cmd
}

const shopURL, clubURL = "https://git.example.com/acme/shop", "https://git.example.com/acme/club"

// shops is a platform with two tenants made by hand, one of two namespaces;
// objects have the same names everywhere.
func shops(t *testing.T, o demo.CompanyOptions) *desk {
	t.Helper()
	o.Speed = 20
	d := newDeskOf(t, demo.AdminToken, o)
	for _, url := range []string{shopURL, clubURL} {
		d.company.Git.Add(url, git.Access{}).Push("main", "Settings", "Ann <ann@example.com>", time.Now(),
			git.Write("deploy/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: blue}\n"))
	}
	return d
}

func (d *desk) makeShops() {
	d.Helper()
	for _, spec := range []onboard.Spec{
		{Name: "shop", Spaces: []onboard.Space{{Namespace: "shop-stage", Path: "./deploy"}, {Namespace: "shop-prod", Path: "./deploy"}},
			Source: onboard.Source{URL: shopURL, Name: "app"}, Quota: onboard.Quota{CPU: "4"}, Isolate: true, Sync: onboard.Sync{Inside: true}},
		{Name: "club", Spaces: []onboard.Space{{Namespace: "club", Path: "./deploy"}}, Source: onboard.Source{URL: clubURL, Name: "app"}, Sync: onboard.Sync{Inside: true}},
	} {
		for _, o := range spec.Objects() {
			body := demo.Object{}
			if err := yaml.Unmarshal(o.Body, &body); err != nil {
				d.Fatal(err)
			}
			if _, _, _, err := d.company.Cluster.Client("ann").Apply(body, false, false); err != nil {
				d.Fatalf("%s: %v", o.Ref, err)
			}
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("what Git holds in "+ns, func() bool { return d.there(configMaps, ns, "settings") && d.ready(ns) })
	}
}

var shopSpaces = []string{"shop-stage", "shop-prod", "club"}

func (d *desk) ready(ns string) bool {
	o, err := d.company.Cluster.Client("test").Get(kustomizations, ns, "app")
	if err != nil {
		return false
	}
	all, _, _ := unstructured.NestedSlice(o, "status", "conditions")
	for _, c := range all {
		if c, ok := c.(map[string]any); ok && c["type"] == "Ready" {
			return c["status"] == "True"
		}
	}
	return false
}

// lose deletes all tenants.
func (d *desk) lose() {
	d.Helper()
	c := d.company.Cluster.Client("ann")
	for _, ns := range shopSpaces {
		if err := c.Delete(kustomizations, ns, "app", nil); err != nil {
			d.Fatal(err)
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("no sync in "+ns, func() bool { return !d.there(kustomizations, ns, "app") })
		if err := c.Delete(namespaces, "", ns, nil); err != nil {
			d.Fatal(err)
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("no "+ns, func() bool { return !d.there(namespaces, "", ns) })
	}
}

func (d *desk) export(dir string, args ...string) map[string]string {
	d.Helper()
	if w := d.once(append([]string{"export", "-d", dir}, args...)...); w.code != 0 {
		d.Fatalf("export: exit %d", w.code)
	}
	return folder.Read(d, dir)
}

func (d *desk) sameExport(want map[string]string) {
	d.Helper()
	got := d.export(d.TempDir())
	for name, text := range want {
		if got[name] != text {
			d.Errorf("%s differs:\n--- before\n%s\n--- after\n%s", name, text, got[name])
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			d.Errorf("%s is new", name)
		}
	}
}

// applied are the objects that were really applied, and how often.
func (d *desk) applied() map[string]int {
	out := map[string]int{}
	for _, p := range d.seenPatches() {
		if !strings.Contains(p.query, "dryRun") {
			out[p.path]++
		}
	}
	return out
}

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
