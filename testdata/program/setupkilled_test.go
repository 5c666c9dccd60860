package program

import (
	"os"
	"testing"

	"tenantry/kube/demo/fault"
	"tenantry/kube/demo/git"
)

// Setup is killed at every one of its eight steps, before and after what it does
// there, and each start goes on where the cluster is: nothing that was begun is
// typed again, and nothing is made twice.
func TestSetupKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	d := newSetupDesk(t)
	d.gitHolds(fleetURL, git.Access{Username: "git", Password: "sesame"}, "one/a.yaml", settings("default"))
	d.gitHolds(firstShopURL, git.Access{}, "one/a.yaml", settings(""))
	d.begin(120, 40, "setup")
	d.wait("▌ ○ 2 operator")
	d.keys("g")
	d.wait("1 permissions")
	d.killed()

	d.wait("▌ ○ 2 operator")
	d.keys("\r")
	d.wait("Install the Flux Operator on prod")
	d.killed()
	d.wait("▌ ○ 2 operator")
	d.company.InstallOperator()
	d.wait("▌ ○ 3 FluxInstance")
	d.killed()

	instance := func() {
		d.wait("▌ ○ 3 FluxInstance")
		d.keys("\r")
		d.wait("Set up FluxInstance flux on prod, 1 of 2")
		d.button("Next")
		d.wait("2 of 2")
	}
	instance()
	d.killed()
	if d.there(instances, "flux-system", "flux") {
		t.Fatal("made without being confirmed")
	}
	instance()
	d.button("Set up")
	d.wait("▸ stated") // what was sent in full is asked about by no dialog
	d.killed()
	d.wait("✓ 3 FluxInstance")

	credential := func() {
		d.wait("▌ ○ 4 credential")
		d.keys("\r")
		d.wait("Create git credential: Secret flux-system/flux-system")
		d.wait("SHA256:") // no key counts while one is made
		d.typeIn("URL", fleetURL, false)
		d.wait("< user and password >")
		d.typeIn("USER", "git", false)
		d.typeIn("PASSWORD", "sesame", true)
	}
	credential()
	d.killed()
	credential()
	d.button("Save untested")
	d.wait("Secret flux-system written")
	d.killed()
	d.wait("✓ 4 credential")

	sync := func() {
		d.wait("▌ ○ 5 sync")
		d.keys("\r")
		d.wait("Set sync: FluxInstance flux-system/flux on prod")
		d.wait("│ URL       " + fleetURL) // typed for the credential, before it was killed
		d.wait("│ SECRET    flux-system")
		d.field("PATH", "./one")
		d.button("Next")
		d.wait("2 of 2")
	}
	sync()
	d.killed()
	sync()
	d.button("Set sync")
	d.wait("taken up by the operator")
	d.killed()
	d.wait("✓ 5 sync")

	d.wait("▌ ○ 6 tenants")
	d.keys("\r")
	d.typeTenant("shop", "shop=./one", firstShopURL)
	d.company.Faults.Add(fault.Rule{Verb: "patch", Resource: "gitrepositories", Do: fault.Hang, Count: 1})
	d.button("Add")
	d.eventually("the source is on its way", func() bool { return d.applied("/gitrepositories/shop") > 0 })
	d.killed()
	d.company.Faults.Clear()
	d.wait("Unfinished: add tenant shop on prod")
	d.button("Add the rest")
	d.wait("REPO      " + firstShopURL)
	d.wait("NAMESPACE shop=./one")
	d.killed()
	d.wait("Unfinished: add tenant shop on prod") // what was taken up is not done before it is sent
	d.button("Add the rest")
	d.wait("REPO      " + firstShopURL)
	d.button("Next")
	d.wait("2 of 2")
	d.button("Add")
	d.eventually("what Git holds", func() bool { return d.there(configMaps, "shop", "settings") })
	d.wait("▸ applied ")
	d.killed()
	d.wait("✓ 6 tenants")

	d.wait("✓ 7 watch it turn green")
	d.killed()
	d.wait("▌ ○ 8 keep it in Git")
	d.keys("\r")
	d.wait("Keep in Git what is on prod")
	d.killed()
	d.keys("\r")
	d.wait("Keep in Git what is on prod")
	d.wait("export.yaml")
	kept := t.TempDir()
	d.field("FOLDER", kept+"/fleet")
	d.button("Write")
	d.wait("files written")
	if _, err := os.Stat(kept + "/fleet/tenants/shop/4_sync.yaml"); err != nil {
		t.Error(err)
	}
	for _, path := range []string{"/secrets/flux-system", "/serviceaccounts/shop", "/kustomizations/shop"} {
		if n := d.applied(path); n > 2 {
			t.Errorf("%s was written %d times", path, n)
		}
	}
	quit(t, d.Session)
}
