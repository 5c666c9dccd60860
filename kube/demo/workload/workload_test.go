package workload

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

func world(t *testing.T) (*control.Env, *api.Client) {
	t.Helper()
	loop := sim.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 7)
	server := api.New(api.Options{Now: loop.Now, Seed: 7})
	env := control.New(server, loop)
	Start(env)
	return env, env.Client("test")
}

func deployment(name string, replicas int64, image string, labels Object) Object {
	l := Object{"app": name}
	for k, v := range labels {
		l[k] = v
	}
	return Object{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": Object{"name": name, "namespace": "default"},
		"spec": Object{"replicas": replicas, "selector": Object{"matchLabels": Object{"app": name}},
			"progressDeadlineSeconds": int64(15),
			"template": Object{"metadata": Object{"labels": l},
				"spec": Object{"containers": []any{Object{"name": "main", "image": image}}}}}}
}

func apply(t *testing.T, c *api.Client, obj Object) {
	t.Helper()
	if _, _, _, err := c.Apply(obj, true, false); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, c *api.Client, gk schema.GroupKind, name string) Object {
	t.Helper()
	o, err := c.Get(gk, "default", name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestRolloutTakesTimeAndKeepsPodsUp(t *testing.T) {
	env, c := world(t)
	apply(t, c, deployment("web", 3, "web:1", nil))
	env.Loop.Advance(200 * time.Millisecond)
	if d := get(t, c, control.Deployment, "web"); tree.Int(d, "status", "availableReplicas") != 0 || tree.Int(d, "status", "observedGeneration") != 1 {
		t.Fatalf("at once: %v", d["status"])
	}
	env.Loop.Advance(10 * time.Second)
	d := get(t, c, control.Deployment, "web")
	if tree.Int(d, "status", "availableReplicas") != 3 || condition(d, "Progressing")["reason"] != "NewReplicaSetAvailable" {
		t.Fatalf("after ten seconds: %v", d["status"])
	}
	apply(t, c, deployment("web", 3, "web:2", nil))
	for range 200 {
		env.Loop.Advance(100 * time.Millisecond)
		if d := get(t, c, control.Deployment, "web"); tree.Int(d, "status", "availableReplicas") < 3 {
			t.Fatalf("a rollout dropped below 3 available: %v", d["status"])
		}
	}
	d = get(t, c, control.Deployment, "web")
	if tree.Int(d, "status", "updatedReplicas") != 3 || tree.Int(d, "status", "replicas") != 3 || revision(d) != 2 || tree.Int(d, "metadata", "generation") != 2 {
		t.Fatalf("after the rollout: %v %v", d["metadata"], d["status"])
	}
	apply(t, c, deployment("web", 3, "web:1", nil)) // back to the first template
	env.Loop.Advance(20 * time.Second)
	if d = get(t, c, control.Deployment, "web"); revision(d) != 3 {
		t.Fatalf("a rollback must get the newest revision: %v", d["metadata"])
	}
	if sets := c.List(control.ReplicaSet, "default"); len(sets) != 2 {
		t.Fatalf("%d ReplicaSets, want 2", len(sets))
	}
}

func TestDeadlineAndFaults(t *testing.T) {
	env, c := world(t)
	for _, fault := range []string{"crashloop", "imagepull", "notready"} {
		apply(t, c, deployment(fault, 1, "web:1", Object{LabelFault: fault}))
	}
	env.Loop.Advance(40 * time.Second)
	for _, fault := range []string{"crashloop", "imagepull", "notready"} {
		d := get(t, c, control.Deployment, fault)
		if p := condition(d, "Progressing"); p["reason"] != "ProgressDeadlineExceeded" {
			t.Errorf("%s: %v", fault, d["status"])
		}
	}
	for _, p := range c.List(control.Pod, "default") {
		t.Log(tree.Str(p, "metadata", "name"), firstState(p, "waiting", "reason"), restarts(p))
	}
}

func TestDeletionFollowsOwners(t *testing.T) {
	env, c := world(t)
	apply(t, c, deployment("web", 2, "web:1", nil))
	env.Loop.Advance(10 * time.Second)
	if err := c.Delete(control.Deployment, "default", "web", nil); err != nil {
		t.Fatal(err)
	}
	env.Loop.Advance(10 * time.Second)
	if n := len(c.List(control.Pod, "default")) + len(c.List(control.ReplicaSet, "default")); n != 0 {
		t.Fatalf("%d owned objects are left", n)
	}
}

func TestNamespaceEmptiesItself(t *testing.T) {
	env, c := world(t)
	env.Loop.Advance(time.Second)
	if _, err := c.Create(Object{"apiVersion": "v1", "kind": "Namespace", "metadata": Object{"name": "gone"}}); err != nil {
		t.Fatal(err)
	}
	env.Loop.Advance(time.Second)
	d := deployment("web", 1, "web:1", nil)
	tree.Meta(d)["namespace"] = "gone"
	apply(t, c, d)
	env.Loop.Advance(10 * time.Second)
	if err := c.Delete(control.Namespace, "", "gone", nil); err != nil {
		t.Fatal(err)
	}
	if ns, err := c.Get(control.Namespace, "", "gone"); err != nil || tree.Str(ns, "status", "phase") != "Terminating" {
		t.Fatalf("a namespace with contents must wait: %v %v", ns, err)
	}
	env.Loop.Advance(20 * time.Second)
	if _, err := c.Get(control.Namespace, "", "gone"); err == nil {
		t.Fatal("the namespace is still there")
	}
	if n := len(c.List(control.Pod, "gone")); n != 0 {
		t.Fatalf("%d pods are left", n)
	}
}
