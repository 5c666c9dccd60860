package model

// explain says what the run alone does not: how the workloads stand, and what
// holds up a sync that has not begun.
func (c *derivation) explain(l *Line, f *followed, one *sighted) {
	s, o, revision := c.s, f.object, one.revision
	stopped := o.IsSuspended() || f.sourceObject.IsSuspended()
	l.Held = stopped
	switch l.Outcome {
	case OutcomeApplied, OutcomeUnchanged:
		// At work on another, the workloads may be that one's already; trying anew
		// what it failed with, they are what they were.
		if w := s.workOf(o); applies(o, revision) && (!w.busy() || sameCommit(o.Kind, revision, w.revision) || s.verdictAt(o, c.clock, 0).Health.Unhealthy()) {
			c.stand(l, o)
		}
		if stopped && !l.Live {
			l.Outcome = OutcomeSuspended
		}
	case OutcomeWaiting, OutcomeApplying, OutcomeBlocked:
		if stopped && one.past && !s.busyWith(o, revision) {
			l.Outcome = OutcomeOvertaken // what is resumed takes the newest
			return
		}
		if stopped {
			l.Outcome, l.Reason, l.At = OutcomeSuspended, "Suspended", o.Key
			if !o.IsSuspended() {
				l.At = f.source
			}
			l.Cause = Sentence(s.Get(l.At), Verdict{Health: Suspended})
			return
		}
		who := o
		if l.Outcome != OutcomeApplying && !l.Fetched.Known() {
			who = f.sourceObject
		}
		if c := s.ServedBy(who).View; c != nil && !c.AtWork() {
			l.Outcome, l.Reason, l.Cause, l.At = OutcomeBlocked, "ControllerDown", c.Message, c.Key
			return
		}
		if l.Outcome == OutcomeWaiting && !l.Fetched.Known() {
			if v := s.verdictAt(f.sourceObject, c.clock, 0); v.Health.Unhealthy() {
				l.Outcome, l.Reason, l.At = OutcomeBlocked, v.Reason, f.source
				l.Cause = Sentence(f.sourceObject, v)
			}
		} else if v := s.verdictAt(o, c.clock, 0); l.Outcome == OutcomeWaiting && v.Health.Unhealthy() {
			l.Outcome, l.Reason = OutcomeBlocked, v.Reason
			l.Cause, l.At = causeOf(o, v)
		} else if w := s.workOf(o); l.Outcome == OutcomeWaiting && w.busy() && !sameCommit(o.Kind, revision, w.revision) {
			l.Busy, l.Checking = w.revision, w.checking
		}
	}
}

// BusyWords say what its sync does before it takes a fetched commit up; "" when
// it does nothing.
func (l *Line) BusyWords() string {
	switch {
	case l.Busy == "":
		return ""
	case l.Checking:
		return "the sync still waits for health checks of " + ShortRevision(l.Busy)
	}
	return "the sync is still at work on " + ShortRevision(l.Busy)
}

// stand judges the workloads of a commit that is applied now.
func (c *derivation) stand(l *Line, o *Object) {
	st := c.s.standingOf(o, o.Detail.(*Sync).Applied, l.Concluded.At, l.told, l.Outcome == OutcomeUnchanged, c.clock.now)
	l.Live = st.live
	if st.live && !l.LiveAt.Known() && l.Concluded.Known() {
		l.LiveAt = l.Concluded
		l.LiveAt.At = max(st.at, c.rolledOutAfter(o, l.Concluded.At))
	}
	if st.again != 0 {
		c.clock.passed(st.again-1, 0)
	}
	if l.Live || l.Reason != "" {
		return
	}
	switch {
	case st.failed != Key{}:
		r := RolloutOf(c.s.Get(st.failed))
		l.Reason, l.At, l.Cause = "RolloutFailed", st.failed, st.failed.Kind.String()+" "+st.failed.Name+": "+cutText(r.Message, maxCause)
	case st.missing != Key{}:
		l.Reason, l.At, l.Cause = "Missing", st.missing, st.missing.String()+", which it applied, does not exist"
	case st.blind != Key{}:
		l.Reason, l.At, l.Cause = "Unreadable", st.blind, c.s.whyBlind(st.blind)
	case st.drifted != Key{}:
		l.Reason, l.At, l.Cause = "Drift", st.drifted, st.drifted.Kind.String()+" "+st.drifted.Name+" was changed by hand since"
	}
}

// rolledOutAfter reads off the Deployments of a sync when the rollout that
// followed a time ended; 0 when nothing tells.
func (c *derivation) rolledOutAfter(o *Object, at Unix) Unix {
	last := Unix(0)
	for _, k := range c.s.WorkloadsOf(o.Key) {
		w := c.s.Get(k)
		p := conditionOf(w, "Progressing")
		if p == nil || p.Reason != "NewReplicaSetAvailable" {
			continue
		}
		if d, ok := w.Detail.(*Workload); ok && p.LastTransition >= at && p.LastTransition <= at+Unix(d.ProgressDeadline) {
			last = max(last, p.LastTransition)
		}
	}
	return last
}
