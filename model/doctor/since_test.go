package doctor_test

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// Home, status, x and doctor tell one time of what a row shows, however long the
// links before and behind it have been as they are.
func TestSinceIsTheSameEverywhere(t *testing.T) {
	waits := failing("a", "DependencyNotReady", "dependency 'a/db' is not ready", 3*time.Hour)
	waits.Detail.(*model.Sync).DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "a", Name: "db"}}
	db := uitest.Sync("a", "db", "./db", uitest.Rev1, uitest.Failing("HealthCheckFailed", "health check failed after 5m: failed early due to stalled resources: [Deployment/a/web status: 'Failed']", 2*time.Hour))
	db.Detail.(*model.Sync).SourceRef.Name = "a"
	lease := uitest.Object(model.Lease, "flux-system", "source-controller-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35,
		RenewedMS: uitest.Start.Add(-10 * time.Minute).UnixMilli()})
	for name, c := range map[string]struct {
		of  *uitest.Cluster
		row string
		ago time.Duration
	}{
		"a chain of three":                            {uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Put(waits, db, pods("a", 0, 0)), "a", 2 * time.Hour},
		"a dead controller":                           {uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Put(lease), model.PlatformKey, 10 * time.Minute},
		"a dead controller beside a fault of its own": {bad().Put(lease), model.PlatformKey, 10 * time.Minute},
	} {
		s := model.NewStore(uitest.NewClock().Now)
		s.Apply(c.of.Batch)
		want := uitest.Ago(c.ago)
		if got := s.Tenant(c.row).Since; got != want {
			t.Errorf("%s: the row says since %ds ago, want %s", name, uitest.Ago(0)-got, c.ago)
		}
		if e := why.Row(s, c.row); e.Since != want {
			t.Errorf("%s: x says since %ds ago, want %s: %s", name, uitest.Ago(0)-e.Since, c.ago, e.Text(time.UTC))
		}
		first := doctor.Examine(s).Causes[0]
		if text := time.Unix(int64(want), 0).UTC().Format(time.RFC3339); first.Since == nil || *first.Since != text {
			t.Errorf("%s: doctor says since %v, want %s", name, first, text)
		}
	}
}
