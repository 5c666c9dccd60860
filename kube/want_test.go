package kube

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

func want(namespaces ...string) (out []model.Want) {
	for _, ns := range namespaces {
		out = append(out, model.Want{Kind: model.Event, Namespace: ns})
	}
	return out
}

func TestWhatIsWantedIsReadAndForgotten(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	e.until("complete", e.store.Complete)
	if asked := append(e.seen.of("/events"), e.seen.of("/pods")...); len(asked) > 0 {
		t.Errorf("asked for %s, which nobody wants", asked[0].URL)
	}
	e.session.Want(want("a"))
	e.untilWanted("Event/a synced")
	if got := e.events(); got != "a/first" {
		t.Errorf("events: %s", got)
	}
	e.event("a", "second", "Deployment", "web")
	e.event("b", "other", "Deployment", "web")
	e.until("the event is seen", func() bool { return e.events() == "a/first, a/second" })
	if got := e.store.EventsOf(model.Key{Kind: model.Deployment, Namespace: "a", Name: "web"}); len(got) != 2 {
		t.Errorf("of web: %d", len(got))
	}

	// The same again costs nothing; another namespace replaces it.
	lists := len(e.seen.of("/events"))
	e.session.Want(want("a"))
	e.session.Want(append(want("a"), want("a")...))
	if got := len(e.seen.of("/events")); got != lists {
		t.Errorf("%d requests for what is read already", got-lists)
	}
	e.session.Want(want("b"))
	e.untilWanted("Event/b synced")
	e.until("a's events are forgotten", func() bool { return e.events() == "b/first, b/other" })
	for _, r := range e.seen.of("/namespaces/a/events?") {
		if r.URL.Query().Get("watch") != "" && r.Context().Err() == nil {
			t.Error("the watch of what is no longer wanted is still open")
		}
	}
	e.session.Want(nil)
	e.until("nothing is left", func() bool { return e.wanted() == "" && e.events() == "" })
}

func TestEverywhereMakesNamespacesNeedless(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	e.session.Want(append(want("a", "", "b"), model.Want{Kind: model.Pod, Namespace: "a"}, model.Want{Kind: model.Secret}))
	e.untilWanted("Event/ synced, Pod/a synced")
	if len(e.seen.of("/namespaces/a/events"))+len(e.seen.of("/namespaces/b/events"))+len(e.seen.of("/secrets")) > 0 {
		t.Error("asked for what is read already, or may never be wanted")
	}
	e.until("both namespaces are there", func() bool { return e.events() == "a/first, b/first" })
	e.session.Want(want("b"))
	e.untilWanted("Event/b synced")
	e.until("only b is left", func() bool { return e.events() == "b/first" })
}

func TestNamespacesReadOneByOneAreWantedOneByOne(t *testing.T) {
	e := newEmbedded(t)
	e.grant("a", "events", append(allButEvents(), rule("", "events", "get list watch"))...)
	e.grant("b", "rest", allButEvents()...)
	e.open(demo.TenantToken, Options{Namespaces: []string{"a", "b"}, rulesEvery: 20 * time.Millisecond})
	e.session.Want(want(""))
	e.untilWanted("Event/a synced, Event/b denied")
	denied, _ := e.store.WantedScope(model.Event, "b")
	if denied.Verb != "list" || !strings.Contains(denied.Message, `cannot list resource "events"`) || e.events() != "a/first" {
		t.Errorf("%+v, events %s", denied, e.events())
	}
	e.until("complete", e.store.Complete)
	// Granted later, and revoked again, as for every other kind. Two answers
	// about each namespace: the first is what later ones are compared with.
	poll(t, "the rules are known", func() bool { return len(e.seen.of(rulesPath)) > 4 })
	e.grant("b", "events", rule("", "events", "get list watch"))
	e.untilWanted("Event/a synced, Event/b synced")
	e.until("b's events are there", func() bool { return e.events() == "a/first, b/first" })
	e.revoke("b", "events")
	e.untilWanted("Event/a synced, Event/b denied")
	e.until("what may not be read any more is gone", func() bool { return e.events() == "a/first" })
}

func TestARefusalClusterWideStaysOne(t *testing.T) {
	e := newEmbedded(t)
	e.grant("", "rest", allButEvents()...)
	e.grant("a", "events", rule("", "events", "get list watch"))
	e.open(demo.TenantToken, Options{DefaultNamespace: "a"})
	e.session.Want(want(""))
	e.untilWanted("Event/ denied")
	e.until("complete", e.store.Complete)
	if conn := e.store.Connection(); len(conn.Namespaces) > 0 || e.wanted() != "Event/ denied" || len(e.seen.of("/namespaces/a/events")) > 0 {
		t.Errorf("something narrower was tried: %s, %+v", e.wanted(), conn)
	}
}

// Where a RoleBinding is all that allows it, its end is seen although the rest
// is read cluster-wide.
func TestARevocationInOneNamespaceIsSeen(t *testing.T) {
	e := newEmbedded(t)
	e.grant("", "rest", allButEvents()...)
	e.grant("a", "events", rule("", "events", "get list watch"))
	e.open(demo.TenantToken, Options{rulesEvery: 20 * time.Millisecond})
	e.session.Want(want("a"))
	e.untilWanted("Event/a synced")
	asked := len(e.seen.of(rulesPath))
	poll(t, "the rules are known", func() bool { return len(e.seen.of(rulesPath)) > asked+4 })
	e.revoke("a", "events")
	e.untilWanted("Event/a denied")
	e.until("what may not be read any more is gone", func() bool { return e.events() == "" })
	if e.store.Connection().NamespacesReason != "" {
		t.Error("the session narrowed for what was only asked for on request")
	}
	e.grant("a", "again", rule("", "events", "get list watch"))
	e.untilWanted("Event/a synced")
}

