package model

import (
	"testing"
	"time"
)

// kubectl's rollout rules, one by one.
func TestRollout(t *testing.T) {
	deadline := cond("Progressing", "False", "ProgressDeadlineExceeded", "x")
	done := cond("Progressing", "True", "NewReplicaSetAvailable", "x")
	set := func(o *Object, f func(*Workload)) *Object { f(o.Detail.(*Workload)); return o }
	cases := []struct {
		name   string
		o      *Object
		state  RolloutState
		health Health
	}{
		{"done", deploy("a", "w", 3, 3, 2, 2, 2, 2, done), RolloutDone, Ready},
		{"scaled to 0", deploy("a", "w", 3, 3, 0, 0, 0, 0, done), RolloutDone, Ready},
		{"not observed", deploy("a", "w", 4, 3, 2, 2, 2, 2, done), RolloutUnobserved, Outdated},
		{"updating", deploy("a", "w", 3, 3, 3, 1, 3, 4), RolloutUpdating, Reconciling},
		{"old pods", deploy("a", "w", 3, 3, 3, 3, 3, 4), RolloutTerminating, Reconciling},
		{"availability", deploy("a", "w", 3, 3, 3, 3, 1, 3), RolloutAvailability, Reconciling},
		{"deadline", deploy("a", "w", 3, 3, 3, 1, 0, 4, deadline), RolloutFailed, Failed},
		{"quota", deploy("a", "w", 3, 3, 3, 0, 0, 0, cond("ReplicaFailure", "True", "FailedCreate", "exceeded quota")), RolloutFailed, Failed},
		{"lost pods just now", deploy("a", "w", 3, 3, 3, 3, 0, 3, done, cond("Available", "False", "MinimumReplicasUnavailable", "x")), RolloutDegraded, Reconciling},
		{"paused", set(deploy("a", "w", 3, 3, 3, 1, 3, 3), func(w *Workload) { w.Paused = true }), RolloutPaused, Suspended},
		{"partition reached", set(obj(StatefulSet, "a", "s", &Workload{Desired: 3, Replicas: 3, Updated: 1, Available: 3}), func(w *Workload) { w.Partition = 2 }), RolloutDone, Ready},
		{"on delete", set(obj(DaemonSet, "a", "d", &Workload{Desired: 3, Replicas: 3, Updated: 0, Available: 3}), func(w *Workload) { w.OnDelete = true }), RolloutDone, Ready},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t).synced().put(tc.o)
			if r := w.Rollout(tc.o.Key); r.State != tc.state {
				t.Errorf("state %d, want %d (%s)", r.State, tc.state, r.Message)
			}
			if v := w.Verdict(tc.o.Key); v.Health != tc.health {
				t.Errorf("health %s, want %s", v.Health, tc.health)
			}
		})
	}
	w := newWorld(t).synced().put(cases[8].o)
	if v := w.pass(time.Minute).Verdict(cases[8].o.Key); v.Health != Failed {
		t.Errorf("pods lost for a minute: %s", v.Health)
	}
	if r := RolloutOf(nil); r != (Rollout{}) {
		t.Error("a rollout of nothing")
	}
}
