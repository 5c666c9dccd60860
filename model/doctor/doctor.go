// Package doctor examines a whole cluster at once: how the platform is, what is
// broken and where each of it starts, and what should be known although nothing
// is broken yet. It knows what the store knows and asks nothing; what would tell
// more it names (Wants).
package doctor

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/redact"
	"tenantry/model/why"
)

// SchemaVersion is that of the report; keys are only ever added to it.
const SchemaVersion = 1

// maxExplained is how many broken rows are explained; one takes milliseconds.
const maxExplained = 500

// Verdicts on a cluster, and states of a check.
const (
	Healthy   = "healthy"
	Unhealthy = "unhealthy"
	Unknown   = "unknown" // nothing is known to be broken, and not everything could be read
	OK        = "ok"
	Bad       = "bad"
	Warn      = "warning"
)

// Report is what was found, the worst first.
type Report struct {
	SchemaVersion int       `json:"schemaVersion"`
	AsOf          string    `json:"asOf"` // RFC 3339, by the server's clock
	Context       string    `json:"context"`
	Server        string    `json:"server"`
	Flux          string    `json:"flux,omitempty"` // version
	Verdict       string    `json:"verdict"`
	Tenants       int       `json:"tenants"`
	Broken        int       `json:"broken"` // rows, the platform among them
	Checks        []Check   `json:"checks"`
	Causes        []Cause   `json:"causes"`
	Findings      []Finding `json:"findings"`
	NotRead       []string  `json:"notRead"`
	NotExplained  int       `json:"notExplained,omitempty"` // broken rows beyond the bound

	wants    []model.Want
	platform bool // it is among the broken
}

// Wants is what would tell more when it is read on request, that of the worst
// row first.
func (r *Report) Wants() []model.Want { return r.wants }

// Check is one thing of the platform.
type Check struct {
	Name   string `json:"name"`
	State  string `json:"state"` // ok, warning, bad, unknown
	Detail string `json:"detail"`
}

// Object names an object.
type Object struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// String returns Kind/namespace/name.
func (o Object) String() string {
	return model.Ref{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}.String()
}

// Link is one object on the way from what is seen to where it starts.
type Link struct {
	Object
	State string `json:"state"`
	Note  string `json:"note,omitempty"`
}

// Cause is one thing that is wrong, and whom it breaks.
type Cause struct {
	Severity Severity `json:"severity"`
	Object   Object   `json:"object"`
	Words    string   `json:"words"`
	Raw      bool     `json:"raw"`                      // the controller's own words: no cause is known
	Rightly  bool     `json:"refusedRightly,omitempty"` // lockdown or a role refused what should be
	Since    *string  `json:"since"`
	AtLeast  bool     `json:"sinceAtLeast,omitempty"` // it may have begun before
	Breaks   []string `json:"breaks"`                 // tenants' names, "platform" for the platform
	Effect   string   `json:"effect,omitempty"`
	Chain    []Link   `json:"chain"`
	Proof    []string `json:"evidence"`
	Fixes    []Fix    `json:"fixes"`
	Unclear  []string `json:"notTried,omitempty"`

	since  model.Unix
	weight int
}

// Fix is one thing that helps.
type Fix struct {
	Words   string `json:"words"`
	Command string `json:"command,omitempty"`
}

// Finding is something that should be known.
type Finding struct {
	Rule     string  `json:"rule"`
	Gravity  string  `json:"gravity"`
	Tenant   string  `json:"tenant"`
	Object   *Object `json:"object"`
	Title    string  `json:"title"`
	Evidence string  `json:"evidence"`
	Why      string  `json:"why"`
	Fix      string  `json:"fix"`
	Unknown  bool    `json:"unknown"` // it could not be judged
}

// Examine looks at all of a cluster.
func Examine(s *model.Store) *Report {
	conn, p := s.Connection(), s.Platform()
	r := &Report{SchemaVersion: SchemaVersion, AsOf: s.Now().UTC().Format(time.RFC3339), Context: conn.Context, Server: redact.Text(conn.Server),
		Flux: p.FluxVersion, Tenants: len(s.Tenants()), Causes: []Cause{}, Findings: []Finding{}, NotRead: []string{}}
	r.Checks = checks(s, p)
	r.NotRead = append(r.NotRead, model.Refused(s)...)
	for _, ns := range model.MissingNamespaces(s) {
		r.NotRead = append(r.NotRead, "there is no namespace "+ns)
	}
	r.causes(s)
	r.findings(s)
	switch {
	case r.Broken > 0 || slices.ContainsFunc(r.Checks, func(c Check) bool { return c.State == Bad }):
		r.Verdict = Unhealthy
	case len(r.NotRead) > 0 || !s.Complete() || conn.State != model.ConnLive:
		r.Verdict = Unknown
	default:
		r.Verdict = Healthy
	}
	return r
}

