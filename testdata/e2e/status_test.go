package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

func status(t *testing.T, kubeconfig string) (*report, int) {
	t.Helper()
	out, stderr, code := tenantry(t, kubeconfig, "status", "-o", "json")
	r := &report{}
	if err := json.Unmarshal([]byte(out), r); err != nil {
		t.Fatalf("status -o json (exit %d): %v\n%s\n%s", code, err, out, stderr)
	}
	return r, code
}

// report reads the pinned JSON as a script would.
type report struct {
	SchemaVersion int
	Access        []struct{ Kind, Scope, State, Verb, Resource, Group, Namespace string }
	Platform      struct {
		Health   string
		Instance *struct {
			Namespace, Name, Health string
			Sync                    *struct{ URL, Path string }
		}
		Lockdown                  struct{ Enabled *bool }
		Controllers               []struct{ Name, Health string }
		Sources, Syncs, Workloads []object
	}
	Tenants []struct {
		Name                      string
		Health                    string
		Namespaces, Revisions     []string
		Sources, Syncs, Workloads []object
	}
}

type object struct {
	Kind, Namespace, Name, Health, Message string
	Cause                                  *struct{ Kind, Namespace, Name string }
	Revision, AppliedRevision              string
	Generation, ObservedGeneration         int64
	AvailableReplicas                      int32
}

func (r *report) objects() []object {
	all := append(append(append([]object{}, r.Platform.Sources...), r.Platform.Syncs...), r.Platform.Workloads...)
	for _, tn := range r.Tenants {
		all = append(append(append(all, tn.Sources...), tn.Syncs...), tn.Workloads...)
	}
	return all
}

func (r *report) find(kind, ns, name string) (object, bool) {
	for _, o := range r.objects() {
		if o.Kind == kind && o.Namespace == ns && o.Name == name {
			return o, true
		}
	}
	return object{}, false
}

// The tenants and failures whose true state is known: what the lab did, not
// what the program says.
func TestStatusTellsTheTruth(t *testing.T) {
	r, _ := status(t, lab.Kubeconfig)
	for _, name := range []string{"fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod"} {
		found := false
		for _, tn := range r.Tenants {
			if tn.Name == name {
				found = true
				if tn.Health != "Ready" || len(tn.Revisions) != 1 || !strings.HasPrefix(tn.Revisions[0], "main@sha1:") {
					t.Errorf("%s: %s %v", name, tn.Health, tn.Revisions)
				}
			}
		}
		if !found {
			t.Errorf("tenant %s is not there", name)
		}
	}
	want := map[string]string{
		"GitRepository/bad": "Ready", "GitRepository/nosecret": "Failed", "GitRepository/nobranch": "Failed",
		"GitRepository/norepo": "Failed", "GitRepository/nohost": "Failed", "GitRepository/suspended": "Suspended",
		"Kustomization/good": "Ready", "Kustomization/crossns": "Stalled", "Kustomization/waitfor": "Blocked Kustomization/nopath",
		"Kustomization/fromnosecret": "Blocked GitRepository/nosecret", "Kustomization/badyaml": "Failed",
		"Kustomization/defaultsa": "Failed", "Kustomization/escape": "Failed", "Kustomization/nopath": "Failed",
		"Kustomization/nosa": "Failed", "Kustomization/nosource": "Failed", "Kustomization/unhealthy": "Failed",
	}
	for _, o := range r.objects() {
		if o.Namespace != "team-x" || (o.Kind != "GitRepository" && o.Kind != "Kustomization") {
			continue
		}
		got := o.Health
		if o.Health == "Blocked" && o.Cause != nil {
			got += " " + o.Cause.Kind + "/" + o.Cause.Name
		}
		if w := want[o.Kind+"/"+o.Name]; got != w {
			t.Errorf("team-x %s %s: %q, want %q (%s)", o.Kind, o.Name, got, w, o.Message)
		}
		delete(want, o.Kind+"/"+o.Name)
	}
	for k := range want {
		t.Errorf("team-x %s is not in the report", k)
	}
}

