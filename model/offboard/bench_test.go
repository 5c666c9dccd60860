package offboard

import (
	"fmt"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// An open dialog plans anew with every batch: also among many tenants.
func BenchmarkPlanAmongMany(b *testing.B) {
	var objects []*model.Object
	for i := range 10000 {
		objects = append(objects, tenant(fmt.Sprintf("tenant-%05d", i))...)
	}
	s := modeltest.Store(objects...)
	for b.Loop() {
		if p := New(s, "tenant-05000", nil); len(p.Steps) != 5 {
			b.Fatal(p.Blocked)
		}
	}
}
