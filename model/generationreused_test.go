package model

import (
	"testing"
	"time"
)

// A commit that crashed and its revert, as a session finds them that begins
// then: the revert took the old ReplicaSet up again, which kept its creation
// time, and its content's entry of status.history.
func TestARevertBeforeTheSessionIsNotTheBrokenCommits(t *testing.T) {
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
	for _, written := range []Unix{ago(time.Hour - 20*time.Second), ago(30 * time.Minute), 0} {
		h.applied["stage"] = revision(3)
		h.sync("stage", revision(3), "done")
		h.gen["stage"], h.written["stage"] = 3, written
		h.pods("stage", 2, 2)
		h.trails = newTrails()
		list := h.generations("stage")
		if len(list) != 3 {
			t.Fatalf("written %d: %+v", written, list)
		}
		if g := list[0]; g.Number != 3 || g.Revision != 3 || g.At.At != written || g.Commit != revision(3) || !g.AtOrBefore || ChangedWords(g.Changed) != "image bad→0" {
			t.Errorf("written %d, the revert's: %+v", written, g)
		}
		if g := list[1]; g.Revision != 2 || g.At.At != ago(time.Hour) || g.Commit != revision(2) {
			t.Errorf("written %d, the broken commit's: %+v", written, g)
		}
		if g := list[2]; g.Revision != 0 || g.At.At != ago(3*time.Hour) {
			t.Errorf("written %d, the first: %+v", written, g)
		}
	}
}
