package program

import (
	"strings"
	"testing"

	"tenantry/kube/demo"
)

// What was exported as suspended comes back suspended and is not waited for;
// what it keeps waiting is said, and the restore ends.
func TestRestoreWhatIsSuspended(t *testing.T) {
	t.Parallel()
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	suspend := func(o demo.Object) error {
		o["spec"].(demo.Object)["suspend"] = true
		return nil
	}
	c := d.company.Cluster.Client("ann")
	if _, err := c.Edit(kustomizations, "shop-prod", "app", suspend); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	all := d.export(dir)
	d.lose()
	w := d.once("restore", dir, "--yes", "--timeout", "60s")
	if w.code != 0 || !strings.Contains(w.stderr, "Kustomization/shop-prod/app: suspended, as exported") {
		t.Errorf("a suspended sync: exit %d", w.code)
	}
	d.sameExport(all)

	if _, err := c.Edit(repositories, "club", "app", suspend); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	all = d.export(dir)
	d.lose()
	w = d.once("restore", dir, "--yes", "--timeout", "60s")
	if w.code != 1 || !strings.Contains(w.stdout, "at rest: Kustomization/club/app: waits for GitRepository/club/app, which is suspended, as exported; it goes on once that is resumed") {
		t.Errorf("a suspended source: exit %d", w.code)
	}
	d.sameExport(all)
}
