package model

import (
	"slices"
	"strings"
	"unicode"
)

// What earlier sessions wrote down is proof of what was before this one. It is
// told of an object only by its UID: one of the same name, in this cluster or in
// another that had its address, is another one.

// recallEach and recallAll bound what is kept of earlier sessions, of one object
// and of all; maxWord is how long a revision or a UID may be.
const recallEach, recallAll, maxWord = 24, 8192, 400

// nobodyWatched is the detail of a fetch before which others may have been.
const nobodyWatched = "nobody watched"

// Recall takes in what earlier sessions saw, the oldest first, in place of what
// was taken in before. What makes no sense is left out: it was read from a file.
func (s *Store) Recall(past []Entry) {
	s.trails.recalled = newShelf[Entry](recallEach, recallAll)
	now := s.clock().now
	for _, e := range past {
		if e.recallable(now) {
			s.trails.recalled.add(e.Key, e)
		}
	}
	s.dirtyAll()
	s.revision++
}

// recallable reports whether an entry of an earlier session tells of commits,
// and of which object.
func (e *Entry) recallable(now Unix) bool {
	if e.UID == "" || len(e.UID) > maxWord || e.At <= 0 || e.At > now {
		return false
	}
	words := []string{e.From, e.To}
	switch role := e.Key.Kind.Role(); {
	case e.Change == ChangeRevision && role == RoleSource, e.Change == ChangeApplied && role == RoleSync:
		if !strings.ContainsFunc(e.To, unicode.IsDigit) { // no revision is without one
			return false
		}
	case e.Change == ChangeGeneration && role == RoleWorkload:
		words = []string{e.Revision}
	default:
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool {
		return len(w) > maxWord || strings.ContainsFunc(w, func(r rune) bool { return r == ' ' || !unicode.IsGraphic(r) })
	})
}

// recalls calls f for what earlier sessions saw of an object, newest first,
// until it returns false.
func (s *Store) recalls(o *Object, change Change, f func(*Entry) bool) {
	s.trails.recalled.back(o.Key, func(e *Entry) bool {
		return e.Change != change || e.UID != o.UID || f(e)
	})
}

// recalledFetches returns what earlier sessions saw a source fetch, oldest
// first.
func (s *Store) recalledFetches(source *Object) []fetch {
	var entries []*Entry
	s.recalls(source, ChangeRevision, func(e *Entry) bool {
		entries = append(entries, e)
		return true
	})
	var out []fetch
	for _, e := range slices.Backward(entries) {
		last := ""
		if n := len(out); n > 0 {
			last = out[n-1].revision
		}
		if SameRevision(last, e.To) {
			continue // two sessions that ran at once
		}
		if e.From != "" && !SameRevision(last, e.From) {
			out = append(out, fetch{revision: e.From}) // when, nobody saw
		}
		out = append(out, fetch{revision: e.To, at: reconstructed(e.At, ProofKept), direct: e.From != "" && e.Detail == ""})
	}
	return out
}

// withPast puts before the fetches that this session knows what earlier ones saw
// and what events tell.
func (s *Store) withPast(source *Object, known []fetch) []fetch {
	if len(known) > 0 {
		known[0].direct = false // of what was before it this session keeps nothing
	}
	told := s.toldFetches(source.Key, known)
	out := s.recalledFetches(source)
	if n := len(out); n > 0 && len(known) > 0 && (known[0].at.Reconstructed || !known[0].at.Known()) && SameRevision(out[n-1].revision, known[0].revision) {
		// It has had it since then, whatever it stored anew.
		if last := out[n-1].at; !known[0].at.Known() || last.Known() && last.At < known[0].at.At {
			known[0].at = last
		}
		known[0].direct = out[n-1].direct
		out = out[:n-1]
	}
	out = append(out, known...)
	for i := len(out) - 2; i >= 0; i-- { // what it had before was before, by whichever clock
		if at, next := &out[i].at, out[i+1].at; at.Reconstructed && at.Known() && next.Known() {
			at.At = min(at.At, next.At-1)
		}
	}
	for _, f := range told {
		out = insertTold(out, f)
	}
	return out
}

// insertTold adds a fetch that an event tells of, unless it is known; not between
// two of which the second came directly after the first.
func insertTold(list []fetch, f fetch) []fetch {
	if i := slices.IndexFunc(list, func(g fetch) bool { return SameRevision(g.revision, f.revision) }); i >= 0 {
		if !list[i].at.Known() {
			list[i].at = f.at
		}
		return list
	}
	i := slices.IndexFunc(list, func(g fetch) bool { return g.at.Known() && g.at.At > f.at.At })
	if i < 0 {
		i = len(list)
	}
	for i > 0 && i < len(list) && list[i].direct {
		i--
	}
	return slices.Insert(list, i, f)
}

// recalledRun is what earlier sessions saw a sync do with a revision since it was
// fetched; nil when they saw nothing.
func (s *Store) recalledRun(o *Object, revision string, fetched Moment) *run {
	var found *run
	s.recalls(o, ChangeApplied, func(e *Entry) bool {
		switch {
		case e.At+1 < fetched.At:
			return false // of an earlier time this was the newest
		case sameCommit(o.Kind, revision, e.To):
			found = &run{revision: revision, outcome: OutcomeApplied, concluded: reconstructed(e.At, ProofKept), duration: UnknownTook, missed: true}
			d, ok := o.Detail.(*Sync)
			if !ok || !d.checks() {
				found.applied = found.concluded
			}
			if ok && d.Wait {
				found.settled = found.concluded // its health checks passed
			}
			return false
		case sameCommit(o.Kind, revision, e.From):
			found = &run{revision: revision, outcome: OutcomeApplied, duration: UnknownTook, missed: true} // when, nobody saw
		}
		return true
	})
	return found
}

// recall dates by what earlier sessions saw what a sync's status tells to have
// been applied, or tells it where the status does not.
func (s *Store) recall(past *run, o *Object, revision string, fetched Moment) *run {
	kept := s.recalledRun(o, revision, fetched)
	switch {
	case past == nil:
		return kept
	case kept != nil && !past.concluded.Known() && (past.outcome == OutcomeApplied || past.outcome == OutcomeUnchanged):
		past.applied, past.concluded, past.settled = kept.applied, kept.concluded, kept.settled
	}
	return past
}
