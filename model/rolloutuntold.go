package model

// untell says that nobody knows what became of a commit in a sync, where that
// it did nothing with it is only not told: status.history has one entry for
// equal contents, under the last revision that had them, and events go. Only
// what this session saw from one fetch to the next is known.
func (l *Line) untell(one *sighted, next *fetch) bool {
	seen := one.fetched // of a source that skipped it: elsewhere
	if next != nil {
		seen = next.at
	}
	if seen.Known() && !seen.Reconstructed {
		return false
	}
	l.Outcome, l.Reason, l.Cause, l.At = OutcomeUntold, "", "", Key{}
	return true
}

// overtakenWords say that a target's commit was overtaken, and whether it was
// live before that as far as it is known.
func (t *WaitTarget) overtakenWords(s *Store, short string) string {
	switch {
	case t.Outcome == OutcomeUntold:
		words := short + ": not known whether it was live"
		if newest := s.offeredBy(t.Source); newest != "" {
			words += "; the newest is " + ShortRevision(newest)
		}
		return words
	case t.Overtaken:
		return short + " was " + t.OvertakenWords() + " before it was live"
	case !t.sure:
		return short + " was " + overtakenWords(true, "")
	}
	return short + " was " + overtakenWords(true, t.Newer)
}

// offeredBy is the revision a source has now, "" for none.
func (s *Store) offeredBy(source Key) string {
	if o := s.Get(source); o != nil {
		if d, ok := o.Detail.(*Source); ok {
			return d.Revision
		}
	}
	return ""
}
