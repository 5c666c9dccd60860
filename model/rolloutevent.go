package model

import (
	"cmp"
	"slices"
	"strings"
)

// What events add: while they are read, they tell of the last hour before the
// session what no object does.

// eventsTold reports whether anything is read on request: usually nothing is,
// and then there are no events to look through.
func (s *Store) eventsTold() bool { return len(s.requested.spaces) > 0 }

func firstTime(d *EventDetail) Unix { return cmp.Or(d.First, d.Last) }

// toldFetches returns what a source's events say it fetched before the first
// fetch that is known otherwise, oldest first.
func (s *Store) toldFetches(source Key, known []fetch) []fetch {
	if !s.eventsTold() {
		return nil
	}
	var out []fetch
	for _, e := range s.EventsOf(source) {
		d, ok := e.Detail.(*EventDetail)
		if !ok || d.Reason != "NewArtifact" || d.Revision == "" {
			continue
		}
		if at := firstTime(d); len(known) == 0 || known[0].at.Known() && at < known[0].at.At {
			out = append(out, fetch{revision: d.Revision, at: reconstructed(at, ProofEvent)})
		}
	}
	slices.SortFunc(out, func(a, b fetch) int { return cmp.Compare(a.at.At, b.at.At) })
	return out
}

// tellByEvents dates by the sync's events what is not known otherwise.
func (c *derivation) tellByEvents(l *Line, revision string) {
	if !c.s.eventsTold() || l.Applied.Known() && l.Concluded.Known() {
		return
	}
	var applied, concluded Unix
	for _, e := range c.s.EventsOf(l.Sync) { // newest first: the oldest stays
		d, ok := e.Detail.(*EventDetail)
		if !ok || !SameRevision(d.Revision, revision) || firstTime(d) < l.Fetched.At {
			continue
		}
		switch {
		case d.Reason == "Progressing" && appliedObjects(d.Message):
			applied = firstTime(d)
		case d.Reason == "ReconciliationSucceeded" && (l.Outcome == OutcomeApplied || l.Outcome == OutcomeUnchanged):
			concluded = firstTime(d)
		}
	}
	if !l.Applied.Known() {
		if d, ok := c.s.Get(l.Sync).Detail.(*Sync); !ok || !d.checks() {
			applied = cmp.Or(applied, concluded)
		}
		l.Applied = reconstructed(applied, ProofEvent)
	}
	if !l.Concluded.Known() {
		l.Concluded = reconstructed(concluded, ProofEvent)
	}
}

// appliedObjects reports whether a kustomize-controller event lists what it
// applied: one "Kind/namespace/name configured" a line.
func appliedObjects(message string) bool {
	first, _, _ := strings.Cut(message, "\n")
	return strings.Contains(first, "/") && (strings.HasSuffix(first, " configured") || strings.HasSuffix(first, " created") || strings.HasSuffix(first, " deleted"))
}

// toldCommit returns the revision whose event says that a workload was applied
// at a time, "" when none does.
func (s *Store) toldCommit(sync, workload Key, at Unix) string {
	if at == 0 || !s.eventsTold() {
		return ""
	}
	who := workload.String()
	for _, e := range s.EventsOf(sync) {
		d, ok := e.Detail.(*EventDetail)
		if !ok || d.Revision == "" || d.Reason != "Progressing" || firstTime(d) < at-2 || firstTime(d) > at+2 {
			continue
		}
		for line := range strings.SplitSeq(d.Message, "\n") {
			if line == who+" configured" || line == who+" created" {
				return d.Revision
			}
		}
	}
	return ""
}
