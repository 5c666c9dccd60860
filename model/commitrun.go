package model

import (
	"strings"
	"unicode/utf8"
)

// run is what one sync did with one revision.
type run struct {
	revision                               string
	attempted, applied, concluded, settled Moment // settled: live
	outcome                                Outcome
	lastEnd                                Outcome // how its last try ended that is over
	reason, message                        string
	at                                     Key   // the object at fault, where it is another
	content                                Unix  // since when what was applied before had been, to tell whether it changed
	duration                               int32 // of the controller's last run, by status.history; UnknownTook
	times                                  int32
	serial                                 uint64
	base                                   string // what was applied when it began
	missed                                 bool   // how it ended, or all of it, was not seen
	sight
}

// maxCause bounds a cause's sentence, in bytes.
const maxCause = 400

// work is what a sync's status says it is about.
type work struct {
	revision string
	running  bool
	checking bool // its health checks are under way: all is applied
	// ending: Ready says that the revision is applied, and lastAppliedRevision does
	// not yet: kustomize-controller writes them one after the other.
	ending bool
}

// busy reports whether it has not come to its end.
func (w work) busy() bool { return w.running || w.ending }

// workOf reads the revision a sync works on, or last worked on. The message of
// Reconciling names it first; lastAttemptedRevision is written only once the
// path was found (domain.md §14), and before that and without either, what the
// source offers is what was tried.
func (s *Store) workOf(o *Object) work {
	d, ok := o.Detail.(*Sync)
	if !ok {
		return work{}
	}
	w := work{revision: d.Attempted}
	ready, reconciling := o.Condition("Ready"), o.Condition("Reconciling")
	w.running = ready != nil && ready.Status == "Unknown"
	named := ""
	if reconciling != nil && reconciling.Status == "True" {
		named = between(reconciling.Message, " for revision ", " ")
		w.checking = strings.HasPrefix(reconciling.Message, "Running health checks")
	}
	if ready != nil && ready.Status == "False" {
		switch ready.Reason {
		case "DependencyNotReady", "SourceNotReady":
			// Decided before anything is fetched: a revision named is of before.
			w.revision, named = s.sourceRevision(o), ""
		case "ArtifactFailed", "AccessDenied":
			w.revision = s.sourceRevision(o)
		}
	}
	switch {
	case named != "" && !SameRevision(named, w.revision):
		w.revision = strings.Clone(named) // not a part of a long message
	case w.revision == "" && d.Applied != "":
		w.revision = d.Applied
	case w.revision == "":
		w.revision = s.sourceRevision(o)
	}
	if o.Kind == Kustomization && ready != nil && ready.Status == "True" {
		said, ok := strings.CutPrefix(ready.Message, "Applied revision: ")
		w.ending = ok && SameRevision(said, w.revision) && !SameRevision(said, d.Applied)
	}
	return w
}

// TriedBy is the revision a sync works on, or last worked on; "" when nothing
// tells.
func (s *Store) TriedBy(sync Key) string {
	if o := s.Get(sync); o != nil {
		return s.workOf(o).revision
	}
	return ""
}

// busyWith reports whether a sync is at work on a revision this moment. It ends
// what it began, health checks included, before it looks at its source again:
// a newer commit that was fetched meanwhile has not overtaken it yet
// (kustomize-controller, seen on v1.9.5 with spec.wait).
func (s *Store) busyWith(o *Object, revision string) bool {
	w := s.workOf(o)
	return w.busy() && sameCommit(o.Kind, revision, w.revision)
}

// outcomeOf judges a sync's work by its verdict. A run of what is applied
// already is a heartbeat, not news.
func outcomeOf(o *Object, w work, v Verdict) Outcome {
	d := o.Detail.(*Sync)
	switch v.Health {
	case Failed, Stalled, Stuck:
		return failedOutcome(v)
	case Blocked:
		return OutcomeBlocked
	case Suspended:
		return OutcomeSuspended
	}
	switch {
	case SameRevision(d.Applied, w.revision):
		return OutcomeApplied
	case w.busy():
		return OutcomeApplying
	}
	return OutcomeWaiting
}

// failedOutcome tells a refusal (someone said no to an object) from a failure,
// such as an API server or a webhook that did not answer.
func failedOutcome(v Verdict) Outcome {
	_, reason, _ := strings.Cut(v.Message, "dry-run failed (")
	reason, _, _ = strings.Cut(reason, ")")
	switch reason {
	case "Forbidden", "Invalid", "BadRequest", "Conflict", "NotFound", "MethodNotAllowed", "NotAcceptable", "RequestEntityTooLarge", "UnsupportedMediaType":
		return OutcomeRefused
	}
	if v.Reason == "AccessDenied" || strings.Contains(v.Message, "is forbidden") || strings.Contains(v.Message, "denied the request") {
		return OutcomeRefused
	}
	return OutcomeFailed
}

