package restore

import (
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/modeltest"
)

// What somebody had suspended before is neither a failure of the restore nor
// waited for; what is suspended while it goes on is a failure.
func TestFollowWhatSomebodySuspended(t *testing.T) {
	for _, before := range []bool{true, false} {
		c := newCluster(t)
		suspend := func() {
			o := modeltest.Object(model.Kustomization, "stage", "app", &model.Sync{Path: "./a", Suspend: true})
			o.Generation, o.ObservedGeneration = 1, 1
			modeltest.Put(c.s, o)
		}
		c.source(time.Hour, "", "stored")
		if c.sync(time.Hour, "", "applied"); before {
			suspend()
		}
		f := c.follow(Known{}, stage, "+"+prod, source, sync)
		suspend()
		r := f.Step(c.s, c.at)
		c.at = c.at.Add(settledFor)
		if r = f.Step(c.s, c.at); !r.Ended || r.Fine || r.Done != 1 || len(r.Asleep) > 0 != before || len(r.Failed) > 0 == before {
			t.Errorf("before %v: %+v", before, r)
		}
		if before && (len(r.Moved) > 0 || r.Counts() != "1 of 2 ready, 1 suspended as before" || r.Asleep[0] != "Kustomization/stage/app: it is suspended, though the folder does not say so") {
			t.Errorf("%s: %+v", r.Counts(), r)
		}
	}
}

// A Secret that was there when it began and goes away is looked for no longer
// than other failures are, and then wanted as any other.
func TestFollowASecretThatGoesAway(t *testing.T) {
	c := newCluster(t)
	f := c.follow(Known{There: []export.Secret{{Namespace: "stage", Name: "key"}}}, stage, "+"+source)
	c.source(0, "AuthenticationFailed", `failed to get secret 'stage/key': secrets "key" not found`)
	if r := f.Step(c.s, c.at); r.Ended || len(r.Open) != 1 || len(r.Wants) > 0 {
		t.Errorf("at first: %+v", r)
	}
	c.at = c.at.Add(failedFor)
	if r := f.Step(c.s, c.at); r.Ended || len(r.Wants) != 1 || r.Wants[0] != "stage/key" || len(r.Open)+len(r.Failed) > 0 {
		t.Errorf("once it has lasted: %+v", r)
	}
	c.at = c.at.Add(settledFor)
	if r := f.Step(c.s, c.at); !r.Ended || r.Fine {
		t.Errorf("in the end: %+v", r)
	}
	c.source(0, "", "stored")
	if r := f.Step(c.s, c.at); !r.Fine {
		t.Errorf("found: %+v", r)
	}
}
