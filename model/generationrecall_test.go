package model

import (
	"strings"
	"testing"
	"time"
)

var stageKcheck = Key{Deployment, "stage", "kcheck"}

// What an earlier session saw a commit make is told with its number, where the
// cluster alone tells only that it was that commit or one before.
func TestAGenerationThatAnEarlierSessionSaw(t *testing.T) {
	h := newShop(t)
	h.pass(time.Minute)
	h.push(1)
	h.pass(time.Minute)
	h.push(2)
	again, past := h.later(revision(2))
	if l := again.line("stage", revision(2)); len(l.Moves) != 0 || !strings.HasPrefix(l.Unproved, "kcheck 3 is at or before it") {
		t.Fatalf("the cluster alone: %+v, %q", l.Moves, l.Unproved)
	}
	again.Recall(past)
	l := again.line("stage", revision(2))
	if len(l.Moves) != 1 || l.Unproved != "" {
		t.Fatalf("%+v, %q", l.Moves, l.Unproved)
	}
	if m := l.Moves[0]; m.From != 2 || m.To != 3 || m.AtOrBefore != "" || m.Superseded || !m.At.Reconstructed {
		t.Errorf("%+v", m)
	}
	for i := range past {
		if past[i].Key.Kind == Deployment {
			past[i].UID += "-another"
		}
	}
	again.Recall(past)
	if l := again.line("stage", revision(2)); len(l.Moves) != 0 {
		t.Errorf("of another Deployment of that name: %+v", l.Moves)
	}
}

// Of two ReplicaSets each gets the number that was seen of it, and neither where
// which is which can't be told.
func TestReplicaSetsThatAnEarlierSessionSaw(t *testing.T) {
	for apart, want := range map[time.Duration]int64{time.Minute: 2, 2 * time.Second: 0} {
		h := newShop(t)
		set := func(name string, revision int64, image string) {
			h.put(&Object{Key: Key{ReplicaSet, "stage", name}, Created: h.unix(), Detail: &Replica{Owner: "kcheck", Revision: revision, Images: []string{image}}})
		}
		h.put(&Object{Key: Key{ReplicaSet, "stage", "kcheck-1"}, Created: ago(time.Hour), Detail: &Replica{Owner: "kcheck", Revision: 1, Images: []string{"reg/kcheck:0"}}})
		h.pass(time.Minute)
		for n := 1; n <= 3; n++ {
			h.fetch("stage", n)
			h.sync("stage", revision(n), "fetching")
			h.change("stage", n)
			set("kcheck-"+digits(n), int64(n+1), h.image["stage"])
			h.pods("stage", 2, 2)
			h.sync("stage", revision(n), "done")
			if h.pass(time.Minute); n == 1 {
				h.pass(apart - time.Minute)
			}
		}
		again, past := h.later(revision(3))
		again.Recall(past)
		list := again.Generations(stageKcheck)
		if len(list) != 4 || list[0].Number != 4 || list[0].Commit != revision(3) || list[0].AtOrBefore {
			t.Fatalf("%s: %+v", apart, list)
		}
		if g := list[2]; g.Number != want || want != 0 && (g.Commit != revision(1) || g.AtOrBefore) {
			t.Errorf("%s: %+v", apart, g)
		}
	}
}

// A revert that took the old ReplicaSet up again is told where its source had it
// when Flux wrote last; where that was fetched only later, it is not.
func TestARevertThatWasFetchedBeforeTheLastWrite(t *testing.T) {
	written := ago(30 * time.Minute)
	for fetched, sure := range map[Unix]bool{written - 2: true, written: true, written + 60: false} {
		h := newShop(t)
		for _, rs := range []struct {
			name     string
			revision int64
			made     Unix
			image    string
		}{{"kcheck-old", 3, ago(3 * time.Hour), "reg/kcheck:0"}, {"kcheck-bad", 2, ago(time.Hour), "reg/kcheck:bad"}} {
			h.put(&Object{Key: Key{ReplicaSet, "stage", rs.name}, Created: rs.made, Detail: &Replica{Owner: "kcheck", Revision: rs.revision, Images: []string{rs.image}}})
		}
		h.history["stage"] = []HistoryEntry{
			{Revision: revision(3), Status: "ReconciliationSucceeded", First: ago(3*time.Hour - 5*time.Second), Last: ago(time.Minute), Duration: 1, Total: 3},
			{Revision: revision(2), Status: "HealthCheckFailed", First: ago(time.Hour - 31*time.Second), Last: ago(time.Hour - 40*time.Second), Duration: 30, Total: 2},
		}
		h.source("stage", revision(3), fetched)
		h.sync("stage", revision(3), "done")
		h.gen["stage"], h.written["stage"] = 3, written
		h.pods("stage", 2, 2)
		again := &shop{world: &world{Store: h.anew(), now: h.now}, t: t}
		g := again.Generations(stageKcheck)[0]
		if g.Number != 3 || g.Commit != revision(3) || g.AtOrBefore == sure {
			t.Errorf("fetched %d s after: %+v", fetched-written, g)
		}
		l := again.line("stage", revision(3))
		if sure != (len(l.Moves) == 1 && l.Moves[0].To == 3) || sure != (l.Unproved == "") {
			t.Errorf("fetched %d s after: %+v, %q", fetched-written, l.Moves, l.Unproved)
		}
		// Once its sync is at work on another, it may be that one's.
		h.sync("stage", revision(4), "fetching")
		again = &shop{world: &world{Store: h.anew(), now: h.now}, t: t}
		if g := again.Generations(stageKcheck)[0]; !g.AtOrBefore {
			t.Errorf("at work: %+v", g)
		}
	}
}
