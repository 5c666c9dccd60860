package model

import "strings"

// line tells one commit's way through one sync.
func (c *derivation) line(f *followed, one *sighted, full bool) Line {
	o := f.object
	l := Line{Tenant: f.tenant, Sync: o.Key, Source: f.source}
	fetches := f.fetches
	at := -1 // the last time its source fetched it
	after, came := uint64(0), uint64(0)
	for i := range fetches {
		if SameRevision(fetches[i].revision, one.revision) {
			if at >= 0 {
				// Fetched again after another: what was done with it before that
				// is another commit's story.
				after, came = fetches[i-1].serial, fetches[i].serial
			}
			at = i
		}
	}
	again := at >= 0 && fetches[at].at.At < one.back && at+1 < len(fetches)
	if again {
		at = -1 // fetched again elsewhere, and not here yet
	}
	var next *fetch
	if at >= 0 {
		l.Fetched = fetches[at].at
		if at+1 < len(fetches) {
			next = &fetches[at+1]
		}
	}
	var r *run
	if !again {
		r = c.runOf(o, one.revision, l.Fetched, after, came)
	}
	if r != nil {
		l.Attempted, l.Applied, l.Concluded, l.LiveAt = r.attempted, r.applied, r.concluded, r.settled
		l.Outcome, l.Reason, l.Cause, l.At = r.outcome, r.reason, r.message, r.at
		l.told, l.verdict, l.seenLive = r.toldAt(), r.verdict, r.seenLive
		if r.outcome == OutcomeWaiting && r.attempted.Known() && c.s.busyWith(o, one.revision) {
			l.Outcome = OutcomeApplying // what it applied before another that failed, once more
		}
	}
	if !again {
		c.tellByEvents(&l, one.revision)
	}
	if w := c.s.workOf(o); l.Outcome == OutcomeApplying && w.checking && sameCommit(o.Kind, one.revision, w.revision) {
		l.Checking = true
	}
	c.explain(&l, f, one)
	l.absent = r == nil && !again && one.past && f.cameAfter(one, at, next)
	if next != nil {
		l.Newer, l.sure = next.revision, next.direct
	} else if d, ok := f.sourceObject.Detail.(*Source); ok && at < 0 && r != nil && !applies(o, one.revision) && !SameRevision(d.Revision, one.revision) {
		l.Newer = d.Revision // fetched before this session, as the sync's history tells
	} else if at < 0 && r == nil && !again {
		l.Newer, l.sure = c.skipped(f, one)
	}
	switch {
	case l.Newer == "" || l.LiveAt.Known():
	case r.wellChecked(o):
		l.LiveAt, l.seenLive = r.concluded, r.verdict
	case l.Concluded.By == ProofEvent && o.Detail.(*Sync).Wait:
		// The event of a good end comes after the health checks. status.history may
		// tell of it no more: it calls the same content by its newest revision.
		l.LiveAt = l.Concluded
	}
	if full && !again {
		c.s.trails.keepTold(&l, one.revision, after)
	}
	if l.Newer != "" && !l.LiveAt.Known() && !l.Live && !r.endUnseen() && !c.s.busyWith(o, one.revision) {
		if r != nil || !l.untell(one, next) {
			l.overtake(r)
		}
	}
	if full && !again {
		c.moves(&l, o, one.revision, after)
		if l.Outcome == OutcomeUnchanged && r != nil {
			l.SameAs = r.base
		}
		if l.Outcome == OutcomeUnchanged && (len(l.Moves) > 0 || c.writtenSince(o, l.Fetched.At, next)) {
			l.Outcome, l.SameAs = OutcomeApplied, ""
		}
	}
	return l
}

// wellChecked reports whether a run was seen to come to a good end of a sync that
// checks the health of all it applies. Its workloads may have been seen to go on
// with the next commit before that was: each kind is read by itself.
func (r *run) wellChecked(o *Object) bool {
	d := o.Detail.(*Sync)
	return r != nil && d.Wait && (r.outcome == OutcomeApplied || r.outcome == OutcomeUnchanged) && r.concluded.Known() && r.verdict != 0
}

