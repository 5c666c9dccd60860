package model

import "slices"

// nobodyWill ends the waiting for a commit that is here when nobody is left to
// apply it: who follows it is suspended, or was made only after it was overtaken.
func (s *Store) nobodyWill(r *WaitReport, short string, left []Line) {
	const most = 3
	var stopped, later []string
	var first Line
	var at Key
	for _, l := range left {
		if l.Outcome != OutcomeSuspended {
			later = append(later, l.Sync.String())
			continue
		}
		who := l.Sync
		if o := s.Get(who); o != nil && !o.IsSuspended() {
			who = l.Source
		}
		if len(stopped) == 0 {
			first, at = l, who
		}
		if !slices.Contains(stopped, who.String()) {
			stopped = append(stopped, who.String())
		}
	}
	if len(stopped) > 0 {
		are := " are suspended"
		if len(stopped) == 1 {
			are = " is suspended"
		}
		r.fail(WaitFailed, first.Tenant, at, "nobody will apply "+short+": "+several(stopped, most)+are)
		return
	}
	first = left[0]
	by := ""
	if first.sure {
		by = first.Newer
	}
	r.fail(WaitOvertaken, first.Tenant, first.Sync, short+" was "+overtakenWords(true, by)+", and what follows its repository now was made later: "+several(later, most))
}
