package model

import "slices"

// Authorship is what a commit says of itself, read from its repository by who
// asked for that. It is shown and never counted with: an author's clock may be
// off.
type Authorship struct {
	Author  string // a name; "" unknown
	At      Unix   // when it was written, by the author's clock
	Subject string
}

// maxAuthored is how many commits' authors are kept.
const maxAuthored = 500

// Author keeps who made a commit. The newest told are kept.
func (s *Store) Author(revision string, a Authorship) {
	key := revisionKey(revision)
	t := &s.trails.authored
	if t.of == nil {
		t.of = map[string]Authorship{}
	}
	if _, known := t.of[key]; !known {
		if t.ring = append(t.ring, key); len(t.ring) > maxAuthored {
			delete(t.of, t.ring[0])
			t.ring = t.ring[1:]
		}
	}
	t.of[key] = a
	if a.Subject != "" {
		s.trails.subjects.put(revision, cutText(a.Subject, maxSubject))
		s.retell(revision)
	}
	s.revision++
}

// maxSubject is how much of a subject is kept, in bytes: what Flux's events
// tell of one.
const maxSubject = 50

// retell has what is derived of a revision derived anew.
func (s *Store) retell(revision string) {
	ix, key := s.trails.repos, revisionKey(revision)
	if ix == nil {
		return
	}
	for _, e := range ix.repos {
		if e.head != nil && revisionKey(e.head.Revision) == key ||
			e.chain != nil && slices.ContainsFunc(e.chain.Commits, func(c Commit) bool { return revisionKey(c.Revision) == key }) {
			ix.touch(e)
		}
	}
}

// Authored returns who made a commit, the zero value when nobody told.
func (s *Store) Authored(revision string) Authorship {
	return s.trails.authored.of[revisionKey(revision)]
}

type authored struct {
	of   map[string]Authorship
	ring []string
}
