package model

import (
	"strings"
	"time"
)

// Limits of the classifier, each with its reason.
const (
	// pendingLimit: a new object without conditions is Pending this long at
	// least before nobody seems to answer for it (domain rule: max of this and
	// two intervals).
	pendingLimit = 2 * 60
	// outdatedLimit: a spec change not seen by then is Unobserved.
	outdatedLimit = 60
	// stuckSlack is allowed beyond an object's own timeout.
	stuckSlack = 60
	// settleTime: how long the first sight of a running reconciliation is held
	// open, since a retry of a failing object looks the same.
	settleTime = 2
	// terminatingLimit: after this a deletion's finalizers are named as the
	// thing it waits for.
	terminatingLimit = 5 * 60
	// availabilityGrace: pods may vanish for this long (a drained node) before
	// a rolled-out workload that lost availability counts as failed.
	availabilityGrace = 30
)

// clock is what a classification needs of time: the server's now, and where
// it collects when the answer could change by time alone.
type clock struct {
	now Unix
	due Unix // 0 = never
}

// passed reports whether t+limit has passed, and notes it as a moment to look
// again when it has not.
func (c *clock) passed(t Unix, limit int64) bool {
	at := t + Unix(limit)
	if c.now > at {
		return true
	}
	if c.due == 0 || at+1 < c.due {
		c.due = at + 1
	}
	return false
}

// classify judges one Flux object by itself, in domain.md §6's order. mem is
// the last failed verdict held for the object, or nil; src what its source
// offers now.
func classify(o *Object, c *clock, mem *failure, src offer) Verdict {
	if v, done := classifyMeta(o, c); done {
		return v
	}
	if suspended(o) {
		v := classifyFrozen(o)
		if since, err := time.Parse(time.RFC3339, o.Annotations.Get(AnnotationSuspendedAt)); err == nil {
			v.Since = Unix(since.Unix())
		}
		return v
	}
	return classifyConditions(o, c, mem, src)
}

// classifyFrozen judges a suspended object: its conditions say what it was when
// it was stopped, and that nothing moves them says nothing of its controller.
func classifyFrozen(o *Object) Verdict {
	v := Verdict{Health: Suspended, Suspended: true, Was: Pending, Reason: "Suspended", Message: "never ran"}
	ready, stalled := o.Condition("Ready"), o.Condition("Stalled")
	if ready == nil {
		return v
	}
	v.Reason, v.Message, v.Since = ready.Reason, trim(ready.Message), ready.LastTransition
	switch {
	case stalled != nil && stalled.Status == "True":
		v.Was = Stalled
	case ready.Status == "True":
		v.Was = Ready
	case ready.Status == "False":
		v.Was = Failed
	default:
		v.Was = Reconciling
	}
	return v
}

// classifyMeta judges what metadata alone decides.
func classifyMeta(o *Object, c *clock) (Verdict, bool) {
	if o.Undecodable != "" {
		return Verdict{Health: Unknown, Reason: "Undecodable", Message: "this object could not be read: " + o.Undecodable}, true
	}
	if o.Deleting != 0 {
		v := Verdict{Health: Terminating, Reason: "Terminating", Since: o.Deleting, Message: "being deleted"}
		if len(o.Finalizers) > 0 && c.passed(o.Deleting, terminatingLimit) {
			v.Reason, v.Message = "FinalizerPending", "being deleted, but held by finalizer "+strings.Join(o.Finalizers, ", ")
		}
		return v, true
	}
	return Verdict{}, false
}

// Lingers reports whether an object is being deleted for longer than what only
// cleans up takes: something holds it.
func (s *Store) Lingers(o *Object) bool {
	if o == nil || o.Deleting == 0 {
		return false
	}
	c := s.clock()
	over := c.passed(o.Deleting, terminatingLimit)
	s.noteDue(c.due)
	return over
}

func classifyConditions(o *Object, c *clock, mem *failure, src offer) Verdict {
	if src, ok := o.Detail.(*Source); ok && src.Static {
		return Verdict{Health: NotApplicable, Reason: "Static", Message: "used as it is; nothing reconciles it"}
	}
	if len(o.Conditions) == 0 {
		return classifyNew(o, c)
	}
	ready, stalled, reconciling := o.Condition("Ready"), o.Condition("Stalled"), o.Condition("Reconciling")
	// A stall is about the spec it saw: a newer one is judged as unseen below.
	if stalled != nil && stalled.Status == "True" && !outdated(o, stalled) {
		v := Verdict{Health: Stalled, Reason: stalled.Reason, Message: trim(stalled.Message)}
		v.Since, v.AtLeast = failingSince(o, stalled, mem, src)
		return v
	}
	moving := reconciling != nil && reconciling.Status == "True"
	if ready == nil {
		if moving {
			return Verdict{Health: Reconciling, Reason: reconciling.Reason, Message: trim(reconciling.Message), Since: reconciling.LastTransition}
		}
		return Verdict{Health: Unknown, Reason: "NoReadyCondition", Message: "its status has no Ready condition"}
	}
	if outdated(o, ready) {
		return classifyOutdated(o, ready, c, mem)
	}
	v := Verdict{Reason: ready.Reason, Message: trim(ready.Message), Since: ready.LastTransition}
	switch ready.Status {
	case "True":
		v.Health = Ready
		// Every run moves a sync's Ready time; its history tells since when this
		// content has been applied well.
		if since := AppliedSince(o); since != 0 {
			v.Since = since
		}
		// helm-controller sets and clears Reconciling on every pass, before it
		// knows whether there is anything to do.
		if moving && !(o.Kind == HelmRelease && reconciling.Message == "Fulfilling prerequisites") {
			v.Health, v.Reason, v.Message, v.Since = Reconciling, reconciling.Reason, trim(reconciling.Message), reconciling.LastTransition
		}
	case "False":
		classifyFalse(o, ready, mem, src, &v)
	default:
		return classifyRunning(o, ready, reconciling, c, mem, src)
	}
	return v
}

