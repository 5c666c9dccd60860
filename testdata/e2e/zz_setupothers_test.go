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

// setupOn starts tenantry setup.
func setupOn(t *testing.T, kubeconfig string) jobs.Desk {
	t.Helper()
	d := desk(t, kubeconfig, "", "setup")
	d.Patience = time.Minute
	return d
}

// stepOf goes to a step of the setup.
func stepOf(d jobs.Desk, n int, name string) {
	d.T.Helper()
	at := regexp.MustCompile(fmt.Sprintf(`│ +%d %s   `, n, name))
	d.Keys("g")
	d.Until("the first step", regexp.MustCompile(`│ +1 permissions   `).MatchString) // and not the one that was looked at
	for range 9 {
		if _, err := d.WaitFor(time.Second, at.MatchString); err == nil {
			return
		}
		d.Keys("\t")
	}
	d.T.Fatalf("no way to the step %s:\n%s", name, d.Screen())
}

// explains waits until a step's own side of the page says something.
func explains(d jobs.Desk, text string) {
	d.T.Helper()
	d.Until("it says "+text, func(screen string) bool {
		var out []string
		for l := range strings.Lines(screen) {
			_, right, _ := strings.Cut(l, "│")
			out = append(out, strings.Fields(right)...)
		}
		return strings.Contains(strings.Join(out, " "), text)
	})
}

// raw is an object as the API server has it.
func raw(t *testing.T, kind, ns, name string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(kubectl(t, "get", "-n", ns, kind, name, "-o", "json", "--show-managed-fields")), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

// fieldsOf are the fields a manager owns in the way it wrote them, by manager
// and operation, as JSON.
func fieldsOf(o map[string]any) map[string]string {
	out := map[string]string{}
	for _, m := range o["metadata"].(map[string]any)["managedFields"].([]any) {
		m := m.(map[string]any)
		if m["subresource"] != nil {
			continue
		}
		text, _ := json.Marshal(m["fieldsV1"])
		out[fmt.Sprint(m["manager"], " ", m["operation"])] = string(text)
	}
	return out
}

// On a FluxInstance a platform made by Helm, setup sets the sync alone: Helm
// keeps all its fields, the one guard is put on, and the lasting change is said
// to belong to the platform.
func TestSetupSetsOnlyTheSyncOfCozystackOnTheLab(t *testing.T) {
	inLab(t, "cozy", "--no-sync")
	gitRepo(t, "e2e-cozy", map[string]string{"clusters/cozy/c.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: e2e-cozy, namespace: default}\n"})
	before := raw(t, "fluxinstance", cozy, "flux")
	from := auditEnd(t)
	r := record(t)
	applies := r.applies(t)
	d := setupOn(t, r.kubeconfig(t))

	stepOf(d, 3, "FluxInstance")
	explains(d, "Cozystack's addon made it, by Helm of release cozy-fluxcd/fluxcd: what is changed here it writes back, so setup leaves it alone")
	stepOf(d, 4, "credential")
	d.Keys("\r")
	d.Wait("Create git credential: Secret " + cozy + "/flux-system on lab")
	url := lab.GitURL + "/private/e2e-cozy.git"
	d.Field("URL", url)
	d.Wait("< user and password >")
	d.Field("USER", "demo")
	masked(d, "PASSWORD", "lab-password")
	d.Button("Try")
	says(d, "visible from here")
	d.Button("Save")
	d.Wait("no source fetches with it yet")
	d.Button("Close")

	stepOf(d, 5, "sync")
	explains(d, "its sync is left to you: setup sets that alone, puts guards on, and says where the lasting change belongs")
	d.Keys("\r")
	d.Wait("Set sync: FluxInstance " + cozy + "/flux on lab")
	d.Wait(url)
	d.Field("PATH", "./clusters/cozy")
	d.Button("Next")
	d.Wait("2 of 2")
	for _, s := range []string{"not by Helm: its chart leaves sync out", "[x] kustomize.toolkit.fluxcd.io/prune: disabled",
		"LASTING in the platform's Kubernetes app, through addons.fluxcd.valuesOverride: the chart's value instance.sync; ctrl+o prints it"} {
		says(d, s)
	}
	d.Keys("\x0f") // ctrl+o
	d.Wait("valuesOverride:")
	for _, s := range []string{"addons: fluxcd: valuesOverride: flux-instance: instance: sync: kind: GitRepository", "url: " + url, "path: ./clusters/cozy"} {
		says(d, s)
	}
	d.Keys("\x0f")
	d.Wait("HAZARDS")
	d.Button("Set sync")
	d.Until("the sync is done", func(s string) bool { return strings.Contains(s, "✓ 5 sync") })
	eventually(t, time.Minute, func() error {
		if _, there := find(t, "configmap", "default", "e2e-cozy"); !there {
			return fmt.Errorf("nothing was applied")
		}
		return nil
	})

	after := raw(t, "fluxinstance", cozy, "flux")
	was, is := before["spec"].(map[string]any), maps.Clone(after["spec"].(map[string]any))
	want := map[string]any{"kind": "GitRepository", "url": url, "ref": "refs/heads/main", "path": "./clusters/cozy", "interval": "1m", "pullSecret": "flux-system"}
	if got := is["sync"]; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the sync is %v, want %v", got, want)
	}
	delete(is, "sync")
	if fmt.Sprint(is) != fmt.Sprint(was) {
		t.Errorf("other fields of spec changed:\n%v\n%v", was, is)
	}
	marks := maps.Clone(after["metadata"].(map[string]any)["annotations"].(map[string]any))
	if got := marks["kustomize.toolkit.fluxcd.io/prune"]; got != "disabled" {
		t.Errorf("the guard is %v", got)
	}
	delete(marks, "kustomize.toolkit.fluxcd.io/prune")
	if old := before["metadata"].(map[string]any)["annotations"]; fmt.Sprint(marks) != fmt.Sprint(old) {
		t.Errorf("annotations: %v became %v", old, marks)
	}
	if a, b := fmt.Sprint(before["metadata"].(map[string]any)["labels"]), fmt.Sprint(after["metadata"].(map[string]any)["labels"]); a != b {
		t.Errorf("labels: %s became %s", a, b)
	}
	old, now := fieldsOf(before), fieldsOf(after)
	if now["helm Update"] == "" || now["helm Update"] != old["helm Update"] {
		t.Errorf("Helm's fields:\n%s\nbecame\n%s", old["helm Update"], now["helm Update"])
	}
	const own = `{"f:spec":{"f:sync":{"f:interval":{},"f:kind":{},"f:path":{},"f:pullSecret":{},"f:ref":{},"f:url":{}}}}`
	const guard = `{"f:metadata":{"f:annotations":{"f:kustomize.toolkit.fluxcd.io/prune":{}}}}`
	if now["tenantry Apply"] != own || now["tenantry Update"] != guard {
		t.Errorf("tenantry owns %s and %s", now["tenantry Apply"], now["tenantry Update"])
	}
	if all := written(t, from); !slices.Contains(all, "patch "+cozy+"/fluxinstances/flux") || slices.ContainsFunc(all, func(w string) bool {
		return w != "patch "+cozy+"/fluxinstances/flux" && w != "create "+cozy+"/secrets/flux-system" && w != "create "+cozy+"/secrets/"
	}) {
		t.Errorf("written: %v", all)
	}
	for _, x := range applies() {
		if strings.Contains(x.query, "force=true") || !strings.Contains(x.body, `"spec":{"sync":{`) || strings.Contains(x.body, "distribution") {
			t.Errorf("applied: %s %s", x.query, x.body)
		}
	}
	d.Leave()
}

