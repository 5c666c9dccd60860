package program

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
)

func (d *desk) there(kind schema.GroupKind, ns, name string) bool {
	_, err := d.company.Cluster.Client("test").Get(kind, ns, name)
	return err == nil
}

// A tenant with two namespaces of one repository, in which objects have the same
// names, comes and goes by keys; nothing of another tenant is touched.
func TestTenantComesAndGoes(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	twin := d.object(kustomizations, "fluxdemo-prod", "flux-stage-prod").GetUID()
	const repo = "https://git.example.com/acme/shop"
	const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: blue}\n"
	pushed := d.company.Git.Add(repo, git.Access{})
	pushed.Push("main", "Two settings", "Ann <ann@example.com>", time.Now(), git.Write("stage/a.yaml", settings))
	pushed.Push("main", "Two settings", "Ann <ann@example.com>", time.Now(), git.Write("prod/a.yaml", settings))
	d.keys("1+")
	d.wait("Add a tenant on prod, 1 of 2")
	d.keys("shop\t")
	d.wait("NAME      shop")
	d.keys("shop-stage=./stage shop-prod=./prod\t" + repo)
	d.wait("REPO      " + repo)
	d.button("Next")
	d.wait("2 of 2")
	d.wait("RoleBinding/shop-prod/shop-reconciler")
	d.button("Add")
	d.eventually("what Git holds, in both namespaces", func() bool {
		return d.there(configMaps, "shop-stage", "settings") && d.there(configMaps, "shop-prod", "settings")
	})
	account, _, _ := unstructured.NestedString(d.object(kustomizations, "shop-prod", "shop").Object, "spec", "serviceAccountName")
	if account != "shop" {
		t.Errorf("the sync runs as %q", account)
	}
	d.wait("✓ ─")
	d.tenant("shop")
	d.wait("✓ Ready")

	d.keys("a")
	d.wait("off-board")
	d.keys("jjjjjj\r") // the last line
	d.wait("Off-board shop on prod")
	d.keys("shop")
	d.wait("CONFIRM   shop")
	d.keys("\t\t\r") // past the harmless button
	d.eventually("both namespaces gone", func() bool {
		return !d.there(namespaces, "", "shop-stage") && !d.there(namespaces, "", "shop-prod")
	})
	if got := d.object(kustomizations, "fluxdemo-prod", "flux-stage-prod").GetUID(); got != twin {
		t.Errorf("the twin in fluxdemo-prod is %s, was %s", got, twin)
	}
	for _, w := range d.writes() {
		if !strings.Contains(w, "shop") {
			t.Errorf("written: %s", w)
		}
	}
	quit2(t, d)
}
