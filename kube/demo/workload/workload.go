// Package workload holds the controllers of a bare Kubernetes: Deployments,
// ReplicaSets and Pods with rollouts that take time, namespaces and owned
// objects that go when they should, Leases that are renewed.
package workload

import (
	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// Object is an object as JSON tree.
type Object = map[string]any

// Labels of pods that decide how they fare; the lab's pods read the same.
const (
	LabelFault      = "lab/fault"       // crashloop, imagepull or notready
	LabelReadyAfter = "lab/ready-after" // how long a pod takes to become ready
)

// Controllers are the controllers of this package.
type Controllers struct {
	env         *control.Env
	deployments *sim.Queue
	replicaSets *sim.Queue
	pods        *sim.Queue
	namespaces  *sim.Queue
	definitions *sim.Queue
	steps       map[sim.Key]podStep
	leases      map[sim.Key]*lease
	resting     bool // Leases are not renewed
}

// Start runs the controllers on an environment.
func Start(env *control.Env) *Controllers {
	w := &Controllers{env: env, steps: map[sim.Key]podStep{}, leases: map[sim.Key]*lease{}}
	w.deployments = sim.NewQueue(env.Loop, w.deployment)
	w.replicaSets = sim.NewQueue(env.Loop, w.replicaSet)
	w.pods = sim.NewQueue(env.Loop, w.pod)
	w.namespaces = sim.NewQueue(env.Loop, w.namespace)
	w.definitions = sim.NewQueue(env.Loop, w.definition)
	env.On("deployments.apps", func(ev store.Event) { w.deployments.Add(control.KeyOf(ev)) })
	env.On("replicasets.apps", func(ev store.Event) {
		w.replicaSets.Add(control.KeyOf(ev))
		if name := ownerName(ev.Object.Content, "Deployment"); name != "" {
			w.deployments.Add(sim.Key{Namespace: ev.Object.Key.Namespace, Name: name})
		}
	})
	env.On("pods", func(ev store.Event) {
		w.pods.Add(control.KeyOf(ev))
		if name := ownerName(ev.Object.Content, "ReplicaSet"); name != "" {
			w.replicaSets.Add(sim.Key{Namespace: ev.Object.Key.Namespace, Name: name})
		}
	})
	env.On("namespaces", func(ev store.Event) { w.namespaces.Add(control.KeyOf(ev)) })
	env.On("customresourcedefinitions.apiextensions.k8s.io", func(ev store.Event) { w.definitions.Add(control.KeyOf(ev)) })
	for _, id := range []string{"deployments.apps", "replicasets.apps"} {
		env.On(id, w.collect)
	}
	for _, ns := range w.client("kube-controller-manager").List(control.Namespace, "") {
		w.namespaces.Add(sim.Key{Name: tree.Str(ns, "metadata", "name")})
	}
	return w
}

func (w *Controllers) client(manager string) *api.Client { return w.env.Client(manager).Untracked() }

// ownerName returns the name of the object's controller of a kind, or "".
func ownerName(obj Object, kind string) string {
	for _, ref := range tree.Maps(obj, "metadata", "ownerReferences") {
		if tree.Bool(ref, "controller") && tree.Str(ref, "kind") == kind {
			return tree.Str(ref, "name")
		}
	}
	return ""
}

func ownedBy(obj Object, uid string) bool {
	for _, ref := range tree.Maps(obj, "metadata", "ownerReferences") {
		if tree.Str(ref, "uid") == uid {
			return true
		}
	}
	return false
}

func ownerRef(owner Object) Object {
	return Object{"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": tree.Str(owner, "metadata", "name"),
		"uid": tree.Str(owner, "metadata", "uid"), "controller": true, "blockOwnerDeletion": true}
}

// setCondition puts a condition in its place; lastTransitionTime moves with
// the status only.
func setCondition(status Object, c Object, now string) {
	list := tree.List(status, "conditions")
	c["lastTransitionTime"] = now
	for i, item := range list {
		old, _ := item.(map[string]any)
		if old["type"] != c["type"] {
			continue
		}
		if old["status"] == c["status"] {
			c["lastTransitionTime"] = old["lastTransitionTime"]
		}
		list[i] = c
		return
	}
	status["conditions"] = append(list, c)
}

func condition(obj Object, typ string) Object {
	for _, c := range tree.Maps(obj, "status", "conditions") {
		if c["type"] == typ {
			return c
		}
	}
	return nil
}
