package model

import "testing"

// Pods are counted where there are any to wait for.
func TestWaitCountsNoPodsOfNone(t *testing.T) {
	kcheck := Key{Deployment, "stage", "kcheck"}
	for want, m := range map[string]Move{
		"applied abc1234":                                  {Workload: kcheck, Superseded: true, State: RolloutDone},
		"applied abc1234, kcheck wants no pods":            {Workload: kcheck, State: RolloutDone},
		"applied abc1234, kcheck 1 of 2 new pods starting": {Workload: kcheck, Desired: 2, Updated: 1, State: RolloutAvailability},
		"applied abc1234, kcheck 2 of 2 new pods ready":    {Workload: kcheck, Desired: 2, Updated: 2, State: RolloutDone, Superseded: true},
	} {
		target := WaitTarget{Line: Line{Outcome: OutcomeApplied, Moves: []Move{m}}, Revision: "main@sha1:abc1234000000000000000000000000000000000"}
		if got := target.progress(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
