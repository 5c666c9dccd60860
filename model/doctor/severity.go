package doctor

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/why"
)

// Severity is how bad a cause is.
type Severity uint8

// The severities, the worst first: of the same, what breaks most rows comes
// first.
const (
	Critical Severity = iota // the platform itself: whatever comes next fails for everybody
	Down                     // something of a tenant does not run
	Degraded                 // what runs goes on, and something of it fails or nothing new arrives
	Warning                  // it waits for a person, and nothing fails by it
	Note                     // nothing that runs came from it
)

// String returns the word.
func (s Severity) String() string {
	return [...]string{"critical", "down", "degraded", "warning", "note"}[min(s, Note)]
}

// MarshalText writes the word, for JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(text []byte) error {
	for *s = Critical; *s < Note && s.String() != string(text); *s++ {
	}
	return nil
}

// severityOf judges a fault as it is seen at a row.
func severityOf(f *why.Fault, p *model.Platform, row string) Severity {
	platform := row == model.PlatformKey
	switch f.Ours {
	case why.ControllerDown, why.NoController:
		return Critical
	case why.SuspendedThere, why.Unanswered, why.ArtifactBehind, why.HeldByFinalizer:
		if platform || f.Chain[0].Health.Unhealthy() && f.Ours == why.Unanswered {
			return Degraded
		}
		return Warning
	}
	switch {
	case f.AsItShould:
		return Warning
	case platform && core(f, p):
		return Critical
	case f.Harm == why.HarmDown:
		return Down
	case f.Harm == why.HarmNone:
		return Note
	}
	return Degraded
}

// core reports whether a fault lies with what the platform rests on: Flux
// itself, and the sync it is set up from. A namespace of Flux's often holds
// others' objects, too.
func core(f *why.Fault, p *model.Platform) bool {
	sync := ""
	if d, ok := instance(p); ok && d.Sync != nil {
		sync = d.Sync.Name
	}
	for i := range f.Chain {
		k, ok := f.Chain[i].Key()
		switch {
		case !ok:
		case p.Instance != nil && k == p.Instance.Key, p.Operator != nil && k == p.Operator.Key,
			slices.ContainsFunc(p.Controllers, func(c model.ControllerView) bool { return c.Key == k }):
			return true
		case k.Kind.Role() == model.RoleSync && slices.Contains(p.Namespaces, k.Namespace) && (k.Name == sync || k.Name == k.Namespace):
			return true
		}
	}
	return false
}

// compareCauses puts the worst first, then what breaks most, then what began
// last: that is what somebody is called for. The names make it the same in
// every run.
func compareCauses(a, b Cause) int {
	return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(len(b.Breaks), len(a.Breaks)), cmp.Compare(a.weight, b.weight),
		cmp.Compare(b.since, a.since), strings.Compare(a.Object.String(), b.Object.String()), strings.Compare(a.Words, b.Words))
}
