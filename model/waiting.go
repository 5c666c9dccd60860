package model

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model/said"
)

// WaitFor is what somebody waits for: one commit to be live, or tenants to be
// ready.
type WaitFor struct {
	// Tenants are row names; PlatformName means the platform. None: for a
	// commit, every tenant that follows a repository that has it and is not
	// suspended; for Ready, every tenant.
	Tenants []string
	// Revision is a whole or shortened digest, a Flux revision, a tag or a
	// chart version. Exactly that commit counts, never an older or newer one.
	Revision string
	// Newest waits for what the sources have once they answered the request
	// Asked (their status.lastHandledReconcileAt); "" takes what they have.
	Newest bool
	Asked  string
	Ready  bool
	// Sync narrows it to one sync; the zero Key does not.
	Sync Key
	// Since is when the waiting began, by the server's clock: only what was seen
	// by that clock is compared with it, never what a controller dates.
	Since Unix
}

// WaitState says whether there is anything left to wait for.
type WaitState uint8

// The states. Failed and Blind end it, as Done does.
const (
	WaitRunning WaitState = iota
	WaitDone
	WaitFailed    // a verdict on that very commit, or it can never come
	WaitOvertaken // a newer commit came first; whether it holds this one can't be known
	WaitBlind     // what would tell may not be read
)

// WaitReport is what one step found.
type WaitReport struct {
	State WaitState
	// Moved are the lines of progress since the step before.
	Moved []string
	// Cause says in a sentence why it failed or can't be told; Tenant and At
	// say where.
	Cause    string
	Tenant   string
	At       Key
	Revision string // what it turned out to be, once known
	Live, Of int
	Targets  []WaitTarget // by tenant, namespace, name
	// Open are those that are not there yet, each with how far it is.
	Open []string
	// untold are the namespaces whose events may tell what no object does.
	untold []string
}

// WaitTarget is one sync that should come to run the commit.
type WaitTarget struct {
	Line
	Revision string
	Reached  bool // it was live at some step
	// Trouble is what keeps pods of it from running, as far as pods and events
	// are read (Watch); "" for nothing known.
	Trouble string
	trouble TroubleKind
}

// Waiting waits for one thing. It looks at a store after each batch and each
// tick; it keeps no clock and asks for nothing.
type Waiting struct {
	want    WaitFor
	said    map[string]string // last words by line
	reached map[Key]bool
	pinned  map[Key]string       // by source, for Newest
	before  map[Key]priorFailure // for Ready; nil = not looked for
	mute    map[Key]string       // sources that can't be asked, and why; "" = nobody fetches for them
	untold  []string             // namespaces whose events may tell of a commit nobody has; nil = not looked for
	final   *WaitReport
	seen    uint64 // the fetches known when repositories were looked through
	repos   []Repo
	looked  bool
}

// NewWaiting begins to wait.
func NewWaiting(want WaitFor) *Waiting {
	want.Tenants = slices.Clone(want.Tenants)
	for i, name := range want.Tenants {
		want.Tenants[i] = RowNamed(name)
	}
	return &Waiting{want: want, said: map[string]string{}, reached: map[Key]bool{}, pinned: map[Key]string{}}
}

// Ready reports whether it waits for tenants to be ready, not for a commit.
func (w *Waiting) Ready() bool { return w.want.Ready }

// Step looks at the store. Once it has ended it answers the same ever after.
func (w *Waiting) Step(s *Store) WaitReport {
	if w.final != nil {
		r := *w.final
		r.Moved = nil
		return r
	}
	var r WaitReport
	switch {
	case !s.Complete():
		w.say(&r, "", "reading the cluster")
		return r
	case w.hidden(s, &r):
	case w.want.Ready:
		w.stepReady(s, &r)
	default:
		w.stepCommit(s, &r)
	}
	if r.State != WaitRunning {
		final := r
		w.final = &final
	}
	return r
}

// say adds a line of progress when it is another than the last about who.
func (w *Waiting) say(r *WaitReport, who, words string) { w.sayOnce(r, who, words, words) }

// sayOnce is say for words of which only some are news: that a pod crashed
// once more is not.
func (w *Waiting) sayOnce(r *WaitReport, who, words, news string) {
	if words == "" || w.said[who] == news {
		return
	}
	w.said[who] = news
	if who != "" {
		words = who + ": " + words
	}
	r.Moved = append(r.Moved, words)
}

func (r *WaitReport) fail(state WaitState, tenant string, at Key, cause string) {
	if r.State == WaitRunning {
		r.State, r.Tenant, r.At, r.Cause = state, tenant, at, cause
	}
}

