package model

import "slices"

// stepReady waits for tenants to be ready. A suspended or stalled one never
// will be by itself; one that has failed already may be on its way to be
// mended, so only a verdict since the waiting began ends it.
func (w *Waiting) stepReady(s *Store, r *WaitReport) {
	if !w.tenantsExist(s, r) {
		return
	}
	rows := w.rows(s)
	if len(rows) == 0 {
		r.fail(WaitFailed, "", Key{}, "there is no tenant")
		return
	}
	w.lookBack(s, rows)
	for _, t := range rows {
		who := rowWord(t.Name)
		words := t.Health.String()
		if t.Message != "" && t.Health != Ready {
			words += ": " + t.Message
		}
		w.say(r, who, words)
		r.Of++
		if t.Health != Ready {
			r.Open = append(r.Open, who+": "+words)
		}
		switch t.Health {
		case Ready:
			r.Live++
		case Suspended, Stalled:
			r.fail(WaitFailed, t.Name, t.Worst, who+": "+t.Message)
		case Failed:
			if w.failedSince(s, t) {
				r.fail(WaitFailed, t.Name, t.Worst, who+": "+t.Message)
			}
		case Unknown:
			if t.Denied || t.Chain[LinkSync].Denied {
				r.fail(WaitBlind, t.Name, t.Worst, who+": "+t.Message)
			}
		}
	}
	if r.State == WaitRunning && r.Live == r.Of {
		r.State = WaitDone
	}
}

// rows are the tenants waited for, all of them when none was named.
func (w *Waiting) rows(s *Store) []*Tenant {
	out := make([]*Tenant, 0, len(w.want.Tenants))
	for _, name := range w.want.Tenants {
		if t := s.Tenant(name); t != nil {
			out = append(out, t)
		}
	}
	if len(w.want.Tenants) == 0 {
		out = s.Tenants()
	}
	return out
}

// priorFailure is a failure that was there at the first look. That it came before
// the waiting is known by this alone: conditions are dated by their controllers'
// clocks, which may be ahead of the server's or behind it.
type priorFailure struct {
	since    Unix // as its verdict has it, to tell it from another
	revision string
	running  bool // it was being tried again
}

// lookBack notes what has failed already, and forgets what does not fail any
// more: failing again is news.
func (w *Waiting) lookBack(s *Store, rows []*Tenant) {
	if w.before == nil {
		w.before = map[Key]priorFailure{}
		for _, t := range rows {
			if t.Health != Failed {
				continue
			}
			for _, k := range slices.Concat(t.Sources, t.Syncs, t.Workloads, []Key{t.Worst}) {
				w.noteFailed(s, k)
			}
		}
		return
	}
	for k, was := range w.before {
		o := s.Get(k)
		if o == nil || s.Verdict(k).Health != Failed {
			delete(w.before, k)
			continue
		}
		// The try that was under way ended as the one before it, of which only
		// status.history told.
		if work := s.workOf(o); was.running && !work.running && SameRevision(was.revision, work.revision) {
			w.noteFailed(s, k)
		}
	}
}

func (w *Waiting) noteFailed(s *Store, k Key) {
	if v := s.Verdict(k); v.Health == Failed {
		work := s.workOf(s.Get(k))
		w.before[k] = priorFailure{v.Since, work.revision, work.running}
	}
}

// failedSince reports whether what a row failed by came about since the first
// look. A row that a dead controller leads says nothing new until it is back.
func (w *Waiting) failedSince(s *Store, t *Tenant) bool {
	v := s.Verdict(t.Worst)
	was, before := w.before[t.Worst]
	return v.Health == Failed && (!before || was.since != v.Since)
}
