package program

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
)

var (
	instances  = schema.GroupKind{Group: "fluxcd.controlplane.io", Kind: "FluxInstance"}
	configMaps = schema.GroupKind{Kind: "ConfigMap"}
	namespaces = schema.GroupKind{Kind: "Namespace"}
	sets       = schema.GroupKind{Group: "fluxcd.controlplane.io", Kind: "ResourceSet"}
)

const fleetURL = "https://git.example.com/platform/own-fleet"

// syncDesk is the program on a platform without a sync, made by Helm, and a
// repository with three contents: one and two, and own, which holds the
// FluxInstance itself.
func syncDesk(t *testing.T) *desk {
	t.Helper()
	d := newDeskOf(t, demo.AdminToken, demo.CompanyOptions{Speed: 20, Bare: true})
	r := d.company.Git.Add(fleetURL, git.Access{})
	settings := func(ns, name string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata: {k: v}\n", name, ns)
	}
	files := map[string]string{
		"one/ns.yaml":   "apiVersion: v1\nkind: Namespace\nmetadata: {name: fleet-one}\n",
		"one/own.yaml":  settings("fleet-one", "settings"),
		"one/both.yaml": settings("default", "settings"),
		"two/own.yaml":  settings("default", "settings-two"),
		"own/instance.yaml": "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: {name: flux, namespace: flux-system}\n" +
			"spec: {distribution: {version: 2.x, registry: ghcr.io/fluxcd}}\n",
		"own/x.yaml": settings("default", "settings-own"),
	}
	changes := map[string]*string{}
	for path, text := range files {
		changes[path] = &text
	}
	r.Push("main", "Describe three fleets", "Mara Lind <mara@example.com>", time.Now(), changes)
	d.start()
	return d
}

func (d *desk) exists(kind schema.GroupKind, ns, name string) bool {
	_, err := d.company.Cluster.Client("test").Get(kind, ns, name)
	return err == nil
}

func (d *desk) syncSpec() map[string]any {
	s, _, _ := unstructured.NestedMap(d.object(instances, "flux-system", "flux").Object, "spec", "sync")
	return s
}

// ask opens set sync or clear sync from the platform's page.
func (d *desk) ask(verb string) {
	d.Helper()
	d.keys("9")
	d.wait("▸ platform")
	d.keys(":" + verb)
	d.wait("of the platform's FluxInstance")
	d.keys("\r")
	d.wait(strings.ToUpper(verb[:1]) + verb[1:] + ": FluxInstance flux-system/flux on prod")
}

func (d *desk) field(label, typed string) {
	d.Helper()
	d.jobs().Field(label, typed)
}