// Flux that its own CLI set up is recognised and explained; going through all
// steps and asking for what there is writes nothing.
func TestSetupExplainsBootstrappedFluxOnTheLab(t *testing.T) {
	inLab(t, "bootstrap")
	from := auditEnd(t)
	d := setupOn(t, lab.Kubeconfig)
	stepOf(d, 2, "operator")
	for _, s := range []string{"without an operator: made by flux bootstrap or flux install",
		"the operator belongs into the same namespace, flux-system; a FluxInstance there takes these controllers over as they run; its sync must be named flux-system like the one there, or two syncs would run",
		"once the sync is set, and not before, Flux's own manifests (the folder flux-system) are taken out of Git"} {
		explains(d, s)
	}
	d.Keys("\r")
	d.Wait("Install the Flux Operator on lab")
	d.Keys("\x1b")
	d.Until("the dialog is gone", func(s string) bool { return !strings.Contains(s, "[ Cancel ]") && !strings.Contains(s, "[ Close ]") })
	stepOf(d, 3, "FluxInstance") // what it is to be can be printed before its kind is there
	d.Keys("\r")
	d.Wait("Set up FluxInstance flux on lab")
	d.Button("Next")
	says(d, "the kind FluxInstance is not served yet: the operator comes first, step 2; ctrl+o prints it")
	d.Keys("\x1b")
	d.Until("the dialog is gone", func(s string) bool { return !strings.Contains(s, "[ Cancel ]") })
	for n, name := range []string{"credential", "sync"} {
		stepOf(d, n+4, name)
		d.Keys("\r")
		d.Wait("the operator comes first, step 2")
	}
	if w := written(t, from); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
	if len(audit(t, from)) == 0 {
		t.Error("nothing was asked, so nothing was proved")
	}
	d.Leave()
}
