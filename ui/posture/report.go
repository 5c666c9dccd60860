// Package posture prints what was found of tenants and platform: as lines, as
// JSON and as SARIF 2.1.0, for people and for continuous integration.
package posture

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/ui/text"
)

// Report is `tenantry status --findings -o json`: schemaVersion 1, keys are
// only ever added. Findings are sorted by severity, tenant, rule and object.
type Report struct {
	SchemaVersion int       `json:"schemaVersion"`
	AsOf          string    `json:"asOf"`
	Context       string    `json:"context"`
	Server        string    `json:"server"`
	Findings      []Finding `json:"findings"`
}

// Finding is one finding. Unknown ones could not be judged; their evidence says
// why. Accepted ones were marked as known, with a note.
type Finding struct {
	Rule      string `json:"rule"`
	Severity  string `json:"severity"`
	Tenant    string `json:"tenant"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	Evidence  string `json:"evidence"`
	Why       string `json:"why"`
	Fix       string `json:"fix"`
	Unknown   bool   `json:"unknown"`
	Accepted  bool   `json:"accepted"`
	Note      string `json:"note"`

	gravity model.Gravity
}

// Accepted says whether a finding was marked as known, and with which note.
type Accepted func(*model.Finding) (note string, ok bool)

// New makes the report of what a store shows. asOf is its time in RFC 3339.
func New(s *model.Store, asOf string, accepted Accepted) *Report {
	conn := s.Connection()
	r := &Report{SchemaVersion: 1, AsOf: asOf, Context: conn.Context, Server: conn.Server, Findings: []Finding{}}
	var all model.Findings
	all.Update(s)
	all.Each(func(f *model.Finding) {
		rule := f.Words()
		one := Finding{Rule: f.Rule, Severity: f.Gravity.String(), Tenant: f.Tenant, Title: rule.Title, Evidence: f.Evidence, Why: rule.Why, Fix: rule.Fix,
			Unknown: f.Unknown, gravity: f.Gravity}
		if f.Tenant == model.PlatformKey {
			one.Tenant = model.PlatformName
		}
		if f.Key != (model.Key{}) {
			one.Kind, one.Namespace, one.Name = f.Key.Kind.String(), f.Key.Namespace, f.Key.Name
		}
		if accepted != nil {
			one.Note, one.Accepted = accepted(f)
		}
		r.Findings = append(r.Findings, one)
	})
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.gravity, a.gravity), strings.Compare(a.Tenant, b.Tenant), strings.Compare(a.Rule, b.Rule),
			strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name), strings.Compare(a.Evidence, b.Evidence))
	})
	return r
}

// Grave reports whether a finding of severity high or critical was neither
// accepted nor could not be judged: what makes --exit-code return 1.
func (r *Report) Grave() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.gravity >= model.GravityHigh && !f.Accepted && !f.Unknown })
}

// Formats are what Print knows, the usual one first.
func Formats() []string { return []string{"table", "json", "sarif"} }

// Print writes the report.
func (r *Report) Print(w io.Writer, format, version string) error {
	switch format {
	case "", "table":
		return r.table(w)
	case "json":
		return encode(w, r)
	case "sarif":
		return encode(w, r.sarif(version))
	}
	return fmt.Errorf("findings have no output format %q: there are %s", format, strings.Join(Formats(), ", "))
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// table is a line per finding.
func (r *Report) table(w io.Writer) error {
	rows := [][]string{{"SEVERITY", "TENANT", "RULE", "FINDING", "EVIDENCE"}}
	for i := range r.Findings {
		f := &r.Findings[i]
		severity, title, evidence := f.Severity, f.Title, f.Evidence
		if f.Unknown {
			severity, title, evidence = "unknown", f.Title+"?", "unknown, because "+evidence
		}
		if f.Name != "" {
			evidence = f.object() + ": " + evidence
		}
		if f.Accepted {
			evidence = strings.TrimSuffix("known: "+f.Note, ": ") + "; " + evidence
		}
		rows = append(rows, []string{severity, f.Tenant, f.Rule, title, evidence})
	}
	if len(rows) == 1 {
		_, err := io.WriteString(w, "nothing was found\n")
		return err
	}
	var wide [4]int
	for _, row := range rows {
		for i := range wide {
			wide[i] = max(wide[i], text.Width(text.Clean(row[i])))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			cell = text.Clean(cell)
			if i < len(wide) {
				cell = text.Pad(cell, wide[i]+2)
			}
			b.WriteString(cell)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// object names what a finding is about: Kind/namespace/name.
func (f *Finding) object() string {
	if f.Name == "" {
		return f.Tenant
	}
	return model.Ref{Kind: f.Kind, Namespace: f.Namespace, Name: f.Name}.String()
}
