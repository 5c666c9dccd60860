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
}

type outcome uint8

const (
	untried outcome = iota
	passed
	failed
)

// sift says of every fault, and of all together, what was ruled out and what
// was not tried. Ruled out is only what passed, is of no object at fault, and
// for all together what neither failed nor was left open at another.
func sift(e *Explanation) {
	blamed := map[model.Ref]bool{}
	for i := range e.Faults {
		for _, l := range e.Faults[i].Chain {
			if l.Missing || l.Health.Unhealthy() || l.Ref == e.Faults[i].Root().Ref {
				blamed[l.Ref] = true
			}
		}
	}
	worst := map[string]outcome{}
	rank := map[outcome]int{passed: 0, untried: 1, failed: 2}
	for i := range e.Faults {
		f := &e.Faults[i]
		for j := range f.checks {
			c := &f.checks[j]
			if c.outcome == passed && blamed[c.about] {
				c.outcome = failed
			}
			if was, known := worst[c.topic]; !known || rank[c.outcome] > rank[was] {
				worst[c.topic] = c.outcome
			}
		}
	}
	for i := range e.Faults {
		f := &e.Faults[i]
		for _, c := range f.checks {
			switch c.outcome {
			case passed:
				f.RuledOut = union(f.RuledOut, c.words)
				if worst[c.topic] == passed {
					e.RuledOut = union(e.RuledOut, c.words)
				}
			case untried:
				f.NotTried = union(f.NotTried, c.words)
				if worst[c.topic] == untried {
					e.NotTried = union(e.NotTried, c.words)
				}
			}
		}
	}
}
