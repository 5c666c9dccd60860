package scenes

import (
	"fmt"

	"tenantry/lab/cluster"
)

// What tells that an object has got where it should, where no Ready condition
// does.

func suspended(o cluster.Object) (bool, string) {
	return o.At("spec", "suspend") == true, "not suspended"
}

func present(cluster.Object) (bool, string) { return true, "" }

func terminating(o cluster.Object) (bool, string) {
	return o.Str("metadata", "deletionTimestamp") != "", "not being deleted"
}

func pastDeadline(o cluster.Object) (bool, string) {
	c := o.Condition("Progressing")
	return c.Reason == "ProgressDeadlineExceeded", fmt.Sprintf("Progressing=%s %s", c.Status, c.Reason)
}

func rolledOut(o cluster.Object) (bool, string) {
	want := o.Num("spec", "replicas")
	return o.Num("status", "readyReplicas") == want, fmt.Sprintf("%d of %d ready", o.Num("status", "readyReplicas"), want)
}

func daemonReady(o cluster.Object) (bool, string) {
	n := o.Num("status", "numberReady")
	return n > 0 && n == o.Num("status", "desiredNumberScheduled"), fmt.Sprintf("%d ready", n)
}

// reasonSeen is for objects whose Ready condition says something other than
// the health word alone would make one think.
func reasonSeen(kind, status, reason string) func(cluster.Object) (bool, string) {
	return func(o cluster.Object) (bool, string) {
		c := o.Condition(kind)
		return c.Status == status && c.Reason == reason, fmt.Sprintf("%s=%s %s: %s", kind, c.Status, c.Reason, c.Message)
	}
}
