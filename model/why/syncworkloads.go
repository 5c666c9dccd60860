package why

import (
	"tenantry/model"
	"tenantry/model/said"
)

// The workloads a sync has applied, or waits for.

// unhealthy explains what a failed health check waited for.
func (w *walk) unhealthy(v model.Verdict) []Fault {
	var out []Fault
	for _, one := range said.WaitedFor(v.Message) {
		r := model.Ref{Kind: one.Kind, Namespace: one.Namespace, Name: one.Name}
		note := "it waits for this to become healthy"
		if found := w.follow(r, note); len(found) > 0 {
			for i := range found {
				if found[i].Chain[0].Missing {
					found[i].Kind, found[i].Ours = said.Unknown, WorkloadGone
				}
			}
			out = append(out, found...)
			continue
		}
		k, watched := r.Key()
		link := Link{Ref: r, Health: model.Failed, Word: one.Status, Note: note}
		words := lower(r) + " is not healthy"
		if o := w.s.Get(k); watched && o != nil {
			link = w.link(o, note)
			switch {
			case link.Health == model.Ready || link.Health == model.NotApplicable:
				words = lower(r) + " was not healthy in time; it is by now, and the next try will see it"
			case o.Role() == model.RoleWorkload:
				words = lower(r) + " does not come up: " + w.s.Rollout(k).Message
			}
		}
		f := Fault{Kind: said.HealthTimeout, Chain: []Link{link}, Words: words}
		if one.Status == "Failed" {
			f.Kind = said.HealthFailed
		}
		out = append(out, f)
	}
	return out
}

// ownWorkloads explains the workloads a sync has applied that don't run: with
// no wait a sync is Ready all the same.
func (w *walk) ownWorkloads(o *model.Object, d *model.Sync) []Fault {
	if d.RemoteCluster {
		return nil
	}
	var out []Fault
	for _, ref := range model.InventoryRefs(o) {
		k, ok := ref.Key()
		if !ok || k.Kind.Role() != model.RoleWorkload {
			continue
		}
		if v := w.s.Verdict(k); w.s.Get(k) != nil && (v.Health.Unhealthy() || w.moves(k)) {
			out = append(out, w.follow(refOf(k), "it has applied this")...)
		}
	}
	return out
}

// moves reports whether a workload rolls out, and its pods may be in its way; a
// probe that fails meanwhile is nothing yet.
func (w *walk) moves(k model.Key) bool {
	return w.s.Rollout(k).Moving() && w.s.TroubleOf(k).Kind != model.TroubleProbe
}

// stuck explains a sync past its own timeout: what it most likely waits for.
func (w *walk) stuck(o *model.Object, d *model.Sync, v model.Verdict) []Fault {
	var out []Fault
	for _, ref := range model.InventoryRefs(o) {
		k, ok := ref.Key()
		if !ok || k.Kind.Role() != model.RoleWorkload || w.s.Get(k) == nil {
			continue
		}
		if v := w.s.Verdict(k); v.Health.Unhealthy() || w.s.Rollout(k).Moving() {
			out = append(out, w.follow(refOf(k), "it waits for this to become healthy")...)
		}
	}
	if len(out) == 0 {
		out = []Fault{{Ours: StuckRunning, Words: lower(refOf(o.Key)) + ": " + v.Message}}
	}
	return out
}
