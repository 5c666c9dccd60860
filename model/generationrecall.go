package model

import "strconv"

// nearby is how far apart, in seconds, a generation that was seen and the
// ReplicaSet it made may be dated: by when it was seen, and by when it was made.
const nearby = 5

// recallGenerations gives generations of before this session, newest first, the
// number and the commit that an earlier one saw them have.
func (s *Store) recallGenerations(o *Object, list []Generation) {
	s.recalls(o, ChangeGeneration, func(e *Entry) bool {
		number, err := strconv.ParseInt(e.To, 10, 64)
		if err != nil || number <= 0 || number > list[0].Number {
			return true
		}
		g := &list[0]
		if number < g.Number {
			if g = madeNear(list[1:], e.At); g == nil {
				return true
			}
		} else if !g.At.Known() || max(g.At.At-e.At, e.At-g.At.At) > nearby {
			g.At = reconstructed(e.At, ProofKept) // of what is numbered so, not of what wrote near
		}
		if g.Number = number; g.From == 0 {
			if from, err := strconv.ParseInt(e.From, 10, 64); err == nil && from > 0 && from < number {
				g.From = from
			}
		}
		if e.Revision != "" && !g.Drift && g.Sync != (Key{}) {
			g.Commit, g.AtOrBefore = e.Revision, false
		}
		return true
	})
}

// madeNear is the one generation of a list that was made about then and has no
// number yet; nil where there is none or more than one.
func madeNear(list []Generation, at Unix) *Generation {
	var found *Generation
	for i := range list {
		g := &list[i]
		if g.Number != 0 || !g.At.Known() || max(g.At.At-at, at-g.At.At) > nearby {
			continue
		}
		if found != nil {
			return nil
		}
		found = g
	}
	return found
}

// hadBy reports whether what a sync has applied, and its source still has, was
// fetched by a time: what it wrote then and wrote last is of that.
func (s *Store) hadBy(sync *Object, revision string, at Unix) bool {
	d, ok := sync.Detail.(*Sync)
	if !ok || at == 0 || !applies(sync, revision) {
		return false
	}
	source := s.sourceOf(d)
	if source == nil || source.Kind == HelmChart {
		return false
	}
	fetches := s.fetchesOf(source)
	if len(fetches) == 0 {
		return false
	}
	last := fetches[len(fetches)-1]
	return sameCommit(sync.Kind, last.revision, revision) && last.at.Known() && last.at.At <= at
}

// unprovedWords say that the newest generation of a workload, of before this
// session, may be of a commit or of one before it; "" where it is not so.
func unprovedWords(list []Generation, workload, sync Key, revision string) string {
	if len(list) == 0 {
		return ""
	}
	g := &list[0]
	if !g.Current || !g.Reconstructed || !g.AtOrBefore || g.Sync != sync || !sameCommit(sync.Kind, revision, g.Commit) {
		return ""
	}
	return workload.Name + " " + strconv.FormatInt(g.Number, 10) + " is at or before it: nothing that is left tells which commit made it"
}
