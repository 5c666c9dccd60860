package program

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
)

// Killed while it follows, the same command knows what of the trouble is of its
// own making, until it was followed to its end.
func TestRestoreKilledWhileItFollows(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	d := shops(t, demo.CompanyOptions{Bare: true, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	d.makeShops()
	const gone = "https://git.example.com/acme/gone"
	if _, err := d.company.Cluster.Client("ann").Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, gone, "spec", "url")
	}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	d.export(dir)
	d.lose()
	cmd, said := d.begun(dir, "--yes")
	d.eventually("it follows", func() bool {
		return strings.Contains(said(), "Kustomization/shop-stage/app: applied ") && strings.Contains(said(), "GitRepository/club/app: ")
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	later.Store(int64(time.Hour)) // its trouble is not new any more
	for range 2 {                 // nor does the end of its time make it somebody else's
		w := d.once("restore", dir, "--yes", "--timeout", "5s")
		if w.code != 4 || strings.Contains(w.stdout, "as broken before") || !strings.Contains(w.stdout, "was cut off; this goes on") || !strings.Contains(w.stdout, "open: GitRepository/club/app: ") {
			t.Errorf("again: exit %d", w.code)
		}
	}
	d.company.Git.Add(gone, git.Access{}).Push("main", "Settings", "Ann <ann@example.com>", time.Now(),
		git.Write("deploy/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n"))
	if w := d.once("restore", dir, "--yes", "--timeout", "60s"); w.code != 0 {
		t.Errorf("mended: exit %d", w.code)
	}
	if w := d.once("restore", dir, "--yes", "--timeout", "60s"); w.code != 0 || strings.Contains(w.stdout, "was cut off") {
		t.Errorf("it is still unfinished: exit %d", w.code)
	}
}
