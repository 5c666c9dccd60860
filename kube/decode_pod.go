package kube

import (
	corev1 "k8s.io/api/core/v1"

	"tenantry/model"
)

func decodePod(kind model.Kind, in *corev1.Pod) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	d := &model.PodDetail{
		Phase: intern(string(in.Status.Phase)), Reason: intern(in.Status.Reason), Message: clip(in.Status.Message),
		Node: intern(in.Spec.NodeName),
	}
	for i := range in.OwnerReferences {
		if r := &in.OwnerReferences[i]; r.Controller != nil && *r.Controller {
			d.Owner = model.PodOwner{Kind: intern(r.Kind), Name: intern(r.Name), UID: intern(string(r.UID))}
		}
	}
	for i := range in.Status.Conditions {
		c := &in.Status.Conditions[i]
		switch c.Type {
		case corev1.PodReady:
			d.Ready = c.Status == corev1.ConditionTrue
		case corev1.PodScheduled:
			d.Scheduled = workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime)
		}
	}
	if n := len(in.Spec.InitContainers) + len(in.Spec.Containers); n > 0 {
		d.Containers = make([]model.PodContainer, 0, n)
	}
	for i := range in.Spec.InitContainers {
		c := podContainer(&in.Spec.InitContainers[i], in.Status.InitContainerStatuses)
		c.Init = true
		policy := in.Spec.InitContainers[i].RestartPolicy
		c.Sidecar = policy != nil && *policy == corev1.ContainerRestartPolicyAlways
		d.Containers = append(d.Containers, c)
	}
	for i := range in.Spec.Containers {
		d.Containers = append(d.Containers, podContainer(&in.Spec.Containers[i], in.Status.ContainerStatuses))
	}
	o.Detail = d
	return o
}

// podContainer joins what a container should be with how it is; statuses are
// in no promised order, and absent until the kubelet has written them.
func podContainer(spec *corev1.Container, statuses []corev1.ContainerStatus) model.PodContainer {
	c := model.PodContainer{Name: intern(spec.Name), Image: intern(spec.Image)}
	for i := range statuses {
		s := &statuses[i]
		if s.Name != spec.Name {
			continue
		}
		c.Ready, c.Restarts = s.Ready, s.RestartCount
		c.Started = s.Started != nil && *s.Started
		switch {
		case s.State.Running != nil:
			c.State, c.Since = model.ContainerRunning, unixOf(&s.State.Running.StartedAt)
		case s.State.Terminated != nil:
			t := s.State.Terminated
			c.State, c.Since, c.ExitCode = model.ContainerTerminated, unixOf(&t.FinishedAt), t.ExitCode
			c.Reason, c.Message = intern(t.Reason), clip(t.Message)
		case s.State.Waiting != nil:
			c.State, c.Reason, c.Message = model.ContainerWaiting, intern(s.State.Waiting.Reason), clip(s.State.Waiting.Message)
		}
		if t := s.LastTerminationState.Terminated; t != nil {
			c.Last = &model.Termination{Reason: intern(t.Reason), Message: clip(t.Message), ExitCode: t.ExitCode,
				Finished: unixOf(&t.FinishedAt)}
		}
	}
	return c
}
