package doctor

import (
	"slices"

	"tenantry/model"
	"tenantry/model/why"
)

// rolling adds the rollouts that stand still at the pod although nobody has given
// up on them yet: a Deployment has ten minutes by itself, and its sync checks for
// as long as its own timeout. counted are the rows that are broken by something
// else already.
func (r *Report) rolling(s *model.Store, at map[string]int, counted map[string]bool) {
	var rows []string
	if row := s.Platform().Row; row != nil && !broken(s, row) && rollsOut(s, row) {
		rows = append(rows, model.PlatformKey)
	}
	for _, t := range s.Tenants() {
		if len(rows) < maxExplained && !broken(s, t) && rollsOut(s, t) {
			rows = append(rows, t.Name)
		}
	}
	for _, row := range rows {
		e := why.Row(s, row)
		r.want(e.Wants)
		stuck := false
		for i := range e.Faults {
			f := e.Faults[i]
			t, ok := stuckAt(s, &f)
			if !ok {
				continue
			}
			who := objectOf(t.at)
			f.Words = who.named() + " is rolling out, stuck at the pod: " + t.text
			r.fault(s, &f, row, at)
			c := &r.Causes[at[causeID(&f)]]
			if f.Harm != why.HarmDown {
				c.Severity = max(c.Severity, Warning) // what runs goes on, and it may still come
			}
			stuck = true
		}
		if stuck && !counted[row] {
			r.Broken++
			r.platform = r.platform || row == model.PlatformKey
		}
	}
}

func (r *Report) want(wants []model.Want) {
	for _, w := range wants {
		if !slices.Contains(r.wants, w) {
			r.wants = append(r.wants, w)
		}
	}
}

// rollsOut reports whether a workload of a row is on its way.
func rollsOut(s *model.Store, t *model.Tenant) bool {
	return slices.ContainsFunc(t.Workloads, func(k model.Key) bool { return s.Rollout(k).Moving() })
}

type podTrouble struct {
	at   model.Ref
	text string
}

// stuckAt is what keeps the pods of the workload that a fault is at; of one that
// is not ready yet a failing probe is no fault.
func stuckAt(s *model.Store, f *why.Fault) (podTrouble, bool) {
	for i := range f.Chain {
		k, ok := f.Chain[i].Key()
		if !ok || k.Kind.Role() != model.RoleWorkload || !s.Rollout(k).Moving() {
			continue
		}
		switch t := s.TroubleOf(k); t.Kind {
		case model.TroubleNone, model.TroubleProbe:
		default:
			return podTrouble{f.Chain[i].Ref, t.Text}, true
		}
	}
	return podTrouble{}, false
}
