package logs

import (
	"slices"

	"tenantry/model"
)

// Filter says which lines of Flux's controllers are wanted. The zero value
// wants every line.
type Filter struct {
	Objects    []model.Key // lines about these
	Namespaces []string    // and about anything in these
}

// On reports whether the filter leaves anything out.
func (f *Filter) On() bool { return len(f.Objects) > 0 || len(f.Namespaces) > 0 }

// maxRuns is how many reconciliations a Matcher remembers.
const maxRuns = 1024

// Matcher applies a filter to the lines of one or more logs. A line that names
// no object, or another one, is of the reconciliation it gives the id of: what
// was found about an object is found whole.
type Matcher struct {
	filter Filter
	runs   map[string]bool
	order  []string // of runs, the oldest first
}

// NewMatcher returns a matcher for a filter.
func NewMatcher(f Filter) *Matcher { return &Matcher{filter: f, runs: map[string]bool{}} }

// Match reports whether a line is wanted.
func (m *Matcher) Match(e *Entry) bool {
	if !m.filter.On() {
		return true
	}
	if !m.about(&e.About) {
		return e.ReconcileID != "" && m.runs[e.ReconcileID]
	}
	if e.ReconcileID != "" && !m.runs[e.ReconcileID] {
		if len(m.order) == maxRuns {
			delete(m.runs, m.order[0])
			m.order = m.order[1:]
		}
		m.runs[e.ReconcileID] = true
		m.order = append(m.order, e.ReconcileID)
	}
	return true
}

func (m *Matcher) about(r *model.Ref) bool {
	if r.Name == "" {
		return false
	}
	if r.Namespace != "" && slices.Contains(m.filter.Namespaces, r.Namespace) {
		return true
	}
	return slices.ContainsFunc(m.filter.Objects, func(k model.Key) bool {
		return k.Name == r.Name && k.Namespace == r.Namespace && k.Kind.String() == r.Kind
	})
}
