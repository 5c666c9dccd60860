package program

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/testdata/terminal"
)

// setupDesk is a cluster before Flux, and a helm that "installs" the operator:
// it says what it was told, makes a file, and ends when the operator is there.
type setupDesk struct {
	*desk
	asked, installed string // files by which the test and helm talk
	path             string
}

func newSetupDesk(t *testing.T) *setupDesk {
	t.Helper()
	d := &setupDesk{desk: newDeskOf(t, demo.AdminToken, demo.CompanyOptions{Speed: 20, Empty: true})}
	dir := t.TempDir()
	d.asked, d.installed = filepath.Join(dir, "asked"), filepath.Join(dir, "installed")
	text := "#!/bin/sh\necho \"told: $*\"\nprintf 'working \\033[31min red\\033[0m\\n'\necho \"$*\" > " + d.asked + "\nuntil test -e " + d.installed + "; do sleep 0.1; done\necho 'STATUS: deployed'\n"
	if err := os.WriteFile(filepath.Join(dir, "helm"), []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
	d.path = dir
	return d
}

// begin starts the program, with helm on the PATH.
func (d *setupDesk) begin(width, height int, args ...string) {
	d.Helper()
	s, err := terminal.Start(width, height, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home,
		"PATH=" + d.path + string(os.PathListSeparator) + os.Getenv("PATH")}, binary, args...)
	if err != nil {
		d.Fatal(err)
	}
	d.Session = s
	d.Cleanup(s.Close)
	d.wait("● live")
}

// killed ends the program as nobody should, and begins it anew.
func (d *setupDesk) killed() {
	d.Helper()
	if err := d.Signal(syscall.SIGKILL); err != nil {
		d.Fatal(err)
	}
	if _, err := d.Wait(10 * time.Second); err != nil {
		d.Fatal(err)
	}
	d.begin(120, 40, "setup")
}

// opens has enter open a dialog. What a kill left on its way is asked about first,
// where its answer was not written down any more: enter puts that off.
func (d *setupDesk) opens(title string) {
	d.Helper()
	for range 3 {
		d.keys("\r")
		if _, err := d.WaitText(10*time.Second, title); err == nil {
			return
		}
	}
	d.Fatalf("%q is not opened:\n%s", title, d.Screen())
}

// applied is how often an object was written for good.
func (d *setupDesk) applied(path string) int {
	n := 0
	for _, p := range d.seenPatches() {
		if strings.Contains(p.path, path) && !strings.Contains(p.query, "dryRun") {
			n++
		}
	}
	return n
}

const firstShopURL = "https://git.example.com/acme/shop"

