package model

import (
	"fmt"
	"strings"
)

// TroubleKind is what kind of thing keeps a workload's pods from running.
type TroubleKind uint8

// The kinds, worst to explain first: what keeps pods from being made comes
// before what happens to those there are.
const (
	TroubleNone          TroubleKind = iota
	TroubleQuota                     // pods are refused: quota, limits, admission
	TroubleUnschedulable             // no node takes the pod
	TroubleNode                      // its node is lost, or evicted it
	TroubleImage                     // the image can't be pulled
	TroubleConfig                    // a container can't be made: a ConfigMap, Secret or volume is missing
	TroubleCrash                     // it ends again and again
	TroubleProbe                     // it runs and its probe fails
)

// Trouble is why pods of a workload don't run, in one sentence.
type Trouble struct {
	Kind TroubleKind
	// Text is the sentence; "nothing stuck" when pods were read and none is,
	// "" when they were not read.
	Text      string
	Pod       Key // the first pod it was told by; zero for a refusal
	Container string
	Pods      int // how many have this kind of trouble
}

// TroubleOf says what keeps a workload's pods from running, as its conditions
// and, as far as they are read, its pods and their events tell.
func (s *Store) TroubleOf(workload Key) Trouble {
	o := s.Get(workload)
	if o == nil {
		return Trouble{}
	}
	var worst Trouble
	if t, ok := s.refusedPods(o); ok {
		return t
	}
	pods := s.PodsOf(workload)
	for _, p := range pods {
		d, ok := p.Detail.(*PodDetail)
		if !ok || p.Deleting != 0 && d.Reason != "NodeLost" {
			continue
		}
		t := s.podTrouble(p, d)
		switch {
		case t.Kind == TroubleNone:
		case worst.Kind == t.Kind:
			worst.Pods++
		case worst.Kind == TroubleNone || t.Kind < worst.Kind:
			t.Pod, t.Pods = p.Key, 1
			worst = t
		}
	}
	if worst.Kind != TroubleNone {
		return worst
	}
	if sc, ok := s.WantedScope(Pod, workload.Namespace); ok && (sc.State == ScopeSynced || sc.State == ScopeStale) {
		worst.Text = "nothing stuck"
	}
	return worst
}

// refusedPods reads why no pods can be made: the Deployment's condition, or
// what its ReplicaSet's or its own events say.
func (s *Store) refusedPods(o *Object) (Trouble, bool) {
	r := RolloutOf(o)
	if r.Available >= r.Desired && r.Updated >= r.Desired {
		return Trouble{}, false
	}
	if c := o.Condition("ReplicaFailure"); c != nil && c.Status == "True" {
		return Trouble{Kind: TroubleQuota, Text: refusal(c.Message)}, true
	}
	made := []Key{o.Key}
	if sets := s.replicaSets(o); len(sets) > 0 {
		made = []Key{sets[0].Key}
	}
	for _, k := range made {
		for _, e := range s.EventsOf(k) {
			d := e.Detail.(*EventDetail)
			if d.Reason == "SuccessfulCreate" {
				break // one was made after the last refusal
			}
			if d.Reason == "FailedCreate" {
				return Trouble{Kind: TroubleQuota, Text: refusal(d.Message)}, true
			}
		}
	}
	return Trouble{}, false
}

// refusal words the API server's answer to a controller that makes pods:
// `Error creating: pods "x" is forbidden: exceeded quota: q, requested: …`.
func refusal(message string) string {
	text := strings.TrimPrefix(trim(message), "Error creating: ")
	if i := strings.Index(text, " is forbidden: "); i >= 0 {
		text = text[i+len(" is forbidden: "):]
	}
	if rest, ok := strings.CutPrefix(text, "exceeded quota: "); ok {
		return "no quota left: " + rest
	}
	return "pods are refused: " + text
}

func (s *Store) podTrouble(p *Object, d *PodDetail) Trouble {
	switch {
	case d.Reason == "NodeLost" || d.Reason == "NodeAffinity" || d.Reason == "Evicted" || d.Reason == "Shutdown" || d.Reason == "Terminated":
		return Trouble{Kind: TroubleNode, Text: strings.TrimSuffix("node "+d.Node+": "+d.Reason+": "+d.Message, ": ")}
	case d.Scheduled.Status == "False" && d.Node == "":
		text := trim(d.Scheduled.Message)
		if text == "" {
			text = d.Scheduled.Reason
		}
		return Trouble{Kind: TroubleUnschedulable, Text: "no node takes it: " + text}
	}
	for i := range d.Containers {
		c := &d.Containers[i]
		if t := containerTrouble(c); t.Kind != TroubleNone {
			t.Container = c.Name
			return t
		}
	}
	if t := s.frozenTrouble(d); t.Kind != TroubleNone {
		return t
	}
	return s.eventTrouble(p, d)
}

