package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// later is the shop as a session finds it that begins now: equal contents share
// one entry of status.history, and only the newest artifact is there. It comes
// with what the session before wrote down.
func (h *shop) later(rev string) (*shop, []Entry) {
	for _, ns := range shopTenants {
		h.history[ns] = []HistoryEntry{{Revision: rev, Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: h.unix(), Duration: 1, Total: 9}}
		h.sync(ns, rev, "done")
	}
	h.pass(time.Hour)
	var past []Entry
	h.Log().Since(0, func(e Entry) bool {
		past = append(past, e)
		return true
	})
	return &shop{world: &world{Store: h.anew(), now: h.now}, t: h.t}, past
}

// A commit, one that went nowhere and a revert: what the session before saw of
// them is told, where the cluster has forgotten it.
func TestWhatEarlierSessionsSawIsTold(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	fetched := h.unix()
	h.push(1)
	live := h.unix() - 1
	h.pass(time.Minute)
	for _, ns := range shopTenants {
		h.fetch(ns, 2)
		h.sync(ns, revision(2), "BuildFailed: x")
	}
	h.pass(time.Minute)
	h.push(3)
	again, past := h.later(revision(3))
	if got := len(again.chain().Commits); got != 1 {
		t.Fatalf("the cluster alone tells of %d commits", got)
	}
	again.Recall(past)
	commits := again.chain().Commits
	for i, n := range []int{3, 2, 1, 0} {
		if i >= len(commits) || commits[i].Revision != revision(n) {
			t.Fatalf("the commits, the newest first: %+v", commits)
		}
	}
	c := commits[2]
	if c.Live != 2 || c.Of != 2 || c.Fetched != (Moment{fetched, ProofKept, true}) || c.Overtaken {
		t.Errorf("the first: live in %d of %d, fetched %+v", c.Live, c.Of, c.Fetched)
	}
	for _, l := range c.Lines {
		if l.Outcome != OutcomeApplied || l.LiveAt != (Moment{live, ProofKept, true}) || l.Applied.Known() || l.Concluded != l.LiveAt || // it checks: when it was applied nothing tells
			l.Newer != revision(2) || !l.sure {
			t.Errorf("%s: %+v", l.Tenant, l)
		}
	}
	for _, l := range commits[1].Lines {
		if l.Outcome != OutcomeUntold || l.Overtaken {
			t.Errorf("of what was never applied nobody wrote down why: %s", l.Outcome)
		}
	}
	if f := commits[0].Fetched; f.At == 0 || f.By != ProofArtifact {
		t.Errorf("what an object tells stands: %+v", f)
	}
	if got := again.Find(digits(1), ""); !strings.Contains(got.Sentence(again.unix()), "was live in 2 of 2") {
		t.Error(got.Sentence(again.unix()))
	}
}

// Without health checks it was applied, and whether it was live is not known.
func TestWhatWasAppliedWithoutHealthChecks(t *testing.T) {
	h := newShop(t)
	h.lax = true
	h.pass(time.Minute)
	h.push(1)
	h.push(3)
	again, past := h.later(revision(3))
	again.Recall(past)
	if l := again.line("stage", revision(1)); l.Outcome != OutcomeApplied || !l.Applied.Known() || l.LiveAt.Known() || l.Overtaken {
		t.Errorf("%+v", l)
	}
}

