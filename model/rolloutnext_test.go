package model

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// earlier returns the chain's commits but the newest.
func (h *shop) earlier() map[string]Commit {
	out := map[string]Commit{}
	for _, c := range h.chain().Commits[1:] {
		out[c.Revision] = c
	}
	return out
}

// What is left of the time before a session may leave out commits: the next that
// is known is not the one that overtook. Of what the session saw it is.
func TestAnOvertakerIsNamedOnlyWhereItIsKnown(t *testing.T) {
	h := newShop(t)
	for _, ns := range shopTenants {
		h.history[ns] = []HistoryEntry{{Revision: revision(3), Status: "ReconciliationSucceeded", First: ago(30 * time.Minute), Last: ago(time.Minute), Duration: 1, Total: 9},
			{Revision: revision(1), Status: "HealthCheckFailed", First: ago(50 * time.Minute), Last: ago(50 * time.Minute), Duration: 1, Total: 1}}
		h.applied[ns] = revision(3)
		h.source(ns, revision(3), ago(30*time.Minute))
		h.sync(ns, revision(3), "done")
	}
	held := *h.Get(Key{Kustomization, "stage", "shop"}) // stopped before it had tried
	d := *sync(&held)
	d.Suspend, d.Applied, d.Attempted, d.History = true, revision(0), revision(1), nil
	held.Detail = &d
	h.put(h.stamped(&held))
	h.trails = newTrails()
	h.Tick()
	c := h.earlier()[revision(1)]
	if !c.Overtaken || c.OvertakenBy != "" || c.OvertakenWords() != "overtaken by a newer commit" {
		t.Errorf("of before the session: %v by %q", c.Overtaken, c.OvertakenBy)
	}
	f := h.Find(digits(1), "")
	if got := f.Sentence(h.unix()); !strings.Contains(got, "overtaken by a newer commit") {
		t.Error(got)
	}
	r := NewWaiting(WaitFor{Revision: digits(1), Tenants: []string{"stage"}}).Step(h.Store)
	if !strings.Contains(r.Cause, "overtaken by a newer commit before it was live") {
		t.Errorf("the waiting for it: %q", r.Cause)
	}
	for n := 4; n <= 5; n++ {
		h.fetch("prod", n)
		h.pass(time.Second)
	}
	h.sync("prod", revision(5), "done")
	if c := h.earlier()[revision(4)]; !c.Overtaken || c.OvertakenBy != revision(5) {
		t.Errorf("before the session's eyes: %v by %q", c.Overtaken, c.OvertakenBy)
	}
}

// While a watch is away, or where it is only listed, or read late, other commits
// may have come and gone.
func TestAnOvertakerThatCameWhileNobodyLooked(t *testing.T) {
	for name, look := range map[string]func(h *shop, b *Batch){
		"away": func(h *shop, _ *Batch) {
			h.Apply(Batch{Scopes: []ScopeStatus{{Kind: GitRepository, State: ScopeStale}}})
		},
		"listed": func(h *shop, _ *Batch) {
			h.Apply(Batch{Scopes: []ScopeStatus{{Kind: GitRepository, State: ScopeSynced, Verb: "watch"}}})
		},
		"late": func(_ *shop, b *Batch) { b.Waited = 2 * fetchesApart },
	} {
		h := newShop(t)
		h.push(1)
		h.fetch("stage", 2)
		h.sync("stage", revision(2), "HealthCheckFailed: x")
		h.pass(time.Minute)
		var b Batch
		look(h, &b)
		h.holding = true
		h.fetch("stage", 4)
		h.holding = false
		b.Changes = []ObjectChange{{Key: h.held[0].Key, Object: h.held[0]}}
		h.Apply(b)
		h.sync("stage", revision(4), "done")
		if c := h.earlier()[revision(2)]; !c.Overtaken || c.OvertakenBy != "" {
			t.Errorf("%s: overtaken %v by %q", name, c.Overtaken, c.OvertakenBy)
		}
		if l := h.line("stage", revision(2)); l.OvertakenBy != "" || l.Newer != revision(4) {
			t.Errorf("%s: %q, newer %q", name, l.OvertakenBy, l.Newer)
		}
	}
}

// comes adds a tenant that is made now.
func (h *shop) comes(ns string, rev string) {
	fresh := func(o *Object) *Object { o.Created = h.unix(); return o }
	h.put(fresh(namespace(ns, LabelTenant, ns)), fresh(account(ns, ns)))
	h.source(ns, rev, h.unix())
	h.put(fresh(h.Get(Key{GitRepository, ns, "shop"})))
	h.history[ns], h.applied[ns] = nil, ""
	h.sync(ns, rev, "done")
	h.put(fresh(h.Get(Key{Kustomization, ns, "shop"})))
	h.gen[ns], h.image[ns], h.written[ns] = 1, "reg/kcheck:2", h.unix()
	h.pods(ns, 2, 2)
}

// A tenant is no part of the commits of before it was made, of what it was made
// with it is: seen, or read off afterwards by another session.
func TestATenantHasNoPartInCommitsOfBeforeIt(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	h.push(1)
	h.pass(time.Minute)
	h.push(2)
	h.pass(time.Minute)
	h.comes("late", revision(2))
	h.pass(time.Minute)
	h.Tick()
	rows := func(c *Commit) (out []string) {
		for i := range c.Lines {
			out = append(out, c.Lines[i].Tenant)
		}
		return out
	}
	for n, want := range map[int][]string{2: {"late", "prod", "stage"}, 1: {"prod", "stage"}} {
		f := h.Find(digits(n), "")
		if c := f.Matches[0].Commit; !slices.Equal(rows(&c), want) || c.Of != len(want) || c.Live != len(want) {
			t.Errorf("commit %d: %d of %d in %q, want %q", n, c.Live, c.Of, rows(&c), want)
		}
	}
	again := &shop{world: &world{Store: h.anew(), now: h.now}, t: t}
	c := again.earlier()[revision(1)]
	if !slices.Equal(rows(&c), []string{"prod", "stage"}) || c.Of != 2 {
		t.Errorf("read off: of %d in %q", c.Of, rows(&c))
	}
	r := NewWaiting(WaitFor{Revision: digits(1)}).Step(again.Store)
	if slices.ContainsFunc(r.Targets, func(t WaitTarget) bool { return t.Tenant == "late" }) {
		t.Errorf("waited for in %+v", r.Targets)
	}
}
