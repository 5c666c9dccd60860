package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// What is said of the server's being away goes when it is back; the next try is
// said only when there is time to wait for.
func TestAnOutageIsOverWhenTheServerIsBack(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.openObject("fluxdemo-stage", stageSync)
	away := d.store.Connection()
	away.State, away.Since, away.RetryAt = model.ConnLost, model.Unix(d.clock.T.Unix()), model.Unix(d.clock.T.Unix())
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Conn: &away}})
	d.misses("retry in")
	later := away
	later.RetryAt += 20
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Conn: &later}})
	d.wants("retry in 20s")
	d.press("r")
	d.wants("the API server is away")
	back := d.store.Connection()
	back.State, back.RetryAt = model.ConnLive, 0
	d.settle(batchMsg{epoch: 1, batch: model.Batch{Conn: &back}})
	d.pass(time.Second)
	d.misses("the API server is away")
}

// An object is found by the words it stands under.
func TestTheFilterFindsWhatStandsThere(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.visit(newSyncs(&d.App.env))
	d.press("/")
	d.typ("ks/billing")
	d.press("enter")
	d.misses("Nothing matches")
	d.wants("billing")
}

// Two suspended objects of a tenant are two, although they share a row.
func TestSuspendedObjectsAreCounted(t *testing.T) {
	c := uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a").Tenant("b")
	for _, name := range []string{"a", "second"} {
		o := uitest.Sync("a", name, "./"+name, uitest.Rev1)
		o.Detail.(*model.Sync).Suspend = true
		c.Put(o)
	}
	d := newDesk(t, 120, 40, Options{}, c)
	d.visit(newSuspended(&d.App.env))
	d.wants("2 suspended")
}
