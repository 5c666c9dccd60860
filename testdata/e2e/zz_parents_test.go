package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A suspension of what Git manages outlives its parent's next run, or the
// dialog said before that it would not: one manifest leaves open whether it is
// suspended, one states that it is not.
func TestASuspensionAndItsParent(t *testing.T) {
	const ns = "e2e-parent"
	child := func(name, more string) string {
		return fmt.Sprintf(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: %s}
spec:
  interval: 20m
  path: ./%s
  prune: true
  serviceAccountName: %s
  sourceRef: {kind: GitRepository, name: fleet}
%s`, name, ns, name, ns, more)
	}
	settings := func(name string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata: {k: v}\n", name, ns)
	}
	gitRepo(t, ns, map[string]string{
		"parent/open.yaml":   child("leaves-open", ""),
		"parent/stated.yaml": child("states-it", "  suspend: false\n"),
		"parent/source.yaml": fmt.Sprintf("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: inner-source, namespace: %s}\nspec: {interval: 10m, url: %q, ref: {branch: main}}\n",
			ns, lab.GitURL+"/"+ns+".git"),
		"leaves-open/c.yaml": settings("leaves-open"), "states-it/c.yaml": settings("states-it"),
	})
	tenantOf(t, ns, fmt.Sprintf(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: %[1]s}
spec: {interval: 10m, url: "%[2]s/%[1]s.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: parent, namespace: %[1]s}
spec:
  interval: 20m
  path: ./parent
  prune: true
  serviceAccountName: %[1]s
  sourceRef: {kind: GitRepository, name: fleet}
`, ns, lab.GitURL))
	for _, k := range []string{kust + "/parent", kust + "/leaves-open", kust + "/states-it", repo + "/inner-source"} {
		eventually(t, 60*time.Second, func() error {
			out, err := kubectlErr("wait", "-n", ns, k, "--for=condition=Ready", "--timeout=10s")
			if err != nil {
				return fmt.Errorf("%s: %s", k, out)
			}
			return nil
		})
	}
	d := desk(t, lab.Kubeconfig, "")
	step := steps(t, &d)
	for _, c := range []struct {
		kind, resource, name, says string
		lasts                      bool
	}{
		{"Kustomization", kust, "leaves-open", "leaves open whether it is suspended", true},
		{"GitRepository", repo, "inner-source", "leaves open whether it is suspended", true},
		{"Kustomization", kust, "states-it", "its next run undoes this", false},
	} {
		step(c.name, func(t *testing.T) {
			open(d, c.kind, c.name)
			d.Keys("s")
			d.Until("the dialog says what its parent does", func(screen string) bool {
				box := flat(screen)
				return strings.Contains(box, "Suspend "+c.kind+"/"+ns+"/"+c.name) && strings.Contains(box, "UNDONE BY") &&
					strings.Contains(box, "Kustomization/"+ns+"/parent applies") && strings.Contains(box, c.says)
			})
			d.Button("Suspend")
			until(d, "suspended", func() bool { return get(t, c.resource, ns, c.name).Spec.Suspend })
			requestNow(t, kust, ns, "parent")
			if got := get(t, c.resource, ns, c.name).Spec.Suspend; got != c.lasts {
				t.Errorf("after its parent's run it is suspended: %v; the dialog said %q", got, c.says)
			}
			if !c.lasts {
				d.Wait("its suspension is undone")
			} else if strings.Contains(d.Screen(), "is undone") {
				t.Errorf("it lasts, and is said to be undone:\n%s", d.Screen())
			}
			d.Keys("1")
		})
	}
	d.Leave()
}
