package model

import (
	"strconv"
	"testing"
	"time"
)

// A release whose upgrade fails is rolled back: what that makes of its workload
// is of the version rolled back to, not of the one that failed. Ready stays
// False meanwhile (helm-controller, atomic_release.go).
func TestARollbackIsOfTheVersionRolledBackTo(t *testing.T) {
	for _, seen := range []bool{true, false} { // whether its running is
		w := newWorld(t).put(namespace("metrics", LabelTenant, "metrics"))
		version := 0
		stamp := func(o *Object) *Object {
			version++
			o.ResourceVersion = strconv.Itoa(version)
			return o
		}
		key := Ref{"HelmChart", "metrics", "metrics-podinfo"}
		chart := func(v string) *Object {
			o := git("metrics", "metrics-podinfo", v)
			o.Kind, o.Detail = HelmChart, &Source{URL: "podinfo", Ref: "version 6.x", Revision: v, Interval: 60, Updated: Unix(w.now.Unix()), SourceRef: Ref{"HelmRepository", "metrics", "charts"}}
			return stamp(o)
		}
		release := func(attempted, applied string, conditions ...Condition) *Object {
			o := obj(HelmRelease, "metrics", "podinfo", &Sync{SourceRef: key, Applied: applied, Attempted: attempted, Interval: 300}, conditions...)
			for i := range o.Conditions {
				o.Conditions[i].LastTransition = Unix(w.now.Unix())
			}
			return stamp(o)
		}
		pods := func(gen int64, image string) *Object {
			o := labelled(deploy("metrics", "podinfo", gen, gen, 1, 1, 1, 1), LabelHelmReleaseName, "podinfo", LabelHelmReleaseNS, "metrics")
			o.Detail.(*Workload).Containers = []Container{{Name: "podinfo", Image: image}}
			o.Detail.(*Workload).Managers = []Manager{{Name: "helm-controller", Operation: "Apply", Time: Unix(w.now.Unix())}}
			return stamp(o)
		}
		running := func(action string) Condition {
			return cond("Reconciling", "True", "Progressing", "Running '"+action+"' action with timeout of 5m0s")
		}
		w.put(chart("1.0.0"), release("1.0.0", "1.0.0", cond("Ready", "True", "UpgradeSucceeded", "Helm upgrade succeeded")), pods(1, "podinfo:1.0.0")).synced()
		w.pass(time.Minute).put(chart("2.0.0"))
		w.pass(time.Second).put(release("2.0.0", "1.0.0", running("upgrade"), cond("Ready", "Unknown", "Progressing", "Running 'upgrade' action with timeout of 5m0s")))
		w.pass(time.Second).put(pods(2, "podinfo:2.0.0"))
		w.pass(time.Minute)
		failed := cond("Ready", "False", "UpgradeFailed", "Helm upgrade failed for release metrics/podinfo with chart podinfo@2.0.0: context deadline exceeded")
		if seen {
			w.put(release("2.0.0", "1.0.0", running("rollback"), failed))
		} else {
			w.put(release("2.0.0", "1.0.0", cond("Reconciling", "True", "ProgressingWithRetry", "x"), failed))
		}
		w.pass(time.Second).put(pods(3, "podinfo:1.0.0"))
		w.pass(2 * time.Second).put(release("2.0.0", "1.0.0", cond("Ready", "False", "RollbackSucceeded", "Helm rollback to previous release metrics/podinfo.v1 with chart podinfo@1.0.0 succeeded")))
		list := w.Generations(Key{Deployment, "metrics", "podinfo"})
		if g := list[0]; g.Number != 3 || g.Commit != "1.0.0" || !g.Rollback || g.AtOrBefore || g.UndidDrift {
			t.Errorf("seen %v, the rollback: %+v", seen, g)
		}
		if g := list[1]; g.Commit != "2.0.0" || g.Rollback || g.AtOrBefore {
			t.Errorf("seen %v, the upgrade: %+v", seen, g)
		}
		c := w.Chain(w.Rollouts()[0].Repo)
		if l := c.Commits[0].Lines[0]; l.Outcome != OutcomeFailed || len(l.Moves) != 1 || l.Moves[0].To != 2 || !l.Moves[0].Superseded {
			t.Errorf("seen %v, the line of what failed: %+v", seen, l)
		}
		// The next try is the failed version's again.
		w.pass(time.Minute).put(release("2.0.0", "1.0.0", running("upgrade"), cond("Ready", "Unknown", "Progressing", "Running 'upgrade' action with timeout of 5m0s")))
		w.pass(time.Second).put(pods(4, "podinfo:2.0.0"))
		w.pass(3 * time.Second).Tick()
		if g := w.Generations(Key{Deployment, "metrics", "podinfo"})[0]; g.Commit != "2.0.0" || g.Rollback {
			t.Errorf("seen %v, the next try: %+v", seen, g)
		}
	}
}
