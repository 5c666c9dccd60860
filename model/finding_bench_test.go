package model

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkFindings is what a look at all tenants costs after one has changed.
func BenchmarkFindings(b *testing.B) {
	s := NewStore(func() time.Time { return t0 })
	var batch Batch
	put := func(objs ...*Object) {
		for _, o := range objs {
			batch.Changes = append(batch.Changes, ObjectChange{Key: o.Key, Object: o})
		}
	}
	put(lockedDown()...)
	for i := range 10000 {
		put(posture(fmt.Sprintf("tenant-%05d", i))...)
	}
	for _, k := range Kinds() {
		batch.Scopes = append(batch.Scopes, ScopeStatus{Kind: k, State: ScopeSynced})
	}
	s.Apply(batch)
	s.Tenants()
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			var f Findings
			f.Update(s)
		}
	})
	var f Findings
	f.Update(s)
	b.Run("again", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			k := kust("tenant-00042", "app", "app")
			k.Generation = int64(i)
			s.Apply(Batch{Changes: []ObjectChange{{k.Key, k}}})
			f.Update(s)
		}
	})
}
