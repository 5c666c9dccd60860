package kube

import (
	corev1 "k8s.io/api/core/v1"

	"tenantry/model"
)

// decodeNode keeps of a node what can keep a pod from running.
func decodeNode(kind model.Kind, in *corev1.Node) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	for i := range in.Status.Conditions {
		c := &in.Status.Conditions[i]
		o.Conditions = append(o.Conditions, workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime))
	}
	d := &model.NodeDetail{Unschedulable: in.Spec.Unschedulable}
	for i := range in.Spec.Taints {
		t := &in.Spec.Taints[i]
		text := t.Key
		if t.Value != "" {
			text += "=" + t.Value
		}
		d.Taints = append(d.Taints, clip(text+":"+string(t.Effect)))
	}
	o.Detail = d
	return o
}
