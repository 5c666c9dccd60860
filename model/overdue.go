package model

import "time"

// unanswered reports whether a reconcile request has gone without an answer
// for more than a minute: requestedAt is a time in most tools' requests, and
// the controller copies it to lastHandledReconcileAt.
func unanswered(o *Object, handled string, c *clock) bool {
	asked := o.Annotations.Get(AnnotationRequestedAt)
	if asked == "" || asked == handled {
		return false
	}
	at, err := time.Parse(time.RFC3339Nano, asked)
	if err != nil {
		return false
	}
	return c.passed(Unix(at.Unix()), outdatedLimit)
}

// overdueSync reports whether a sync's controller has not come round for
// longer than two intervals and a timeout. Every Kustomization run moves
// Ready.lastTransitionTime or status.history, so both are a heartbeat
// (domain.md §6). A HelmRelease's runs leave no time, so it is never overdue;
// nor do those of a Kustomization that ends before it begins, at its source or
// at what it depends on.
func overdueSync(o *Object, d *Sync, c *clock, v *Verdict) bool {
	if o.Kind == HelmRelease {
		return false
	}
	last := Unix(0)
	if r := o.Condition("Ready"); r != nil {
		last = r.LastTransition
	}
	if len(d.History) > 0 {
		last = max(last, d.History[0].Last)
	}
	every := interval(o)
	if v.Health.Unhealthy() && d.RetryInterval > 0 {
		every = d.RetryInterval
	}
	if last == 0 || every == 0 || v.Health == Stalled || v.Health == Blocked || v.Reason == "ArtifactFailed" {
		return false
	}
	return c.passed(last, 2*int64(every)+int64(timeout(o)))
}
