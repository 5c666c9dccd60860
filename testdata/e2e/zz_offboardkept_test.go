package e2e

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// keeper is a tenant that nothing but its sync tells, which applies into a
// namespace of others too.
const keeper = `
apiVersion: v1
kind: Namespace
metadata: {name: keeper}
---
apiVersion: v1
kind: Namespace
metadata: {name: commons}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: keeper, namespace: keeper}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: keeper, namespace: keeper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects: [{kind: ServiceAccount, namespace: keeper, name: keeper}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: of-keeper, namespace: commons}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccounts:keeper"}]
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: keeper, namespace: keeper}
spec: {interval: 1m, url: "%s/keeper.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: keeper, namespace: keeper}
spec: {interval: 10m, retryInterval: 5s, path: ./, prune: true, serviceAccountName: keeper, sourceRef: {kind: GitRepository, name: keeper}}
`

func kept(ns, name, mark string) string {
	return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s, annotations: {%s}}\ndata: {a: b}\n", name, ns, mark)
}

// What is kept from being pruned is told before and is there afterwards; killed
// when nothing tells the tenant any more, the next dashboard finishes it by what
// was written down.
func TestOffboardWhatIsKept(t *testing.T) {
	const prune = `kustomize.toolkit.fluxcd.io/prune: disabled`
	if err := push(t, filepath.Join(lab.GitRepos, "keeper.git"), "Keep some", map[string]string{
		"in.yaml": kept("keeper", "inside", prune), "out.yaml": kept("commons", "stays", prune), "goes.yaml": kept("commons", "goes", `example.com/x: "y"`)}); err != nil {
		t.Fatal(err)
	}
	apply(t, fmt.Sprintf(keeper, lab.GitURL))
	t.Cleanup(func() {
		_, _ = kubectlErr("patch", "serviceaccount", "keeper", "-n", "keeper", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
		_, _ = kubectlErr("delete", "namespace", "keeper", "commons", "--ignore-not-found", "--wait=false")
	})
	eventually(t, time.Minute, func() error {
		out, err := kubectlErr("get", "kustomization", "keeper", "-n", "keeper", "-o", `jsonpath={.status.conditions[?(@.type=="Ready")].status}`)
		if err != nil || out != "True" {
			return fmt.Errorf("%s %v", out, err)
		}
		return nil
	})
	kubectl(t, "patch", "serviceaccount", "keeper", "-n", "keeper", "--type=merge", "-p", `{"metadata":{"finalizers":["example.com/hold"]}}`)

	state := t.TempDir()
	open := func() jobs.Desk {
		s, err := terminal.Start(140, 50, []string{"KUBECONFIG=" + lab.Kubeconfig, "XDG_STATE_HOME=" + state}, binary)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		d := jobs.Desk{T: t, Session: s, Patience: time.Minute}
		d.Wait("● live")
		return d
	}
	d := open()
	d.Tenant("keeper")
	d.Keys(":off-board")
	d.Wait("take the tenant out")
	d.Keys("\r")
	d.Wait("Off-board keeper on ")
	said := plain(d.Screen())
	for _, want := range []string{"its controller deletes 1 of the 3 objects it applied", "STAYS ConfigMap/commons/stays, of Kustomization/keeper/keeper: it is marked " + prune,
		"OUTSIDE ConfigMap/commons/goes", "ConfigMap/keeper/inside does not go with Kustomization/keeper/keeper", "[ ] RoleBinding/commons/of-keeper: grants ClusterRole admin in the namespace commons to nobody but Group system:serviceaccounts:keeper"} {
		if !strings.Contains(said, strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the dialog does not say %q:\n%s", want, d.Screen())
		}
	}
	d.Keys("\x1b[Z ") // back from the name to the right in commons: that is to go too
	d.Wait("[x] RoleBinding/commons/of-keeper")
	d.Keys("\tkeeper")
	d.Wait("CONFIRM   keeper")
	d.Button("Off-board")
	eventually(t, time.Minute, func() error {
		if out := kubectl(t, "get", "serviceaccount", "keeper", "-n", "keeper", "-o", "jsonpath={.metadata.deletionTimestamp}"); out == "" {
			return errors.New("its account is not being deleted")
		}
		return nil
	})
	if err := d.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = d.Session.Wait(10 * time.Second)
	if out := kubectl(t, "get", "configmaps", "-n", "commons", "-o", "name"); !strings.Contains(out, "configmap/stays") || strings.Contains(out, "configmap/goes") {
		t.Errorf("in commons: %s", out)
	}

	d = open()
	d.Wait("Unfinished: off-board keeper on ")
	d.Wait("Kustomization/keeper/keeper: gone")
	d.Wait("Namespace/keeper: is still there")
	d.Button("Finish")
	d.Wait("Off-board keeper on ")
	d.Keys("keeper")
	d.Wait("CONFIRM   keeper")
	d.Button("Off-board")
	kubectl(t, "patch", "serviceaccount", "keeper", "-n", "keeper", "--type=merge", "-p", `{"metadata":{"finalizers":null}}`)
	eventually(t, 2*time.Minute, func() error {
		if out, err := kubectlErr("get", "namespace", "keeper"); err == nil || !strings.Contains(out, "NotFound") {
			return errors.New("the namespace is still there")
		}
		return nil
	})
	d.Wait("✓ ─")
	d.Leave()
	if out := kubectl(t, "get", "rolebindings,configmaps", "-n", "commons", "-o", "name"); strings.Contains(out, "of-keeper") || !strings.Contains(out, "configmap/stays") {
		t.Errorf("in commons: %s", out)
	}
}