// From nothing to a tenant's first green row, by keys, killed on the way again
// and again: each start goes on where the cluster is, and nothing is sent twice.
func TestSetupFromNothing(t *testing.T) {
	t.Parallel()
	d := newSetupDesk(t)
	d.gitHolds(fleetURL, git.Access{}, "one/a.yaml", settings("default"))
	d.gitHolds(firstShopURL, git.Access{}, "prod/a.yaml", settings(""))

	d.begin(120, 40)
	d.wait("No Flux in this cluster")
	d.keys("w")
	d.wait("oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator")
	d.wait("✓ 1 permissions")
	d.keys("\r")
	d.wait("Install the Flux Operator on prod")
	d.button("Run helm")
	d.wait("told: upgrade --install flux-operator")
	d.wait("working in red") // nothing it prints reaches the terminal but as text
	d.killed()               // helm goes on
	d.wait("○ 2 operator")
	if d.company.InstallOperator(); os.WriteFile(d.installed, nil, 0o600) != nil {
		t.Fatal("helm can't be told")
	}
	d.wait("✓ 2 operator")
	d.wait("▌ ○ 3 FluxInstance")
	if told, err := os.ReadFile(d.asked); err != nil || strings.TrimSpace(string(told)) != "upgrade --install flux-operator oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator "+
		"--namespace flux-system --create-namespace --wait --kube-context prod" {
		t.Errorf("helm was told %q, %v", told, err)
	}

	d.keys("\r")
	d.wait("Set up FluxInstance flux on prod, 1 of 2")
	d.field("VERSION", "newest")
	d.button("Next")
	d.eventually("it is said at the field and above the buttons", func() bool {
		return strings.Count(d.Screen(), "this is no version and no range of versions") == 2
	})
	d.field("VERSION", "2.x")
	d.button("Next")
	d.wait("cluster.multitenant")
	d.button("Set up")
	d.eventually("the instance is there", func() bool { return d.there(instances, "flux-system", "flux") })
	d.killed()
	d.wait("✓ 3 FluxInstance")
	if locked, _, _ := unstructured.NestedBool(d.object(instances, "flux-system", "flux").Object, "spec", "cluster", "multitenant"); !locked {
		t.Error("the lockdown is off")
	}

	d.wait("▌ ○ 4 credential")
	d.keys("\t") // a public repository
	d.wait("5 sync   ○ to do")
	d.keys("\r")
	d.wait("Set sync: FluxInstance flux-system/flux on prod")
	d.field("URL", fleetURL)
	d.field("PATH", "./one")
	d.button("Next")
	d.wait("2 of 2")
	d.button("Set sync")
	d.eventually("the sync is set", func() bool { return len(d.syncSpec()) > 0 })
	d.killed()
	d.wait("✓ 4 credential")
	d.wait("✓ 5 sync")

	d.wait("▌ ○ 6 tenants")
	d.opens("Add a tenant on prod, 1 of 2")
	d.typeTenant("shop", "shop=./prod", firstShopURL)
	d.button("Add")
	d.eventually("what Git holds", func() bool { return d.there(configMaps, "shop", "settings") })
	d.wait("✓ 7 watch it turn green")

	d.keys("G\r")
	d.wait("Keep in Git what is on prod")
	d.wait("tenants/shop/kustomization.yaml") // every file is named
	d.wait("export.yaml")
	// What Flux applies from there is not taken from it; the dialog stays, and
	// what is typed next is the folder's name.
	synced := t.TempDir()
	if err := os.WriteFile(filepath.Join(synced, "cm.yaml"), []byte("kind: ConfigMap\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.field("FOLDER", synced)
	d.button("Write")
	d.wait("is there and not of an export")
	if all, err := os.ReadDir(synced); err != nil || len(all) != 1 {
		t.Errorf("written all the same: %v, %v", all, err)
	}
	d.keys("/fleet")
	kept := filepath.Join(synced, "fleet")
	d.button("Write")
	d.wait("files written")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool { return strings.HasPrefix(cursorLine(screen), "shop ") }); err != nil {
		t.Errorf("it does not end on the first green row: %v", err)
	}
	d.wait("✓ Ready")
	for file, holds := range map[string]string{"platform/2_platform.yaml": "multitenant: true", "tenants/shop/4_sync.yaml": "path: ./prod"} {
		if text, err := os.ReadFile(filepath.Join(kept, file)); err != nil || !strings.Contains(string(text), holds) {
			t.Errorf("%s: %s, %v", file, text, err)
		}
	}
	if n := d.applied("/fluxinstances/flux"); n > 3 { // the instance, a guard, the sync
		t.Errorf("the FluxInstance was written %d times", n)
	}
	quit(t, d.Session)
}

// Whoever may do nothing is told what is missing, can print every step, and
// goes on where somebody else has done it.
func TestSetupRefused(t *testing.T) {
	t.Parallel()
	d := newSetupDesk(t)
	d.config = d.configFor(demo.TenantToken)
	d.begin(120, 40, "setup")
	d.wait("not yours to do")
	d.wait("dev may not create and patch fluxinstances in the namespace flux-system")
	d.keys("c")
	d.wait("copied the Role to ask for")
	d.keys("\r\r")
	d.wait("Install the Flux Operator on prod")
	d.button("Run helm")
	d.wait("dev may not create and patch customresourcedefinitions")
	d.keys("\x0f") // ctrl+o
	d.wait("copied; esc leaves without doing anything")
	if _, err := os.Stat(d.asked); err == nil {
		t.Error("helm was run")
	}
	d.jobs().Leave()
}

// In the demo nothing is installed from outside: setup says so, and goes on
// when the operator has come.
func TestSetupInTheDemo(t *testing.T) {
	t.Parallel()
	s := demoIn(t, 80, 24, "--empty", "--speed", "8")
	keysOf(t, s, "w", "2 operator", "\r", "nothing can be installed", "", "3 FluxInstance   ○ to do",
		"\r", "Set up FluxInstance flux on demo")
	d := &desk{T: t, Session: s}
	d.button("Next")
	d.wait("2 of 2")
	d.button("Set up")
	d.wait("4 credential   ○ to do")
	keysOf(t, s, "\t", "5 sync   ○ to do", "\r", "https://git.example.com/platform/fleet") // which nobody could know
	d.button("Next")
	d.wait("2 of 2")
	d.button("Set sync")
	d.wait("7 ✓ 8")
	keysOf(t, s, "1", "fluxdemo-dev")
	quit(t, s)
}

// Of an instance that Helm made, setup sets the sync and nothing else.
func TestSetupOnAnInstanceHelmMade(t *testing.T) {
	t.Parallel()
	d := syncDesk(t)
	d.jobs().Leave()
	d.start("setup")
	d.wait("✓ 3 FluxInstance")
	d.wait("▌ ○ 4 credential")
	d.keys("\t")
	d.wait("Helm made it of release flux-system/flux; its sync is left to you")
	d.keys("\r")
	d.wait("Set sync: FluxInstance flux-system/flux on prod")
	d.field("URL", fleetURL)
	d.field("PATH", "./one")
	d.button("Next")
	d.wait("in the chart's value instance.sync of release flux-system/flux")
	d.button("Set sync")
	d.wait("✓ 5 sync")
	d.eventually("what Git holds is there", func() bool { return d.exists(configMaps, "fleet-one", "settings") })
	for _, p := range d.seenPatches() {
		var body struct {
			Metadata struct{ Labels map[string]string }
			Spec     map[string]any
		}
		if err := json.Unmarshal([]byte(p.body), &body); err != nil {
			t.Fatal(err)
		}
		for field := range body.Spec {
			if field != "sync" || !strings.Contains(p.path, "/fluxinstances/flux") {
				t.Errorf("%s: %s", p.path, p.body)
			}
		}
	}
	d.jobs().Leave()
}
