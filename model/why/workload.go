package why

import (
	"tenantry/model"
)

// workload explains a Deployment, StatefulSet or DaemonSet whose pods don't
// run. What its pods and their events say is used as far as they are read, and
// asked for where they are not.
func (w *walk) workload(o *model.Object, v model.Verdict) []Fault {
	if c := w.controllerView(o.Key); c != nil && !c.AtWork() && v.Health == model.Unobserved {
		return []Fault{{Ours: ControllerDown, Words: c.Message}}
	}
	r := w.s.Rollout(o.Key)
	if v.Suspended {
		return []Fault{{Ours: PausedRollout, Words: lower(refOf(o.Key)) + " is paused half-way: " + r.Message}}
	}
	if !v.Health.Unhealthy() && !r.Moving() && v.Health != model.Reconciling {
		return nil
	}
	t := w.s.TroubleOf(o.Key)
	if !v.Health.Unhealthy() && t.Kind == model.TroubleNone {
		w.askPods(o)
		return nil // under way, and nothing is known to be in its way
	}
	f := Fault{Ours: RolloutStuck, Words: lower(refOf(o.Key)) + ": " + v.Message}
	up, runs, ready := " does not come up: ", " does not run: ", " does not get ready: "
	if old, _ := w.s.OldPods(o.Key); old > 0 {
		up, runs, ready = " does not roll out: ", " does not roll out: ", " does not roll out: "
	} else if r.Available > 0 {
		runs = " runs only in part: "
	}
	switch t.Kind {
	case model.TroubleQuota:
		f.Ours, f.Words = PodsRefused, lower(refOf(o.Key))+" gets no pods: "+t.Text
	case model.TroubleUnschedulable:
		f.Ours, f.Words = NoNodeTakesIt, lower(refOf(o.Key))+up+t.Text
	case model.TroubleNode:
		return w.node(o, t)
	case model.TroubleImage:
		f.Ours, f.Words = ImageMissing, lower(refOf(o.Key))+up+t.Text
	case model.TroubleConfig:
		f.Ours, f.Words = ContainerSetup, lower(refOf(o.Key))+up+t.Text
	case model.TroubleCrash:
		f.Ours, f.Words = Crashing, lower(refOf(o.Key))+runs+t.Text
	case model.TroubleProbe:
		f.Ours, f.Words = ProbeFails, lower(refOf(o.Key))+ready+t.Text
	default:
		w.askPods(o)
	}
	if t.Pod != (model.Key{}) {
		f.Chain = []Link{{Ref: refOf(t.Pod), Health: model.Failed, Note: podNote(t)}}
	}
	return []Fault{f}
}

func podNote(t model.Trouble) string {
	if t.Pods > 1 {
		return plural(t.Pods, "pod") + " like this; " + t.Text
	}
	return t.Text
}

// node explains pods whose node is lost or evicted them.
func (w *walk) node(o *model.Object, t model.Trouble) []Fault {
	name := ""
	if p := w.s.Get(t.Pod); p != nil {
		if d, ok := p.Detail.(*model.PodDetail); ok {
			name = d.Node
		}
	}
	ref := model.Ref{Kind: "Node", Name: name}
	f := Fault{Ours: NodeDown, Words: lower(refOf(o.Key)) + " does not run: " + t.Text,
		Chain: []Link{{Ref: refOf(t.Pod), Health: model.Failed, Note: podNote(t)}}}
	if name == "" {
		return []Fault{f}
	}
	key := model.Key{Kind: model.Node, Name: name}
	link := Link{Ref: ref, Health: model.Unknown, Word: "not read", Note: "its pods are on this node"}
	if n := w.s.Get(key); n != nil {
		link = w.link(n, "its pods are on this node")
		if v := w.s.Verdict(key); v.Health.Unhealthy() {
			f.Words, f.Since = v.Message+"; "+lower(refOf(o.Key))+" has "+plural(t.Pods, "pod")+" on it", v.Since
		}
	} else {
		w.want(model.Want{Kind: model.Node})
	}
	f.Chain = append(f.Chain, link)
	return []Fault{f}
}

// askPods asks for what would tell why pods don't run: the pods first, and
// their events where the pods say nothing. That keeps it at two kinds.
func (w *walk) askPods(o *model.Object) {
	w.want(model.Want{Kind: model.Pod, Namespace: o.Namespace})
	if sc, ok := w.s.WantedScope(model.Pod, o.Namespace); ok && sc.State != model.ScopeSyncing {
		w.want(model.Want{Kind: model.Event, Namespace: o.Namespace})
	}
}

// maxWants bounds what one explanation asks for: two kinds, each a list and a
// watch; with an access review that makes five requests.
const maxWants = 2

func (w *walk) want(one model.Want) {
	for _, known := range w.asks {
		if known == one {
			return
		}
	}
	if len(w.asks) < maxWants {
		w.asks = append(w.asks, one)
	}
}
