package model

import "slices"

// moves tells what a commit did to the workloads of a sync.
func (c *derivation) moves(l *Line, o *Object, revision string, since Unix) {
	s := c.s
	for _, k := range s.WorkloadsOf(o.Key) {
		m, ok := s.moveOf(k, o.Key, revision, since)
		if !ok {
			l.Still++
			continue
		}
		l.Moves = append(l.Moves, m)
	}
	slices.SortFunc(l.Moves, func(a, b Move) int { return compareKeys(a.Workload, b.Workload) })
}

// moveOf tells what a commit did to one workload. What it did in several
// generations is one move from the first to the last.
func (s *Store) moveOf(workload, sync Key, revision string, since Unix) (Move, bool) {
	var m Move
	found := false
	for _, g := range s.Generations(workload) {
		switch {
		case g.Sync == sync && !g.AtOrBefore && !g.UndidDrift && g.At.At >= since && sameCommit(sync.Kind, revision, g.Commit):
			if found {
				m.From, m.At, m.Changed = g.From, g.At, append(slices.Clone(g.Changed), m.Changed...)
				continue
			}
			found = true
			m = Move{Workload: workload, From: g.From, To: g.Number, At: g.At, Observed: g.Observed, Revision: g.Revision,
				RolledOut: g.RolledOut, Desired: g.Desired, Updated: g.Updated, Available: g.Available, Old: g.Old,
				State: g.State, Superseded: !g.Current, Stuck: g.Stuck, Changed: g.Changed}
		case found:
			return m, true
		}
	}
	return m, found
}
