package workload

import (
	"sort"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

func (w *Controllers) replicaSet(key sim.Key, done func(time.Duration)) {
	defer done(sim.Never)
	client := w.client("kube-controller-manager")
	rs, err := client.Get(control.ReplicaSet, key.Namespace, key.Name)
	if err != nil || tree.Str(rs, "metadata", "deletionTimestamp") != "" {
		return
	}
	uid := tree.Str(rs, "metadata", "uid")
	var pods []Object
	for _, p := range client.List(control.Pod, key.Namespace) {
		if ownedBy(p, uid) && tree.Str(p, "metadata", "deletionTimestamp") == "" {
			pods = append(pods, p)
		}
	}
	want := int(tree.Int(rs, "spec", "replicas"))
	for i := len(pods); i < want; i++ {
		if p := w.createPod(rs); p != nil {
			pods = append(pods, p)
		}
	}
	if len(pods) > want {
		// Those that are not ready go first.
		sort.SliceStable(pods, func(i, j int) bool { return isReady(pods[i]) && !isReady(pods[j]) })
		for _, p := range pods[want:] {
			name := tree.Str(p, "metadata", "name")
			if client.Delete(control.Pod, key.Namespace, name, nil) == nil {
				w.env.Event("replicaset-controller", rs, "Normal", "SuccessfulDelete", "Deleted pod: "+name, nil)
			}
		}
		pods = pods[:want]
	}
	ready := int64(0)
	for _, p := range pods {
		if isReady(p) {
			ready++
		}
	}
	_, _ = client.EditStatus(control.ReplicaSet, key.Namespace, key.Name, func(o Object) error {
		status := Object{"replicas": int64(len(pods)), "observedGeneration": tree.Int(rs, "metadata", "generation"), "terminatingReplicas": int64(0)}
		if len(pods) > 0 {
			status["fullyLabeledReplicas"] = int64(len(pods))
		}
		if ready > 0 {
			status["readyReplicas"], status["availableReplicas"] = ready, ready
		}
		o["status"] = status
		return nil
	})
}

func isReady(pod Object) bool {
	c := condition(pod, "Ready")
	return c != nil && c["status"] == "True"
}

func (w *Controllers) createPod(rs Object) Object {
	template := runtime.DeepCopyJSON(tree.Map(rs, "spec", "template"))
	meta := Object{"generateName": tree.Str(rs, "metadata", "name") + "-", "namespace": tree.Str(rs, "metadata", "namespace"),
		"ownerReferences": []any{ownerRef(rs)}}
	for _, f := range []string{"labels", "annotations"} {
		if m := tree.Map(template, "metadata", f); m != nil {
			meta[f] = m
		}
	}
	pod := Object{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": tree.Map(template, "spec")}
	if w.schedulable(pod) {
		tree.Make(pod, "spec")["nodeName"] = nodeName
	}
	created, err := w.client("kube-controller-manager").Create(pod)
	if err != nil {
		w.env.Event("replicaset-controller", rs, "Warning", "FailedCreate", "Error creating: "+err.Error(), nil)
		return nil
	}
	name := tree.Str(created, "metadata", "name")
	w.env.Event("replicaset-controller", rs, "Normal", "SuccessfulCreate", "Created pod: "+name, nil)
	return created
}
