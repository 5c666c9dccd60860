package model

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
			if t.Since >= w.want.Since && t.Since != 0 {
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
