package model

import (
	"cmp"
	"time"
)

// fetchesApart is how far apart two fetches of one source are at least: it asks
// its origin, stores what it got and writes its status in between.
const fetchesApart = time.Second

// anyNewer stands for a commit that came after another, where it is not known
// which it was.
const anyNewer = "a newer commit"

// sawEach reports whether each of a source's fetches is seen, by what is taken
// in now: not after an outage of its watch, and not where it is only listed now
// and then.
func (s *Store) sawEach(source Key) bool {
	sc, ok := s.scopeOf(source.Kind, source.Namespace)
	return ok && sc.State == ScopeSynced && sc.Verb != "watch" && !s.trails.vague
}

// skipped is the commit that a sync's source fetched instead of one that it
// never fetched and that came before it, and whether it is known that none was
// between; "" when that may still come.
func (c *derivation) skipped(f *followed, one *sighted) (revision string, sure bool) {
	if f.has == nil || newer(f.has, one) >= 0 {
		return "", false
	}
	for i := range f.fetches {
		if next := c.known[revisionKey(f.fetches[i].revision)]; next != nil && newer(next, one) < 0 {
			return next.revision, f.fetches[i].direct
		}
	}
	return f.has.revision, false
}

// cameAfter reports whether a sync, of which nothing tells that it did anything
// with a commit, was made only when that was past: once its source had the next,
// or, of a commit that its source is not known to have had, after it came.
func (f *followed) cameAfter(one *sighted, at int, next *fetch) bool {
	made := f.object.Created
	for _, h := range history(f.object) { // a restored backup is older than itself
		made = min(made, cmp.Or(h.First, made))
	}
	if at >= 0 {
		return next != nil && next.at.Known() && made > next.at.At
	}
	return one.order != 0 && made > one.order
}

// overtake notes that a line's commit was not live before the next came. What it
// was tried anew with when that came had failed.
func (l *Line) overtake(r *run) {
	l.Overtaken = true
	if l.sure {
		l.OvertakenBy = l.Newer
	}
	switch l.Outcome {
	case OutcomeWaiting, OutcomeApplying, OutcomeBlocked:
		l.Outcome = OutcomeOvertaken
		if r != nil && (r.lastEnd == OutcomeFailed || r.lastEnd == OutcomeRefused) {
			l.Outcome = r.lastEnd
		}
	}
}

// overtake notes that a commit was not live everywhere before another came.
func (c *Commit) overtake(one *sighted, next string) {
	if c.Overtaken = c.left(); c.Overtaken && one.direct {
		c.OvertakenBy = next
	}
}

// OvertakenWords say what overtook a commit: "overtaken by 7e01c2d"; "" when
// nothing did.
func (c *Commit) OvertakenWords() string { return overtakenWords(c.Overtaken, c.OvertakenBy) }

// OvertakenWords say what overtook a commit in one sync; "" when nothing did.
func (l *Line) OvertakenWords() string { return overtakenWords(l.Overtaken, l.OvertakenBy) }

func overtakenWords(overtaken bool, by string) string {
	switch {
	case !overtaken:
		return ""
	case by == "":
		return "overtaken by " + anyNewer
	}
	return "overtaken by " + ShortRevision(by)
}
