package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

// inCluster are the objects with a label, by kind, namespace and name, with
// their UIDs.
func inCluster(t *testing.T, label string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for l := range strings.Lines(kubectl(t, "get", "namespaces,configmaps,"+kust, "-A", "-l", label, "--no-headers",
		"-o", `custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name,U:.metadata.uid`)) {
		f := strings.Fields(l)
		name := f[0] + "/" + f[1] + "/" + f[2]
		if f[1] == "<none>" {
			name = f[0] + "/" + f[2]
		}
		out[name] = f[3]
	}
	return out
}

// gone are those of before that are not there any more.
func gone(before, now map[string]string) []string {
	var out []string
	for name, uid := range before {
		if now[name] != uid {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// What set sync and clear sync name as what is deleted is what the cluster
// deletes, by kind, namespace and name: whatever keeps an object from being
// pruned, and a Kustomization among them that prunes its own.
func TestWhatIsNamedIsWhatIsDeletedOnTheLab(t *testing.T) {
	inLab(t, "cozy", "--no-sync")
	const fleet = "e2e-prune"
	meta := func(kind, ns, name, more string) string {
		if ns != "" {
			ns = ", namespace: " + ns
		}
		return fmt.Sprintf("apiVersion: v1\nkind: %s\nmetadata: {name: %s%s, labels: {e2e: prune}%s}\n", kind, name, ns, more)
	}
	mark := func(name, value string) string {
		return `, annotations: {kustomize.toolkit.fluxcd.io/` + name + `: "` + value + `"}`
	}
	ks := func(name, path string, labels string) string {
		return fmt.Sprintf(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: %s, labels: {%s}}
spec: {interval: 1h, path: %s, prune: true, serviceAccountName: kustomize-controller, sourceRef: {kind: GitRepository, name: %s}}
`, name, cozy, labels, path, cozy)
	}
	both := meta("ConfigMap", "default", "both", "")
	gitRepo(t, fleet, map[string]string{
		"all/ns.yaml": meta("Namespace", "", "prune-one", ""), "all/in.yaml": meta("ConfigMap", "prune-one", "settings", ""),
		"all/marked.yaml": meta("ConfigMap", "prune-one", "marked", mark("prune", "disabled")), "all/both.yaml": both, "all/plain.yaml": meta("ConfigMap", "default", "plain", ""),
		"all/kept.yaml": meta("ConfigMap", "default", "kept", mark("prune", "disabled")), "all/still.yaml": meta("ConfigMap", "default", "still", ""),
		"all/ignored.yaml": meta("ConfigMap", "default", "ignored", mark("ssa", "Ignore")), "all/taken.yaml": meta("ConfigMap", "default", "taken", ""),
		"all/child.yaml": ks("child", "./child", "e2e: prune"), "child/c.yaml": meta("ConfigMap", "default", "of-the-child", ""),
		"taker/taken.yaml":         meta("ConfigMap", "default", "taken", ""),
		"part/both.yaml":           both,
		"empty/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [nothing.yaml]\n",
		"empty/nothing.yaml":       "# nothing\n",
	})
	apply(t, meta("ConfigMap", "default", "ignored", mark("ssa", "Ignore")))
	goes := []string{"ConfigMap/default/both", "ConfigMap/default/of-the-child", "ConfigMap/default/plain", "ConfigMap/prune-one/marked", "ConfigMap/prune-one/settings",
		"Kustomization/" + cozy + "/child", "Namespace/prune-one"}
	d := desk(t, lab.Kubeconfig, "")
	d.Patience = time.Minute
	step := steps(t, &d)
	// full has all of it applied, and the one object taken over by another
	// Kustomization.
	full := func(t *testing.T) map[string]string {
		t.Helper()
		setTo(d, fleet, "./all")
		if strings.Contains(flat(d.Screen()), "type "+cozy+" to confirm") || len(atStake(d)) > 0 {
			d.Field("CONFIRM", cozy)
		}
		d.Button("Set sync")
		d.Wait("FluxInstance ready")
		eventually(t, time.Minute, func() error {
			if now := inCluster(t, "e2e=prune"); len(now) != len(goes)+4 {
				return fmt.Errorf("%v", now)
			}
			return nil
		})
		kubectl(t, "annotate", "--overwrite", "configmap", "-n", "default", "still", "kustomize.toolkit.fluxcd.io/reconcile=disabled")
		apply(t, ks("taker", "./taker", "e2e: none"))
		requestNow(t, kust, cozy, "taker")
		if l := get(t, "configmap", "default", "taken").Metadata.Labels["kustomize.toolkit.fluxcd.io/name"]; l != "taker" {
			t.Fatalf("taken is %s's", l)
		}
		return inCluster(t, "e2e=prune")
	}
	confirm := func(d jobs.Desk, button string) {
		d.T.Helper()
		d.Field("CONFIRM", cozy)
		d.Button(button)
	}
	stays := func(d jobs.Desk) {
		d.T.Helper()
		text := strings.Join(strings.Fields(detail(d)), " ")
		for _, s := range []string{"ConfigMap/default/kept stays: prune disabled", "ConfigMap/default/still stays: reconcile disabled",
			"ConfigMap/default/ignored stays: ssa Ignore", "ConfigMap/default/taken stays: Kustomization/" + cozy + "/taker wrote it last"} {
			if !strings.Contains(text, "# not deleted: "+s) {
				d.T.Errorf("%q is not said:\n%s", s, text)
			}
		}
	}
	same := func(t *testing.T, named []string, before map[string]string, kept ...string) {
		t.Helper()
		want := slices.DeleteFunc(slices.Clone(named), func(s string) bool { return slices.Contains(kept, s) })
		eventually(t, time.Minute, func() error {
			if got := gone(before, inCluster(t, "e2e=prune")); !slices.Equal(got, want) {
				return fmt.Errorf("named %v, of which %v is in the new content; deleted %v", named, kept, got)
			}
			return nil
		})
	}
	step("a path that holds one of them", func(t *testing.T) {
		before := full(t)
		setTo(d, fleet, "./part")
		says(d, "path changed: of the 7 objects")
		named := atStake(d)
		if !slices.Equal(named, goes) {
			t.Errorf("named %v, want %v", named, goes)
		}
		stays(d)
		confirm(d, "Set sync")
		d.Wait("FluxInstance ready")
		same(t, named, before, "ConfigMap/default/both")
	})
	step("a path that holds nothing", func(t *testing.T) {
		before := full(t)
		setTo(d, fleet, "./empty")
		named := atStake(d)
		if !slices.Equal(named, goes) {
			t.Errorf("named %v, want %v", named, goes)
		}
		confirm(d, "Set sync")
		d.Wait("FluxInstance ready")
		same(t, named, before)
	})
	step("cleared without keeping", func(t *testing.T) {
		before := full(t)
		askSync(d, "clear sync")
		named := atStake(d)
		if !slices.Equal(named, goes) {
			t.Errorf("named %v, want %v", named, goes)
		}
		stays(d)
		d.To("KEEP")
		d.Keys(" ")
		d.Wait("[ ] suspend Kustomization")
		confirm(d, "Clear sync")
		d.Wait("Kustomization gone")
		same(t, named, before)
	})
	d.Leave()
}
