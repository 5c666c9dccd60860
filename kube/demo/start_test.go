package demo_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Starting tenantry on a real cluster costs nothing because this one is
// compiled in: what it imports besides kube does no work at the program's
// start. These do, and much of it.
var costly = []string{
	"github.com/google/gnostic-models/", "github.com/go-openapi/", "google.golang.org/protobuf/reflect/",
	"k8s.io/kube-openapi/pkg/schemaconv", "k8s.io/kube-openapi/pkg/validation/", "k8s.io/kube-openapi/pkg/util/proto",
	"k8s.io/apimachinery/pkg/util/managedfields", "k8s.io/apimachinery/pkg/util/strategicpatch",
	"sigs.k8s.io/structured-merge-diff/v6/typed", "sigs.k8s.io/structured-merge-diff/v6/merge",
	"html/template",
}

func TestImportsNothingCostly(t *testing.T) {
	for pkg := range added(t) {
		if pkg == "text/template" {
			t.Error("text/template is imported: it finds methods by name, for which the linker keeps every method of every type")
		}
		for _, c := range costly {
			if strings.HasPrefix(pkg, c) {
				t.Errorf("%s is imported: every start of tenantry would pay for it", pkg)
			}
		}
	}
}

// TestStartsForNothing counts what the added packages allocate before main.
func TestStartsForNothing(t *testing.T) {
	const limit = 48 << 10 // bytes; 372 KiB when the costly ones were imported
	ours := added(t)
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace bytes.Buffer
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	total, seen, most, worst := 0, 0, 0, ""
	for lines := bufio.NewScanner(&trace); lines.Scan(); {
		var pkg string
		var at, clock float64
		var size, count int
		if n, _ := fmt.Sscanf(lines.Text(), "init %s @%f ms, %f ms clock, %d bytes, %d allocs", &pkg, &at, &clock, &size, &count); n != 5 {
			continue
		}
		seen++
		if ours[strings.ReplaceAll(pkg, "%2e", ".")] {
			total += size
			if size > most {
				most, worst = size, pkg
			}
		}
	}
	if seen < 50 {
		t.Fatalf("only %d packages were traced", seen)
	}
	if total > limit {
		t.Errorf("the embedded cluster allocates %d bytes before main, want at most %d; most of it %s: make it lazy (sync.OnceValue)", total, limit, worst)
	}
}

// added are the packages this one brings into the program.
func added(t *testing.T) map[string]bool {
	out := deps(t, "tenantry/kube/demo")
	for pkg := range deps(t, "tenantry/kube", "tenantry/kube/gitremote", "tenantry/kube/sops", "tenantry/ui") {
		delete(out, pkg)
	}
	if !out["tenantry/kube/demo/api"] || out["tenantry/kube"] {
		t.Fatalf("%d packages listed, not those wanted", len(out))
	}
	return out
}

func deps(t *testing.T, packages ...string) map[string]bool {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-deps"}, packages...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	set := map[string]bool{}
	for pkg := range strings.FieldsSeq(string(out)) {
		set[pkg] = true
	}
	return set
}
