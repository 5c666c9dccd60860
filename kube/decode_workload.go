package kube

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

func decodeDeployment(kind model.Kind, in *appsv1.Deployment) *model.Object {
	o, d := newWorkload(kind, &in.ObjectMeta, &in.Spec.Template)
	o.ObservedGeneration = in.Status.ObservedGeneration
	d.Desired = valueOr(in.Spec.Replicas, 1)
	d.Replicas, d.Updated = in.Status.Replicas, in.Status.UpdatedReplicas
	d.Ready, d.Available = in.Status.ReadyReplicas, in.Status.AvailableReplicas
	d.Revision = revisionOf(in.Annotations)
	d.Paused = in.Spec.Paused
	d.Print.Strategy = printOf(&in.Spec.Strategy, in.Spec.MinReadySeconds)
	// The API server defaults it to 600.
	d.ProgressDeadline = valueOr(in.Spec.ProgressDeadlineSeconds, 600)
	if n := len(in.Status.Conditions); n > 0 {
		o.Conditions = make([]model.Condition, n)
		for i := range in.Status.Conditions {
			c := &in.Status.Conditions[i]
			at := c.LastTransitionTime
			// A rollout moves only Progressing's update time: the status stays True.
			if c.Type == appsv1.DeploymentProgressing && at.Before(&c.LastUpdateTime) {
				at = c.LastUpdateTime
			}
			o.Conditions[i] = workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, at)
		}
	}
	return o
}

func decodeStatefulSet(kind model.Kind, in *appsv1.StatefulSet) *model.Object {
	o, d := newWorkload(kind, &in.ObjectMeta, &in.Spec.Template)
	o.ObservedGeneration = in.Status.ObservedGeneration
	d.Desired = valueOr(in.Spec.Replicas, 1)
	d.Replicas, d.Updated = in.Status.Replicas, in.Status.UpdatedReplicas
	d.Ready, d.Available = in.Status.ReadyReplicas, in.Status.AvailableReplicas
	d.CurrentRevision, d.UpdateRevision = intern(in.Status.CurrentRevision), intern(in.Status.UpdateRevision)
	d.OnDelete = in.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType
	d.Print.Strategy = printOf(&in.Spec.UpdateStrategy, in.Spec.MinReadySeconds)
	if r := in.Spec.UpdateStrategy.RollingUpdate; r != nil {
		d.Partition = valueOr(r.Partition, 0)
	}
	for i := range in.Status.Conditions {
		c := &in.Status.Conditions[i]
		o.Conditions = append(o.Conditions, workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime))
	}
	return o
}

// decodeDaemonSet maps a DaemonSet's numbers onto a workload's: desired is the
// number of nodes that should run it.
func decodeDaemonSet(kind model.Kind, in *appsv1.DaemonSet) *model.Object {
	o, d := newWorkload(kind, &in.ObjectMeta, &in.Spec.Template)
	o.ObservedGeneration = in.Status.ObservedGeneration
	d.Desired = in.Status.DesiredNumberScheduled
	d.Replicas, d.Updated = in.Status.CurrentNumberScheduled, in.Status.UpdatedNumberScheduled
	d.Ready, d.Available = in.Status.NumberReady, in.Status.NumberAvailable
	d.OnDelete = in.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType
	d.Print.Strategy = printOf(&in.Spec.UpdateStrategy, in.Spec.MinReadySeconds)
	for i := range in.Status.Conditions {
		c := &in.Status.Conditions[i]
		o.Conditions = append(o.Conditions, workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime))
	}
	return o
}

func newWorkload(kind model.Kind, om *metav1.ObjectMeta, template *corev1.PodTemplateSpec) (*model.Object, *model.Workload) {
	m := metaOf(om)
	o := newObject(kind, &m)
	d := &model.Workload{Managers: managersOf(om.ManagedFields), Print: templatePrint(template)}
	pod := &template.Spec
	withArgs := isFlux(om.Labels)
	if len(pod.Containers) > 0 {
		d.Containers = make([]model.Container, len(pod.Containers))
		for i := range pod.Containers {
			c := &pod.Containers[i]
			d.Containers[i] = model.Container{Name: intern(c.Name), Image: intern(c.Image)}
			if withArgs {
				d.Containers[i].Args = internAll(c.Args)
			}
		}
	}
	o.Detail = d
	return o, d
}

// isFlux reports whether labels mark one of Flux's own Deployments: the
// controllers carry part-of=flux, the operator's chart names it flux-operator.
// Only their arguments are kept, which tell the lockdown (domain: what runs,
// not what a spec says).
func isFlux(labels map[string]string) bool {
	return labels[model.LabelPartOf] == "flux" || labels[model.LabelAppName] == "flux-operator"
}

func managersOf(in []metav1.ManagedFieldsEntry) []model.Manager {
	if len(in) == 0 {
		return nil
	}
	out := make([]model.Manager, len(in))
	for i := range in {
		out[i] = model.Manager{Name: intern(in[i].Manager), Operation: intern(string(in[i].Operation)),
			Subresource: intern(in[i].Subresource), Time: unixOf(in[i].Time), Aside: in[i].FieldsV1 != nil && !ownsSpec(in[i].FieldsV1.GetRawBytes())}
	}
	return out
}

// ownsSpec reports whether fieldsV1 has something of the spec: f:spec at the
// top. Each change of each workload comes past here, so nothing is decoded.
func ownsSpec(fields []byte) bool {
	depth := 0
	for i := 0; i < len(fields); i++ {
		switch fields[i] {
		case '{':
			depth++
		case '}':
			depth--
		case '"':
			from := i + 1
			for i++; i < len(fields) && fields[i] != '"'; i++ {
				if fields[i] == '\\' {
					i++
				}
			}
			if depth == 1 && i < len(fields) && string(fields[from:i]) == "f:spec" {
				return true
			}
		}
	}
	return false
}

func workloadCondition(typ, status, reason, message string, at metav1.Time) model.Condition {
	return model.Condition{Type: intern(typ), Status: intern(status), Reason: intern(reason),
		Message: intern(clip(message)), LastTransition: unixOf(&at)}
}
