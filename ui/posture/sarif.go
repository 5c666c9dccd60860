package posture

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// SARIF 2.1.0 (OASIS), as much of it as says what was found: rules, results
// with logical locations, and suppressions for what was accepted.
type sarifLog struct {
	Version string     `json:"version"`
	Schema  string     `json:"$schema"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool    sarifTool     `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version,omitempty"`
	Rules   []sarifRule `json:"rules"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifRule struct {
	ID               string    `json:"id"`
	ShortDescription sarifText `json:"shortDescription"`
	FullDescription  sarifText `json:"fullDescription"`
	Help             sarifText `json:"help"`
}

type sarifResult struct {
	RuleID              string             `json:"ruleId"`
	RuleIndex           int                `json:"ruleIndex"`
	Kind                string             `json:"kind"`
	Level               string             `json:"level"`
	Message             sarifText          `json:"message"`
	Locations           []sarifLocation    `json:"locations"`
	PartialFingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions        []sarifSuppression `json:"suppressions,omitempty"`
	Properties          map[string]string  `json:"properties"`
}

type sarifLocation struct {
	LogicalLocations []sarifLogical `json:"logicalLocations"`
}

type sarifLogical struct {
	Name               string `json:"name"`
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Kind               string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification,omitempty"`
}

func (r *Report) sarif(version string) *sarifLog {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: "tenantry", Version: version, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	at := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		id := f.ruleID()
		n, known := at[id]
		if !known {
			n = len(run.Tool.Driver.Rules)
			at[id] = n
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: id, ShortDescription: sarifText{f.Title}, FullDescription: sarifText{f.Why},
				Help: sarifText{f.Fix}})
		}
		one := sarifResult{RuleID: id, RuleIndex: n, Kind: "fail", Level: f.level(), Message: sarifText{f.message()},
			Locations:           []sarifLocation{{[]sarifLogical{{Name: orTenant(f.Name, f.Tenant), FullyQualifiedName: f.object(), Kind: "resource"}}}},
			PartialFingerprints: map[string]string{"tenantry/v1": f.fingerprint()},
			Properties:          map[string]string{"tenant": f.Tenant, "severity": f.Severity}}
		if f.Unknown {
			one.Kind, one.Level = "open", "none"
		}
		if f.Accepted {
			one.Suppressions = []sarifSuppression{{Kind: "external", Justification: f.Note}}
		}
		run.Results = append(run.Results, one)
	}
	return &sarifLog{Version: "2.1.0", Schema: "https://json.schemastore.org/sarif-2.1.0.json", Runs: []sarifRun{run}}
}

// ruleID tells apart the two findings rule P6 has words for.
func (f *Finding) ruleID() string {
	if f.Rule == "P6" && f.Severity == "critical" {
		return "P6-everywhere"
	}
	return f.Rule
}

// level is SARIF's word for a severity.
func (f *Finding) level() string {
	switch {
	case slices.Contains([]string{"critical", "high"}, f.Severity):
		return "error"
	case f.Severity == "medium":
		return "warning"
	}
	return "note"
}

func (f *Finding) message() string {
	what := f.Tenant + " " + f.Title
	if f.Unknown {
		return what + "? Unknown, because " + f.Evidence
	}
	return what + ": " + f.Evidence
}

// fingerprint is the same as long as it is the same finding about the same
// object, whatever its evidence says.
func (f *Finding) fingerprint() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{f.ruleID(), f.Tenant, f.object()}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

func orTenant(name, tenant string) string {
	if name == "" {
		return tenant
	}
	return name
}
