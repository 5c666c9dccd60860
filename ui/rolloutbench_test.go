package ui

import (
	"fmt"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// BenchmarkRolloutsBatch is what a batch of 50 changed objects costs on
// Rollouts, where thousands of repositories rest, one tenant is in the scope,
// or a push came to all of them.
func BenchmarkRolloutsBatch(b *testing.B) {
	for name, prepare := range map[string]func(d *desk){
		"resting":       func(*desk) {},
		"in a scope":    func(d *desk) { d.press("n", "down", "space", "enter") },
		"all under way": func(d *desk) { d.feed(pushed(d, 10000)) },
	} {
		b.Run(name, func(b *testing.B) {
			d := manyDesk(b, 10000)
			d.press("2")
			d.clock.Pass(10 * time.Second)
			prepare(d)
			for i := 0; b.Loop(); i++ {
				d.feed(changes50(i))
			}
		})
	}
}

// pushed is a batch in which the repositories of n tenants have a new commit.
func pushed(d *desk, n int) model.Batch {
	c := &uitest.Cluster{}
	for i := range n {
		name := fmt.Sprintf("tenant-%05d", i)
		o := *d.store.Get(model.Key{Kind: model.GitRepository, Namespace: name, Name: name})
		s := *o.Detail.(*model.Source)
		s.Revision, s.Updated = uitest.Rev3, model.Unix(d.clock.T.Unix())
		o.Detail = &s
		c.Put(&o)
	}
	return c.Batch
}

// BenchmarkMarked is what a key costs with all tenants marked: to follow them
// (and no more), and to be asked about suspending them.
func BenchmarkMarked(b *testing.B) {
	for _, n := range []int{1000, 4000} {
		for name, keys := range map[string][]string{"follow": {"f", "f"}, "suspend": {"s", "esc"}} {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				d := manyDesk(b, n)
				d.press("*")
				for b.Loop() {
					d.press(keys...)
				}
			})
		}
	}
}
