package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

const cozy = "cozy-fluxcd"

// Set sync and clear sync on an instance that Helm made for a cluster that is
// itself managed from elsewhere.
func TestSetSyncOnTheLab(t *testing.T) {
	inLab(t, "cozy", "--no-sync")
	object := func(kind, ns, name string) string {
		if ns != "" {
			ns = ", namespace: " + ns
		}
		return fmt.Sprintf("apiVersion: v1\nkind: %s\nmetadata: {name: %s%s, labels: {e2e: fleet}}\n", kind, name, ns)
	}
	gitRepo(t, "e2e-fleet", map[string]string{
		"one/ns.yaml": object("Namespace", "", "fleet-one"), "one/own.yaml": object("ConfigMap", "fleet-one", "settings"),
		"one/both.yaml": object("ConfigMap", "default", "both"), "one/more.yaml": object("ConfigMap", "default", "more"),
		"two/both.yaml": object("ConfigMap", "default", "both"), "two/two.yaml": object("ConfigMap", "default", "two"),
		"own/own.yaml": object("ConfigMap", "default", "own"), "own/instance.yaml": `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: cozy-fluxcd}
spec:
  distribution: {version: "2.x", registry: ghcr.io/fluxcd}
  components: [source-controller, kustomize-controller, helm-controller]
  cluster: {type: kubernetes, multitenant: true, networkPolicy: false}
`,
	})
	one := []string{"ConfigMap/default/both", "ConfigMap/default/more", "ConfigMap/fleet-one/settings", "Namespace/fleet-one"}
	r := record(t)
	applies := r.applies(t)
	from := auditEnd(t)
	d := desk(t, r.kubeconfig(t), "")
	step := steps(t, &d)
	confirm := func(d jobs.Desk) {
		d.T.Helper()
		d.Field("CONFIRM", cozy)
		d.Button("Set sync")
	}
	step("nobody owns a sync yet", func(t *testing.T) {
		setPath(d, "./one")
		for _, s := range []string{
			"no one", "not by Helm: its chart leaves sync out",
			"nothing is pruned now: there was no sync",
			"if Git comes to hold this FluxInstance, taking it out of Git uninstalls Flux (N3)",
			"Helm release cozy-fluxcd/fluxcd owns this object: uninstalling it uninstalls Flux, and a forced replace drops the sync",
			"HelmRelease tenant-root/kubernetes-demo-fluxcd, which is in another cluster, does so by itself", "(N4, N5)",
		} {
			says(d, s)
		}
		if box := flat(d.Screen()); regexp.MustCompile(`\((N1|N2|N6|N7|N8)\)`).MatchString(box) {
			t.Errorf("a hazard that is none here: %s", box)
		}
		d.Button("Set sync")
		d.Wait("FluxInstance ready")
		d.Wait("✓ ─")
		if got := fleet(t); !slices.Equal(got, one) {
			t.Errorf("applied: %v", got)
		}
		if got := get(t, "fluxinstance", cozy, "flux").Metadata.Annotations["kustomize.toolkit.fluxcd.io/prune"]; got != "disabled" {
			t.Errorf("the guard is %q", got)
		}
		all := applies()
		if len(all) < 2 {
			t.Fatalf("%d applies", len(all))
		}
		for i, x := range all {
			dry := strings.Contains(x.query, "dryRun=All")
			if x.body != all[0].body || x.spec != all[0].spec || dry != (i < len(all)-1) || !strings.Contains(x.path, "/namespaces/"+cozy+"/fluxinstances/flux") {
				t.Errorf("apply %d of %d: %+v, the first %+v", i+1, len(all), x, all[0])
			}
		}
		var shown map[string]string
		if err := json.Unmarshal([]byte(all[0].spec), &shown); err != nil || !maps.Equal(shown, fluxSync(t)) {
			t.Errorf("the dry run said %v, the instance has %v (%v)", shown, fluxSync(t), err)
		}
		for _, w := range written(t, from) {
			if w != "patch "+cozy+"/fluxinstances/flux" {
				t.Errorf("written elsewhere: %s", w)
			}
		}
	})
	step("what the operator generates stays suspended", func(t *testing.T) {
		for kind, resource := range map[string]string{"Kustomization": kust, "GitRepository": repo} {
			ref := kind + "/" + cozy + "/" + cozy
			d.Keys(":")
			d.Wait("go to, or do")
			d.Keys(kind + " " + cozy)
			d.Until(kind+" is offered", func(screen string) bool { return strings.Contains(line(screen, "│▌"), kind+" ") })
			d.Keys("\r")
			d.Wait(kind + " " + cozy)
			d.Keys("s")
			d.Wait("Suspend " + ref + " on lab")
			says(d, "Nothing now: FluxInstance/"+cozy+"/flux generates "+kind+" "+cozy+", and spec.kustomize.patches of it leaves open whether it is suspended.")
			d.Button("Suspend")
			until(d, ref+" is suspended", func() bool { return get(t, resource, cozy, cozy).Spec.Suspend })
			stamp := time.Now().Format(time.RFC3339Nano)
			kubectl(t, "annotate", "--overwrite", "-n", cozy, "fluxinstance", "flux", asked+"="+stamp)
			until(d, "the operator has run", func() bool {
				return get(t, "fluxinstance", cozy, "flux").Status.LastHandledReconcileAt == stamp
			})
			if !get(t, resource, cozy, cozy).Spec.Suspend {
				t.Errorf("%s: the operator undid it, and the dialog said it would not", ref)
			}
			d.Keys("s")
			d.Wait("Resume " + ref + " on lab")
			d.Button("Resume")
			rule(d, "resume "+kind+" "+cozy)
		}
	})
	step("the platform suspended, and back", func(t *testing.T) {
		both := func(want bool) {
			t.Helper()
			if k, r := get(t, kust, cozy, cozy).Spec.Suspend, get(t, repo, cozy, cozy).Spec.Suspend; k != want || r != want {
				t.Errorf("the Kustomization is suspended: %v, the source: %v, both should be %v", k, r, want)
			}
		}
		d.Tenant("platform")
		d.Keys("s")
		d.Wait("Suspend the platform on lab")
		d.Button("Suspend")
		rule(d, "s the platform")
		both(true)
		d.Keys("s")
		d.Wait("Resume the platform on lab")
		d.Button("Resume")
		rule(d, "resume the platform")
		both(false)
	})
	step("a path that does not exist", func(t *testing.T) {
		setPath(d, "./nowhere")
		if named := atStake(d); !slices.Equal(named, one) {
			t.Errorf("named %v, want %v", named, one)
		}
		d.Button("Set sync")
		d.Wait("objects can be deleted by this")
		confirm(d)
		says(d, "there is no path ./nowhere in the repository")
		if got := fleet(t); !slices.Equal(got, one) {
			t.Errorf("left: %v", got)
		}
	})
	step("a path that prunes", func(t *testing.T) {
		setPath(d, "./two")
		says(d, "path changed: of the 4 objects")
		named := atStake(d)
		if !slices.Equal(named, one) {
			t.Errorf("named %v, want %v", named, one)
		}
		confirm(d)
		d.Wait("FluxInstance ready")
		d.Wait("✓ ─")
		two := []string{"ConfigMap/default/both", "ConfigMap/default/two"}
		until(d, "what is left is what the path holds", func() bool { return slices.Equal(fleet(t), two) })
		for _, gone := range one {
			if !slices.Contains(two, gone) && !slices.Contains(named, gone) {
				t.Errorf("%s was deleted and not named", gone)
			}
		}
	})
	step("an instance in its own inventory", func(t *testing.T) {
		setPath(d, "./own")
		confirm(d)
		d.Wait("FluxInstance ready")
		until(d, "the sync applies its own instance", func() bool { return len(get(t, kust, cozy, cozy).Status.Inventory.Entries) == 2 })
		uid := get(t, "fluxinstance", cozy, "flux").Metadata.UID
		setPath(d, "./two")
		says(d, "Kustomization/"+cozy+"/"+cozy+" applies this FluxInstance, which is guarded: prune disabled (N3)")
		if named := atStake(d); !slices.Contains(named, "ConfigMap/default/own") || slices.Contains(named, "FluxInstance/"+cozy+"/flux") {
			t.Errorf("named %v; the instance is guarded", named)
		}
		confirm(d)
		d.Wait("FluxInstance ready")
		until(d, "what is not guarded is pruned", func() bool {
			return slices.Equal(fleet(t), []string{"ConfigMap/default/both", "ConfigMap/default/two"})
		})
		if o := get(t, "fluxinstance", cozy, "flux"); o.Metadata.UID != uid {
			t.Error("the instance was made anew")
		}
		if _, there := find(t, repo, cozy, cozy); !there {
			t.Error("Flux was uninstalled")
		}
	})
	step("another name is refused", func(t *testing.T) {
		before := get(t, "fluxinstance", cozy, "flux").Metadata.Generation
		askSync(d, "set sync")
		d.Field("NAME", "fleet")
		d.Button("Next")
		says(d, "the name can't change from "+cozy+" to fleet")
		says(d, "the operator would delete the source and the Kustomization "+cozy+", and with it 2 objects")
		d.Button("Start anew")
		d.Keys("\x1b")
		d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "1 of 2") })
		if now := get(t, "fluxinstance", cozy, "flux").Metadata.Generation; now != before {
			t.Errorf("generation %d became %d", before, now)
		}
	})
	step("another manager owns it", func(t *testing.T) {
		applyAs(t, "platform-operator", fmt.Sprintf(`apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: %s}
spec: {sync: {kind: GitRepository, url: "%s/e2e-fleet.git", ref: refs/heads/main, path: ./two, interval: 1m}}
`, cozy, lab.GitURL))
		before := get(t, "fluxinstance", cozy, "flux").Metadata.Generation
		askSync(d, "set sync")
		d.Wait("./two")
		d.Field("PATH", "./one")
		d.Button("Next")
		d.Wait("Nothing was changed")
		says(d, ".spec.sync.path: platform-operator")
		d.Keys("\x1b")
		d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "Nothing was changed") })
		if o := get(t, "fluxinstance", cozy, "flux"); o.Metadata.Generation != before || o.Spec.Sync["path"] != "./two" {
			t.Errorf("generation %d became %d, path %s", before, o.Metadata.Generation, o.Spec.Sync["path"])
		}
	})
	step("cleared, and what it applied stays", func(t *testing.T) {
		before := fleet(t)
		askSync(d, "clear sync")
		says(d, "suspend Kustomization/"+cozy+"/"+cozy+" first")
		d.Button("Clear sync")
		d.Wait("FluxInstance ready")
		until(d, "the sync is gone", func() bool {
			_, there := find(t, kust, cozy, cozy)
			_, source := find(t, repo, cozy, cozy)
			return !there && !source
		})
		if got := fleet(t); !slices.Equal(got, before) || len(fluxSync(t)) > 0 {
			t.Errorf("left %v of %v, sync %v", got, before, fluxSync(t))
		}
	})
	step("cleared, with all that it named", func(t *testing.T) {
		setPath(d, "./two")
		d.Button("Set sync")
		d.Wait("FluxInstance ready")
		d.Wait("✓ ─")
		before := fleet(t)
		askSync(d, "clear sync")
		named := atStake(d)
		d.To("KEEP")
		d.Keys(" ")
		d.Wait("[ ] suspend Kustomization")
		d.Button("Clear sync")
		d.Wait("objects can be deleted by this")
		d.Field("CONFIRM", cozy)
		d.Button("Clear sync")
		d.Wait("Kustomization gone")
		until(d, "all is deleted", func() bool { return len(fleet(t)) == 0 })
		if !slices.Equal(named, before) {
			t.Errorf("named %v, deleted %v", named, before)
		}
	})
	d.Leave()
}
