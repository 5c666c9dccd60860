package scenes

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenantry/lab/cluster"
)

var healths = []string{
	"Ready", "Reconciling", "Failed", "Stalled", "Blocked", "Suspended", "Pending", "Unobserved",
	"Outdated", "Stuck", "Terminating", "Unknown", "NotApplicable",
}

func TestExpectationsAreComplete(t *testing.T) {
	seen := map[cluster.Ref]bool{}
	for _, e := range BrokenExpectations() {
		if !slices.Contains(healths, e.Health) || (e.Until != "" && !slices.Contains(healths, e.Until)) {
			t.Errorf("%v expects the unknown health %q %q", e.ref(), e.Health, e.Until)
		}
		if e.Why == "" || apiVersions[e.Kind] == "" {
			t.Errorf("%v lacks a reason or a version", e.ref())
		}
		if seen[e.ref()] {
			t.Errorf("%v stands in the tables twice", e.ref())
		}
		seen[e.ref()] = true
		if e.Health == "Blocked" && e.Cause == nil && e.Name != "no-dependency" {
			t.Errorf("%v is blocked by nothing", e.ref())
		}
	}
	for _, e := range spoiled {
		if !seen[e.ref()] {
			t.Errorf("%v is spoiled but was never good", e.ref())
		}
	}
	for _, e := range BrokenExpectations() {
		if e.Cause != nil && !seen[(Expectation{Kind: e.Cause.Kind, Namespace: e.Cause.Namespace, Name: e.Cause.Name}).ref()] {
			t.Errorf("the cause of %v is not in the tables", e.ref())
		}
	}
}

// Every source and sync of a manifest must be in the tables, so that nothing
// broken goes unexplained.
func TestManifestsAndExpectationsAgree(t *testing.T) {
	expected := map[cluster.Ref]bool{}
	for _, e := range BrokenExpectations() {
		expected[e.ref()] = true
	}
	data := map[string]any{"Namespace": "flux-system", "Version": "v0", "Git": "http://127.0.0.1:1", "Sources": []lockedSource{{Name: "ssh-ok", URL: "ssh://x"}}}
	for _, name := range []string{"team-x.yaml", "team-y.yaml", "team-z.yaml", "platform.yaml"} {
		objects, err := render(name, data)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			r := o.Ref()
			if strings.Contains(r.APIVersion, "fluxcd") && !expected[r] && r.Name != "team-z" {
				t.Errorf("%s makes %v, which the tables do not know", name, r)
			}
		}
	}
}

func TestEveryManifestRenders(t *testing.T) {
	for _, t1 := range Tenants {
		objects, err := render("demo.yaml", map[string]any{"Git": "http://x", "Tenant": t1, "Viewer": true, "User": "u", "Group": "g"})
		if err != nil || len(objects) != 6 {
			t.Errorf("demo of %s: %d objects, %v", t1.Name, len(objects), err)
		}
		for name, body := range t1.files() {
			if _, err := cluster.Parse([]byte(body)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, name := range []string{"cozy-tenants.yaml", "cozy-fleet.yaml", "operator.yaml", "instance.yaml", "bootstrap-sync.yaml", "bootstrap-parts.yaml", "bootstrap-infra.yaml", "bootstrap-apps.yaml"} {
		if _, err := render(name, map[string]string{"Namespace": "n", "Version": "v", "Git": "http://x"}); err != nil {
			t.Error(err)
		}
	}
	if stages, err := faultStages(); err != nil || len(stages) != len(faults)+1 {
		t.Errorf("%d stages, %v", len(stages), err)
	}
}

func TestPushEdits(t *testing.T) {
	tenant := Tenants[0]
	dir := t.TempDir()
	file := filepath.Join(dir, tenant.Path, "1_deployment.yaml")
	steps := []struct {
		change Change
		want   string
	}{
		{Change{Replicas: 5}, "replicas: 5"},
		{Change{Replicas: -1, Image: "2.0"}, "kcheck:2.0"},
		{Change{Replicas: -1, Env: []string{"COLOUR=Red"}}, "value: Red"},
		{Change{Replicas: -1, Env: []string{"NEW=a=b"}}, "value: a=b"},
		{Change{Replicas: -1, Labels: []string{"lab/fault=notready"}}, "lab/fault: notready"},
		{Change{Replicas: -1, Message: "say it"}, "say it"},
	}
	for _, s := range steps {
		if err := s.change.edit(tenant, dir); err != nil {
			t.Fatal(err)
		}
		body, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(body, []byte(s.want)) {
			t.Errorf("%+v left no %q in\n%s%v", s.change, s.want, body, err)
		}
	}
	if err := (Change{Replicas: -1, Labels: []string{"lab/fault="}}).edit(tenant, dir); err != nil {
		t.Fatal(err)
	}
	if body, _ := os.ReadFile(file); bytes.Contains(body, []byte("lab/fault")) {
		t.Error("an empty value did not remove the label")
	}
	if err := (Change{RemovePath: true}).edit(tenant, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Dir(file)); err == nil {
		t.Error("the path is still there")
	}
	if err := (Change{Replicas: 1}).edit(tenant, dir); err != nil {
		t.Errorf("a removed path does not come back: %v", err)
	}
	if err := (Change{Replicas: -1, Env: []string{"X"}}).edit(tenant, dir); err == nil {
		t.Error("--env without a value was accepted")
	}
}

func TestNewestVersion(t *testing.T) {
	dir := t.TempDir()
	for _, v := range []string{"v2.9.4", "v2.10.0", "v2.9.11"} {
		if err := os.Mkdir(filepath.Join(dir, v), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := newestVersion(dir); err != nil || v != "v2.10.0" {
		t.Errorf("newest is %s, %v", v, err)
	}
}