// named are the objects a dialog says are at stake.
func (d *desk) named() []string {
	d.Helper()
	d.keys("\x19") // ctrl+y names them all
	d.wait("# what the dry run changes")
	var out []string
	seen := ""
	for range 40 {
		screen := d.Screen()
		for _, m := range regexp.MustCompile(`#   ([A-Z][A-Za-z]*/\S+)`).FindAllStringSubmatch(screen, -1) {
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
		if screen == seen {
			break
		}
		seen = screen
		d.keys("\x1b[6~") // pgdown
		_, _ = d.WaitFor(300*time.Millisecond, func(now string) bool { return now != screen })
	}
	d.keys("\x19")
	d.wait("HAZARDS")
	slices.Sort(out)
	return out
}

// setPath sets the sync to a path of the fleet, by keys.
func (d *desk) setPath(path string) {
	d.Helper()
	d.ask("set sync")
	d.field("URL", fleetURL)
	d.field("PATH", path)
	d.button("Next")
	d.wait("2 of 2")
}

func TestSetSyncByKeys(t *testing.T) {
	d := syncDesk(t)
	d.setPath("./one")
	d.wait("not by Helm: its chart leaves sync out")
	d.wait("nothing is pruned now: there was no sync")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.wait("✓ ─")
	if !d.exists(configMaps, "fleet-one", "settings") {
		t.Error("what the sync applies is not there")
	}
	instance := d.object(instances, "flux-system", "flux")
	if got := instance.GetAnnotations()["kustomize.toolkit.fluxcd.io/prune"]; got != "disabled" {
		t.Errorf("the guard is %q", got)
	}
	var applies []patch
	for _, p := range d.seenPatches() {
		if !strings.Contains(p.path, "/fluxinstances/") {
			t.Errorf("written elsewhere: %+v", p)
		}
		if strings.Contains(p.body, `"sync"`) {
			applies = append(applies, p)
		}
	}
	want := `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},` +
		`"spec":{"sync":{"kind":"GitRepository","url":"` + fleetURL + `","ref":"refs/heads/main","path":"./one","interval":"1m"}}}`
	for i, p := range applies {
		dry := strings.Contains(p.query, "dryRun=All")
		if p.body != want || dry != (i < len(applies)-1) || !strings.Contains(p.query, "fieldManager=tenantry") ||
			!strings.Contains(p.query, "force=false") || !strings.Contains(p.query, "fieldValidation=Strict") {
			t.Errorf("request %d of %d: %s\n%s\nwant %s", i+1, len(applies), p.query, p.body, want)
		}
	}
	if len(applies) != 4 { // shown, confirmed, once more after the guard, and sent
		t.Errorf("%d applies", len(applies))
	}
	for _, m := range instance.GetManagedFields() {
		if m.Manager == "tenantry" && m.Operation == "Apply" && strings.Contains(m.FieldsV1.GetRawString(), "f:distribution") {
			t.Errorf("tenantry owns more than the sync: %s", m.FieldsV1.GetRawString())
		}
	}
	quit2(t, d)
}

// A path that is not there is followed to where it fails; another one deletes
// the very objects that were named.
func TestSetSyncToAnotherPathByKeys(t *testing.T) {
	t.Parallel()
	d := syncDesk(t)
	d.setPath("./one")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.setPath("./nowhere")
	named := d.named()
	if want := []string{"ConfigMap/default/settings", "ConfigMap/fleet-one/settings", "Namespace/fleet-one"}; !slices.Equal(named, want) {
		t.Errorf("named %v, want %v", named, want)
	}
	d.button("Set sync")
	d.wait("objects can be deleted by this")
	d.field("CONFIRM", "flux-system")
	d.button("Set sync")
	d.wait("there is no path ./nowhere in the repository")
	if !d.exists(configMaps, "fleet-one", "settings") {
		t.Error("a path that is not there has pruned")
	}
	d.setPath("./two")
	d.field("CONFIRM", "flux-system")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.eventually("the named objects are deleted", func() bool {
		return !d.exists(configMaps, "default", "settings") && !d.exists(configMaps, "fleet-one", "settings") && !d.exists(namespaces, "", "fleet-one")
	})
	if !d.exists(configMaps, "default", "settings-two") || !d.exists(namespaces, "", "flux-system") {
		t.Error("something that was not named is gone")
	}
	quit2(t, d)
}

// Somebody else owns the sync: names are said, nothing is changed.
func TestSetSyncConflictByKeys(t *testing.T) {
	d := syncDesk(t)
	other := demo.Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": demo.Object{"name": "flux", "namespace": "flux-system"},
		"spec": demo.Object{"sync": demo.Object{"kind": "GitRepository", "url": fleetURL, "ref": "refs/heads/main", "path": "./one"}}}
	if _, _, _, err := d.company.Cluster.Client("platform-operator").Apply(other, false, false); err != nil {
		t.Fatal(err)
	}
	d.eventually("applied", func() bool { return d.exists(configMaps, "fleet-one", "settings") })
	before := d.object(instances, "flux-system", "flux").GetGeneration()
	d.setPathOnly("./two")
	d.wait("Nothing was changed")
	d.wait(".spec.sync.path: platform-operator")
	if now := d.object(instances, "flux-system", "flux").GetGeneration(); now != before {
		t.Errorf("generation %d became %d", before, now)
	}
	// By force only once it is typed, and shown before it is sent.
	d.field("CONFIRM", "force flux-system")
	d.button("Show with force")
	d.wait("taking over what belongs to others")
	d.field("CONFIRM", "flux-system")
	d.button("Set sync by force")
	d.wait("FluxInstance ready")
	if got := d.syncSpec()["path"]; got != "./two" {
		t.Errorf("path is %v", got)
	}
	quit2(t, d)
}

