package model

// Health is the one word for an object's or a tenant's state, used everywhere.
// The order is not the severity: see Severity.
type Health uint8

// The health words (design.md's one list).
const (
	Unknown       Health = iota // read, but its state can't be told
	Ready                       // fine now
	Reconciling                 // moving, within its timeout
	Pending                     // new; no answer yet
	Outdated                    // the controller has not seen the newest spec
	Blocked                     // waits for a named object
	Failed                      // failed; retried unless said otherwise
	Stalled                     // failed; nothing retries it, a person is needed
	Stuck                       // past its own timeout without a verdict
	Suspended                   // stopped on purpose
	Terminating                 // being deleted
	Unobserved                  // nobody answers for it
	NotApplicable               // has no state of its own
	healthCount
)

var healthNames = [healthCount]string{
	Unknown: "Unknown", Ready: "Ready", Reconciling: "Reconciling", Pending: "Pending",
	Outdated: "Outdated", Blocked: "Blocked", Failed: "Failed", Stalled: "Stalled",
	Stuck: "Stuck", Suspended: "Suspended", Terminating: "Terminating",
	Unobserved: "Unobserved", NotApplicable: "NotApplicable",
}

// severity holds the roll-up order: the higher, the worse.
var severity = [healthCount]uint8{
	NotApplicable: 0, Ready: 1, Suspended: 2, Pending: 3, Reconciling: 4, Outdated: 5,
	Unknown: 6, Terminating: 7, Blocked: 8, Unobserved: 9, Stuck: 10, Failed: 11, Stalled: 12,
}

// String returns the word, e.g. "Ready".
func (h Health) String() string {
	if h >= healthCount {
		return healthNames[Unknown]
	}
	return healthNames[h]
}

// MarshalText writes the word, for JSON and YAML.
func (h Health) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// Severity orders healths for roll-up and "worst first": Stalled, Failed,
// Stuck, Unobserved, Blocked, Terminating, Unknown, Outdated, Reconciling,
// Pending, Suspended, Ready, NotApplicable.
func (h Health) Severity() int {
	if h >= healthCount {
		return int(severity[Unknown])
	}
	return int(severity[h])
}

// Unhealthy reports whether a person should look: Stalled, Failed, Stuck,
// Unobserved or Blocked. These make `status --exit-code` return 1.
func (h Health) Unhealthy() bool { return h.Severity() >= int(severity[Blocked]) }

// Worse returns the worse of two healths.
func Worse(a, b Health) Health {
	if b.Severity() > a.Severity() {
		return b
	}
	return a
}

// Healths returns every health, worst first.
func Healths() []Health {
	out := make([]Health, 0, healthCount)
	for s := len(severity) - 1; s >= 0; s-- {
		for h := Health(0); h < healthCount; h++ {
			if int(severity[h]) == s {
				out = append(out, h)
			}
		}
	}
	return out
}

// HealthNamed returns the health with that word.
func HealthNamed(name string) (Health, bool) {
	for h := Health(0); h < healthCount; h++ {
		if healthNames[h] == name {
			return h, true
		}
	}
	return Unknown, false
}

// Overlay is a judgement about an object that stands beside its health.
type Overlay uint8

// The overlays; a set is a bit mask.
const (
	SourceFailing Overlay = 1 << iota // applied fine, but its source fails, is suspended or is gone
	Behind                            // its source has had a newer revision for longer than an interval
	Overdue                           // its controller has not come round for longer than it should
)

// Has reports whether the set holds o.
func (s Overlay) Has(o Overlay) bool { return s&o != 0 }

// Names returns the overlays' words, in a fixed order; never nil.
func (s Overlay) Names() []string {
	names := []string{}
	for _, o := range []struct {
		bit  Overlay
		name string
	}{{SourceFailing, "SourceFailing"}, {Behind, "Behind"}, {Overdue, "Overdue"}} {
		if s.Has(o.bit) {
			names = append(names, o.name)
		}
	}
	return names
}

// Cause is the object a verdict is traced to: the first broken link.
type Cause struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Reason    string `json:"reason"`
	Message   string `json:"message"`
}

// Ref returns the object the cause names.
func (c *Cause) Ref() Ref { return Ref{Kind: c.Kind, Namespace: c.Namespace, Name: c.Name} }

// Verdict is what the classifier says of one object at one moment.
type Verdict struct {
	Health Health
	// Reason and Message are the deciding condition's, Message trimmed; where
	// no condition decided, a plain sentence of ours.
	Reason, Message string
	Retrying        bool   // failed, and its controller tries again by itself
	Suspended       bool   // suspended by its owner, whatever Health was computed from
	Was             Health // with Suspended: what its frozen conditions say
	Overlays        Overlay
	Cause           *Cause // nil: the object itself, or nothing is wrong
	Since           Unix   // since when, 0 = unknown
	AtLeast         bool   // it may have been so before Since, too
}
