package model

// AppliedLater returns the revision a Kustomization has put into the cluster
// since the one it calls applied, and which did not get healthy; "" when nothing
// tells of one. kustomize-controller writes lastAppliedRevision only once the
// health checks have passed: whoever reads it as what is in the cluster, and a
// later commit failed otherwise, takes one for the other.
func (s *Store) AppliedLater(sync Key) string {
	o := s.Get(sync)
	if o == nil || o.Kind != Kustomization {
		return ""
	}
	found, over := "", false
	s.trails.runs.back(sync, func(r *run) bool {
		switch {
		case !r.applied.Known(): // not begun, or it failed before
			return true
		case r.outcome == OutcomeFailed && !applies(o, r.revision):
			found = r.revision
		}
		over = true
		return false
	})
	if over {
		return found
	}
	d, _ := o.Detail.(*Sync)
	if ready := o.Condition("Ready"); ready != nil && d != nil && ready.Reason == "HealthCheckFailed" && d.Attempted != "" && !applies(o, d.Attempted) {
		return d.Attempted
	}
	for _, h := range history(o) {
		switch {
		case succeededStatus(h.Status) || applies(o, h.Revision):
			return ""
		case h.Status == "HealthCheckFailed":
			return h.Revision
		}
	}
	return ""
}
