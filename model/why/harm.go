package why

import "tenantry/model"

// Harm is what a fault does to what runs, the worst last.
type Harm uint8

// The degrees.
const (
	HarmNone Harm = iota // nothing came from it
	HarmNews             // what runs goes on, as far as it is known; nothing new arrives
	HarmPart             // some of it does not run, and some does
	HarmDown             // a workload has no pod that serves, is not there, or nothing was ever applied
)

// harm tells it by the workloads a chain leads through, and by the sync the
// fault stops.
func (w *walk) harm(f *Fault) Harm {
	out := HarmNews
	for i := range f.Chain {
		k, ok := f.Chain[i].Key()
		if !ok || k.Kind.Role() != model.RoleWorkload {
			continue
		}
		if f.Chain[i].Missing {
			return HarmDown
		}
		r := w.s.Rollout(k)
		switch {
		case r.Desired > 0 && r.Available == 0:
			return HarmDown
		case r.Available < r.Desired:
			out = HarmPart
		}
	}
	sync, _ := w.stopped(f)
	if sync == nil {
		if w.unused(f) != "" {
			return HarmNone
		}
		return out
	}
	d, ok := sync.Detail.(*model.Sync)
	if ok && d.Applied == "" && d.Inventory == "" && sync.Kind == model.Kustomization && w.s.Verdict(sync.Key).Health.Unhealthy() {
		return HarmDown
	}
	return out
}
