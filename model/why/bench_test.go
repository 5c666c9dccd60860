package why_test

import (
	"testing"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// BenchmarkExplain explains one broken tenant, one healthy one and the platform
// among 10,000 tenants (80,000 objects).
func BenchmarkExplain(b *testing.B) {
	clock := uitest.NewClock()
	s := model.NewStore(clock.Now)
	c := uitest.NewCluster("big").Controllers().PlatformSync().Many(10_000)
	s.Apply(c.Batch)
	broken := source("eu", uitest.Failing("GitOperationFailed", asksRemote+"dial tcp 10.0.0.9:443: i/o timeout", 0))
	refused := uitest.Sync("eu", "refused", "./deploy", uitest.Rev1, uitest.Failing("ReconciliationFailed",
		`ConfigMap/us/x dry-run failed (Forbidden): configmaps "x" is forbidden: User "system:serviceaccount:eu:eu" cannot patch resource "configmaps" in API group "" in the namespace "us"`, 0))
	t := &uitest.Cluster{}
	t.Put(uitest.Namespace("eu", "eu"), broken, refused, uitest.Sync("eu", "app", "./deploy", uitest.Rev1))
	t.Put(uitest.Access("eu")...)
	s.Apply(t.Batch)
	tenants := s.Tenants()
	s.Platform()
	for _, name := range []string{"eu", tenants[7].Name, model.PlatformKey} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if e := why.Row(s, name); e == nil || e.Headline == "" {
					b.Fatal("no explanation")
				}
			}
		})
	}
}
