package uitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "write the golden screens instead of comparing")

// Golden compares a screen's text with testdata/golden/<name>.txt at the top of
// the repository. Styles are left out and ends of lines trimmed.
func Golden(t *testing.T, name, screen string) {
	t.Helper()
	lines := strings.Split(ansi.Strip(screen), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	golden(t, name+".txt", strings.Join(lines, "\n")+"\n")
}

// GoldenStyled compares a screen with its styles; escape is written as ␛, so
// that the file can be read and does nothing to the terminal that shows it.
func GoldenStyled(t *testing.T, name, screen string) {
	t.Helper()
	golden(t, name+".ansi", strings.ReplaceAll(screen, "\x1b", "␛")+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(root(t), "testdata", "golden", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./ui/... -update writes it)", err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := 0; i < max(len(g), len(w)); i++ {
		a, b := at(g, i), at(w, i)
		if a != b {
			t.Errorf("%s, line %d:\n got  %q\n want %q", name, i+1, a, b)
			return
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// root is the folder with go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
}
