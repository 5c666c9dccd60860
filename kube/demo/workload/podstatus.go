package workload

import (
	"fmt"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

// podState is a state of all of a pod's containers.
type podState struct {
	phase            string
	waiting, message string
	ready, crashed   bool
	restarts         int64
}

func (w *Controllers) setPod(key sim.Key, pod Object, s podState) {
	now := w.env.Stamp()
	w.editPod(key, func(status Object) {
		status["phase"] = s.phase
		status["hostIP"] = "10.0.0.1"
		if !tree.Has(status, "startTime") {
			status["startTime"] = now
		}
		if s.phase == "Running" && !tree.Has(status, "podIP") {
			status["podIP"] = fmt.Sprintf("10.244.0.%d", 2+w.env.Loop.Pick(250))
		}
		yes := func(typ string) {
			setCondition(status, Object{"type": typ, "status": "True"}, now)
		}
		yes("PodScheduled")
		yes("Initialized")
		if s.ready {
			yes("ContainersReady")
			yes("Ready")
		} else {
			message := fmt.Sprintf("containers with unready status: [%s]", firstContainer(pod))
			for _, typ := range []string{"ContainersReady", "Ready"} {
				setCondition(status, Object{"type": typ, "status": "False", "reason": "ContainersNotReady", "message": message}, now)
			}
		}
		status["containerStatuses"] = containerStatuses(pod, s, now)
	})
}

func containerStatuses(pod Object, s podState, now string) []any {
	was := tree.Maps(pod, "status", "containerStatuses")
	var out []any
	for i, c := range tree.Maps(pod, "spec", "containers") {
		image := tree.Str(c, "image")
		cs := Object{"name": c["name"], "image": image, "imageID": "", "ready": s.ready, "restartCount": s.restarts, "started": s.waiting == ""}
		if s.waiting != "" {
			waiting := Object{"reason": s.waiting}
			if s.message != "" {
				waiting["message"] = s.message
			}
			cs["state"] = Object{"waiting": waiting}
		} else {
			since := now
			if i < len(was) && s.ready {
				if t := tree.Str(was[i], "state", "running", "startedAt"); t != "" {
					since = t
				}
			}
			cs["state"] = Object{"running": Object{"startedAt": since}}
		}
		if s.crashed {
			cs["lastState"] = Object{"terminated": Object{"exitCode": int64(1), "reason": "Error", "finishedAt": now, "startedAt": now}}
		}
		out = append(out, cs)
	}
	return out
}

func firstStatus(pod Object) Object {
	if list := tree.Maps(pod, "status", "containerStatuses"); len(list) > 0 {
		return list[0]
	}
	return nil
}

func firstState(pod Object, path ...string) string {
	return tree.Str(firstStatus(pod), append([]string{"state"}, path...)...)
}

func restarts(pod Object) int64 { return tree.Int(firstStatus(pod), "restartCount") }

func firstContainer(pod Object) string {
	if list := tree.Maps(pod, "spec", "containers"); len(list) > 0 {
		return tree.Str(list[0], "name")
	}
	return ""
}

func firstImage(pod Object) string {
	if list := tree.Maps(pod, "spec", "containers"); len(list) > 0 {
		return tree.Str(list[0], "image")
	}
	return ""
}

// startLog writes what a small web app says when it starts. Flux's own
// controllers write their logs themselves.
func (w *Controllers) startLog(key sim.Key, pod Object) {
	if tree.Str(pod, "metadata", "labels", "app.kubernetes.io/part-of") == "flux" {
		return
	}
	for _, c := range tree.Maps(pod, "spec", "containers") {
		name := api.LogName{Namespace: key.Namespace, Pod: key.Name, Container: tree.Str(c, "name")}
		logs := w.env.API.Logs()
		logs.Write(name, "starting "+tree.Str(c, "image"))
		for _, env := range tree.Maps(c, "env") {
			if v := tree.Str(env, "value"); v != "" {
				logs.Write(name, fmt.Sprintf("config %s=%q", tree.Str(env, "name"), v))
			}
		}
		logs.Write(name, "listening on :8080")
	}
}

func (w *Controllers) restartLog(key sim.Key, pod Object) {
	for _, c := range tree.Maps(pod, "spec", "containers") {
		name := api.LogName{Namespace: key.Namespace, Pod: key.Name, Container: tree.Str(c, "name")}
		if restarts(pod) > 0 {
			w.env.API.Logs().Restart(name)
		}
	}
}
