package action

import (
	"encoding/hex"
	"encoding/json"
	"hash/fnv"
	"strings"
	"time"

	"tenantry/model"
)

// reasons are what a Kubernetes Event says was done. Other verbs leave none.
var reasons = map[Verb]string{Reconcile: "ReconcileRequested", Fetch: "ReconcileRequested", Suspend: "Suspended", Resume: "Resumed",
	Force: "UpgradeForced", Reset: "FailuresReset"}

// Says is what an Event about each of a plan's objects would say; ok is false
// for a verb that leaves none.
func (p *Plan) Says() (reason, text string, ok bool) {
	w := p.Wish
	reason, ok = reasons[w.Verb]
	who := w.Who
	if who == "" {
		who = "somebody"
	}
	text = who + " asked to " + w.Verb.String() + " it with tenantry"
	if w.Reason != "" {
		text += ": " + w.Reason
	}
	if w.Until != "" {
		text += " (until " + w.Until + ")"
	}
	return reason, text, ok
}

// Tell gives each step an Event to be written once the step is done.
func (p *Plan) Tell(now time.Time) {
	reason, text, ok := p.Says()
	if !ok {
		return
	}
	for i := range p.Steps {
		if s := &p.Steps[i]; !s.Watch && s.Write.UID != "" {
			s.Event = event(s, reason, text, now, p.Wish.Stamp)
		}
	}
}

// event is a core/v1 Event on a step's object, as controllers write theirs: in
// the object's namespace, or in default for what has none.
func event(s *Step, reason, text string, now time.Time, stamp string) *model.Write {
	ref := s.Write.Ref
	namespace := ref.Namespace
	if namespace == "" {
		namespace = "default"
	}
	sum := fnv.New64a()
	_, _ = sum.Write([]byte(stamp + s.Key.String()))
	name := strings.TrimRight(ref.Name[:min(len(ref.Name), 230)], ".-") + "." + hex.EncodeToString(sum.Sum(nil))
	at := now.UTC().Format(time.RFC3339)
	body, _ := json.Marshal(map[string]any{ // maps of strings: cannot fail
		"apiVersion": "v1", "kind": "Event",
		"metadata": map[string]any{"name": name, "namespace": namespace},
		"involvedObject": map[string]any{"apiVersion": ref.Group + "/" + versionOf(s.Key.Kind), "kind": ref.Kind,
			"namespace": ref.Namespace, "name": ref.Name, "uid": s.Write.UID},
		"type": "Normal", "reason": reason, "message": text, "action": reason, "count": 1,
		"source":             map[string]any{"component": model.FieldManager},
		"reportingComponent": model.FieldManager, "reportingInstance": model.FieldManager,
		"firstTimestamp": at, "lastTimestamp": at,
	})
	return &model.Write{Ref: model.ObjectRef{Kind: model.Event.String(), Namespace: namespace, Name: name}, Op: model.WriteCreate, Body: body}
}

// versionOf is the version of Flux's kinds that Events name.
func versionOf(k model.Kind) string {
	if k == model.HelmRelease {
		return "v2"
	}
	return "v1"
}