// What the lab's own scenarios expect of every broken object.
func TestEveryBrokenObjectIsJudgedAsTheLabMadeIt(t *testing.T) {
	out, err := exec.Command(labBin, "expect", "broken").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []struct {
		Kind, Namespace, Name, Health string
		Cause                         *struct{ Kind, Namespace, Name string }
	}
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) < 25 {
		t.Fatalf("only %d expectations", len(want))
	}
	// Long enough for what an earlier test's faults left retrying.
	eventually(t, 150*time.Second, func() error {
		r, _ := status(t, lab.Kubeconfig)
		var wrong []string
		for _, w := range want {
			kind, ok := model.KindNamed(w.Kind)
			if !ok || (kind.Role() != model.RoleSource && kind.Role() != model.RoleSync && kind.Role() != model.RoleWorkload) {
				continue
			}
			o, ok := r.find(w.Kind, w.Namespace, w.Name)
			switch {
			case !ok:
				wrong = append(wrong, fmt.Sprintf("%s %s/%s is not in the report", w.Kind, w.Namespace, w.Name))
			case o.Health != w.Health:
				wrong = append(wrong, fmt.Sprintf("%s %s/%s: %s, want %s (%s)", w.Kind, w.Namespace, w.Name, o.Health, w.Health, o.Message))
			case w.Cause != nil && (o.Cause == nil || o.Cause.Kind != w.Cause.Kind || o.Cause.Name != w.Cause.Name):
				wrong = append(wrong, fmt.Sprintf("%s %s/%s: cause %+v, want %+v", w.Kind, w.Namespace, w.Name, o.Cause, w.Cause))
			}
		}
		if len(wrong) > 0 {
			return fmt.Errorf("%s", strings.Join(wrong, "\n"))
		}
		return nil
	})
}

// totals compares the number of objects per kind with the server's.
func totals(t *testing.T) {
	t.Helper()
	r, _ := status(t, lab.Kubeconfig)
	got := map[string]int{}
	for _, o := range r.objects() {
		got[o.Kind]++
	}
	for _, k := range model.Kinds() {
		if k.Role() != model.RoleSource && k.Role() != model.RoleSync && k.Role() != model.RoleWorkload {
			continue
		}
		resource := k.Resource()
		if k.Group() != "" {
			resource += "." + k.Group()
		}
		out, err := kubectlErr("get", resource, "-A", "--no-headers", "-o", "name")
		if err != nil {
			if strings.Contains(out, "the server doesn't have a resource type") {
				continue
			}
			t.Fatal(out)
		}
		if n := strings.Count(out, "\n"); n != got[k.String()] {
			t.Errorf("%s: %d in the report, %d on the server", k, got[k.String()], n)
		}
	}
}

func TestTotalsEqualTheServers(t *testing.T) { totals(t) }

func TestExitCodes(t *testing.T) {
	if _, _, code := tenantry(t, lab.Kubeconfig, "status"); code != 0 {
		t.Errorf("status without --exit-code: %d", code)
	}
	if _, _, code := tenantry(t, lab.Kubeconfig, "status", "--exit-code"); code != 1 {
		t.Errorf("status --exit-code with broken tenants: %d, want 1", code)
	}
	if _, _, code := tenantry(t, lab.Kubeconfig, "status", "--exit-code", "-n", "fluxdemo-dev"); code != 0 && code != 2 {
		t.Errorf("status --exit-code of a healthy namespace: %d", code)
	}
}

// The unprivileged user sees its tenant, and which rule would allow the rest.
func TestTenantUser(t *testing.T) {
	r, code := status(t, lab.TenantKubeconfig)
	if code != 0 && code != 2 {
		t.Errorf("exit code %d", code)
	}
	if len(r.Tenants) != 1 || r.Tenants[0].Name != "fluxdemo-dev" || len(r.Tenants[0].Workloads) == 0 {
		t.Errorf("tenants: %+v", r.Tenants)
	}
	denied := map[string]bool{}
	for _, a := range r.Access {
		if a.State == "denied" {
			denied[a.Kind] = true
			if a.Verb == "" || a.Resource == "" {
				t.Errorf("a refusal without its rule: %+v", a)
			}
		}
	}
	for _, kind := range []string{"FluxInstance", "Namespace"} {
		if !denied[kind] {
			t.Errorf("%s is not said to be refused: %+v", kind, r.Access)
		}
	}
}
