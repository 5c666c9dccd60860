package program

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tenantry/kube/demo"
)

// A folder may be anybody's: nothing of it harms, nothing outside is read, and
// what is wrong is said with its file.
func TestRestoreOfHostileFolders(t *testing.T) {
	d := shops(t, demo.CompanyOptions{Bare: true})
	const index = "schemaVersion: 1\nfiles: [tenants/a/1_access.yaml]\n"
	space := "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"
	outside := write(t, "outside.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: precious}\n")
	file := "tenants/a/1_access.yaml"
	for name, c := range map[string]struct {
		index, text string
		prepare     func(path string) error
		says        string
	}{
		"no export": {index: "-", says: "is no folder tenantry has exported to"},
		"no index":  {index: "\x01", says: "export.yaml is not an export's: document 1: it can't be read as YAML: control characters are not allowed\n"},
		"not whole": {says: "is not there, though export.yaml names it"},
		"a link":    {prepare: func(p string) error { return os.Symlink(outside, p) }, says: file + " can't be read: it is a link"},
		"a linked folder": {index: "schemaVersion: 1\nfiles: [b/1_access.yaml]\n", prepare: func(p string) error {
			return os.Symlink(filepath.Dir(outside), filepath.Join(filepath.Dir(p), "../../b"))
		}, says: "b is a link"},
		"climbing":          {index: "schemaVersion: 1\nfiles: [../outside.yaml]\n", says: `export.yaml names "../outside.yaml"`},
		"absolute":          {index: "schemaVersion: 1\nfiles: [" + outside + "]\n", says: "export.yaml names"},
		"a pipe":            {prepare: func(p string) error { return syscall.Mkfifo(p, 0o600) }, says: file + " can't be read: it is no ordinary file"},
		"a folder":          {prepare: func(p string) error { return os.Mkdir(p, 0o700) }, says: file + " can't be read: it is no ordinary file"},
		"a huge file":       {prepare: func(p string) error { return os.WriteFile(p, bytes.Repeat([]byte("#"), 17<<20), 0o600) }, says: file + " can't be read: it is larger than 16 MB"},
		"a huge document":   {text: space + "#" + strings.Repeat("x", 4<<20), says: file + ": document 1 is larger than 3 MB"},
		"too many files":    {index: "schemaVersion: 1\nfiles:\n" + strings.Repeat("- a/b.yaml\n", 100_001), says: "export.yaml names 100001 files"},
		"a bomb":            {text: "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n", says: file + ": document 1: line 1 of it: anchors and aliases"},
		"too deep":          {text: strings.Repeat("[", 5000) + strings.Repeat("]", 5000), says: file + ": document 1: "},
		"a field twice":     {text: "apiVersion: v1\nkind: Namespace\nmetadata: {name: a, name: b}\n", says: file + `: document 1: line 3 of it: the field "name" is there twice`},
		"an object twice":   {text: space + "---\n" + space, says: file + ": Namespace/a is there twice"},
		"an unknown kind":   {text: "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: miner, namespace: a}\n", says: file + ": DaemonSet/a/miner: DaemonSet of apps/v1 is no part of a platform or tenant"},
		"another's kind":    {text: "apiVersion: example.com/v1\nkind: Kustomization\nmetadata: {name: x, namespace: a}\n", says: file + ": Kustomization/a/x: Kustomization of example.com/v1 is no part"},
		"a Secret in clear": {text: "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: a}\nstringData: {password: canary}\n", says: file + ": the Secret a/s is there in clear"},
		"a climbing name":   {text: "apiVersion: v1\nkind: Namespace\nmetadata: {name: ../x}\n", says: file + `: Namespace/../x: "../x" is no name`},
		"no YAML":           {text: "a: [b\n", says: file + ": document 1: it can't be read as YAML"},
		"another tag":       {text: "apiVersion: !!binary aGk=\n", says: file + ": document 1: line 1 of it: the tag !!binary is not taken"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			text := c.index
			if text == "" {
				text = index
			}
			if text != "-" {
				if err := os.WriteFile(filepath.Join(dir, "export.yaml"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.prepare != nil {
				if err := c.prepare(path); err != nil {
					t.Fatal(err)
				}
			} else if c.text != "" {
				if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			w := (&desk{T: t, config: d.config, state: d.state, home: d.home}).once("restore", dir, "--yes")
			if w.code != 3 || !strings.Contains(w.stderr, c.says) {
				t.Errorf("exit %d, want 3 and %q", w.code, c.says)
			}
			if strings.Contains(w.stderr+w.stdout, "precious") || strings.Contains(w.stderr+w.stdout, "canary") {
				t.Error("what it should not have read is shown")
			}
		})
	}
	if got := d.applied(); len(got) > 0 {
		t.Errorf("applied: %v", got)
	}
}
