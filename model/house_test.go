package model_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// The dependency rule: what each part of the house may import. Tests are
// exempt: those of ui and kube may meet.
var allowed = map[string][]string{
	"tenantry/model":  {"tenantry/model"},
	"tenantry/themes": {"charm.land/lipgloss/", "github.com/charmbracelet/colorprofile"},
	"tenantry/kube":   {"tenantry/model", "tenantry/kube", "k8s.io/", "sigs.k8s.io/", "github.com/fluxcd/", "github.com/spf13/pflag", "golang.org/x/", "filippo.io/age", "github.com/evanphx/json-patch", "gopkg.in/evanphx/json-patch.v4", "google.golang.org/protobuf/"},
	"tenantry/ui":     {"tenantry/model", "tenantry/themes", "tenantry/ui", "charm.land/", "github.com/charmbracelet/", "github.com/sahilm/fuzzy", "golang.org/x/", "go.yaml.in/yaml/", "sigs.k8s.io/yaml"},
	"tenantry":        nil, // the wiring
}

// Never, anywhere: AGPL, or dearer than what they give.
var banned = []string{
	"github.com/controlplaneio-fluxcd/flux-operator", "k8s.io/client-go/kubernetes", "k8s.io/client-go/informers",
	"k8s.io/cli-runtime", "github.com/fluxcd/cli-utils", "sigs.k8s.io/controller-runtime/pkg/client",
}

type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func TestDependencyRule(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "tenantry/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		t.Fatal(err)
	}
	std := map[string]bool{"C": true}
	var ours []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		std[p.ImportPath] = std[p.ImportPath] || p.Standard
		if p.ImportPath == "tenantry" || strings.HasPrefix(p.ImportPath, "tenantry/") {
			ours = append(ours, p)
		}
	}
	if len(ours) < 4 {
		t.Fatalf("only %d packages of ours seen", len(ours))
	}
	for _, p := range ours {
		for _, bad := range banned {
			for _, dep := range p.Deps {
				if dep == bad || strings.HasPrefix(dep, bad+"/") {
					t.Errorf("%s depends on %s", p.ImportPath, dep)
				}
			}
		}
		may, ruled := rule(p.ImportPath)
		if !ruled {
			t.Errorf("%s is in no room of the house", p.ImportPath)
		}
		if may == nil {
			continue
		}
		for _, imp := range p.Imports {
			if !std[imp] && !anyPrefix(imp, may) {
				t.Errorf("%s may not import %s", p.ImportPath, imp)
			}
		}
	}
}

func rule(path string) (may []string, ruled bool) {
	if path == "tenantry" {
		return nil, true
	}
	for room, may := range allowed {
		if room != "tenantry" && (path == room || strings.HasPrefix(path, room+"/")) {
			return may, true
		}
	}
	return nil, false
}

func anyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if s == p || strings.HasPrefix(s, strings.TrimSuffix(p, "/")+"/") {
			return true
		}
	}
	return false
}
