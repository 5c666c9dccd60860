package workload

import (
	"fmt"
	"maps"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

// counts sums what the ReplicaSets report.
func (r *rollout) counts() (total, updated, ready, available int64) {
	sets := r.old
	if r.current != nil {
		updated = tree.Int(r.current, "status", "replicas")
		sets = append(append([]Object(nil), r.old...), r.current)
	}
	for _, rs := range sets {
		total += tree.Int(rs, "status", "replicas")
		ready += tree.Int(rs, "status", "readyReplicas")
		available += tree.Int(rs, "status", "availableReplicas")
	}
	return
}

// report writes the Deployment's status and returns when to look again.
func (r *rollout) report() time.Duration {
	client := r.w.env.Client("kube-controller-manager")
	if r.w.env.Loop.History() {
		client = client.Untracked()
	}
	annotate := func(Object) {}
	if r.current != nil {
		rev := fmt.Sprint(revision(r.current))
		annotate = func(o Object) {
			if tree.Str(o, "metadata", "annotations", revisionAnnotation) != rev {
				a := maps.Clone(tree.Map(o, "metadata", "annotations"))
				if a == nil {
					a = Object{}
				}
				a[revisionAnnotation] = rev
				tree.Meta(o)["annotations"] = a
			}
		}
	}
	total, updated, ready, available := r.counts()
	again := sim.Never
	now := r.w.env.Stamp()
	_, _ = client.EditStatus(control.Deployment, r.key.Namespace, r.key.Name, func(o Object) error {
		annotate(o)
		status := tree.Make(o, "status")
		progressed := tree.Int(status, "updatedReplicas") < updated || tree.Int(status, "availableReplicas") < available ||
			tree.Int(status, "readyReplicas") < ready || tree.Int(status, "replicas") > total
		status["observedGeneration"] = tree.Int(r.obj, "metadata", "generation")
		status["terminatingReplicas"] = int64(0)
		for name, n := range map[string]int64{"replicas": total, "updatedReplicas": updated, "readyReplicas": ready,
			"availableReplicas": available, "unavailableReplicas": max(total, r.desired) - available} {
			if n > 0 {
				status[name] = n
			} else {
				delete(status, name)
			}
		}
		_, unavailable := r.limits()
		r.available(status, available >= r.desired-unavailable, now)
		again = r.progressing(status, progressed, total == updated && updated == r.desired && available == r.desired, now)
		return nil
	})
	return again
}

func (r *rollout) available(status Object, ok bool, now string) {
	c := Object{"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable",
		"message": "Deployment has minimum availability.", "lastUpdateTime": now}
	if !ok {
		c["status"], c["reason"] = "False", "MinimumReplicasUnavailable"
		c["message"] = "Deployment does not have minimum availability."
	}
	if old := condition(Object{"status": status}, "Available"); old != nil && old["status"] == c["status"] {
		c["lastUpdateTime"] = old["lastUpdateTime"]
	}
	setCondition(status, c, now)
}

// progressing keeps the Progressing condition and returns when its deadline
// falls due.
func (r *rollout) progressing(status Object, moved, complete bool, now string) time.Duration {
	if r.current == nil {
		return sim.Never
	}
	name := tree.Str(r.current, "metadata", "name")
	old := condition(Object{"status": status}, "Progressing")
	c := Object{"type": "Progressing", "status": "True", "lastUpdateTime": now}
	set := func(reason, message string) { c["reason"], c["message"] = reason, fmt.Sprintf(message, name) }
	deadline := time.Duration(tree.Int(r.obj, "spec", "progressDeadlineSeconds")) * time.Second
	started := r.w.env.Now()
	fresh := old == nil || tree.Int(r.obj, "metadata", "generation") != tree.Int(r.obj, "status", "observedGeneration")
	if old != nil && !moved && !fresh {
		started, _ = time.Parse(time.RFC3339, tree.Str(old, "lastUpdateTime"))
	}
	late := r.w.env.Now().Sub(started)
	switch {
	case complete:
		set("NewReplicaSetAvailable", "ReplicaSet %q has successfully progressed.")
		if old != nil && old["reason"] == c["reason"] && old["message"] == c["message"] {
			c["lastUpdateTime"] = old["lastUpdateTime"]
		}
		setCondition(status, c, now)
		return sim.Never
	case old != nil && old["reason"] == "ProgressDeadlineExceeded" && !moved && !fresh, late >= deadline && deadline > 0:
		c["status"] = "False"
		set("ProgressDeadlineExceeded", "ReplicaSet %q has timed out progressing.")
		if old != nil && old["reason"] == c["reason"] {
			c["lastUpdateTime"] = old["lastUpdateTime"]
		}
		setCondition(status, c, now)
		return sim.Never
	case old == nil:
		set("NewReplicaSetCreated", "Created new replica set %q")
	default:
		set("ReplicaSetUpdated", "ReplicaSet %q is progressing.")
		if !moved && !fresh {
			c["lastUpdateTime"] = old["lastUpdateTime"]
		}
	}
	setCondition(status, c, now)
	return deadline - late
}