// frozenTrouble tells a pod on a node that is not heard of any more: the node
// controller takes the pod's Ready away, and the containers stay as the kubelet
// wrote them last. A readiness gate looks the same; where the node is read and
// fine it is that.
func (s *Store) frozenTrouble(d *PodDetail) Trouble {
	if d.Ready || d.Phase != "Running" || d.Node == "" {
		return Trouble{}
	}
	running := 0
	for i := range d.Containers {
		c := &d.Containers[i]
		if c.Init {
			continue
		}
		if !c.Ready {
			return Trouble{}
		}
		running++
	}
	if running == 0 {
		return Trouble{}
	}
	if n := s.Get(Key{Kind: Node, Name: d.Node}); n != nil {
		if v := classifyNode(n); v.Health.Unhealthy() {
			return Trouble{Kind: TroubleNode, Text: v.Message}
		}
		return Trouble{}
	}
	return Trouble{Kind: TroubleNode, Text: "node " + d.Node + " seems not to be heard of: the pod is not ready, while all its containers were"}
}

func containerTrouble(c *PodContainer) Trouble {
	switch {
	case c.State == ContainerWaiting:
		switch c.Reason {
		case "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ImageInspectError", "ErrImageNeverPull", "RegistryUnavailable":
			return Trouble{Kind: TroubleImage, Text: "can't pull " + c.Image + pullWords(c.Message)}
		case "CrashLoopBackOff":
			return Trouble{Kind: TroubleCrash, Text: c.Name + " crashes" + endWords(c)}
		case "CreateContainerConfigError", "CreateContainerError", "RunContainerError":
			return Trouble{Kind: TroubleConfig, Text: c.Name + " can't start: " + trim(c.Message)}
		}
	case c.State == ContainerTerminated && c.ExitCode != 0:
		last := *c
		last.Last = &Termination{Reason: c.Reason, ExitCode: c.ExitCode, Message: c.Message}
		return Trouble{Kind: TroubleCrash, Text: c.Name + " ended" + endWords(&last)}
	case c.State == ContainerRunning && !c.Ready && c.Restarts > 0 && c.Last != nil && c.Last.ExitCode != 0:
		return Trouble{Kind: TroubleCrash, Text: c.Name + " crashed and is starting again" + endWords(c)}
	}
	return Trouble{}
}

// pullWords shortens a runtime's account of a failed pull to the registry's
// words at its end.
func pullWords(message string) string {
	text := trim(message)
	lower := strings.ToLower(text)
	for _, known := range []struct{ sign, say string }{
		{"not found", "no such image or tag"}, {"manifest unknown", "no such image or tag"}, {"name unknown", "no such image"},
		{"unauthorized", "the registry wants a login"}, {"authentication required", "the registry wants a login"},
		{"denied", "the registry denies access"}, {"no such host", "the registry's host has no address"},
		{"connection refused", "the registry refuses connections"}, {"toomanyrequests", "the registry says: too many requests"},
		{"i/o timeout", "the registry does not answer"}, {"deadline exceeded", "the registry does not answer"},
		{"x509", "the registry's certificate is not trusted"},
	} {
		if strings.Contains(lower, known.sign) {
			return ": " + known.say
		}
	}
	if text == "" || strings.HasPrefix(text, "Back-off pulling image") {
		return ""
	}
	return ": " + text
}

// endWords says how a container ended and how often it was started again.
func endWords(c *PodContainer) string {
	var b strings.Builder
	if t := c.Last; t != nil {
		fmt.Fprintf(&b, " with exit code %d", t.ExitCode)
		switch {
		case t.Reason == "OOMKilled":
			b.WriteString(" (out of memory)")
		case t.Reason != "" && t.Reason != "Error" && t.Reason != "Completed":
			b.WriteString(" (" + t.Reason + ")")
		}
		if line := lastLine(t.Message); line != "" {
			b.WriteString(": " + line)
		}
	}
	switch {
	case c.Restarts == 1:
		b.WriteString(", restarted once")
	case c.Restarts > 1:
		fmt.Fprintf(&b, ", restarted %d times", c.Restarts)
	}
	return b.String()
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// eventTrouble reads off a pod's events what its status does not say: a probe
// that fails, a volume that does not come.
func (s *Store) eventTrouble(p *Object, d *PodDetail) Trouble {
	if d.Ready || d.Phase == "Succeeded" {
		return Trouble{}
	}
	for _, e := range s.EventsOf(p.Key) {
		ev := e.Detail.(*EventDetail)
		if ev.RegardingUID != "" && p.UID != "" && ev.RegardingUID != p.UID {
			continue
		}
		switch ev.Reason {
		case "Unhealthy":
			return Trouble{Kind: TroubleProbe, Text: probeWords(ev.Message)}
		case "FailedMount", "FailedAttachVolume":
			return Trouble{Kind: TroubleConfig, Text: "a volume does not come: " + trim(ev.Message)}
		case "NodeNotReady":
			return Trouble{Kind: TroubleNode, Text: "node " + d.Node + " is not ready"}
		}
	}
	return Trouble{}
}

// probeWords turns the kubelet's "Readiness probe failed: HTTP probe failed
// with statuscode: 500" into a shorter sentence.
func probeWords(message string) string {
	text := trim(message)
	which, rest, ok := strings.Cut(text, " probe failed: ")
	if !ok {
		return text
	}
	if code, ok := strings.CutPrefix(rest, "HTTP probe failed with statuscode: "); ok {
		rest = "status " + code
	}
	return strings.ToLower(which) + " probe fails: " + rest
}