// followSync takes a sync's new state into its runs.
func (s *Store) followSync(old, new *Object, before Verdict, c *clock) {
	if _, ok := new.Detail.(*Sync); !ok {
		return
	}
	if old != nil {
		s.settleGenerations(old, c.now) // what only had to wait for time
	}
	defer s.settleGenerations(new, c.now)
	v := s.verdictAt(new, c, 0)
	w := s.workOf(new)
	outcome := outcomeOf(new, w, v)
	if outcome == OutcomeSuspended && s.endedSuspended(new, w) {
		outcome = OutcomeApplied
	}
	if w.revision == "" || outcome == OutcomeSuspended || outcome == OutcomeWaiting {
		return
	}
	rec := s.trails.runs.last(new.Key)
	switch {
	case rec != nil && SameRevision(rec.revision, w.revision):
	case rec == nil && old != nil && (old.Undecodable != "" || s.oldNews(old, before, w, outcome)):
		return
	default:
		s.catchUp(old, new, w, c)
		rec = s.trails.runs.add(new.Key, run{revision: w.revision, base: appliedBy(old), content: contentSince(old), duration: UnknownTook, serial: s.trails.serial})
	}
	rec.see(old, new, w, s.trails.blurred, c.now)
	rec.update(s, old, new, w, v, outcome, c)
	s.checkLive(new, c)
}

// endedSuspended reports whether a suspended sync came to a good end with what
// it was seen at work on or to fail with: it ends what it began, and the end and
// the suspension may be seen as one.
func (s *Store) endedSuspended(o *Object, w work) bool {
	ready, rec := o.Condition("Ready"), s.trails.runs.last(o.Key)
	return ready != nil && ready.Status == "True" && rec != nil && SameRevision(rec.revision, w.revision) && applies(o, w.revision)
}

// oldNews reports whether a sync that nothing is kept of says only what it
// said before.
func (s *Store) oldNews(old *Object, before Verdict, w work, outcome Outcome) bool {
	was := s.workOf(old)
	return SameRevision(was.revision, w.revision) && outcomeOf(old, was, before) == outcome
}

func appliedBy(o *Object) string {
	if o != nil {
		if d, ok := o.Detail.(*Sync); ok {
			return d.Applied
		}
	}
	return ""
}

// contentSince is when the content applied last was first applied, by
// status.history: it stays as long as the content does, whatever the revision.
// Of what was reconciled once it tells another of the same second.
func contentSince(o *Object) Unix {
	if o == nil {
		return 0
	}
	if h := history(o); len(h) > 0 && succeededStatus(h[0].Status) {
		return h[0].First
	}
	return 0
}

func (r *run) update(s *Store, old, new *Object, w work, v Verdict, outcome Outcome, c *clock) {
	if w.running && !r.attempted.Known() {
		r.attempted = lastTransition(old, new, "Ready", c)
	}
	if w.checking && w.running && !r.applied.Known() {
		r.applied = lastTransition(old, new, "Reconciling", c)
	}
	if w.running && outcome != OutcomeApplying {
		return // a retry or a heartbeat: the verdict stands
	}
	if outcome == OutcomeApplying {
		r.outcome = outcome
		return
	}
	again := r.concluded.Known() && (r.outcome == outcome || outcome == OutcomeApplied && r.outcome == OutcomeUnchanged)
	if again && !concludedAnew(old, new) {
		return
	}
	r.times++
	if h := history(new); len(h) > 0 && SameRevision(h[0].Revision, r.revision) {
		r.duration = h[0].Duration
	}
	r.reason, r.message, r.at = "", "", Key{}
	if outcome != OutcomeApplied {
		r.reason = v.Reason
		r.message, r.at = causeOf(new, v)
	}
	if again {
		return
	}
	r.outcome, r.lastEnd, r.concluded, r.verdict = outcome, outcome, lastTransition(old, new, "Ready", c), c.now
	if outcome == OutcomeApplied {
		if !r.applied.Known() {
			r.applied = r.concluded
		}
		if r.content != 0 && contentSince(new) == r.content && history(new)[0].Total != 1 {
			r.outcome = OutcomeUnchanged
		}
	}
	if !r.attempted.Known() && r.duration >= 0 && outcome != OutcomeBlocked {
		r.attempted = Moment{At: r.concluded.At - Unix(r.duration), By: ProofHistory}
	}
}

// concludedAnew reports whether the controller came to its conclusion again.
func concludedAnew(old, new *Object) bool {
	was, is := conditionOf(old, "Ready"), new.Condition("Ready")
	return was == nil || is == nil || was.LastTransition != is.LastTransition || was.Status != is.Status
}

// causeOf words why a sync is not where it should be, and names the object at
// fault where it is another.
func causeOf(o *Object, v Verdict) (string, Key) {
	var at Key
	why, _ := Explained(o.Kind, v.Message)
	if cause := v.Cause; cause != nil {
		if k, ok := cause.Ref().Key(); ok {
			at = k
		} else if k, ok := KindNamed(cause.Kind); ok {
			at = Key{Kind: k, Namespace: cause.Namespace, Name: cause.Name}
		}
		if text, _ := Explained(at.Kind, cause.Message); text != "" && text != why {
			who := cause.Kind + " " + cause.Name
			if cause.Namespace != o.Namespace {
				who = cause.Kind + " " + cause.Namespace + "/" + cause.Name
			}
			why = who + ": " + text
		}
	}
	if why == "" {
		why = v.Reason
	}
	return strings.Clone(cutText(why, maxCause)), at
}

// cutText cuts text to n bytes at a rune boundary.
func cutText(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}
