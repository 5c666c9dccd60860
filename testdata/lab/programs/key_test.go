package programs

import (
	"os"
	"path/filepath"
	"testing"
)

func TestKeyChangesWithWhatIsBuilt(t *testing.T) {
	source := t.TempDir()
	for _, m := range modules() {
		for _, name := range []string{"go.mod", "go.sum"} {
			if err := os.MkdirAll(filepath.Join(source, m), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(source, m, name), []byte(m+name), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	key := func(version string) string {
		k, err := Key(source, version)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	first := key("go1.26.8")
	if key("go1.26.8") != first {
		t.Error("the key is not stable")
	}
	if key("go1.26.9") == first {
		t.Error("another Go version has the same key")
	}
	if err := os.WriteFile(filepath.Join(source, "kwok", "go.sum"), []byte("other"), 0o644); err != nil {
		t.Fatal(err)
	}
	if key("go1.26.8") == first {
		t.Error("another go.sum has the same key")
	}
	if err := os.Remove(filepath.Join(source, "etcd", "go.mod")); err != nil {
		t.Fatal(err)
	}
	if _, err := Key(source, "go1.26.8"); err == nil {
		t.Error("a missing build module went unnoticed")
	}
}

func TestEveryProgramHasItsModule(t *testing.T) {
	source, err := FindSource()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		if _, err := os.Stat(filepath.Join(source, p.module, "go.sum")); err != nil {
			t.Errorf("%s: %v", p.name, err)
		}
	}
}
