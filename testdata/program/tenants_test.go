package program

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	d.start()
	twin := d.object(kustomizations, "fluxdemo-prod", "flux-stage-prod").GetUID()
	const repo = "https://git.example.com/acme/shop"
	d.gitHolds(repo, git.Access{}, "stage/a.yaml", settings("")).
		Push("main", "Two settings", "Ann <ann@example.com>", time.Now(), git.Write("prod/a.yaml", settings("")))
	d.keys("1+")
	d.typeTenant("shop", "shop-stage=./stage shop-prod=./prod", repo)
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
	d.keys("jjjjjjj\r") // the last line
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

// A tenant made of one ResourceSet: flux-operator makes the rest, and the whole
// of it goes again, and does not come back.
func TestTenantOfAResourceSet(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	d.makeShops()
	d.start()
	d.keys("1+")
	d.wait("Add a tenant on prod, 1 of 2")
	d.keys("duo\t")
	d.wait("NAME      duo")
	d.keys("duo-stage=./deploy duo-prod=./deploy\t" + clubURL)
	d.wait("REPO      " + clubURL)
	d.keys("\x1b[Z\x1b[Z\x1b[Z\x1b[Z\x1b[Z ") // backwards, past the buttons: the last option
	d.wait("[x] one ResourceSet in flux-system")
	d.button("Next")
	d.wait("2 of 2")
	d.wait("ResourceSet/flux-system/duo: of which flux-operator makes 5 objects in each of 2 namespaces")
	d.wait("the server would take all of it")
	d.button("Add")
	d.eventually("what Git holds, in both namespaces", func() bool {
		return d.there(configMaps, "duo-stage", "settings") && d.there(configMaps, "duo-prod", "settings")
	})
	d.wait("✓ ─")
	d.tenant("duo")
	d.wait("✓ Ready")
	if w := d.applied(); len(w) != 1 {
		t.Errorf("applied: %v", w)
	}

	d.keys(":off-board")
	d.wait("take the tenant out")
	d.keys("\r")
	d.wait("Off-board duo on prod")
	d.wait("ResourceSet/flux-system/duo: flux-operator deletes the 10 objects it made, and nothing makes")
	d.keys("duo")
	d.wait("CONFIRM   duo")
	d.button("Off-board")
	d.eventually("both namespaces gone", func() bool {
		return !d.there(namespaces, "", "duo-stage") && !d.there(namespaces, "", "duo-prod") && !d.there(sets, "flux-system", "duo")
	})
	if !d.ready("club") || !d.there(configMaps, "club", "settings") {
		t.Error("the tenant that follows the same repository was touched")
	}
	d.jobs().Leave()
}

// The dialog for the credential of a new tenant opens by itself once its source
// says that it is missing; with it saved the tenant turns green.
func TestNewTenantsCredential(t *testing.T) {
	t.Parallel()
	s := demoIn(t, 120, 40, "--speed", "4")
	d := &desk{T: t, Session: s}
	d.keys("1+")
	d.wait("Add a tenant on demo, 1 of 2")
	d.keys("ledger\t\t" + billingURL + "\t\tdeploy-key")
	d.wait("SECRET    deploy-key")
	d.button("Next")
	d.wait("2 of 2")
	d.button("Add")
	d.wait("git credential: Secret ledger/deploy-key on demo")
	d.wait("accept ssh-ed25519 SHA256:")
	keysOf(t, s, " ", "[x] accept", "", "waiting for access", "", "visible from here", "\x1b[Z", "[x]")
	d.button("Save")
	d.wait("the sources fetch with it")
	d.button("Close")
	d.wait("✓ ─")
	d.keys("1/ledger\r")
	d.wait("✓ Ready")
	d.jobs().Leave()
}

// A tenant whose repository was mistyped: its form opens again with what was
// sent, after a kill as well, and what was meant is applied over it.
func TestTenantsRepositoryIsMended(t *testing.T) {
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	d.start()
	const repo = "https://git.example.com/acme/shop"
	d.gitHolds(repo, git.Access{}, "prod/a.yaml", settings(""))
	d.keys("1+")
	d.typeTenant("shop", "shop=./prod", repo+"s")
	d.button("Add")
	d.eventually("its source fails", func() bool {
		if !d.there(kustomizations, "shop", "shop") {
			return false
		}
		all, _, _ := unstructured.NestedSlice(d.object(repositories, "shop", "shop").Object, "status", "conditions")
		return strings.Contains(fmt.Sprint(all), "GitOperationFailed")
	})
	d.keys("+")
	d.wait("Mend shop opens what was typed for it")
	d.button("Mend shop")
	d.wait("Mend tenant shop on prod, 1 of 2")
	d.field("REPO", repo)
	d.keys("\x1b")
	d.eventually("what was typed is kept", func() bool { // closed, and killed: nothing is lost
		files, _ := filepath.Glob(filepath.Join(d.state, "tenantry", "clusters", "*.json"))
		for _, path := range files {
			if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), `"form":"tenant shop"`) {
				return true
			}
		}
		return false
	})
	if err := d.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Wait(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	d.start()
	d.eventually("it is offered", func() bool {
		d.keys("\x1b1+")
		_, err := d.WaitFor(2*time.Second, func(s string) bool { return strings.Contains(s, "[ Mend shop ]") })
		return err == nil
	})
	d.button("Mend shop")
	d.wait("Mend tenant shop on prod, 1 of 2")
	d.wait("REPO      " + repo + " ")
	d.button("Next")
	d.wait("1 of the 5 objects changes")
	d.button("Apply")
	d.eventually("what Git holds", func() bool { return d.there(configMaps, "shop", "settings") })
	d.tenant("shop")
	d.wait("✓ Ready")
	for _, w := range d.writes() {
		if !strings.Contains(w, "shop") {
			t.Errorf("written: %s", w)
		}
	}
	quit2(t, d)
}