// Between two sessions, and while a watch was away, others may have come.
func TestBetweenSessionsNothingIsCertain(t *testing.T) {
	for name, away := range map[string]bool{"watched": false, "away": true} {
		h := newShop(t)
		if away {
			h.Apply(Batch{Scopes: []ScopeStatus{{Kind: GitRepository, State: ScopeStale}}})
		}
		h.push(1)
		again, past := h.later(revision(1))
		again.Recall(past)
		h.source("stage", revision(5), h.unix())
		other := &shop{world: &world{Store: h.anew(), now: h.now}, t: t}
		other.Recall(past)
		for of, is := range map[string]*shop{"the same": again, "another was fetched since": other} {
			list := is.fetchesOf(is.Get(Key{GitRepository, "stage", "shop"}))
			for i, f := range list {
				if want := i == 1 && !away; f.direct != want {
					t.Errorf("%s, %s: %d of %d, %s, direct %v", name, of, i, len(list), f.revision, f.direct)
				}
			}
			if len(list) < 2 {
				t.Errorf("%s, %s: %+v", name, of, list)
			}
		}
		if l := other.line("stage", revision(1)); l.Newer != revision(5) || l.sure {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

// Of another object of the same name, in this cluster or in another, nothing is
// told, and nothing of one that gave its name away before anybody's eyes.
func TestAnotherObjectsPastIsNotTold(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.push(3)
	again, past := h.later(revision(3))
	for i := range past {
		past[i].UID += "-another"
	}
	again.Recall(past)
	if got := len(again.chain().Commits); got != 1 {
		t.Errorf("%d commits", got)
	}
	for i := range past {
		past[i].UID = ""
	}
	again.Recall(past)
	if got := len(again.chain().Commits); got != 1 {
		t.Errorf("of nobody: %d commits", got)
	}
	for _, k := range []Key{{GitRepository, "stage", "shop"}, {Kustomization, "stage", "shop"}, {Deployment, "stage", "kcheck"}} {
		fresh := *h.Get(k)
		fresh.UID = "fresh"
		fresh.Generation++
		if d, ok := fresh.Detail.(*Source); ok {
			is := *d
			is.Revision = revision(8)
			fresh.Detail = &is
		}
		seq := h.Log().Last()
		h.put(h.stamped(&fresh))
		h.Log().Since(seq, func(e Entry) bool {
			if e.UID != "" {
				t.Errorf("%+v", e)
			}
			return true
		})
	}
}

// A file may hold anything.
func TestRecallingNonsense(t *testing.T) {
	h := newShop(t)
	h.push(1)
	again, _ := h.later(revision(1))
	uid := func(k Key) string { return h.Get(k).UID }
	git, kustomization, kcheck := Key{GitRepository, "stage", "shop"}, Key{Kustomization, "stage", "shop"}, Key{Deployment, "stage", "kcheck"}
	whole := len(again.chain().Commits)
	for name, e := range map[string]Entry{
		"no time":        {Key: git, UID: uid(git), Change: ChangeRevision, To: revision(7)},
		"to come":        {Key: git, UID: uid(git), Change: ChangeRevision, To: revision(7), At: math.MaxInt64},
		"before":         {Key: git, UID: uid(git), Change: ChangeRevision, To: revision(7), At: math.MinInt64},
		"colour":         {Key: git, UID: uid(git), Change: ChangeRevision, To: "main@sha1:\x1b[31m", At: 1},
		"turned":         {Key: git, UID: uid(git), Change: ChangeRevision, To: "main@\u202esha1:abcd", At: 1},
		"long":           {Key: git, UID: uid(git), Change: ChangeRevision, To: strings.Repeat("7", 1<<20), At: 1},
		"no revision":    {Key: git, UID: uid(git), Change: ChangeRevision, To: "@", At: 1},
		"nothing":        {Key: git, UID: uid(git), Change: ChangeRevision, At: 1},
		"applied by git": {Key: git, UID: uid(git), Change: ChangeApplied, To: revision(7), At: 1},
		"fetched by ks":  {Key: kustomization, UID: uid(kustomization), Change: ChangeRevision, To: revision(7), At: 1},
	} {
		again.Recall([]Entry{e})
		if got := len(again.chain().Commits); got != whole {
			t.Errorf("%s: %d commits, %d before", name, got, whole)
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var past []Entry
		for range r.IntN(60) {
			k := []Key{git, kustomization, kcheck}[r.IntN(3)]
			word := func() string {
				return []string{"", revision(r.IntN(6)), fmt.Sprint(r.Int64()), "@", ":", "main@sha1:"}[r.IntN(6)]
			}
			past = append(past, Entry{At: Unix(r.Int64N(int64(again.unix()) + 2)), Key: k, UID: uid(k), Change: Change(r.IntN(len(changeWords))), From: word(), To: word(), Revision: word()})
		}
		again.Recall(past)
		c := again.chain()
		if c.Commits[0].Revision != revision(1) || len(c.Commits) > maxCommits {
			t.Fatalf("the newest of %d is %s", len(c.Commits), c.Commits[0].Revision)
		}
		for _, ns := range shopTenants {
			again.Generations(Key{Deployment, ns, "kcheck"})
		}
	}
	many := make([]Entry, 100_000)
	for i := range many {
		many[i] = Entry{At: 1, Key: Key{GitRepository, fmt.Sprint("ns", i%20_000), "shop"}, UID: "u", Change: ChangeRevision, To: revision(i)}
	}
	again.Recall(many)
	if n := again.trails.recalled.n; n > recallAll {
		t.Errorf("%d are kept", n)
	}
}

// A source fetched a commit again, long ago by now: it is not the time that the
// session before saw it.
func TestFetchedAgainIsNotTheTimeBefore(t *testing.T) {
	h := newShop(t)
	h.push(1)
	again, past := h.later(revision(1))
	again.Recall(past)
	again.t, again.fetched, again.version = t, map[string]string{}, h.version
	source := func(n int) {
		again.pass(time.Minute)
		again.source("stage", revision(n), again.unix())
	}
	source(2)
	source(1)
	at := again.unix()
	for n := range fetchesEach - 1 {
		source(10 + n)
	}
	list := again.fetchesOf(again.Get(Key{GitRepository, "stage", "shop"}))
	f := list[len(list)-fetchesEach]
	if f.revision != revision(1) || f.at != (Moment{at, ProofArtifact, false}) {
		t.Errorf("%+v, want it at %d", f, at)
	}
}
