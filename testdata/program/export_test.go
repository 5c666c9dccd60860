package program

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"filippo.io/age"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
)

// kept is what a program says while it runs.
type kept struct {
	mu  sync.Mutex
	buf bytes.Buffer // no part of it: what reads from a pipe by itself would pass the lock by
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buf.Write(p)
}

func (k *kept) has(text string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return strings.Contains(k.buf.String(), text)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.buf.String()
}

func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ann", "-c", "user.email=ann@example.com"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// The folder follows the cluster: only what changed is written and committed,
// nothing of somebody else's, and a loss does not empty it.
func TestExportWatchCommits(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	gitIn(t, dir, "config", "user.name", "Ann")
	gitIn(t, dir, "config", "user.email", "ann@example.com")
	if err := os.WriteFile(filepath.Join(dir, "README.md"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	gitIn(t, dir, "add", "README.md")
	cmd := d.command("export", "-d", dir, "--watch", "--commit")
	var said kept
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 130 {
			t.Errorf("exit %d\n%s", code, said.String())
		}
	}()
	d.eventually("the folder is kept", func() bool { return said.has("is kept as the cluster is") })
	if log := gitIn(t, dir, "log", "--format=%s%n%b"); !strings.HasPrefix(log, "tenantry export: club, platform, shop\n") || !strings.Contains(log, "new      Kustomization/shop-prod/app") {
		t.Errorf("the first commit:\n%s", log)
	}
	if w := d.once("export", "-d", dir); w.code != 3 || !strings.Contains(w.stderr, "another tenantry uses the folder") {
		t.Errorf("a second one: exit %d", w.code)
	}
	client := d.company.Cluster.Client("ann")
	edit := func(ns, interval string) {
		t.Helper()
		if _, err := client.Edit(kustomizations, ns, "app", func(o demo.Object) error {
			return unstructured.SetNestedField(o, interval, "spec", "interval")
		}); err != nil {
			t.Fatal(err)
		}
	}
	edit("club", "7m")
	d.eventually("a second commit", func() bool { return strings.Count(gitIn(t, dir, "log", "--oneline"), "\n") == 2 })
	if shown := gitIn(t, dir, "show", "--name-only", "--format=%s%n%b"); shown != "tenantry export: club\nchanged  Kustomization/club/app\n\n\ntenants/club/4_sync.yaml\n" {
		t.Errorf("the second commit:\n%s", shown)
	}
	if left := gitIn(t, dir, "status", "--porcelain"); left != "A  README.md\n" {
		t.Errorf("not committed: %q", left)
	}
	before, err := os.ReadFile(filepath.Join(dir, "tenants/shop/4_sync.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	d.lose()
	d.eventually("the loss is told", func() bool { return said.has("which looks like a loss") })
	if now, err := os.ReadFile(filepath.Join(dir, "tenants/shop/4_sync.yaml")); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the folder was emptied by the loss: %v", err)
	}
}

// Secrets are read only when told to, and never stand anywhere in clear; what
// did not change is not encrypted again.
func TestExportOfSecrets(t *testing.T) {
	t.Setenv("PATH", onlyGit(t)) // no sops
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	client := d.company.Cluster.Client("ann")
	secret := demo.Object{"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": demo.Object{"name": "login", "namespace": "club"},
		"stringData": demo.Object{"username": "git", "password": "canary-sesame"}}
	if _, err := client.Create(secret); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "login", "spec", "secretRef", "name")
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d.export(dir)
	for _, r := range d.seenRequests() {
		if strings.Contains(r, "/secrets") {
			t.Errorf("asked for: %s", r)
		}
	}
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if w := d.once("export", "-d", dir, "--secrets", "encrypted"); w.code == 0 || !strings.Contains(w.stderr, "name an age recipient") {
		t.Errorf("for nobody: exit %d", w.code)
	}
	args := []string{"--secrets", "encrypted", "--age", id.Recipient().String()}
	first := d.export(dir, args...)
	const file = "tenants/club/2_secrets/login.yaml"
	if !strings.Contains(first[file], "ENC[AES256_GCM") || !strings.Contains(first["tenants/club/kustomization.yaml"], "- 2_secrets/login.yaml\n") {
		t.Errorf("%s:\n%s\n%s", file, first[file], first["tenants/club/kustomization.yaml"])
	}
	for name, text := range first {
		if strings.Contains(text, "sesame") || strings.Contains(text, "Y2FuYXJ5LXNlc2FtZQ") {
			t.Errorf("%s has it in clear", name)
		}
	}
	if again := d.export(dir, args...); again[file] != first[file] {
		t.Error("what did not change was encrypted again")
	}
	if _, err := client.Edit(schema.GroupKind{Kind: "Secret"}, "club", "login", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "bmV3", "data", "password")
	}); err != nil {
		t.Fatal(err)
	}
	if now := d.export(dir, args...); now[file] == first[file] {
		t.Error("what changed was not")
	}
	d.lose()
	if w := d.once("restore", dir, "--dry-run"); w.code != 0 || !strings.Contains(w.stdout, "sops --decrypt "+dir+"/"+file+" | kubectl --context prod apply -f -") {
		t.Errorf("restore: exit %d", w.code)
	}
	if now := d.export(dir); now[file] != "" {
		t.Error("an export without secrets keeps them")
	}
}

// onlyGit is a PATH with git and nothing else a test could find by chance.
func onlyGit(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	path, err := exec.LookPath("git")
	if err == nil {
		err = os.Symlink(path, filepath.Join(dir, "git"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Who may list nothing is told that, not that there is nothing.
func TestExportWithoutRights(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	dir := filepath.Join(t.TempDir(), "folder")
	for _, args := range [][]string{{}, {"fluxdemo-stage"}} {
		w := d.once(append([]string{"export", "--as", "bob", "-d", dir}, args...)...)
		if w.code != 2 || !strings.Contains(w.stderr, "can't tell what there is to export: you (bob) may not list kustomizations in all namespaces") ||
			!strings.Contains(w.stderr, "resources: [kustomizations], verbs: [get, list, watch]") {
			t.Errorf("%v: exit %d, %q", args, w.code, w.stderr)
		}
	}
	if w := d.once("export", "-d", dir, "stgae"); w.code != 2 || !strings.Contains(w.stderr, "no such tenant: stgae") {
		t.Errorf("a typo: exit %d, %q", w.code, w.stderr)
	}
}
