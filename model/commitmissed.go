package model

import "slices"

// catchUp takes into a sync's runs what ended between two of its states: the
// end of one run and the beginning of the next come within a second, or a watch
// was away. What was applied since stands in lastAppliedRevision and in
// status.history.
func (s *Store) catchUp(old, new *Object, w work, c *clock) {
	was, known := &Sync{}, false
	if old != nil {
		if was, known = old.Detail.(*Sync); !known {
			return
		}
	}
	last := s.trails.runs.last(new.Key)
	if !known && last == nil {
		return // of before the session
	}
	is := new.Detail.(*Sync)
	tell := func(revision string, outcome Outcome, at Moment, h *HistoryEntry) {
		last := s.trails.runs.last(new.Key)
		if SameRevision(revision, w.revision) || last != nil && SameRevision(revision, last.revision) && last.ended() {
			return
		}
		if last == nil || !SameRevision(revision, last.revision) {
			last = s.trails.runs.add(new.Key, run{revision: revision, duration: UnknownTook, serial: s.trails.serial})
			last.see(old, new, work{}, s.trails.blurred, c.now)
		}
		last.end(outcome, at, h)
		last.verdict = c.now
		if outcome == OutcomeApplied && (is.Wait || s.rolledOut(new, last)) {
			until, _ := s.newsOf(new.Key, c.now)
			last.settled = at
			last.seenLive = min(until+watchSlack, c.now) // while its watch was away nobody saw when
		}
	}
	for _, h := range slices.Backward(history(new)) {
		if known && slices.ContainsFunc(history(old), func(o HistoryEntry) bool {
			return o.Last > h.Last || o.Last == h.Last && SameRevision(o.Revision, h.Revision)
		}) {
			continue
		}
		outcome := OutcomeFailed
		if succeededStatus(h.Status) {
			outcome = OutcomeApplied
		}
		tell(h.Revision, outcome, reconstructed(h.Last, ProofHistory), &h)
	}
	if is.Applied != "" && (!known || !SameRevision(was.Applied, is.Applied)) {
		tell(is.Applied, OutcomeApplied, Moment{At: c.now, By: ProofSeen, Reconstructed: true}, nil)
	}
}

// ended reports whether it is known what became of a run.
func (r *run) ended() bool { return r.outcome != OutcomeApplying && r.outcome != OutcomeWaiting }

// endUnseen reports whether a run came to an end, and whether what it applied
// was live before the next is not known.
func (r *run) endUnseen() bool {
	return r != nil && r.missed && (r.outcome == OutcomeApplied || r.outcome == OutcomeUnchanged || r.outcome.Bad())
}

// end notes an end that was not seen.
func (r *run) end(outcome Outcome, at Moment, h *HistoryEntry) {
	r.outcome, r.concluded, r.missed, r.times = outcome, at, true, max(r.times, 1)
	if h != nil {
		r.duration = h.Duration
		if outcome == OutcomeFailed {
			r.reason, r.message = h.Status, plainReason(h.Status)
		} else if r.content != 0 && h.First == r.content && h.Total != 1 {
			r.outcome = OutcomeUnchanged
		}
	}
	if outcome == OutcomeApplied && !r.applied.Known() {
		r.applied = at
	}
}

// rolledOut reports whether what a run made of every workload it changed was
// seen to be rolled out, and that it changed some.
func (s *Store) rolledOut(o *Object, r *run) bool {
	done := false
	for _, k := range s.WorkloadsOf(o.Key) {
		made, _ := s.madeBy(k, o.Key, r.revision)
		if made == nil || !made.RolledOut.Known() {
			return false
		}
		done = true
	}
	return done
}
