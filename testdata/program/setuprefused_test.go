package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
)

// readsAll lets the user dev read everything and write nothing.
func (d *desk) readsAll() {
	d.Helper()
	const group = "rbac.authorization.k8s.io"
	for _, o := range []demo.Object{
		{"apiVersion": group + "/v1", "kind": "ClusterRole", "metadata": demo.Object{"name": "reads-all"},
			"rules": []any{demo.Object{"apiGroups": []any{"*"}, "resources": []any{"*"}, "verbs": []any{"get", "list", "watch"}}}},
		{"apiVersion": group + "/v1", "kind": "ClusterRoleBinding", "metadata": demo.Object{"name": "reads-all"},
			"roleRef":  demo.Object{"apiGroup": group, "kind": "ClusterRole", "name": "reads-all"},
			"subjects": []any{demo.Object{"kind": "User", "apiGroup": group, "name": "dev"}}},
	} {
		if _, err := d.company.Cluster.Client("admin").Create(o); err != nil {
			d.Fatal(err)
		}
	}
}

// says waits until the screen says something, however its lines are broken.
func (d *desk) says(texts ...string) {
	d.Helper()
	for _, text := range texts {
		if _, err := d.WaitFor(20*time.Second, func(screen string) bool { return strings.Contains(unbroken(screen), text) }); err != nil {
			d.Fatalf("it does not say %q: %v", text, err)
		}
	}
}

// unbroken is a screen's text without frames and line breaks.
func unbroken(screen string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(screen, "│", " ")), " ")
}

// leave closes a dialog, and waits until it is gone.
func (d *desk) leave(title string) {
	d.Helper()
	d.keys("\x1b")
	if _, err := d.WaitFor(20*time.Second, func(screen string) bool { return !strings.Contains(screen, title) }); err != nil {
		d.Fatal(err)
	}
}

// Whoever may read and not write is told at every step what is missing, and how
// to get on: printed for somebody else, or on to the next step.
func TestSetupForbiddenAtEveryStep(t *testing.T) {
	t.Parallel()
	d := newSetupDesk(t)
	d.readsAll()
	admin := d.company.Cluster.Client("admin")
	d.config = d.configFor(demo.TenantToken)
	d.begin(120, 40, "setup")
	d.keys("g")
	d.says("1 permissions ⊘ not yours to do", "dev may not create and patch fluxinstances in the namespace flux-system", "enter goes on all the same. c copies the Role to ask for.")
	d.keys("\r")
	d.says("2 operator", "the chart takes an administrator", "enter shows the commands for an administrator, c copies them")
	d.keys("\r")
	d.button("Run helm")
	d.says("dev may not create and patch customresourcedefinitions")
	d.leave("Install the Flux Operator on prod")

	d.company.InstallOperator()
	d.says("✓ 2 operator")
	d.keys("\r")
	d.says("3 FluxInstance", "dev may not create and patch fluxinstances in the namespace flux-system", "enter fills in what somebody who may can send: ctrl+o prints it there. tab goes on.")
	d.keys("\r")
	d.button("Next")
	d.says("dev may not create fluxinstances", "ctrl+o prints it for somebody who may, ctrl+y shows the Role")
	d.keys("\x0f")
	d.says("apply --server-side --field-manager tenantry", "copied; esc leaves without doing anything")
	d.leave("Set up FluxInstance flux on prod")
	if _, err := admin.Create(demo.Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": demo.Object{"name": "flux", "namespace": "flux-system"},
		"spec": demo.Object{"distribution": demo.Object{"version": "2.x", "registry": "ghcr.io/fluxcd"}, "cluster": demo.Object{"multitenant": true}}}); err != nil {
		t.Fatal(err)
	}

	d.says("✓ 3 FluxInstance")
	d.keys("\r")
	d.says("4 credential", "dev may not create and patch secrets in the namespace flux-system", "tab goes on")
	d.keys("\r")
	d.says("dev may not create secrets in the namespace flux-system; ctrl+y shows the Role that would allow it")
	d.leave("Create git credential")

	d.keys("\t")
	d.says("5 sync", "dev may not patch fluxinstances in the namespace flux-system")
	d.keys("\r")
	d.says("Set sync: FluxInstance flux-system/flux on prod")
	d.field("URL", fleetURL)
	d.field("PATH", "./one")
	d.button("Next")
	d.says("INTERVAL 1m NAME the namespace's dev may not patch fluxinstances in the namespace flux-system", "ctrl+o print instead")
	d.leave("Set sync: FluxInstance")

	d.keys("\t")
	d.says("6 tenants", "dev may not create and patch namespaces")
	d.keys("\r")
	d.says("Add a tenant on prod, 1 of 2")
	d.keys("shop\t")
	d.wait("NAME      shop")
	d.keys("\t" + firstShopURL)
	d.wait("REPO      " + firstShopURL)
	d.button("Next")
	d.says("2 of 2", "dev may not")
	d.button("Add")
	d.says("dev may not patch namespaces")
	d.keys("\x0f")
	d.says("copied; esc leaves without doing anything")
	d.leave("Add tenant shop on prod")

	d.keys("\t")
	d.says("7 watch it turn green", "NEXT")
	d.keys("\t\r")
	d.says("Keep in Git what is on prod")
	if n := d.applied(""); n > 0 { // the server was asked by dry runs alone
		t.Errorf("%d writes", n)
	}
	d.leave("Keep in Git")
	d.jobs().Leave()
}