// setPathOnly changes the path of the sync there is, and goes on.
func (d *desk) setPathOnly(path string) {
	d.Helper()
	d.ask("set sync")
	d.wait("./one")
	d.field("PATH", path)
	d.button("Next")
}

// An instance inside its own inventory: said before, and the guard keeps Flux.
func TestAnInstanceInItsOwnInventoryByKeys(t *testing.T) {
	d := syncDesk(t)
	unguarded := demo.Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": demo.Object{"name": "flux", "namespace": "flux-system"},
		"spec": demo.Object{"sync": demo.Object{"kind": "GitRepository", "url": fleetURL, "ref": "refs/heads/main", "path": "./own"}}}
	if _, _, _, err := d.company.Cluster.Client("tenantry").Apply(unguarded, false, false); err != nil {
		t.Fatal(err)
	}
	d.eventually("in its own inventory", func() bool {
		if !d.exists(kustomizations, "flux-system", "flux-system") {
			return false
		}
		entries, _, _ := unstructured.NestedSlice(d.object(kustomizations, "flux-system", "flux-system").Object, "status", "inventory", "entries")
		return len(entries) == 2
	})
	d.setPath("./one")
	d.wait("applies this FluxInstance")
	d.wait("uninstalls Flux")
	if named := d.named(); !slices.Contains(named, "FluxInstance/flux-system/flux") {
		t.Errorf("named %v", named)
	}
	d.field("CONFIRM", "flux-system")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.eventually("what is not guarded is pruned", func() bool { return !d.exists(configMaps, "default", "settings-own") })
	if !d.exists(instances, "flux-system", "flux") || !d.exists(repositories, "flux-system", "flux-system") {
		t.Error("Flux was uninstalled")
	}
	quit2(t, d)
}

// Another name is refused; clearing keeps what was applied, or deletes what it
// named.
func TestClearSyncByKeys(t *testing.T) {
	t.Parallel()
	d := syncDesk(t)
	d.setPath("./one")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.ask("set sync")
	d.field("NAME", "fleet")
	d.button("Next")
	d.wait("the name can't change from flux-system to fleet")
	d.button("Start anew") // what was typed would stay
	d.wait("the namespace's")
	d.keys("\x1b")
	if _, err := d.WaitFor(10*time.Second, func(s string) bool { return !strings.Contains(s, "1 of 2") }); err != nil {
		t.Fatal(err)
	}
	d.ask("clear sync")
	d.button("Clear sync")
	d.wait("FluxInstance ready")
	d.eventually("the sync is gone", func() bool { return !d.exists(kustomizations, "flux-system", "flux-system") })
	if !d.exists(configMaps, "fleet-one", "settings") || d.syncSpec() != nil {
		t.Errorf("what was applied is gone, or the sync is not: %v", d.syncSpec())
	}
	d.setPath("./one")
	d.button("Set sync")
	d.wait("FluxInstance ready")
	d.ask("clear sync")
	named := d.named()
	d.jobs().To("KEEP")
	d.keys(" ")
	d.wait("[ ] suspend Kustomization")
	d.field("CONFIRM", "flux-system")
	d.button("Clear sync")
	d.wait("Kustomization gone")
	for _, kind := range []struct {
		gk       schema.GroupKind
		ns, name string
	}{{configMaps, "fleet-one", "settings"}, {configMaps, "default", "settings"}, {namespaces, "", "fleet-one"}} {
		gone := kind.gk.Kind + "/" + strings.TrimPrefix(kind.ns+"/"+kind.name, "/")
		if !slices.Contains(named, gone) {
			t.Errorf("%s was not named: %v", gone, named)
		}
		d.eventually(gone+" is deleted", func() bool { return !d.exists(kind.gk, kind.ns, kind.name) })
	}
	quit2(t, d)
}
