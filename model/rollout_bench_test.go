package model

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkSyncsOfOneSource is what it costs to take in the syncs of a fleet
// that are all fed by one source, once Rollouts was looked at.
func BenchmarkSyncsOfOneSource(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var syncs Batch
			for i := range n {
				o := kust("flux-system", fmt.Sprintf("t%05d", i), "fleet")
				syncs.Changes = append(syncs.Changes, ObjectChange{o.Key, o})
			}
			for b.Loop() {
				s := NewStore(func() time.Time { return t0 })
				source := git("flux-system", "fleet", rev1)
				s.Apply(Batch{Changes: []ObjectChange{{source.Key, source}}})
				s.Rollouts()
				s.Apply(syncs)
				if h := s.Rollouts(); len(h) != 1 || h[0].Of != n {
					b.Fatalf("%d of %d", h[0].Of, n)
				}
			}
		})
	}
}
