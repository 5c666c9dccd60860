package scenes

import (
	"fmt"
	"strings"

	"tenantry/lab/cluster"
)

// Pods misbehave on purpose by a label, in the template or on a live pod; they
// heal when it is removed.
const (
	faultLabel = "lab/fault"       // crashloop, imagepull or notready
	delayLabel = "lab/ready-after" // a duration: slow start
)

// slowable changes kwok's stock stage that makes pods ready: pods with a fault
// are left to the stages below, healed ones become ready again, and a pod may
// ask for time.
func slowable(stage cluster.Object) cluster.Object {
	spec := stage["spec"].(map[string]any)
	spec["selector"] = map[string]any{"matchExpressions": []any{
		expression(".metadata.deletionTimestamp", "DoesNotExist"),
		expression(`.metadata.labels["`+faultLabel+`"]`, "DoesNotExist"),
		expression(".status.phase", "NotIn", "Succeeded", "Failed"),
		expression(readyStatus, "NotIn", "True"),
	}}
	spec["delay"] = map[string]any{
		"durationMilliseconds": 0,
		"durationFrom":         map[string]any{"expressionFrom": `.metadata.labels["` + delayLabel + `"]`},
	}
	return stage
}

const readyStatus = `.status.conditions.[] | select( .type == "Ready" ) | .status`

func expression(key, operator string, values ...any) any {
	e := map[string]any{"key": key, "operator": operator}
	if len(values) > 0 {
		e["values"] = values
	}
	return e
}

// A fault is one stage of a misbehaving pod.
type fault struct {
	name, label string
	when        any    // what must hold besides the label
	delay       int    // milliseconds
	phase       string // of the pod
	container   string // status fields of each container, in kwok's template language
	keep        bool   // leaves the rest of the status alone
}

const waitingReason = ".status.containerStatuses.[].state.waiting.reason"

var faults = []fault{
	{
		name: "fault-imagepull", label: "imagepull", when: expression(waitingReason, "NotIn", "ImagePullBackOff"), phase: "Pending",
		container: `started: false, restartCount: 0, imageID: "", state: {running: null, waiting: {reason: ImagePullBackOff, message: 'Back-off pulling image "{{ .image }}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "{{ .image }}": not found'}}`,
	},
	{
		name: "fault-notready", label: "notready", when: expression(readyStatus, "NotIn", "False"), phase: "Running",
		container: `started: true, restartCount: 0, state: {waiting: null, running: {startedAt: {{ $now | Quote }}}}`,
	},
	{
		// A started container dies after a second and its restarts are counted …
		name: "fault-crash", label: "crashloop", when: expression(waitingReason, "NotIn", "CrashLoopBackOff"), delay: 1000, phase: "Running",
		container: `started: false, restartCount: {{ add1 (int $restarts) }}, state: {running: null, waiting: {reason: CrashLoopBackOff, message: "back-off 5m0s restarting failed container={{ .name }} pod={{ $.metadata.name }}_{{ $.metadata.namespace }}({{ $.metadata.uid }})"}}, lastState: {terminated: {exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}`,
	},
	{
		// … and after ten seconds of back-off it runs again, never ready.
		name: "fault-crash-again", label: "crashloop", when: expression(waitingReason, "In", "CrashLoopBackOff"), delay: 10000, keep: true,
		container: `started: true, restartCount: {{ $restarts }}, state: {waiting: null, running: {startedAt: {{ $now | Quote }}}}`,
	},
}

// podStatus is the part of a status that all faults share.
const podStatus = `phase: %s
startTime: {{ or .status.startTime $now | Quote }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
conditions:
- {type: Initialized, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ range $type := list "Ready" "ContainersReady" }}
- {type: {{ $type }}, status: "False", reason: ContainersNotReady, message: "containers with unready status: [{{ range $i, $c := $.spec.containers }}{{ if $i }} {{ end }}{{ $c.name }}{{ end }}]", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
`

func faultStages() ([]cluster.Object, error) {
	var out []cluster.Object
	for _, f := range faults {
		var t strings.Builder
		t.WriteString("{{ $now := Now }}{{ $restarts := 0 }}{{ range .status.containerStatuses }}{{ $restarts = .restartCount }}{{ end }}\n")
		if !f.keep {
			fmt.Fprintf(&t, podStatus, f.phase)
		}
		t.WriteString("containerStatuses:\n{{ range .spec.containers }}\n- {name: {{ .name | Quote }}, image: {{ .image | Quote }}, ready: false, " + f.container + "}\n{{ end }}\n")
		out = append(out, cluster.Object{
			"apiVersion": "kwok.x-k8s.io/v1alpha1", "kind": "Stage",
			"metadata": map[string]any{"name": f.name},
			"spec": map[string]any{
				"resourceRef": map[string]any{"apiGroup": "v1", "kind": "Pod"},
				"selector": map[string]any{
					"matchLabels":      map[string]any{faultLabel: f.label},
					"matchExpressions": []any{expression(".metadata.deletionTimestamp", "DoesNotExist"), f.when},
				},
				"delay": map[string]any{"durationMilliseconds": f.delay},
				"next":  map[string]any{"statusTemplate": t.String()},
			},
		})
	}
	creating, err := render("stage-creating.yaml", nil)
	return append(out, creating...), err
}
