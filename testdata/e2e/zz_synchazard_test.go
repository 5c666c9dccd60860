package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

// The hazards that come from who else applies the instance, on an instance that
// a Kustomization holds: each is said while it is one, and what it says comes
// true when it is not heeded.
func TestHazardsOfAHeldInstanceOnTheLab(t *testing.T) {
	inLab(t, "cozy", "--no-sync")
	const name = "e2e-held"
	gitRepo(t, name, map[string]string{
		"one/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: held-one, namespace: default}\n",
		"held/flux.yaml": fmt.Sprintf(`apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: %s}
spec:
  distribution: {version: "2.x", registry: ghcr.io/fluxcd}
  components: [source-controller, kustomize-controller, helm-controller]
  cluster: {type: kubernetes, multitenant: true, networkPolicy: false}
`, cozy),
	})
	holder := func(force bool) {
		t.Helper()
		apply(t, fmt.Sprintf(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: holder, namespace: %[1]s}
spec: {interval: 1h, url: "%[2]s/%[3]s.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: holder, namespace: %[1]s}
spec: {interval: 1h, path: ./held, prune: true, force: %[4]v, serviceAccountName: kustomize-controller, sourceRef: {kind: GitRepository, name: holder}}
`, cozy, lab.GitURL, name, force))
		requestNow(t, kust, cozy, "holder")
	}
	holder(false)
	uid := get(t, "fluxinstance", cozy, "flux").Metadata.UID
	d := desk(t, lab.Kubeconfig, "")
	d.Patience = time.Minute
	step := steps(t, &d)
	held := "Kustomization/" + cozy + "/holder applies "
	sync := func(path string) string {
		return fmt.Sprintf(`{"spec":{"sync":{"kind":"GitRepository","url":"%s/%s.git","ref":"refs/heads/main","path":"%s","interval":"1m"}}}`, lab.GitURL, name, path)
	}
	byHand := func(t *testing.T, path string) {
		t.Helper()
		kubectl(t, "patch", "-n", cozy, "fluxinstance", "flux", "--type=merge", "--field-manager=kubectl-edit", "-p", sync(path))
		eventually(t, time.Minute, func() error {
			if o, there := find(t, kust, cozy, cozy); !there || !strings.HasPrefix(o.ready(), "True") {
				return fmt.Errorf("the sync is not Ready: %s", o.ready())
			}
			return nil
		})
	}
	cancel := func(d jobs.Desk) {
		d.T.Helper()
		d.Keys("\x1b")
		d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "2 of 2") })
	}
	const drops, remakes = "unless ssa is Merge (N7)", "which uninstalls Flux (N6)"
	never := func(d jobs.Desk, hazards ...string) {
		d.T.Helper()
		for _, h := range hazards {
			if strings.Contains(flat(d.Screen()), h) {
				d.T.Errorf("it is none here: %s", flat(d.Screen()))
			}
		}
	}

	step("N6: applied with force", func(t *testing.T) {
		from := auditEnd(t)
		setTo(d, name, "./one")
		says(d, held+"this FluxInstance: when it leaves that content, it is pruned")
		never(d, drops, remakes)
		cancel(d)
		holder(true)
		setTo(d, name, "./one")
		says(d, held+"it with force: any conflict, or a spec the server refuses, deletes it and makes it anew, which uninstalls Flux (N6)")
		cancel(d)
		for _, w := range written(t, from) {
			if w != "patch "+cozy+"/fluxinstances/flux" { // the dry runs
				t.Errorf("written: %s", w)
			}
		}
		if o := get(t, "fluxinstance", cozy, "flux"); len(o.Spec.Sync) > 0 || o.Metadata.UID != uid {
			t.Errorf("the instance was changed: %v", o.Spec.Sync)
		}
		holder(false)
	})
	step("N7: a person's sync on what Git applies is dropped", func(t *testing.T) {
		byHand(t, "./one")
		setTo(d, name, "./one") // another path is a conflict with kubectl
		says(d, "the sync was set by kubectl and Git applies this object: it drops such fields, and with them the sync, unless ssa is Merge (N7)")
		cancel(d)
		requestNow(t, kust, cozy, "holder")
		if now := fluxSync(t); len(now) > 0 {
			t.Errorf("the sync is still %v: N7 is no hazard", now)
		}
		until(d, "the operator has taken the sync away", func() bool {
			_, there := find(t, kust, cozy, cozy)
			_, applied := find(t, "configmap", "default", "held-one")
			return !there && !applied
		})
	})
	step("N7: with the guard it stays", func(t *testing.T) {
		byHand(t, "./one")
		setTo(d, name, "./one")
		says(d, "kustomize.toolkit.fluxcd.io/ssa: Merge")
		d.Button("Set sync")
		d.Wait("FluxInstance ready")
		requestNow(t, kust, cozy, "holder")
		o := get(t, "fluxinstance", cozy, "flux")
		if o.Spec.Sync["path"] != "./one" || o.Metadata.UID != uid {
			t.Errorf("the sync is %v", o.Spec.Sync)
		}
		for mark, want := range map[string]string{"ssa": "Merge", "prune": "disabled"} {
			if got := o.Metadata.Annotations["kustomize.toolkit.fluxcd.io/"+mark]; got != want {
				t.Errorf("%s is %q", mark, got)
			}
		}
		setTo(d, name, "./one")
		never(d, drops)
		says(d, held+"this FluxInstance, which is guarded: prune disabled (N3)")
		cancel(d)
	})
	step("N3: guarded, it outlives the Kustomization that held it", func(t *testing.T) {
		kubectl(t, "delete", kust, "-n", cozy, "holder", "--wait=true", "--timeout=60s")
		if o := get(t, "fluxinstance", cozy, "flux"); o.Metadata.UID != uid || o.Spec.Sync["path"] != "./one" {
			t.Errorf("the instance is another one, or its sync is %v", o.Spec.Sync)
		}
	})
	step("N8: without an operator nothing happens, and that is said", func(t *testing.T) {
		inLab(t, "stop", "flux-operator") // the next test begins with a fresh cluster
		kubectl(t, "delete", "deployment", "-n", cozy, "flux-operator", "--wait=true", "--timeout=60s")
		d.Keys("9")
		d.Wait("Deployments 3") // the dialog speaks of what was seen when it was opened
		askSync(d, "clear sync")
		says(d, "no flux-operator was found: nothing acts on a FluxInstance without it (N8)")
		d.Button("Clear sync")
		until(d, "it is cleared", func() bool { return len(fluxSync(t)) == 0 })
		d.Wait("Kustomization is going")
		if o, there := find(t, kust, cozy, cozy); !there || !o.Spec.Suspend {
			t.Errorf("the Kustomization is there: %v, suspended: %v", there, o.Spec.Suspend)
		}
		if _, applied := find(t, "configmap", "default", "held-one"); !applied {
			t.Error("what it applied is gone")
		}
	})
	d.Leave()
}