// A session that finds out only later that it has to read one namespace reads
// there too what was wanted everywhere.
func TestWantsFollowTheSessionsNamespaces(t *testing.T) {
	e := newEmbedded(t)
	e.grant("a", "all", append(allButEvents(), rule("", "events", "get list watch"))...)
	e.open(demo.TenantToken, Options{DefaultNamespace: "a"})
	e.session.Want(want(""))
	e.untilWanted("Event/a synced")
	if e.events() != "a/first" {
		t.Errorf("events: %s", e.events())
	}
}

func TestWantsOutliveALostServer(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	e.session.Want(want("a"))
	e.untilWanted("Event/a synced")
	heal := e.cluster.Faults().Add(fault.Rule{Do: fault.Refuse})
	e.session.Refresh()
	e.untilWanted("Event/a stale")
	if e.events() != "a/first" || e.store.Connection().State != model.ConnLost {
		t.Errorf("what was known is kept: %s, %+v", e.events(), e.store.Connection())
	}
	e.session.Want(append(want("a"), model.Want{Kind: model.Pod, Namespace: "b"}))
	e.event("a", "meanwhile", "Deployment", "web")
	e.untilWanted("Event/a stale, Pod/b syncing")
	heal()
	e.untilWanted("Event/a synced, Pod/b synced")
	e.until("the event is seen", func() bool { return e.events() == "a/first, a/meanwhile" })
}

// What is wanted never holds up the first screen.
func TestWantsAreNoPartOfTheFirstReading(t *testing.T) {
	e := newEmbedded(t)
	e.cluster.Faults().Add(fault.Rule{Resource: "events", Do: fault.Hang})
	e.open(demo.AdminToken, Options{})
	e.session.Want(want("a"))
	e.until("complete", func() bool { return e.store.Complete() && e.wanted() == "Event/a syncing" })
	if read, total := e.store.Progress(); read != total {
		t.Errorf("%d of %d", read, total)
	}
	for _, sc := range e.store.Scopes() {
		if sc.Kind.OnRequest() {
			t.Errorf("%+v", sc)
		}
	}
	poll(t, "the session knows that it is complete", func() bool {
		e.session.mu.Lock()
		defer e.session.mu.Unlock()
		return e.session.complete
	})
}

func TestWantFromManyPlaces(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 20 {
				e.session.Want([][]model.Want{nil, want("a"), want(""), want("a", "b")}[(i+j)%4])
			}
		})
	}
	wg.Wait()
	e.session.Want(want("b"))
	e.untilWanted("Event/b synced")
	e.until("only b is left", func() bool { return e.events() == "b/first" })
	wg.Go(func() {
		for range 100 {
			e.session.Want(want("a"))
			e.session.Want(want("b"))
		}
	})
	e.session.Close()
	wg.Wait()
	e.session.Want(want("a")) // harmless
}

func TestOnlyTheNewestEventsAreKept(t *testing.T) {
	s := newFakeServer(t)
	const path = "/api/v1/events"
	s.objects[path] = map[string]string{}
	at := time.Unix(1_795_335_554, 0)
	for i := range maxEvents {
		name := fmt.Sprintf("e%04d", i)
		s.objects[path]["a/"+name] = fmt.Sprintf(`{"metadata":{"name":%q,"namespace":"a","resourceVersion":"%d"},"lastTimestamp":%q}`,
			name, i+1, at.Add(time.Duration(i)*time.Second).UTC().Format(time.RFC3339))
	}
	s.version = maxEvents
	r := openSession(t, s, Options{})
	r.session.Want(want(""))
	r.until("synced", r.scopeIs("Event/", model.ScopeSynced))
	count := func() (n int) {
		for key := range r.objects {
			if key.Kind == model.Event {
				n++
			}
		}
		return n
	}
	if sc := r.scopes["Event/"]; sc.Newest != 0 || count() != maxEvents {
		t.Errorf("all there are: %d events, %+v", count(), sc)
	}
	// One more takes the place of the oldest, and the scope says so.
	s.set(path, "a", "newest", `,"lastTimestamp":"2030-01-01T00:00:00Z"`)
	r.until("said", func() bool { return r.scopes["Event/"].Newest == maxEvents })
	r.until("the oldest is gone", func() bool {
		return r.has(model.Event, "a", "newest") && !r.has(model.Event, "a", "e0000") && count() == maxEvents
	})
	// So it is when they are read anew.
	r.session.Want(nil)
	r.until("forgotten", func() bool { _, read := r.scopes["Event/"]; return !read && count() == 0 })
	r.session.Want(want(""))
	r.until("synced", r.scopeIs("Event/", model.ScopeSynced))
	if sc := r.scopes["Event/"]; sc.Newest != maxEvents || count() != maxEvents || r.has(model.Event, "a", "e0000") || !r.has(model.Event, "a", "newest") {
		t.Errorf("read anew: %d events, %+v", count(), sc)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, req := range s.requests {
		if q := req.URL.Query(); req.URL.Path == path && q.Get("watch") == "" && q.Get("limit") == "" {
			t.Errorf("a list of events is asked for in one piece: %s", req.URL)
		}
	}
}
