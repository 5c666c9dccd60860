package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// From a cluster with nothing in it to the pods of three tenants, by keys, with
// the real operator and controllers; killed on the way.
func TestSetup(t *testing.T) {
	inLab(t, "reset", "--empty")
	config := func(ns string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: %s}\ndata: {colour: blue}\n", ns)
	}
	gitRepo(t, "setup-fleet", map[string]string{"clusters/lab/settings.yaml": config("default")})
	for _, tenant := range []string{"shop", "docs", "crm"} {
		gitRepo(t, "setup-"+tenant, map[string]string{"prod/app.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "ghcr.io/example/web:1"}]}
`})
	}
	// What installs the operator here is the lab, under helm's name.
	dir := t.TempDir()
	told := filepath.Join(dir, "told")
	script := "#!/bin/sh\necho \"$*\" >> " + told + "\necho 'Release \"flux-operator\" does not exist. Installing it now.'\nexec " + labBin + " operator\n"
	if err := os.WriteFile(filepath.Join(dir, "helm"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	state, kept := t.TempDir(), filepath.Join(t.TempDir(), "fleet")
	d := jobs.Desk{T: t, Patience: 2 * time.Minute}
	begin := func() {
		t.Helper()
		s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + lab.Kubeconfig, "XDG_STATE_HOME=" + state,
			"PATH=" + dir + string(os.PathListSeparator) + os.Getenv("PATH")}, binary, "setup")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		d.Session = s
		d.Wait("● live")
	}
	killed := func() {
		t.Helper()
		if err := d.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Session.Wait(10 * time.Second); err != nil {
			t.Fatal(err)
		}
		begin()
	}
	exists := func(args ...string) {
		t.Helper()
		eventually(t, time.Minute, func() error {
			out, err := kubectlErr(append([]string{"get"}, args...)...)
			if err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		})
	}

	begin()
	d.Wait("2 operator   ○ to do")
	d.Wait("✓ 1 permissions")
	d.Keys("\r")
	d.Button("Run helm")
	d.Wait("Installing it now.")
	killed() // what installs the operator goes on
	d.Wait("3 FluxInstance   ○ to do")
	d.Wait("✓ 2 operator")
	if text, err := os.ReadFile(told); err != nil || strings.Count(string(text), "\n") != 1 || !strings.Contains(string(text), "--namespace flux-system --create-namespace --wait --kube-context lab") {
		t.Errorf("helm was told %q, %v", text, err)
	}

	d.Keys("\r")
	d.Wait("Set up FluxInstance flux on lab, 1 of 2")
	d.Button("Next")
	d.Wait("cluster.multitenant")
	d.Button("Set up")
	exists("fluxinstance", "-n", "flux-system", "flux")
	killed()
	exists("crd", "kustomizations.kustomize.toolkit.fluxcd.io", "gitrepositories.source.toolkit.fluxcd.io", "externalartifacts.source.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io")
	inLab(t, "up") // the kubelet would start the controllers
	d.Wait("✓ 3 FluxInstance")
	args := kubectl(t, "get", "deploy", "-n", "flux-system", "kustomize-controller", "-o", "jsonpath={.spec.template.spec.containers[0].args}")
	if !strings.Contains(args, "--no-cross-namespace-refs=true") {
		t.Errorf("the lockdown is off: %s", args)
	}

	d.Wait("4 credential   ○ to do")
	d.Keys("\r")
	d.Wait("Create git credential: Secret flux-system/flux-system on lab")
	fleet := lab.GitURL + "/private/setup-fleet.git"
	d.Field("URL", fleet)
	d.Wait("< user and password >") // what fits the address
	d.Field("USER", "demo")
	d.To("PASSWORD")
	d.Keys("lab-password")
	d.Button("Try")
	d.Wait("visible from here")
	d.Button("Save")
	d.Wait("no source fetches with it yet")
	d.Button("Close")
	exists("secret", "-n", "flux-system", "flux-system")

	d.Keys("\t")
	d.Wait("5 sync   ○ to do")
	d.Keys("\r")
	d.Wait("Set sync: FluxInstance flux-system/flux on lab")
	d.Wait(fleet)
	d.Field("PATH", "./clusters/lab")
	d.Button("Next")
	d.Wait("2 of 2")
	d.Button("Set sync")
	exists("gitrepository", "-n", "flux-system", "flux-system")
	killed()
	d.Wait("✓ 5 sync")
	exists("configmap", "-n", "default", "settings")

	add := func(tenant string) {
		t.Helper()
		d.Wait("Add a tenant on lab, 1 of 2")
		d.Field("NAME", tenant)
		d.Field("NAMESPACE", tenant+"=./prod")
		d.Field("REPO", lab.GitURL+"/setup-"+tenant+".git")
		d.Button("Next")
		d.Wait("2 of 2")
		d.Button("Add")
	}
	d.Wait("6 tenants   ○ to do")
	d.Keys("\r")
	add("shop")
	d.Wait("✓ 7 watch it turn green")
	d.Keys("+")
	add("docs")
	exists("namespace", "docs")
	killed() // with half of a tenant there
	if _, err := d.WaitText(3*time.Second, "Unfinished: add tenant"); err == nil {
		d.Button("Add the rest")
		add("docs") // what was not made yet is nowhere to be read
	}
	exists("kustomization", "-n", "docs", "docs")
	d.Wait("✓ 7 watch it turn green")
	d.Keys("+")
	add("crm")
	for _, tenant := range []string{"shop", "docs", "crm"} {
		eventually(t, time.Minute, func() error {
			out, err := kubectlErr("get", "pods", "-n", tenant, "--field-selector=status.phase=Running", "-o", "name")
			if n := strings.Count(out, "pod/web-"); err != nil || n != 2 {
				return fmt.Errorf("%d pods of %s run, want 2 (%v)", n, tenant, err)
			}
			return nil
		})
	}

	d.Keys("G\r")
	d.Wait("Keep in Git what is on lab")
	d.Field("FOLDER", kept)
	d.Button("Write")
	d.Until("it ends on the first green row", func(screen string) bool { return strings.Contains(jobs.CursorLine(screen), "✓ Ready") })
	d.Wait("✓ Ready")
	if text, err := os.ReadFile(filepath.Join(kept, "platform", "2_platform.yaml")); err != nil || !strings.Contains(string(text), "multitenant: true") || !strings.Contains(string(text), fleet) {
		t.Errorf("%s, %v", text, err)
	}
	if strings.Contains(string(d.Raw()), "lab-password") {
		t.Error("the password was on the screen")
	}
	// Nothing was made twice: one apply each of what setup decides.
	owners := kubectl(t, "get", "fluxinstance", "-n", "flux-system", "flux", "-o", "jsonpath={range .metadata.managedFields[*]}{.manager} {.operation} {.subresource}{\"\\n\"}{end}", "--show-managed-fields")
	if n := strings.Count(owners, "tenantry Apply"); n != 1 {
		t.Errorf("field managers:\n%s", owners)
	}
	d.Leave()
}
