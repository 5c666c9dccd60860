package archive

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
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
	first, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"), nil)
	if err != nil || len(first.Written) != 6 {
		t.Fatalf("%+v, %v", first, err)
	}
	again, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"), nil)
	if err != nil || len(again.Written)+len(again.Removed) != 0 || len(again.Same) != 6 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	less, err := Write(dir, set("platform/a.yaml"), nil)
	if err != nil || strings.Join(less.Removed, " ") != "tenants/dev/a.yaml tenants/dev/kustomization.yaml" {
		t.Errorf("less: %+v, %v", less, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tenants/dev")); err == nil {
		t.Error("an empty folder is left")
	}
}

// What no export wrote is neither overwritten nor taken from Flux by a
// kustomization.yaml that does not list it; then nothing at all is written.
func TestWriteLeavesOthersAlone(t *testing.T) {
	const theirs = "# mine, precious\n"
	for name, c := range map[string]struct {
		earlier []string // an export that is there already
		file    string
		refused bool
	}{
		"Flux applies it from a folder without kustomization.yaml": {nil, "cm.yaml", true},
		"in a folder below":                             {nil, "apps/cm.yml", true},
		"anything at all":                               {nil, "notes.md", true},
		"a kustomization.yaml":                          {nil, "kustomization.yaml", true},
		"what is written beside":                        {nil, "kustomization.yaml.new", true},
		"Git's":                                         {nil, ".git/config", false},
		"a README":                                      {nil, "README.md", false},
		"an object that calls itself a README":          {nil, "README.yaml", true},
		"later, beside an export":                       {[]string{"platform/a.yaml"}, "notes.yaml", false},
		"later, where the next one would write":         {[]string{"platform/a.yaml"}, "tenants/dev/a.yaml", true},
		"later, where the next one would make a list":   {[]string{"platform/a.yaml"}, "tenants/dev/mine.yaml", true},
		"later, in a folder that has a list of its own": {[]string{"tenants/dev/a.yaml"}, "tenants/dev/mine.yaml", false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.earlier != nil {
				if _, err := Write(dir, set(c.earlier...), nil); err != nil {
					t.Fatal(err)
				}
			}
			path := filepath.Join(dir, c.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(theirs), 0o600); err != nil {
				t.Fatal(err)
			}
			count := func() int {
				n := 0
				_ = filepath.WalkDir(dir, func(string, os.DirEntry, error) error { n++; return nil })
				return n
			}
			before := count()
			_, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"), nil)
			var not *NotOurs
			if errors.As(err, &not) != c.refused || !c.refused && err != nil {
				t.Fatal(err)
			}
			if c.refused && (!strings.Contains(err.Error(), path+" is there") || !strings.Contains(err.Error(), filepath.Join(dir, "fleet")) || count() != before) {
				t.Errorf("%d files, before %d: %v", count(), before, err)
			}
			if text, err := os.ReadFile(path); err != nil || string(text) != theirs {
				t.Errorf("%q, %v", text, err)
			}
		})
	}
}

// One that was killed is gone on with; a restore does not take the half of it.
func TestWriteGoesOnAfterAKill(t *testing.T) {
	dir := t.TempDir()
	killed := func(*Result) { panic("killed") }
	func() {
		defer func() { _ = recover() }()
		_, _ = Write(dir, set("platform/a.yaml"), killed)
	}()
	if _, err := Write(dir, set("platform/a.yaml"), nil); err != nil {
		t.Fatal(err)
	}
	// Killed before the first file was whole: it is listed, and half beside.
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	before, err := readIndex(root)
	if err != nil {
		t.Fatal(err)
	}
	files, err := render(set("platform/a.yaml", "tenants/dev/a.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := write(dir, root, &before, files, &Result{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "tenants/dev"), 0o700), os.WriteFile(filepath.Join(dir, "tenants/dev/a.yaml.new"), []byte("api"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "not whole") {
		t.Errorf("read back: %v", err)
	}
	if r, err := Write(dir, set("platform/a.yaml", "tenants/dev/a.yaml"), nil); err != nil || len(r.Written) != 4 {
		t.Errorf("%+v, %v", r, err)
	}
	if f, err := Read(dir); err != nil || len(f.Objects) != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

// What a file is written into first may have become anything meanwhile.
func TestWriteBesideIsNeitherFollowedNorOpened(t *testing.T) {
	for name, prepare := range map[string]func(path string) error{
		"a link": func(path string) error { return os.Symlink("../mine.txt", path) },
		"a pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if _, err := Write(dir, set("platform/a.yaml"), nil); err != nil {
				t.Fatal(err)
			}
			mine, at := filepath.Join(dir, "mine.txt"), filepath.Join(dir, "platform/a.yaml")
			if err := errors.Join(os.WriteFile(mine, []byte("mine"), 0o600), os.WriteFile(at, nil, 0o600), prepare(at+".new")); err != nil {
				t.Fatal(err)
			}
			over := time.AfterFunc(10*time.Second, func() { panic("it waits for a pipe") })
			defer over.Stop()
			if _, err := Write(dir, set("platform/a.yaml"), nil); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(mine)
			if info, lerr := os.Lstat(at); err != nil || string(text) != "mine" || lerr != nil || !info.Mode().IsRegular() || info.Size() == 0 {
				t.Errorf("%q, %v; %v, %v", text, err, info, lerr)
			}
		})
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
			if _, err := Write(dir, set("platform/a.yaml"), nil); err == nil {
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
	if _, err := Write(dir, set("platform/a.yaml"), nil); err != nil {
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
	if _, err := Write(dir, s, nil); err != nil {
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
		head + "data: {a: 'ENC[x]'}\nsops: {}\n":         false,
		head + "data: [{a: hidden-canary}]\n" + seal:     false,
		head + "Data: {a: hidden-canary}\n" + seal:       false,
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
