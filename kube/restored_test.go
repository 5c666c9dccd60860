package kube

import (
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

// detour sends requests to the cluster that is behind the address now.
type detour struct {
	to atomic.Pointer[http.RoundTripper]
}

func (d *detour) RoundTrip(r *http.Request) (*http.Response, error) {
	return (*d.to.Load()).RoundTrip(r)
}

func (d *detour) lead(c *demo.Cluster) {
	next := c.Config().Transport
	d.to.Store(&next)
}

// TestRestoredCluster: etcd is restored to an older state behind the same
// address. Objects that are gone there go, and one whose version was seen
// before, on other contents, is read again.
func TestRestoredCluster(t *testing.T) {
	for name, away := range map[string]bool{"after an outage": true, "unnoticed until ctrl+r": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, backup := faulty{newEmbedded(t)}, faulty{newEmbedded(t)}
				for _, c := range []faulty{e, backup} { // both give the same uids and revisions
					c.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", "app", syncSpec("one"))
				}
				e.edit("a", "two")
				backup.edit("a", "restored")
				e.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "b", "app", syncSpec("one"))
				e.create("v1", "Namespace", "", "c", nil)
				var way detour
				way.lead(e.cluster)
				config := e.cluster.Config()
				config.Transport = &way
				session, err := Open(t.Context(), config, Options{})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(session.Close)
				e.session = session
				e.within(time.Second, "all is read", e.settled)

				if away {
					e.cluster.Faults().Add(fault.Rule{Do: fault.Refuse})
					e.within(soon, "the server is lost", func() bool { return e.store.Connection().State == model.ConnLost })
				}
				way.lead(backup.cluster)
				if !away {
					session.Refresh()
				}
				e.admin = backup.admin
				e.within(soon, "all is as in the backup", func() bool {
					return e.settled() && e.store.Get(model.Key{Kind: model.Namespace, Name: "c"}) == nil
				})
				e.edit("a", "again")
				e.within(time.Second, "changes come", e.settled)
			})
		})
	}
}

// TestReturnOfTheSameCluster: nothing is listed again after an outage that
// lost no history.
func TestReturnOfTheSameCluster(t *testing.T) {
	underFaults(t, func(e faulty) {
		lists := len(e.seen.of("/kustomizations")) // and watches
		e.cluster.Faults().Add(fault.Rule{Do: fault.Refuse})
		e.within(soon, "the server is lost", func() bool { return e.store.Connection().State == model.ConnLost })
		e.change()
		e.cluster.Faults().Clear()
		e.within(soon, "all is as the server has it", e.settled)
		for _, r := range e.seen.of("/kustomizations")[lists:] {
			if q := r.URL.Query(); q.Get("watch") == "" && q.Get("limit") != "1" {
				t.Errorf("listed again: %s", r.URL)
			}
		}
	})
}