// AppliedSince is since when a sync has been Ready with what it has applied, 0
// when its history does not tell. Flux counts equal content as one entry, so
// its first time may lie before runs of other content, or failed ones: then it
// is so at the latest since the run after the last of those.
func AppliedSince(o *Object) Unix {
	h := history(o)
	if len(h) == 0 || !succeededStatus(h[0].Status) || h[0].First == 0 {
		return 0
	}
	since := h[0].First
	for _, e := range h[1:] {
		if e.Last > since {
			since = e.Last
		}
	}
	if since == h[0].First {
		return since
	}
	since += Unix(interval(o))
	if ready := o.Condition("Ready"); ready != nil && ready.LastTransition != 0 {
		since = min(since, ready.LastTransition)
	}
	return since
}

// classifyNew judges an object its controller has not written to.
func classifyNew(o *Object, c *clock) Verdict {
	limit := int64(pendingLimit)
	if every := int64(interval(o)) * 2; every > limit {
		limit = every
	}
	if o.Created != 0 && c.passed(o.Created, limit) {
		return Verdict{Health: Unobserved, Reason: "NoStatus", Since: o.Created,
			Message: "no controller has written a status: it is down, does not serve this version or namespace, or the object's shard has none"}
	}
	return Verdict{Health: Pending, Reason: "NoStatus", Message: "waiting for its controller's first answer", Since: o.Created}
}

// outdated reports whether the verdict in ready is about an older spec.
func outdated(o *Object, ready *Condition) bool {
	if ready.ObservedGeneration != 0 {
		return ready.ObservedGeneration < o.Generation
	}
	return o.ObservedGeneration > 0 && o.ObservedGeneration < o.Generation
}

func classifyOutdated(o *Object, ready *Condition, c *clock, mem *failure) Verdict {
	v := Verdict{Health: Outdated, Reason: "NewGeneration", Message: "its controller has not seen the newest spec yet"}
	if mem != nil && mem.outdatedGen == o.Generation {
		v.Since = mem.outdatedAt
		busy := ready.Status == "Unknown" && !c.passed(ready.LastTransition, int64(timeout(o))+stuckSlack)
		if !busy && c.passed(mem.outdatedAt, outdatedLimit) {
			v.Health, v.Reason = Unobserved, "NotObserved"
			v.Message = "its controller has not looked at the newest spec: it is down, or does not serve this version or namespace"
		}
	}
	return v
}

// classifyFalse judges Ready=False.
func classifyFalse(o *Object, ready *Condition, mem *failure, src offer, v *Verdict) {
	v.Since, v.AtLeast = failingSince(o, ready, mem, src)
	switch ready.Reason {
	case "DependencyNotReady", "SourceNotReady":
		v.Health, v.Retrying = Blocked, true
	case "Progressing", "HealthCheckCanceled":
		v.Health, v.Since, v.AtLeast = Reconciling, ready.LastTransition, false
	default:
		v.Health, v.Retrying = Failed, true
	}
}

// classifyRunning judges Ready=Unknown. Every retry of a failing sync passes
// through it, so the last failed verdict stands while nothing it was about has
// changed.
func classifyRunning(o *Object, ready, reconciling *Condition, c *clock, mem *failure, src offer) Verdict {
	if mem.holds(o, src.revision) {
		return Verdict{Health: mem.health, Reason: mem.reason, Message: mem.message, Retrying: true, Since: mem.since, AtLeast: mem.atLeast}
	}
	// Only at the first look has history more to say than memory.
	if mem != nil && mem.firstSeen != 0 {
		if v, ok := failedBefore(o, src); ok {
			return v
		}
	}
	if ready.LastTransition != 0 && c.passed(ready.LastTransition, int64(timeout(o))+stuckSlack) {
		return Verdict{Health: Stuck, Reason: ready.Reason, Since: ready.LastTransition,
			Message: "its reconciliation runs for longer than its own timeout of " + seconds(timeout(o))}
	}
	v := Verdict{Health: Reconciling, Reason: ready.Reason, Message: trim(ready.Message), Since: ready.LastTransition}
	if reconciling != nil && reconciling.Message != "" {
		v.Message = trim(reconciling.Message)
	}
	if mem != nil && mem.firstSeen != 0 && !c.passed(mem.firstSeen, settleTime-1) {
		v.Health, v.Message = Pending, "a reconciliation was under way at the first look; waiting for its verdict"
	}
	return v
}

// failedBefore reads the last failed verdict off status.history when there is
// no memory of our own. Build and source failures are not in it (domain.md §4).
func failedBefore(o *Object, src offer) (Verdict, bool) {
	h := history(o)
	if len(h) == 0 || succeededStatus(h[0].Status) || h[0].Status == "" {
		return Verdict{}, false
	}
	if src.revision != "" && h[0].Revision != "" && !SameRevision(h[0].Revision, src.revision) {
		return Verdict{}, false
	}
	health := Failed
	if h[0].Status == "DependencyNotReady" {
		health = Blocked
	}
	v := Verdict{Health: health, Reason: h[0].Status, Retrying: true, Message: "the last run failed (" + h[0].Status + "); it is being tried again"}
	v.Since, v.AtLeast = failingSince(o, nil, nil, src)
	// The Healthy condition keeps the text of the failed check meanwhile.
	if hc := o.Condition("Healthy"); hc != nil && hc.Status == "False" {
		v.Message = trim(hc.Message)
	}
	return v, true
}

func succeededStatus(s string) bool {
	return s == "ReconciliationSucceeded" || s == "Succeeded"
}
