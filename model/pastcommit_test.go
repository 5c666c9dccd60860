package model

import (
	"strings"
	"testing"
	"time"
)

// A commit of before the session, which its syncs' history says succeeded, was
// not overtaken before it was live: with health checks it was live, and without
// them nobody knows.
func TestACommitOfBeforeTheSessionWasApplied(t *testing.T) {
	for _, wait := range []bool{true, false} {
		h := newShop(t)
		for _, ns := range shopTenants {
			o := kust(ns, "shop", "shop")
			d := sync(o)
			d.Wait, d.Inventory, d.Applied, d.Attempted = wait, ns+"_kcheck_apps_Deployment", revision(2), revision(2)
			for n := 2; n >= 1; n-- {
				at := ago(time.Duration(10-n) * time.Hour)
				d.History = append(d.History, HistoryEntry{Revision: revision(n), Status: "ReconciliationSucceeded", First: at, Last: at, Duration: 1, Total: 1})
			}
			h.source(ns, revision(2), ago(9*time.Hour))
			h.put(h.stamped(o))
		}
		h.trails = newTrails()
		h.Tick()
		c := h.chain().Commits[1]
		if want := map[bool]int{true: 2}[wait]; c.Revision != revision(1) || c.Live != want || c.Of != 2 || c.OvertakenBy != "" {
			t.Errorf("with health checks %v: %+v", wait, c)
		}
		r := NewWaiting(WaitFor{Revision: digits(1), Since: h.unix()}).Step(h.Store)
		if r.State != WaitOvertaken || strings.Contains(r.Cause, "before it was live") {
			t.Errorf("the waiting for it: %s: %s", r.State.Word(), r.Cause)
		}
	}
}
