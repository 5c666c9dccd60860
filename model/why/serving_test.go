package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// rolling is a Deployment on its way to a template whose pods crash.
func rolling(want, updated, available, old int32) []*model.Object {
	return []*model.Object{uitest.Deployment("eu", "web", 5, want, updated, available, old),
		uitest.ReplicaSet("eu", "web", "7c44", 3, "ghcr.io/acme/web:2", 0, time.Hour),
		uitest.Pod("eu", "web", "7c44", "aaaaa", model.PodContainer{Name: "web", Image: "ghcr.io/acme/web:2", Restarts: 7, State: model.ContainerWaiting,
			Reason: "CrashLoopBackOff", Last: &model.Termination{Reason: "Error", ExitCode: 2}})}
}

// Pods that crash while those of before still serve are not an outage, and it is
// said which it is; the evidence is never empty.
func TestWhatStillServes(t *testing.T) {
	web := model.Key{Kind: model.Deployment, Namespace: "eu", Name: "web"}
	was := func(available int32) *model.Object {
		return uitest.ReplicaSet("eu", "web", "5d9f", 2, "ghcr.io/acme/web:1", available, 48*time.Hour)
	}
	for _, c := range []struct {
		name string
		put  []*model.Object
		says string
		harm why.Harm
	}{
		{"all old ones", append(rolling(2, 1, 2, 2), was(2)), "2 of 2 old pods still serve", why.HarmNews},
		{"one of the old ones", append(rolling(3, 2, 2, 2), was(1)), "1 of 2 old pods still serves", why.HarmPart},
		{"old ones that do not serve", append(rolling(2, 1, 1, 1), was(0)), "1 of 2 pods of Deployment eu/web still serves.", why.HarmPart},
		{"without ReplicaSets", rolling(2, 1, 2, 2)[:1], "", why.HarmNews},
		{"none", rolling(2, 2, 0, 0), "No pod of Deployment eu/web serves.", why.HarmDown},
		{"some of the new", rolling(2, 2, 1, 0), "1 of 2 pods of Deployment eu/web still serves.", why.HarmPart},
	} {
		w := newWorld()
		w.Apply((&uitest.Cluster{}).Watch("eu", model.Pod).Batch)
		w.put(c.put...)
		if c.says == "" {
			if old, of := w.OldPods(web); old != 2 || of != 2 {
				t.Errorf("%s: %d of %d old pods", c.name, old, of)
			}
			continue
		}
		for _, e := range []*why.Explanation{why.Object(w.Store, web), why.Row(w.Store, "eu")} {
			if len(e.Faults) != 1 || e.Faults[0].Ours != why.Crashing || !strings.Contains(e.Effect, c.says) || e.Faults[0].Harm != c.harm {
				t.Errorf("%s: %+v\n%s", c.name, e.Faults, e.Text(time.UTC))
				continue
			}
			if n := strings.Count(e.Headline, "Deployment"); n != 1 {
				t.Errorf("%s: the Deployment is named %d times: %s", c.name, n, e.Headline)
			}
			if strings.Contains(c.says, "old") != strings.Contains(e.Headline, "does not roll out: web crashes") {
				t.Errorf("%s: %s", c.name, e.Headline)
			}
			if ev := e.Faults[0].Evidence; len(ev) == 0 || !strings.Contains(e.Text(time.UTC), "  pods  ") {
				t.Errorf("%s has no evidence of the pods:\n%s", c.name, e.Text(time.UTC))
			}
		}
	}
}

// Of a sync that waits for another with pods that do not come up, it is said what
// the pods do: they are not its own.
func TestPodsOfWhatASyncWaitsFor(t *testing.T) {
	waits := at(applying("DependencyNotReady", "dependency 'eu/base' is not ready"), func(d *model.Sync) {
		d.DependsOn, d.Inventory = []model.Ref{{Kind: "Kustomization", Namespace: "eu", Name: "base"}}, ""
	})
	base := other("base", uitest.Failing("HealthCheckFailed", waitsForWeb, time.Hour))
	w := newWorld(append(rolling(2, 1, 2, 2), waits, base, uitest.ReplicaSet("eu", "web", "5d9f", 2, "ghcr.io/acme/web:1", 2, 48*time.Hour))...)
	w.Apply((&uitest.Cluster{}).Watch("eu", model.Pod).Batch)
	e := why.Object(w.Store, sync)
	if want := "2 of 2 old pods still serve: none goes before a new one is ready. Kustomization eu/app keeps 41aaea2 meanwhile."; e.Effect != want {
		t.Errorf("%q, want %q\n%s", e.Effect, want, e.Text(time.UTC))
	}
}

// A workload that is not there affects pods, whatever its sync still lists.
func TestAMissingWorkloadAffectsPods(t *testing.T) {
	w := newWorld()
	w.drop(model.Key{Kind: model.Deployment, Namespace: "eu", Name: "web"})
	e := why.Row(w.Store, "eu")
	if len(e.Faults) != 1 || strings.Contains(e.Effect, "No pod is affected") || e.Faults[0].Harm != why.HarmDown {
		t.Errorf("%s", e.Text(time.UTC))
	}
}
