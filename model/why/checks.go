package why

import (
	"tenantry/model"
)

// check is one thing a fault may have lain in, and how it came out.
type check struct {
	// topic is the same for the same thing of other faults.
	topic string
	// about is the object it is a check of; zero where it is none.
	about   model.Ref
	words   string
	outcome outcome
	// shared: it is the same thing for every fault, like a controller or a host.
	// All others are of the one object whose controller spoke.
	shared bool
}

type outcome uint8

const (
	untried outcome = iota
	passed
	failed
)

// sift says of every fault, and of all together, what was ruled out and what
// was not tried. Ruled out is only what passed and is of no object at fault; for
// all together what passed at every one of them, or is the same thing for all
// and failed at none.
func sift(e *Explanation) {
	blamed := map[model.Ref]bool{}
	for i := range e.Faults {
		for _, l := range e.Faults[i].Chain {
			if l.Missing || l.Health.Unhealthy() || l.Ref == e.Faults[i].Root().Ref {
				blamed[l.Ref] = true
			}
		}
	}
	type tally struct{ passed, untried, failed int }
	all := map[string]*tally{}
	for i := range e.Faults {
		f := &e.Faults[i]
		for j := range f.checks {
			c := &f.checks[j]
			if c.outcome == passed && blamed[c.about] {
				c.outcome = failed
			}
			if all[c.topic] == nil {
				all[c.topic] = &tally{}
			}
			switch c.outcome {
			case passed:
				all[c.topic].passed++
			case untried:
				all[c.topic].untried++
			case failed:
				all[c.topic].failed++
			}
		}
	}
	for i := range e.Faults {
		f := &e.Faults[i]
		for _, c := range f.checks {
			t := all[c.topic]
			switch c.outcome {
			case passed:
				f.RuledOut = union(f.RuledOut, c.words)
				if t.passed == len(e.Faults) || c.shared && t.failed+t.untried == 0 {
					e.RuledOut = union(e.RuledOut, c.words)
				}
			case untried:
				f.NotTried = union(f.NotTried, c.words)
				if t.passed+t.failed == 0 {
					e.NotTried = union(e.NotTried, c.words)
				}
			}
		}
	}
}
