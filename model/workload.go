package model

import "fmt"

// RolloutState is how far a workload's rollout is, by kubectl's rules
// (kubectl pkg/polymorphichelpers/rollout_status.go).
type RolloutState uint8

// The states of a rollout, in the order they are passed through.
const (
	RolloutDone         RolloutState = iota
	RolloutUnobserved                // the newest spec has not been seen by its controller
	RolloutUpdating                  // new pods are still to be made
	RolloutTerminating               // old pods are still there
	RolloutAvailability              // new pods are there, not yet available
	RolloutDegraded                  // rolled out before; pods are missing now
	RolloutPaused
	RolloutFailed // progress deadline exceeded, or pods cannot be made
)

// Rollout is a workload's generation and how far it is rolled out.
type Rollout struct {
	Generation, Observed, Revision   int64
	Desired, Updated, Available, Old int
	State                            RolloutState
	Reason, Message                  string
	Since                            Unix
}

// Moving reports whether the rollout is under way.
func (r Rollout) Moving() bool {
	switch r.State {
	case RolloutUnobserved, RolloutUpdating, RolloutTerminating, RolloutAvailability:
		return true
	}
	return false
}

// RolloutOf reads the rollout off a Deployment, StatefulSet or DaemonSet; the
// zero Rollout for anything else.
func RolloutOf(o *Object) Rollout {
	if o == nil {
		return Rollout{}
	}
	w, ok := o.Detail.(*Workload)
	if !ok {
		return Rollout{}
	}
	r := Rollout{
		Generation: o.Generation, Observed: o.ObservedGeneration, Revision: w.Revision,
		Desired: int(w.Desired), Updated: int(w.Updated), Available: int(w.Available),
		Old: max(int(w.Replicas-w.Updated), 0),
	}
	progressing, replicaFailure := o.Condition("Progressing"), o.Condition("ReplicaFailure")
	if progressing != nil {
		r.Since = progressing.LastTransition
	}
	switch {
	case o.ObservedGeneration < o.Generation:
		r.State, r.Message = RolloutUnobserved, "waiting for the newest spec to be observed"
	// Why no pods can be made is nearer to the cause than the deadline they missed.
	case replicaFailure != nil && replicaFailure.Status == "True" && r.Available < r.Desired:
		r.State, r.Reason, r.Message, r.Since = RolloutFailed, replicaFailure.Reason, trim(replicaFailure.Message), replicaFailure.LastTransition
	case progressing != nil && progressing.Reason == "ProgressDeadlineExceeded":
		r.State, r.Reason = RolloutFailed, progressing.Reason
		r.Message = fmt.Sprintf("rollout exceeded its progress deadline; %d of %d pods available", r.Available, r.Desired)
		if r.Old > 0 {
			r.Message += fmt.Sprintf(", %d of them old ones", min(r.Old, r.Available))
		}
	case w.Paused && (r.Updated < r.Desired || r.Old > 0):
		r.State, r.Message = RolloutPaused, "the rollout is paused"
	case w.OnDelete:
		r.settle(o, progressing)
	case r.Updated < r.Desired-int(w.Partition):
		r.State, r.Message = RolloutUpdating, fmt.Sprintf("%d of %d new pods made", r.Updated, r.Desired)
	case r.Old > 0 && w.Partition == 0:
		r.State, r.Message = RolloutTerminating, fmt.Sprintf("%d old pods still to go", r.Old)
	default:
		r.settle(o, progressing)
	}
	return r
}

// settle tells a rollout waiting for availability from a finished one that
// lost pods.
func (r *Rollout) settle(o *Object, progressing *Condition) {
	if r.Available >= r.Desired {
		r.State = RolloutDone
		return
	}
	r.Message = fmt.Sprintf("%d of %d pods available", r.Available, r.Desired)
	r.State = RolloutAvailability
	if progressing != nil && progressing.Reason == "NewReplicaSetAvailable" {
		r.State, r.Reason = RolloutDegraded, "MinimumReplicasUnavailable"
		if a := o.Condition("Available"); a != nil {
			r.Since = a.LastTransition
		}
	}
}

// OldPods counts a workload's pods of before its newest template, and how many
// of them serve. Of a Deployment its ReplicaSets tell; else its own status,
// which counts available pods of both together.
func (s *Store) OldPods(k Key) (serving, of int) {
	r := s.Rollout(k)
	if r.Old == 0 {
		return 0, 0
	}
	sets := s.replicaSets(s.Get(k))
	if len(sets) == 0 {
		return min(r.Old, r.Available), r.Old
	}
	for _, rs := range sets[1:] {
		serving += int(rs.Detail.(*Replica).Avail)
	}
	return min(serving, r.Old), r.Old
}

// classifyWorkload judges a workload by its rollout.
func classifyWorkload(o *Object, c *clock) Verdict {
	if v, done := classifyMeta(o, c); done {
		return v
	}
	r := RolloutOf(o)
	v := Verdict{Reason: r.Reason, Message: r.Message, Since: r.Since}
	switch r.State {
	case RolloutDone:
		v.Health, v.Reason = Ready, "RolledOut"
		v.Message = fmt.Sprintf("%d of %d pods available", r.Available, r.Desired)
		if r.Desired == 0 {
			v.Message = "scaled to 0"
		}
	case RolloutUnobserved:
		v.Health, v.Reason = Outdated, "NewGeneration"
	case RolloutPaused:
		v.Health, v.Reason, v.Suspended, v.Was = Suspended, "Paused", true, Reconciling
	case RolloutFailed:
		v.Health = Failed
	case RolloutDegraded:
		v.Health, v.Retrying = Reconciling, true
		if a := o.Condition("Available"); a != nil && a.Status == "False" && c.passed(a.LastTransition, availabilityGrace) {
			v.Health = Failed
		}
	default:
		v.Health, v.Reason = Reconciling, "RollingOut"
	}
	return v
}
