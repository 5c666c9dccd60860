package archive

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

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

// Two that write to one folder, or one that writes and one that reads it back,
// exclude each other; two that read do not.
func TestOneAtATime(t *testing.T) {
	dir := t.TempDir()
	if _, err := Write(dir, set("platform/a.yaml")); err != nil {
		t.Fatal(err)
	}
	release, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Hold(dir); err == nil || !strings.Contains(err.Error(), "another tenantry uses") {
		t.Errorf("a second writer: %v", err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "another tenantry uses") {
		t.Errorf("a reader meanwhile: %v", err)
	}
	release()
	if _, err := Read(dir); err != nil {
		t.Errorf("a reader after it: %v", err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, ".*")); len(files) > 0 {
		t.Errorf("left behind: %v", files)
	}
}

// What is written is what is read back.
func TestReadBack(t *testing.T) {
	dir := t.TempDir()
	text := "yes: 'no'\ndata:\n- 1\n- 0.5\n- true\n- null\n- \"2026-11-22\"\n- |-\n  --- x\n  y\n"
	docs, err := parse([]byte("# c\n---\n" + text + "---\n---\na: b\n"))
	if err != nil || len(docs) != 2 {
		t.Fatalf("%v, %v", docs, err)
	}
	s := export.Set{Files: []export.File{{Path: "tenants/a/1_access.yaml", Objects: docs}}}
	if _, err := Write(dir, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tenants/a/mine.yaml"), []byte("a: b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Read(dir)
	if err != nil || len(f.Objects) != 2 || len(f.Unlisted) != 1 {
		t.Fatalf("%+v, %v", f, err)
	}
	if got := f.Objects[0].Object; !reflect.DeepEqual(got, docs[0]) {
		t.Errorf("%#v, want %#v", got, docs[0])
	}
}

// What is encrypted is known as such; half of it is not enough.
func TestSealed(t *testing.T) {
	const head, seal = "kind: Secret\nmetadata: {name: a, namespace: b}\n", "sops: {mac: x}\n"
	for text, ok := range map[string]bool{
		head + "data: {a: 'ENC[x]'}\n" + seal:            true,
		head + "data: {a: 'ENC[x]'}\n":                   false,
		head + "data: {a: 'ENC[x]', b: Yg==}\n" + seal:   false,
		head + "stringData: {a: hidden-canary}\n" + seal: false,
	} {
		docs, err := parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var f Folder
		err = f.take("x.yaml", docs[0])
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: b\n---\nc: [1, {d: e}]\n", "a: &x [*x]\n", "--- |\n x\n", "? [a]\n: b\n", "\xff\xfe", "a: !!int x\n", "<<: {a: b}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		began := time.Now()
		docs, err := parse(text)
		if took := time.Since(began); took > 2*time.Second {
			t.Fatalf("%d bytes took %s: %q", len(text), took, text[:min(len(text), 300)])
		}
		if err == nil {
			for _, d := range docs {
				if _, err := documents([]export.Object{d}); err != nil {
					t.Errorf("%q can't be written: %v", text, err)
				}
			}
		}
	})
}
