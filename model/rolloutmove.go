package model

import "slices"

// moves tells what a commit did to the workloads of a sync.
func (c *derivation) moves(l *Line, o *Object, revision string, after uint64) {
	for _, k := range c.s.WorkloadsOf(o.Key) {
		m, ok := moveOf(c.generations(k), k, o.Key, revision, after)
		if !ok {
			l.Still++
			if l.Unproved == "" {
				l.Unproved = unprovedWords(c.generations(k), k, o.Key, revision)
			}
			continue
		}
		l.Moves = append(l.Moves, m)
	}
	slices.SortFunc(l.Moves, func(a, b Move) int { return compareKeys(a.Workload, b.Workload) })
}

// moveOf tells what a commit did to one workload. What it did in several
// generations is one move from the first to the last. What was seen before a
// serial was another time that the commit was fetched. What rolls out now is
// told of the newest commit that may have made it, though an earlier one may
// have: its pods are what everybody looks at. What is of before the session is
// not.
func moveOf(list []Generation, workload, sync Key, revision string, after uint64) (Move, bool) {
	var m Move
	found := false
	for _, g := range list {
		switch {
		case g.Sync == sync && (!g.AtOrBefore || g.Current && !g.Reconstructed) && !g.UndidDrift && !g.Rollback && (after == 0 || g.serial > after) && sameCommit(sync.Kind, revision, g.Commit):
			if found {
				m.From, m.At, m.Changed = g.From, g.At, append(slices.Clone(g.Changed), m.Changed...)
				continue
			}
			found = true
			m = Move{Workload: workload, From: g.From, To: g.Number, At: g.At, Observed: g.Observed, Revision: g.Revision,
				RolledOut: g.RolledOut, Desired: g.Desired, Updated: g.Updated, Available: g.Available, Old: g.Old,
				State: g.State, Superseded: !g.Current, Stuck: g.Stuck, Changed: g.Changed}
			if g.AtOrBefore {
				m.AtOrBefore = g.Commit
			}
		case found:
			return m, true
		}
	}
	return m, found
}

// generations returns a workload's generations, which one sync's lines ask for
// once each.
func (c *derivation) generations(workload Key) []Generation {
	list, ok := c.listed[workload]
	if !ok {
		if list = c.s.Generations(workload); c.listed == nil {
			c.listed = map[Key][]Generation{}
		}
		c.listed[workload] = list
	}
	return list
}
