package model

import "strings"

// pressures are the conditions of a node that are bad while True (Kubernetes,
// node status).
var pressures = []string{"MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"}

// classifyNode judges a node by the conditions its kubelet and the node
// controller write: Ready turns Unknown when the kubelet has not been heard of
// for 40 seconds.
func classifyNode(o *Object) Verdict {
	ready := o.Condition("Ready")
	switch {
	case ready == nil:
		return Verdict{Health: Unknown, Reason: "NoReadyCondition", Message: "its status has no Ready condition"}
	case ready.Status == "Unknown":
		return Verdict{Health: Unobserved, Reason: ready.Reason, Since: ready.LastTransition,
			Message: "node " + o.Name + " is not heard of any more: " + trim(ready.Message)}
	case ready.Status == "False":
		return Verdict{Health: Failed, Reason: ready.Reason, Since: ready.LastTransition, Message: "node " + o.Name + " is not ready: " + trim(ready.Message)}
	}
	for _, typ := range pressures {
		if c := o.Condition(typ); c != nil && c.Status == "True" {
			return Verdict{Health: Failed, Reason: typ, Since: c.LastTransition, Message: "node " + o.Name + " is short of something (" + typ + "): " + trim(c.Message)}
		}
	}
	v := Verdict{Health: Ready, Reason: "KubeletReady", Message: "node is ready", Since: ready.LastTransition}
	if d, ok := o.Detail.(*NodeDetail); ok && d.Unschedulable {
		v.Message = "node is ready, and cordoned: it takes no new pods"
		if len(d.Taints) > 0 {
			v.Message += " (" + strings.Join(d.Taints, ", ") + ")"
		}
	}
	return v
}
