package model

import (
	"testing"
	"time"
)

func podOf(ns, name string, d PodDetail) *Object {
	d.Owner = PodOwner{Kind: "ReplicaSet", Name: "kcheck-a", UID: "ReplicaSet" + ns + "kcheck-a"}
	return obj(Pod, ns, name, &d)
}

func happening(ns, name string, about Ref, reason, message string, last Unix) *Object {
	return obj(Event, ns, name, &EventDetail{Type: "Warning", Reason: reason, Message: message, Regarding: about, Last: last})
}

func TestTroubleInOneSentence(t *testing.T) {
	rs := Ref{"ReplicaSet", "stage", "kcheck-a"}
	for name, c := range map[string]struct {
		put  []*Object
		kind TroubleKind
		text string
	}{
		"all runs": {[]*Object{podOf("stage", "p", PodDetail{Ready: true, Phase: "Running"})}, TroubleNone, "nothing stuck"},
		"no node": {[]*Object{podOf("stage", "p", PodDetail{Phase: "Pending", Scheduled: Condition{Type: "PodScheduled", Status: "False",
			Reason: "Unschedulable", Message: "0/3 nodes are available: 3 Insufficient cpu."}})}, TroubleUnschedulable,
			"no node takes it: 0/3 nodes are available: 3 Insufficient cpu."},
		"image": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", Image: "reg/kcheck:9", State: ContainerWaiting,
			Reason: "ImagePullBackOff", Message: `Back-off pulling image "reg/kcheck:9": ErrImagePull: rpc error: code = NotFound desc = failed to pull: reg/kcheck:9: not found`}}})},
			TroubleImage, "can't pull reg/kcheck:9: no such image or tag"},
		"login": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Image: "x", State: ContainerWaiting, Reason: "ErrImagePull",
			Message: "unexpected status code 401 Unauthorized"}}})}, TroubleImage, "can't pull x: the registry wants a login"},
		"crash": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", State: ContainerWaiting, Reason: "CrashLoopBackOff", Restarts: 4,
			Last: &Termination{Reason: "Error", ExitCode: 3, Message: "starting\nno such table: orders\n"}}}})},
			TroubleCrash, "kcheck crashes with exit code 3: no such table: orders, restarted 4 times"},
		"memory": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", State: ContainerRunning, Restarts: 1,
			Last: &Termination{Reason: "OOMKilled", ExitCode: 137}}}})}, TroubleCrash,
			"kcheck crashed and is starting again with exit code 137 (out of memory), restarted once"},
		"config": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", State: ContainerWaiting,
			Reason: "CreateContainerConfigError", Message: `configmap "settings" not found`}}})}, TroubleConfig, `kcheck can't start: configmap "settings" not found`},
		"probe": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Phase: "Running", Containers: []PodContainer{{Name: "kcheck", State: ContainerRunning}}}),
			happening("stage", "e", Ref{"Pod", "stage", "p"}, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500", ago(0))},
			TroubleProbe, "readiness probe fails: status 500"},
		"a probe that failed once": {[]*Object{podOf("stage", "p", PodDetail{Node: "n", Ready: true, Phase: "Running"}),
			happening("stage", "e", Ref{"Pod", "stage", "p"}, "Unhealthy", "Readiness probe failed: x", ago(0))}, TroubleNone, "nothing stuck"},
		"quota": {[]*Object{happening("stage", "e", rs, "FailedCreate",
			`Error creating: pods "kcheck-a-x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=2, limited: pods=2`, ago(0))},
			TroubleQuota, "no quota left: small, requested: pods=1, used: pods=2, limited: pods=2"},
		"quota given since": {[]*Object{podOf("stage", "p", PodDetail{Ready: true}),
			happening("stage", "e", rs, "FailedCreate", `Error creating: pods "x" is forbidden: exceeded quota: small`, ago(time.Minute)),
			happening("stage", "f", rs, "SuccessfulCreate", "Created pod: x", ago(0))}, TroubleNone, "nothing stuck"},
		"node": {[]*Object{podOf("stage", "p", PodDetail{Node: "worker-2", Phase: "Failed", Reason: "Evicted", Message: "The node was low on resource: memory."})},
			TroubleNode, "node worker-2: Evicted: The node was low on resource: memory."},
		"two pods, the earlier trouble first": {[]*Object{
			podOf("stage", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", State: ContainerWaiting, Reason: "CrashLoopBackOff"}}}),
			podOf("stage", "q", PodDetail{Scheduled: Condition{Status: "False", Message: "0/1 nodes are available"}})}, TroubleUnschedulable,
			"no node takes it: 0/1 nodes are available"},
		"another tenant's pod of the same name": {[]*Object{podOf("prod", "p", PodDetail{Node: "n", Containers: []PodContainer{{Name: "kcheck", State: ContainerWaiting, Reason: "CrashLoopBackOff"}}})},
			TroubleNone, "nothing stuck"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newShop(t)
			h.change("stage", 1)
			h.Apply(Batch{Scopes: []ScopeStatus{{Kind: Pod, State: ScopeSynced}, {Kind: Event, State: ScopeSynced}}})
			h.put(obj(ReplicaSet, "stage", "kcheck-a", &Replica{Owner: "kcheck", OwnerUID: "Deploymentstagekcheck", Revision: 2}))
			h.put(c.put...)
			got := h.TroubleOf(Key{Deployment, "stage", "kcheck"})
			if got.Kind != c.kind || got.Text != c.text {
				t.Errorf("%d %q\nwant %d %q", got.Kind, got.Text, c.kind, c.text)
			}
		})
	}
	h := newShop(t)
	if got := h.TroubleOf(Key{Deployment, "stage", "kcheck"}); got.Text != "" {
		t.Errorf("pods were not read: %q", got.Text)
	}
}
