package model

// RunsOf returns the history of a sync or a workload, newest first.
func (s *Store) RunsOf(k Key) []Run {
	switch k.Kind.Role() {
	case RoleSync:
		return s.syncRuns(k)
	case RoleWorkload:
		return s.workloadRuns(k)
	}
	return nil
}

func (s *Store) syncRuns(k Key) []Run {
	o := s.Get(k)
	if o == nil {
		return nil
	}
	var out []Run
	oldest := Unix(0) // of what was seen; history before it is added
	s.trails.runs.back(k, func(r *run) bool {
		out = append(out, r.tell())
		if at := out[len(out)-1].Start.At; at != 0 {
			oldest = at
		} else if r.concluded.At != 0 {
			oldest = r.concluded.At
		}
		return true
	})
	for _, h := range pastOf(o) {
		if oldest != 0 && h.Last >= oldest {
			continue
		}
		r := run{revision: h.Revision, duration: UnknownTook}
		r.readHistory(h, o.Kind, Moment{}, o.Detail.(*Sync).checks(), true)
		one := r.tell()
		one.End, one.Duration = reconstructed(h.Last, ProofHistory), h.Duration
		if o.Kind == HelmRelease {
			one.Duration = UnknownTook
		}
		out = append(out, one)
	}
	return out
}

func (r *run) tell() Run {
	out := Run{Revision: r.revision, Outcome: r.outcome, Start: r.attempted, End: r.concluded, Duration: UnknownTook,
		Reason: r.message, Times: r.times}
	if r.settled.Known() {
		out.End = r.settled
	}
	if out.Start.Known() && out.End.Known() {
		out.Duration = int32(max(out.End.At-out.Start.At, 0))
	}
	return out
}

func (s *Store) workloadRuns(k Key) []Run {
	var out []Run
	for _, g := range s.Generations(k) {
		r := Run{Revision: g.Commit, Generation: g.Number, Start: g.At, End: g.RolledOut, Duration: g.Took, Reason: g.Stuck, Times: 1}
		if g.AtOrBefore {
			r.Revision = "" // a run is of one commit
		}
		switch {
		case g.RolledOut.Known():
			r.Outcome = OutcomeApplied
		case g.State == RolloutFailed:
			r.Outcome = OutcomeFailed
		case g.Current:
			r.Outcome = OutcomeApplying
		default:
			r.Outcome = OutcomeOvertaken // another followed; whether it got there first is not known
		}
		out = append(out, r)
	}
	return out
}
