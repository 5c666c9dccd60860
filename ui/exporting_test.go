package ui_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/model/onboard"
	"tenantry/testdata/folder"
	"tenantry/ui"
)

// exported runs an export of an embedded cluster and returns its files.
func exported(t *testing.T, c *demo.Company, dir string, tenants ...string) map[string]string {
	t.Helper()
	session, err := kube.Open(t.Context(), c.Config(), kube.Options{Context: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var talk bytes.Buffer
	if err := ui.Export(context.Background(), session, &talk, ui.ExportRun{Dir: dir, Tenants: tenants, Limit: time.Minute}); err != nil {
		t.Fatalf("%v\n%s", err, talk.String())
	}
	return folder.Read(t, dir)
}

// withTenant is a cluster with nothing but Flux, and a tenant with two
// namespaces of which objects have the same names.
func withTenant(t *testing.T) *demo.Company {
	t.Helper()
	c := demo.NewCompany(demo.CompanyOptions{Bare: true, Manual: true})
	t.Cleanup(c.Close)
	spec := onboard.Spec{Name: "shop", Spaces: []onboard.Space{{Namespace: "shop-stage", Path: "./stage"}, {Namespace: "shop-prod", Path: "./prod"}},
		Source: onboard.Source{URL: "https://git.example.com/acme/shop"}, Quota: onboard.Quota{CPU: "4"}, Isolate: true}
	for _, o := range spec.Objects() {
		body := demo.Object{}
		if err := yaml.Unmarshal(o.Body, &body); err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := c.Cluster.Client("tenantry").Apply(body, false, false); err != nil {
			t.Fatalf("%s: %v", o.Ref, err)
		}
	}
	return c
}

// What was exported is all it takes: applied to a cluster with nothing but
// Flux it gives the same tenant, whose export is the same to the byte.
func TestExportComesBackAsItWas(t *testing.T) {
	first := exported(t, withTenant(t), t.TempDir())
	for _, want := range []string{"platform/2_platform.yaml", "tenants/shop/1_access.yaml", "tenants/shop/3_source.yaml", "tenants/shop/4_sync.yaml",
		"tenants/shop/kustomization.yaml", "kustomization.yaml", "export.yaml"} {
		if first[want] == "" {
			t.Errorf("%s is not there", want)
		}
	}
	for name, text := range first {
		for _, never := range []string{"managedFields", "resourceVersion", "status:", "kind: Secret\n", "requestedAt", "uid:"} {
			if strings.Contains(text, never) {
				t.Errorf("%s holds %q:\n%s", name, never, text)
			}
		}
	}
	bare := demo.NewCompany(demo.CompanyOptions{Bare: true, Manual: true})
	defer bare.Close()
	apply(t, bare, first)
	second := exported(t, bare, t.TempDir())
	for name, text := range first {
		if second[name] != text {
			t.Errorf("%s differs:\n--- first\n%s\n--- second\n%s", name, text, second[name])
		}
	}
	for name := range second {
		if _, ok := first[name]; !ok {
			t.Errorf("%s is new", name)
		}
	}
}

// apply applies all files in the order of their names.
func apply(t *testing.T, c *demo.Company, all map[string]string) {
	t.Helper()
	client := c.Cluster.Client("test")
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if base := filepath.Base(name); base == "kustomization.yaml" || base == "export.yaml" {
			continue
		}
		for _, doc := range strings.Split(all[name], "\n---\n") {
			o := demo.Object{}
			if err := yaml.Unmarshal([]byte(doc), &o); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, _, _, err := client.Apply(o, true, false); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// What Git applies already is not exported a second time: it is named, with
// what makes it.
func TestExportLeavesOutWhatGitMakes(t *testing.T) {
	c := demo.NewCompany(demo.CompanyOptions{Manual: true})
	defer c.Close()
	all := exported(t, c, t.TempDir())
	for name, text := range all {
		if strings.Contains(text, "name: fluxdemo-prod\n") {
			t.Errorf("%s has it:\n%s", name, text)
		}
	}
	if index := all["export.yaml"]; !strings.Contains(index, "object: Namespace/fluxdemo-prod") || !strings.Contains(index, "madeBy: Kustomization/") {
		t.Errorf("export.yaml:\n%s", index)
	}
}

// From its file it would come to life again.
func TestExportLeavesOutWhatIsBeingDeleted(t *testing.T) {
	c := withTenant(t)
	held := demo.Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": demo.Object{"name": "held", "namespace": "shop-stage", "finalizers": []any{"example.com/held"}}}
	client := c.Cluster.Client("tenantry")
	if _, err := client.Create(held); err != nil {
		t.Fatal(err)
	}
	if files := exported(t, c, t.TempDir()); !strings.Contains(files["tenants/shop/1_access.yaml"], "name: held") {
		t.Fatalf("it is not there while it lives:\n%s", files["tenants/shop/1_access.yaml"])
	}
	if err := client.Delete(schema.GroupKind{Kind: "ServiceAccount"}, "shop-stage", "held", nil); err != nil {
		t.Fatal(err)
	}
	session, err := kube.Open(t.Context(), c.Config(), kube.Options{Context: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	var talk bytes.Buffer
	dir := t.TempDir()
	if err := ui.Export(t.Context(), session, &talk, ui.ExportRun{Dir: dir, Limit: time.Minute}); err != nil {
		t.Fatal(err)
	}
	for name, text := range folder.Read(t, dir) {
		if strings.Contains(text, "name: held") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	if want := "ServiceAccount/shop-stage/held is left out: it is being deleted"; !strings.Contains(talk.String(), want) {
		t.Errorf("%q is not said:\n%s", want, talk.String())
	}
}

func TestExportAgainChangesOnlyWhatChanged(t *testing.T) {
	c := withTenant(t)
	dir := t.TempDir()
	before := exported(t, c, dir)
	if err := os.WriteFile(filepath.Join(dir, "notes.md"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	// The platform is not exported any more; the rest and what is not ours stay.
	after := exported(t, c, dir, "shop")
	if after["notes.md"] != "mine" || after["platform/2_platform.yaml"] != "" {
		t.Errorf("files: %v", after)
	}
	if name := "tenants/shop/4_sync.yaml"; after[name] != before[name] || after[name] == "" {
		t.Errorf("%s changed:\n%s\n%s", name, before[name], after[name])
	}
}
