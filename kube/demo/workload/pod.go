package workload

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

// nodeName is the cluster's only node.
const nodeName = "node-0"

// schedulable says whether the node fits: only its operating system and its
// name can be asked for.
func (w *Controllers) schedulable(pod Object) bool {
	for k, v := range tree.Map(pod, "spec", "nodeSelector") {
		if !(k == "kubernetes.io/os" && v == "linux") && !(k == "kubernetes.io/hostname" && v == nodeName) {
			return false
		}
	}
	return true
}

// podStep is when a pod's next step is due, and what it was due for: another
// change of the pod must neither hasten nor delay it.
type podStep struct {
	at    time.Time
	fault string
	ends  bool
}

func (w *Controllers) pod(key sim.Key, done func(time.Duration)) {
	pod, err := w.client("kubelet").Get(control.Pod, key.Namespace, key.Name)
	if err != nil {
		delete(w.steps, key)
		w.env.API.Logs().Close(key.Namespace, key.Name)
		done(sim.Never)
		return
	}
	ends := tree.Str(pod, "metadata", "deletionTimestamp") != ""
	fault := tree.Str(pod, "metadata", "labels", LabelFault)
	step, waiting := w.steps[key]
	same := waiting && step.ends == ends && step.fault == fault
	if left := w.env.Loop.Until(step.at); same && left > 0 {
		done(left)
		return
	}
	var next time.Duration
	switch {
	case ends && (same || w.env.Loop.History()):
		zero := int64(0)
		_ = w.client("kubelet").Delete(control.Pod, key.Namespace, key.Name, &metav1.DeleteOptions{GracePeriodSeconds: &zero})
		next = sim.Never
	case ends:
		next = time.Second // a pod takes a moment to stop
	case tree.Str(pod, "spec", "nodeName") == "":
		w.schedulePod(key, pod)
		next = sim.Never
	default:
		next = w.runPod(key, pod)
	}
	delete(w.steps, key)
	if next > 0 {
		w.steps[key] = podStep{w.env.Loop.Due(next), fault, ends}
	}
	done(next)
}

func (w *Controllers) schedulePod(key sim.Key, pod Object) {
	if w.schedulable(pod) {
		_, _ = w.client("kube-scheduler").Edit(control.Pod, key.Namespace, key.Name, func(o Object) error {
			tree.Make(o, "spec")["nodeName"] = nodeName
			return nil
		})
		return
	}
	if condition(pod, "PodScheduled") != nil {
		return
	}
	message := "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
	w.editPod(key, func(status Object) {
		setCondition(status, Object{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}, w.env.Stamp())
	})
	w.env.Event("default-scheduler", pod, "Warning", "FailedScheduling", message, nil)
}

func (w *Controllers) editPod(key sim.Key, f func(status Object)) {
	_, _ = w.client("kubelet").EditStatus(control.Pod, key.Namespace, key.Name, func(o Object) error {
		f(tree.Make(o, "status"))
		return nil
	})
}

// runPod takes a pod one step on: pulled, started, ready; or through what its
// fault label makes of it. It returns when the next step is due.
func (w *Controllers) runPod(key sim.Key, pod Object) time.Duration {
	fault := tree.Str(pod, "metadata", "labels", LabelFault)
	reason := firstState(pod, "waiting", "reason")
	started := condition(pod, "PodScheduled") != nil
	running := tree.Str(pod, "status", "phase") == "Running"
	if w.env.Loop.History() && fault == "" {
		// Nobody watched it start.
		if !isReady(pod) {
			w.startLog(key, pod)
			w.setPod(key, pod, podState{phase: "Running", ready: true})
		}
		return sim.Never
	}
	switch {
	case !started:
		w.env.Event("default-scheduler", pod, "Normal", "Scheduled",
			fmt.Sprintf("Successfully assigned %s/%s to %s", key.Namespace, key.Name, nodeName), nil)
		w.setPod(key, pod, podState{phase: "Pending", waiting: "ContainerCreating"})
		return w.env.Loop.Between(600*time.Millisecond, 1500*time.Millisecond)
	case fault == "imagepull":
		if reason == "ImagePullBackOff" {
			return sim.Never
		}
		image := firstImage(pod)
		message := fmt.Sprintf("Back-off pulling image %q: ErrImagePull: failed to resolve reference %q: not found", image, image)
		w.env.Event("kubelet", pod, "Warning", "Failed", fmt.Sprintf("Failed to pull image %q: not found", image), nil)
		w.env.Event("kubelet", pod, "Normal", "BackOff", fmt.Sprintf("Back-off pulling image %q", image), nil)
		w.setPod(key, pod, podState{phase: "Pending", waiting: "ImagePullBackOff", message: message})
		return sim.Never
	case fault == "crashloop":
		return w.crash(key, pod)
	case !running || reason != "":
		w.startLog(key, pod)
		w.setPod(key, pod, podState{phase: "Running"})
		if fault == "notready" {
			return sim.Never
		}
		return w.readyAfter(pod)
	case fault == "notready":
		if isReady(pod) {
			w.setPod(key, pod, podState{phase: "Running", restarts: restarts(pod)})
		}
		return sim.Never
	case !isReady(pod):
		w.setPod(key, pod, podState{phase: "Running", ready: true, restarts: restarts(pod)})
	}
	return sim.Never
}

func (w *Controllers) readyAfter(pod Object) time.Duration {
	if d, err := time.ParseDuration(tree.Str(pod, "metadata", "labels", LabelReadyAfter)); err == nil {
		return d
	}
	return w.env.Loop.Between(800*time.Millisecond, 1900*time.Millisecond)
}

// crash alternates between running briefly and backing off, longer each time.
func (w *Controllers) crash(key sim.Key, pod Object) time.Duration {
	n := restarts(pod)
	if tree.Str(pod, "status", "phase") != "Running" || firstState(pod, "waiting", "reason") != "" {
		if n > 0 || tree.Str(pod, "status", "phase") == "Running" {
			n++
		}
		w.restartLog(key, pod)
		w.startLog(key, pod)
		w.setPod(key, pod, podState{phase: "Running", restarts: n, crashed: n > 0})
		return time.Second
	}
	name := firstContainer(pod)
	w.env.API.Logs().Write(api.LogName{Namespace: key.Namespace, Pod: key.Name, Container: name}, "panic: cannot start: configuration is incomplete")
	w.env.Event("kubelet", pod, "Warning", "BackOff", fmt.Sprintf("Back-off restarting failed container %s in pod %s_%s(%s)",
		name, key.Name, key.Namespace, tree.Str(pod, "metadata", "uid")), nil)
	backoff := min(10*time.Second<<min(n, 5), 5*time.Minute)
	w.setPod(key, pod, podState{phase: "Running", waiting: "CrashLoopBackOff", restarts: max(n, 1), crashed: true,
		message: fmt.Sprintf("back-off %s restarting failed container=%s pod=%s_%s(%s)", backoff, name, key.Name, key.Namespace, tree.Str(pod, "metadata", "uid"))})
	return backoff
}