// writtenSince reports whether a workload of a sync changed between a fetch and
// the next, or its ReplicaSet did. status.history has one entry for equal
// contents: that one is old does not say that nothing else was between.
func (c *derivation) writtenSince(o *Object, fetched Unix, next *fetch) bool {
	for _, k := range c.s.WorkloadsOf(o.Key) {
		for _, g := range c.generations(k) {
			if g.Sync == o.Key && !g.UndidDrift && !g.Drift && !g.likely && g.At.At > fetched && (next == nil || g.At.At < next.at.At) {
				return true
			}
		}
	}
	return false
}

// runOf returns what the sync did with a revision: as it was seen, else as its
// status tells; nil when it did nothing with it that is known. Of a commit that was
// fetched again, after is the fetch before that, and came is that one.
func (c *derivation) runOf(o *Object, revision string, fetched Moment, after, came uint64) *run {
	var found *run
	c.s.trails.runs.back(o.Key, func(r *run) bool {
		if sameCommit(o.Kind, revision, r.revision) && (after == 0 || r.serial > after && !r.endedBefore(fetched)) {
			found = r
		}
		return found == nil
	})
	if found != nil {
		return found
	}
	past := c.pastRun(o, revision, fetched)
	if after == 0 {
		past = c.s.recall(past, o, revision, fetched)
	}
	if past != nil {
		return past
	}
	c.s.trails.runs.back(o.Key, func(later *run) bool {
		if later.serial > came && sameCommit(o.Kind, revision, later.base) {
			found = &run{revision: revision, outcome: OutcomeApplied, duration: UnknownTook, missed: true} // when, nothing tells any more
		}
		return found == nil
	})
	return found
}

// endedBefore reports whether a run came to its end before its commit was fetched
// again: what its sync was still at then is of the time before.
func (r *run) endedBefore(fetched Moment) bool {
	return r.concluded.Known() && fetched.Known() && !fetched.Reconstructed && r.concluded.At+1 < fetched.At
}

// sameCommit reports whether a sync's revision is its source's.
func sameCommit(sync Kind, source, applied string) bool {
	return SameRevision(source, applied) || sync == HelmRelease && sameChart(source, applied)
}

// applies reports whether a sync's last applied revision is this one.
func applies(o *Object, revision string) bool {
	d, ok := o.Detail.(*Sync)
	return ok && d.Applied != "" && sameCommit(o.Kind, revision, d.Applied)
}

// sameChart reports whether an artifact's revision is the chart version a
// HelmRelease names. An OCI artifact adds its digest to it and a chart from Git
// its commit ("1.2.0@sha256:…", "1.2.0+5f3…"); helm-controller puts the first
// twelve digits of a digest behind a plus, or nothing where it was told so.
func sameChart(artifact, version string) bool {
	a, abuild := chartBuild(artifact)
	b, bbuild := chartBuild(version)
	return version != "" && a == b && (abuild == "" || bbuild == "" || abuild == bbuild)
}

// chartBuild separates a chart's version from what tells its builds apart. A
// tag of OCI has an underscore for the plus, and its digest counts more.
func chartBuild(v string) (version, build string) {
	v, digest, _ := strings.Cut(v, "@")
	version, build, _ = strings.Cut(strings.ReplaceAll(v, "_", "+"), "+")
	if sum := RevisionSum(digest); sum != "" {
		build = sum[:min(len(sum), 12)]
	}
	return version, build
}