// causes explains every broken row; what starts at the same place is said once.
func (r *Report) causes(s *model.Store) {
	var rows []string
	if row := s.Platform().Row; row != nil && broken(s, row) {
		rows, r.platform = append(rows, model.PlatformKey), true
	}
	var tenants []*model.Tenant
	for _, t := range s.Tenants() {
		if broken(s, t) {
			tenants = append(tenants, t)
		}
	}
	slices.SortStableFunc(tenants, func(a, b *model.Tenant) int { return cmp.Compare(b.Health.Severity(), a.Health.Severity()) })
	for _, t := range tenants {
		rows = append(rows, t.Name)
	}
	r.Broken = len(rows)
	if len(rows) > maxExplained {
		r.NotExplained = len(rows) - maxExplained
		rows = rows[:maxExplained]
	}
	at := map[string]int{}
	for _, row := range rows {
		e := why.Row(s, row)
		if e == nil {
			continue
		}
		r.want(e.Wants)
		for i := range e.Faults {
			r.fault(s, &e.Faults[i], row, at)
		}
	}
	r.rolling(s, at, r.heldUp(s, at))
	for i := range r.Causes {
		slices.SortFunc(r.Causes[i].Breaks, func(a, b string) int {
			return cmp.Or(-compareBool(a == model.PlatformName, b == model.PlatformName), strings.Compare(a, b))
		})
	}
	slices.SortFunc(r.Causes, compareCauses)
}

// broken reports whether a row needs somebody: it is unhealthy, or something of
// it does not go away.
func broken(s *model.Store, t *model.Tenant) bool {
	return t.Health.Unhealthy() || t.Health == model.Terminating && slices.ContainsFunc(membersOf(s, t), func(k model.Key) bool { return s.Lingers(s.Get(k)) })
}

// membersOf are the objects of a row that have a health.
func membersOf(s *model.Store, t *model.Tenant) []model.Key {
	out := slices.Concat(t.Sources, t.Syncs, t.Workloads)
	for _, ns := range t.Namespaces {
		out = append(out, model.Key{Kind: model.Namespace, Name: ns})
	}
	if p := s.Platform(); t.IsPlatform && p.Instance != nil {
		out = append(out, p.Instance.Key)
	}
	return out
}

// heldUp counts those who show no fault of their own and are held up by a cause
// all the same: what they run stays as it is, and nothing new arrives. It returns
// who that is.
func (r *Report) heldUp(s *model.Store, at map[string]int) map[string]bool {
	counted := map[string]bool{}
	if len(r.Causes) == 0 {
		return counted
	}
	for _, t := range s.Tenants() {
		if broken(s, t) {
			continue
		}
		e := why.Row(s, t.Name)
		held := false
		for i := range e.Faults {
			if c, known := at[causeID(&e.Faults[i])]; known {
				r.Causes[c].shared(&e.Faults[i], t.Name, severityOf(&e.Faults[i], s.Platform(), t.Name))
				held = true
			}
		}
		if held {
			r.Broken++
			counted[t.Name] = true
		}
	}
	return counted
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// ToldAsCause reports whether a finding is of what a cause says already: what a
// report says it says once.
func (r *Report) ToldAsCause(f *Finding) bool {
	if f.Object == nil {
		return false
	}
	return slices.ContainsFunc(r.Causes, func(c Cause) bool {
		switch {
		case f.Rule == "P11" && c.Object.Kind == model.Secret.String(), f.Rule == "escape" && c.Rightly:
			return slices.ContainsFunc(c.Chain, func(l Link) bool { return l.Object == *f.Object })
		}
		return false
	})
}

func (r *Report) findings(s *model.Store) {
	var all model.Findings
	all.Update(s)
	gravity := map[string]model.Gravity{}
	all.Each(func(f *model.Finding) {
		words := f.Words()
		out := Finding{Rule: f.Rule, Gravity: f.Gravity.String(), Tenant: f.Tenant, Title: words.Title, Evidence: clean(f.Evidence), Why: words.Why,
			Fix: words.Fix, Unknown: f.Unknown}
		gravity[out.Gravity] = f.Gravity
		if f.Tenant == model.PlatformKey {
			out.Tenant = model.PlatformName
		}
		if f.Key != (model.Key{}) {
			out.Object = &Object{f.Key.Kind.String(), f.Key.Namespace, f.Key.Name}
		}
		r.Findings = append(r.Findings, out)
	})
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(compareBool(a.Unknown, b.Unknown), cmp.Compare(gravity[b.Gravity], gravity[a.Gravity]))
	})
}