// What makes no sense is said at every step that takes something, at its field
// and above the buttons; the dialog stays, and what is right goes on from there.
func TestSetupWrongInputAtEveryStep(t *testing.T) {
	t.Parallel()
	d := newSetupDesk(t)
	d.company.Git.Add(fleetURL, git.Access{}).Push("main", "Settings", "Ann <ann@example.com>", time.Now(),
		git.Write("one/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\ndata: {colour: blue}\n"))
	d.begin(120, 40, "setup")
	wrong := func(button string, fields []string, says ...string) {
		t.Helper()
		for i := 0; i < len(fields); i += 2 {
			if fields[i+1] == "" {
				d.jobs().To(fields[i])
				d.keys("\x05\x15") // to the end, and all of it away
				continue
			}
			d.field(fields[i], fields[i+1])
		}
		d.button(button)
		d.says(says...)
		if button == "Next" && says[0] != "2 of 2" { // what is wrong may have stood there before; the field has the focus only since
			d.eventually("the field has the focus", func() bool { y, _ := d.Cursor(); return y >= 0 })
		}
	}
	d.company.InstallOperator()
	d.says("3 FluxInstance ○ to do")
	d.keys("\r")
	d.says("Set up FluxInstance flux on prod, 1 of 2")
	wrong("Next", []string{"VERSION", "newest"}, "this is no version and no range of versions")
	wrong("Next", []string{"VERSION", "2.x", "MANIFESTS", "https://x"}, "oci://")
	wrong("Next", []string{"MANIFESTS", "", "ACCOUNT", "No Name"}, "this is no account's name")
	wrong("Next", []string{"ACCOUNT", "default"}, "2 of 2")
	d.button("Set up")
	d.says("✓ 3 FluxInstance")

	d.says("▌ ○ 4 credential")
	d.keys("\r")
	d.says("Create git credential: Secret flux-system/flux-system")
	d.typeIn("URL", "gopher://x", false)
	d.says("URL gopher://x")
	d.button("Save untested")
	d.says("Git is fetched by ssh://, https:// or http://, not by gopher://")
	d.leave("Create git credential")

	d.keys("\t")
	d.says("5 sync ○ to do")
	d.keys("\r")
	d.says("Set sync: FluxInstance flux-system/flux on prod")
	wrong("Next", []string{"URL", "git@git.example.com:platform/own-fleet"}, "ssh://git@git.example.com/platform/own-fleet")
	wrong("Next", []string{"URL", fleetURL, "REF", "main"}, "refs/heads/main")
	wrong("Next", []string{"REF", "refs/heads/main", "PATH", "../one"}, "it leads out of the repository")
	wrong("Next", []string{"PATH", "./one", "INTERVAL", "soon"}, "a duration is needed")
	wrong("Next", []string{"INTERVAL", "1m"}, "2 of 2")
	d.button("Set sync")
	d.says("✓ 5 sync")

	d.keys("\r") // the step was chosen, so it stays until it is left
	d.says("▌ ○ 6 tenants")
	d.keys("\r")
	d.says("Add a tenant on prod, 1 of 2")
	wrong("Next", nil, "a tenant needs a name")
	wrong("Next", []string{"NAME", "Shop!"}, "is no name Kubernetes takes")
	wrong("Next", []string{"NAME", "shop", "NAMESPACE", "flux-system"}, "address is wanted")
	wrong("Next", []string{"REPO", "git@git.example.com:acme/shop"}, "Flux wants ssh://git@git.example.com/acme/shop instead")
	wrong("Next", []string{"REPO", fleetURL}, "flux-system belongs to the platform")
	wrong("Next", []string{"NAMESPACE", "shop=../x"}, "outside the repository")
	wrong("Next", []string{"NAMESPACE", "shop=./one", "CPU", "much"}, "is no amount")
	wrong("Next", []string{"CPU", "4"}, "2 of 2")
	d.leave("Add tenant shop on prod")

	d.keys("G\r")
	d.says("Keep in Git what is on prod", "export.yaml")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	wrong("Write", []string{"FOLDER", file}, "not a directory")
	d.leave("Keep in Git")
	d.jobs().Leave()
}
