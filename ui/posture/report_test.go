package posture_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/posture"
	"tenantry/ui/uitest"
)

// found is prod-eu with a tenant that has rights everywhere.
func found(accepted posture.Accepted) *posture.Report {
	s := model.NewStore(uitest.NewClock().Now)
	c := uitest.Prod()
	c.Put(uitest.Object(model.ClusterRoleBinding, "", "all", &model.Binding{RoleKind: "ClusterRole", RoleName: "admin",
		Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: "accounts", Name: "accounts"}}}))
	s.Apply(c.Batch)
	return posture.New(s, "2026-11-22T02:58:14Z", accepted)
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := found(nil).Print(&b, "json", "1.0"); err != nil {
		t.Fatal(err)
	}
	var r posture.Report
	if err := json.Unmarshal(b.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.SchemaVersion != 1 || r.Context != "prod-eu" || r.AsOf != "2026-11-22T02:58:14Z" || len(r.Findings) < 20 {
		t.Fatalf("%+v", r)
	}
	if f := r.Findings[0]; f.Rule != "P6" || f.Severity != "critical" || f.Tenant != "accounts" || f.Kind != "ClusterRoleBinding" || f.Name != "all" || f.Accepted || f.Unknown ||
		f.Why == "" || f.Fix == "" || f.Title != "has rights in every namespace" {
		t.Errorf("the gravest is %+v", f)
	}
	unknown := 0
	for _, f := range r.Findings {
		if f.Unknown {
			unknown++
		}
		if f.Rule == "" || f.Severity == "" || f.Tenant == "" || f.Evidence == "" || f.Title == "" {
			t.Errorf("incomplete: %+v", f)
		}
	}
	if unknown == 0 {
		t.Error("nothing is unknown, although Secrets, quotas and policies are not read")
	}
}

// SARIF 2.1.0 asks for these, and a result's ruleIndex has to be its rule's.
func TestSARIF(t *testing.T) {
	accept := func(f *model.Finding) (string, bool) {
		return "meant", f.Rule == "P6" && f.Gravity == model.GravityCritical
	}
	var b bytes.Buffer
	if err := found(accept).Print(&b, "sarif", "1.0"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version, Schema string
		Runs            []struct {
			Tool struct {
				Driver struct {
					Name, Version string
					Rules         []struct{ ID string }
				}
			}
			Results []struct {
				RuleID      string
				RuleIndex   int
				Kind, Level string
				Message     struct{ Text string }
				Locations   []struct {
					LogicalLocations []struct{ FullyQualifiedName, Kind string }
				}
				PartialFingerprints map[string]string
				Suppressions        []struct{ Kind, Justification string }
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.Contains(b.String(), `"$schema": "https://json.schemastore.org/sarif-2.1.0.json"`) || len(log.Runs) != 1 {
		t.Fatalf("%s", b.String()[:200])
	}
	run := log.Runs[0]
	prints := map[string]bool{}
	for i, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || len(r.Locations) != 1 || r.Locations[0].LogicalLocations[0].FullyQualifiedName == "" {
			t.Errorf("%+v", r)
		}
		if r.Kind == "open" && r.Level != "none" || r.Kind == "fail" && r.Level == "none" {
			t.Errorf("kind %s, level %s", r.Kind, r.Level)
		}
		prints[r.PartialFingerprints["tenantry/v1"]] = true
		if i == 0 && (r.RuleID != "P6-everywhere" || r.Level != "error" || len(r.Suppressions) != 1 || r.Suppressions[0].Justification != "meant") {
			t.Errorf("accepted: %+v", r)
		}
	}
	if len(prints) < len(run.Results)-1 {
		t.Errorf("%d fingerprints of %d results", len(prints), len(run.Results))
	}
}

// What is grave decides over the exit code: not what is known, nor what could
// not be judged.
func TestGrave(t *testing.T) {
	if !found(nil).Grave() {
		t.Error("rights in every namespace are not grave")
	}
	if found(func(*model.Finding) (string, bool) { return "", true }).Grave() {
		t.Error("what is accepted is grave")
	}
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(uitest.Forbidden().Batch)
	r := posture.New(s, "", nil)
	if len(r.Findings) == 0 || r.Grave() {
		t.Errorf("what is not readable is grave: %+v", r.Findings)
	}
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := found(func(f *model.Finding) (string, bool) { return "since ever", f.Rule == "P11" }).Print(&b, "table", ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"SEVERITY", "critical  accounts", "known: since ever; GitRepository/flux-system/flux-system: its controller says", "unknown, because Secrets are not read"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in:\n%s", want, b.String())
		}
	}
}
