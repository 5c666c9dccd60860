package program

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
)

// A tenant whose repository is gone was broken before anything is restored: it
// is said, and neither waited for nor called failed, whether something of
// another tenant is restored meanwhile or nothing at all.
func TestRestoreBesideWhatWasBrokenBefore(t *testing.T) {
	t.Parallel()
	var later atomic.Int64
	d := shops(t, demo.CompanyOptions{Bare: true, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	d.makeShops()
	c := d.company.Cluster.Client("ann")
	if _, err := c.Edit(repositories, "club", "app", func(o demo.Object) error {
		return unstructured.SetNestedField(o, "https://git.example.com/acme/gone", "spec", "url")
	}); err != nil {
		t.Fatal(err)
	}
	d.eventually("club does not fetch", func() bool {
		all, _, _ := unstructured.NestedSlice(d.object(repositories, "club", "app").Object, "status", "conditions")
		for _, c := range all {
			if c, ok := c.(map[string]any); ok && c["type"] == "Ready" && c["status"] == "False" {
				return true
			}
		}
		return false
	})
	later.Store(int64(time.Hour)) // it is no new trouble
	dir := t.TempDir()
	d.export(dir)
	const told = "was as broken before: GitRepository/club/app: "
	w := d.once("restore", dir, "--yes", "--timeout", "60s")
	if w.code != 1 || !strings.Contains(w.stdout, told) || !strings.Contains(w.stdout, "0 objects applied, 21 as they were, 0 left to others; 6 of 7 ready, 1 broken as before, after ") {
		t.Errorf("nothing to do: exit %d", w.code)
	}
	if !strings.Contains(w.stdout, "what was as broken before is not this restore's doing") {
		t.Error("it does not say whose doing it is not")
	}
	if w.took > waitedFor {
		t.Errorf("it was waited for: %s", w.took)
	}

	if err := c.Delete(kustomizations, "shop-prod", "app", nil); err != nil {
		t.Fatal(err)
	}
	d.eventually("no sync in shop-prod", func() bool { return !d.there(kustomizations, "shop-prod", "app") })
	w = d.once("restore", dir, "--yes", "--timeout", "60s")
	if w.code != 1 || strings.Count(w.stdout+w.stderr, told) != 1 || !strings.Contains(w.stdout, "1 object applied, 20 as they were, 0 left to others; 6 of 7 ready, 1 broken as before, after ") {
		t.Errorf("something else to do: exit %d", w.code)
	}
	if w.took > waitedFor || !d.ready("shop-prod") || strings.Contains(w.stdout, "failed: ") {
		t.Errorf("after %s shop-prod is ready: %v", w.took, d.ready("shop-prod"))
	}
}

// waitedFor is less than a failure has to stand before it counts as one.
const waitedFor = 30 * time.Second
