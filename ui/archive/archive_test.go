package archive

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/model/export"
)

func set(paths ...string) export.Set {
	var s export.Set
	for _, p := range paths {
		s.Files = append(s.Files, export.File{Path: p, Objects: []export.Object{{"kind": "Namespace", "metadata": export.Object{"name": p}}}})
	}
	return s
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	first, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"))
	if err != nil || len(first.Written) != 6 {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"))
	if err != nil || len(again.Written)+len(again.Removed) != 0 || len(again.Same) != 6 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	less, err := Write(dir, set("platform/a.yaml"))
	if err != nil || strings.Join(less.Removed, " ") != "tenants/dev/a.yaml tenants/dev/kustomization.yaml" {
		t.Errorf("less: %+v, %v", less, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tenants/dev")); err == nil {
		t.Error("an empty folder is left")
	}
}

// The folder may come from anywhere: nothing outside it is written or removed.
func TestWriteStaysInside(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "precious.yaml")
	keep := func() {
		t.Helper()
		if err := os.WriteFile(outside, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, prepare := range map[string]func(dir string) error{
		"a link for a file":      func(dir string) error { return os.Symlink(outside, filepath.Join(dir, "kustomization.yaml")) },
		"a link for a folder":    func(dir string) error { return os.Symlink(filepath.Dir(outside), filepath.Join(dir, "platform")) },
		"a link for the new one": func(dir string) error { return os.Symlink(outside, filepath.Join(dir, "kustomization.yaml.new")) },
		"a link for the index":   func(dir string) error { return os.Symlink(outside, filepath.Join(dir, indexName)) },
		"an index that climbs": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, indexName), []byte("schemaVersion: 1\nfiles: [../precious.yaml]\n"), 0o600)
		},
		"an index of other files": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, indexName), []byte("schemaVersion: 1\nfiles: [.ssh/id]\n"), 0o600)
		},
		"no index of ours": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, indexName), []byte("hello: there\n"), 0o600)
		},
		"a bomb": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, indexName), []byte("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nfiles: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			keep()
			dir := t.TempDir()
			if err := prepare(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := Write(dir, set("platform/a.yaml")); err == nil {
				t.Error("no word of it")
			}
			if text, err := os.ReadFile(outside); err != nil || string(text) != "precious" {
				t.Errorf("what is outside: %q, %v", text, err)
			}
		})
	}
}