// pastRun reads off a sync's status what it did with a revision before this
// session, or is doing in the moment it is first looked at.
func (c *derivation) pastRun(o *Object, revision string, fetched Moment) *run {
	w := c.s.workOf(o)
	v := c.s.verdictAt(o, c.clock, 0)
	r := &run{revision: revision, duration: UnknownTook, missed: true}
	found := false
	if w.revision != "" && sameCommit(o.Kind, revision, w.revision) {
		found = true
		r.outcome = outcomeOf(o, w, v)
		ready, reconciling := o.Condition("Ready"), o.Condition("Reconciling")
		switch {
		case r.outcome == OutcomeSuspended && applies(o, revision):
			r.outcome = OutcomeApplied
		case r.outcome == OutcomeSuspended:
			r.outcome = OutcomeWaiting
		case r.outcome == OutcomeApplying:
			r.attempted = reconstructed(ready.LastTransition, ProofCondition)
			if w.checking && reconciling.LastTransition > ready.LastTransition {
				r.applied = reconstructed(reconciling.LastTransition, ProofCondition)
			}
		case r.outcome != OutcomeApplied && r.outcome != OutcomeWaiting:
			r.concluded = reconstructed(v.Since, ProofCondition)
			r.reason = v.Reason
			r.message, r.at = causeOf(o, v)
		}
	}
	for _, h := range pastOf(o) {
		if !sameCommit(o.Kind, revision, h.Revision) {
			continue
		}
		if o.Kind != HelmRelease && h.Last+1 < fetched.At && !(found && fetched.Reconstructed) {
			continue // of an earlier time this was the newest
		}
		d := o.Detail.(*Sync)
		r.readHistory(h, o.Kind, fetched, d.checks(), !found)
		if d.Wait && !found && r.outcome == OutcomeApplied {
			r.settled = r.concluded // its health checks passed
		}
		return r
	}
	if !found {
		return nil
	}
	return r
}

// pastOf returns status.history whoever wrote it: a HelmRelease's lists Helm's
// releases.
func pastOf(o *Object) []HistoryEntry {
	if d, ok := o.Detail.(*Sync); ok {
		return d.History
	}
	return nil
}

// readHistory takes an entry of status.history in. An entry is of one content,
// under the revision that had it last: First is this revision's only when it
// was reconciled once or was fetched before that. Only a fetch that was seen
// tells that the content is older: the artifact's own time is new whenever
// source-controller starts without what it had stored. Of a sync that checks
// what it applies it tells when the checks were over, and not when it applied.
func (r *run) readHistory(h HistoryEntry, kind Kind, fetched Moment, checked, decides bool) {
	succeeded := succeededStatus(h.Status) || kind == HelmRelease && (h.Status == "deployed" || h.Status == "superseded")
	at := h.First
	switch {
	case kind == HelmRelease:
		at = h.Last // a release has its own entry, whatever was deployed before
	case h.Total != 1 && (!fetched.Known() || h.First < fetched.At):
		at = 0
	}
	r.duration, r.times = h.Duration, h.Total
	if decides {
		r.outcome = OutcomeFailed
		if succeeded {
			r.outcome = OutcomeApplied
		} else {
			r.reason, r.message = h.Status, plainReason(h.Status)
		}
	}
	if succeeded == (r.outcome == OutcomeApplied) && at != 0 {
		r.concluded = reconstructed(at, ProofHistory)
	}
	if r.outcome == OutcomeApplied && succeeded {
		if !checked {
			r.applied = r.concluded
		}
		if kind != HelmRelease && fetched.Known() && !fetched.Reconstructed && h.First < fetched.At {
			r.outcome = OutcomeUnchanged // the content is older than the commit
		}
	}
	if h.Total == 1 && kind != HelmRelease && r.concluded.Known() && !r.attempted.Known() {
		r.attempted = reconstructed(at-Unix(h.Duration), ProofHistory)
	}
}

// plainReason words the reason of a run whose message is gone.
func plainReason(reason string) string {
	switch reason {
	case "ReconciliationFailed":
		return "could not be applied"
	case "HealthCheckFailed":
		return "did not become healthy"
	case "PruneFailed":
		return "what it no longer holds could not be deleted"
	}
	return reason
}
