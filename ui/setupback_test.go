package ui

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/uitest"
)

// atSync is a setup that has come to the sync, which was just set.
func atSync(t *testing.T) *desk {
	t.Helper()
	working := uitest.Condition("Ready", "Unknown", "Progressing", "building artifact", 0)
	d := newDesk(t, 120, 40, Options{Setup: true}, uitest.Unsynced().Put(syncedInstance(), uitest.Git("flux-system", "flux-system", "https://github.com/acme/fleet", "", working),
		uitest.Sync("flux-system", "flux-system", "./", "", working)))
	if at := d.step(t); at != setup.Sync {
		t.Fatalf("at %s", at)
	}
	return d
}

// syncedInstance has a sync of a public repository.
func syncedInstance(conditions ...model.Condition) *model.Object {
	return uitest.Instance(func(d *model.Instance) {
		d.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "https://github.com/acme/fleet", Ref: "refs/heads/main", Path: "./"}
	}, conditions...)
}

// Setting the sync makes the operator look at its FluxInstance anew: nobody is
// taken back to that, and setup goes on when the sync has settled.
func TestSetupGoesNotBackToWhatSettles(t *testing.T) {
	for name, c := range map[string]model.Condition{
		"reconciling":  uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", 0),
		"begins anew":  uitest.Failing("HealthCheckCanceled", "New reconciliation triggered by FluxInstance/flux-system/flux", 0),
		"by its sync":  uitest.Failing("ReconciliationFailed", "reconciliation failed: timeout waiting for: [GitRepository/flux-system/flux-system status: 'InProgress']", 0),
		"as it should": uitest.Ready(time.Minute),
	} {
		d := atSync(t)
		d.put(syncedInstance(c))
		if at := d.step(t); at != setup.Sync {
			t.Errorf("%s: taken back to %s", name, at)
		}
		d.feed(uitest.Synced().Put(syncedInstance(c)).Batch)
		if at := d.step(t); at != setup.Tenants {
			t.Errorf("%s: with the sync Ready at %s", name, at)
		}
		d.misses("back to step")
	}
}

// What has failed by itself, or is gone, does take the person back, and says why.
func TestSetupGoesBackAndSaysWhy(t *testing.T) {
	d := atSync(t)
	d.put(syncedInstance(uitest.Failing("ArtifactFailed", "fetch failed: ghcr.io/x: denied", time.Minute)))
	if at := d.step(t); at != setup.Instance {
		t.Fatalf("at %s", at)
	}
	d.wants("back to step 3, FluxInstance: ", "ghcr.io/x: denied")
	d.put(syncedInstance())
	if at := d.step(t); at != setup.Sync {
		t.Errorf("mended, at %s", at)
	}
	d.misses("back to step")
	d.feed(model.Batch{Changes: []model.ObjectChange{{Key: syncedInstance().Key}}})
	if at := d.step(t); at != setup.Instance {
		t.Errorf("deleted, at %s", at)
	}
	d.wants("back to step 3, FluxInstance: instance: none")
}

// A step that is at work is looked at to its end, though what comes after it
// could be done meanwhile.
func TestSetupStaysAtWhatItChanges(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Setup: true}, uitest.Open())
	if at := d.step(t); at != setup.Instance {
		t.Fatalf("at %s", at)
	}
	d.feed(uitest.Unsynced().Put(uitest.Instance(nil, uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", 0))).Batch)
	if at := d.step(t); at != setup.Instance {
		t.Errorf("while it works at %s", at)
	}
	d.put(uitest.Instance(nil))
	if at := d.step(t); at != setup.Credential {
		t.Errorf("then at %s", at)
	}
}