// stepCommit waits for a commit.
func (w *Waiting) stepCommit(s *Store, r *WaitReport) {
	if !w.tenantsExist(s, r) {
		return
	}
	if w.want.Newest {
		w.newest(s, r)
	} else {
		w.find(s, r)
	}
	r.untold = w.untold
	if r.State != WaitRunning {
		return
	}
	several := map[string]int{}
	for i := range r.Targets {
		several[r.Targets[i].Tenant]++
	}
	for i := range r.Targets {
		t := &r.Targets[i]
		who := rowWord(t.Tenant)
		if several[t.Tenant] > 1 {
			who += "/" + t.Sync.Name
		}
		// It may have been live between two steps, and another come since.
		if t.Live || t.seenLive != 0 && t.seenLive >= w.want.Since && w.want.Since != 0 {
			w.reached[t.Sync] = true
		}
		t.Reached = w.reached[t.Sync]
		t.trouble, t.Trouble = s.troubleIn(t)
		words := t.progress()
		w.sayOnce(r, who, words, t.news())
		r.Of++
		if t.Reached {
			r.Live++
			continue
		}
		r.Open = append(r.Open, who+": "+cmp.Or(words, t.Word()))
		w.judge(s, r, t, who)
	}
	covered := r.Of > 0
	for _, name := range w.want.Tenants {
		covered = covered && several[name] > 0
	}
	if r.State == WaitRunning && covered && r.Live == r.Of {
		r.State = WaitDone
	}
}

// judge ends the waiting when a target can't get there any more.
func (w *Waiting) judge(s *Store, r *WaitReport, t *WaitTarget, who string) {
	because := func(words string) string { return who + ": " + joined(words, t.Cause, t.Trouble) }
	short := ShortRevision(t.Revision)
	switch {
	case t.Outcome.Bad() && !s.triesAgain(t):
		// A verdict from before, while the controller is trying again, is not
		// yet this waiting's answer.
		if o := s.Get(t.Sync); o != nil && s.workOf(o).running && t.verdict < w.want.Since {
			return
		}
		r.fail(WaitFailed, t.Tenant, t.Sync, because(short+" "+t.Outcome.String()))
	case t.Newer != "" && t.Outcome == OutcomeApplying:
		// It goes on with this one, and may yet bring it to its end.
	case t.Newer != "":
		r.fail(WaitOvertaken, t.Tenant, t.Sync, who+": "+t.overtakenWords(s, short))
	case t.Outcome == OutcomeSuspended:
		r.fail(WaitFailed, t.Tenant, t.At, because("will not apply "+short))
	case t.Reason == "RolloutFailed":
		r.fail(WaitFailed, t.Tenant, t.At, because(short+" does not roll out"))
	case t.Reason == "Unreadable":
		r.fail(WaitBlind, t.Tenant, t.At, because("can't tell whether "+short+" is rolled out"))
	case t.Outcome == OutcomeBlocked:
		w.judgeBlock(s, r, t, because)
	}
}

// judgeBlock ends the waiting when what a target waits for has failed: a
// source that can't fetch, or a dependency that failed with the same commit.
func (w *Waiting) judgeBlock(s *Store, r *WaitReport, t *WaitTarget, because func(string) string) {
	o := s.Get(t.At)
	if o == nil {
		return
	}
	v := s.Verdict(t.At)
	switch o.Role() {
	case RoleSource:
		if v.Health == Stalled || v.Health == Failed && !passing(v.Message) {
			r.fail(WaitFailed, t.Tenant, t.At, because("can't be fetched"))
		}
	case RoleSync:
		work := s.workOf(o)
		if (v.Health == Failed || v.Health == Stalled) && !work.running && sameCommit(o.Kind, t.Revision, work.revision) {
			r.fail(WaitFailed, t.Tenant, t.At, because("blocked"))
		}
	}
}

// triesAgain reports whether a sync failed because the API server, a webhook or
// source-controller did not answer it just now, which its next try often does
// not meet.
func (s *Store) triesAgain(t *WaitTarget) bool {
	o := s.Get(t.Sync)
	if o == nil || t.Outcome != OutcomeFailed || !sameCommit(o.Kind, t.Revision, s.workOf(o).revision) {
		return false
	}
	v := s.Verdict(t.Sync)
	if v.Health != Failed {
		return false // nobody tries again
	}
	if saying, ok := said.Read(v.Message); ok && (saying.Fault == said.WebhookFault || saying.Fault == said.ArtifactServer) {
		return true
	}
	for _, sign := range []string{"(InternalError)", "(Timeout)", "(ServerTimeout)", "(ServiceUnavailable)", "(TooManyRequests)"} {
		if strings.Contains(v.Message, "dry-run failed "+sign) {
			return true
		}
	}
	return false
}

// passing reports whether a failure to fetch is of the kind that the next try
// often does not meet.
func passing(message string) bool {
	lower := strings.ToLower(message)
	for _, sign := range []string{"i/o timeout", "deadline exceeded", "connection refused", "connection reset", "no such host",
		"temporary failure", "eof", "too many requests", "status code: 5", "bad gateway", "service unavailable"} {
		if strings.Contains(lower, sign) {
			return true
		}
	}
	return false
}
