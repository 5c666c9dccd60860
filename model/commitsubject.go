package model

import "strings"

// subjects are the first lines of commits, as source-controller's events tell
// them. Events are read only while something shows them and expire within the
// hour, so what they told is kept: the newest maxSubjects.
type subjects struct {
	of   map[string]string // by digest
	ring []string
	next int
}

func (s *subjects) put(revision, subject string) {
	key := revisionKey(revision)
	if _, known := s.of[key]; known {
		return
	}
	if s.of == nil {
		s.of = map[string]string{}
	}
	key = strings.Clone(key)
	if len(s.ring) < maxSubjects {
		s.ring = append(s.ring, key)
	} else {
		delete(s.of, s.ring[s.next])
		s.ring[s.next] = key
		s.next = (s.next + 1) % maxSubjects
	}
	s.of[key] = strings.Clone(subject)
}

// revisionKey is what two spellings of one revision have in common.
func revisionKey(revision string) string {
	if sum := RevisionSum(revision); sum != "" {
		return sum
	}
	return revision
}

// Subject returns a commit's first line, at most 50 characters; "" when no
// event read in this session told it.
func (s *Store) Subject(revision string) string { return s.trails.subjects.of[revisionKey(revision)] }

// followEvent marks what an event is about, and keeps what it tells that no
// object does: a commit's subject.
func (s *Store) followEvent(o *Object) {
	if o == nil {
		return
	}
	d, ok := o.Detail.(*EventDetail)
	if !ok || d.Revision == "" {
		return
	}
	if k, ok := d.Regarding.Key(); ok {
		s.dirty(k)
	}
	if rest, ok := strings.CutPrefix(d.Message, "stored artifact for commit '"); ok {
		if end := strings.LastIndexByte(rest, '\''); end > 0 {
			s.trails.subjects.put(d.Revision, rest[:end])
		}
	}
}
