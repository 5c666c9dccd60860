package ui

import (
	"fmt"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/glyph"
)

// podState says of a pod in words how it is, and what holds it up.
func (e *env) podState(o *model.Object) (mark, string) {
	d, ok := o.Detail.(*model.PodDetail)
	if !ok {
		return e.kit.Glyph.Nothing(), ""
	}
	g := e.kit.Glyph
	switch {
	case o.Deleting != 0:
		return g.Of(model.Terminating), "being deleted since " + e.moment(o.Deleting)
	case d.Scheduled.Status == "False":
		return worded(g, model.Pending, d.Scheduled.Reason), d.Scheduled.Message
	case d.Phase == "Succeeded":
		return worded(g, model.Ready, "Succeeded"), "ran to its end"
	case d.Phase == "Failed":
		return worded(g, model.Failed, orNone(d.Reason, "Failed")), d.Message
	}
	for i := range d.Containers {
		if m, words, held := e.containerTrouble(&d.Containers[i]); held {
			return m, words
		}
	}
	restarts := ""
	if n := restartsOf(d); n > 0 {
		restarts = counted(int(n), "restart")
	}
	if d.Ready {
		return worded(g, model.Ready, "Running"), restarts
	}
	return worded(g, model.Reconciling, orNone(d.Phase, "Pending")), join("not ready yet", restarts)
}

func worded(g *glyph.Set, h model.Health, word string) mark {
	m := g.Of(h)
	m.Word = word
	return m
}

// containerTrouble says what holds a container up.
func (e *env) containerTrouble(c *model.PodContainer) (mark, string, bool) {
	g := e.kit.Glyph
	switch {
	case c.State == model.ContainerWaiting && c.Reason == "CrashLoopBackOff":
		words := fmt.Sprintf("%s ends again and again, %s", c.Name, counted(int(c.Restarts), "restart"))
		if c.Last != nil {
			words += ": " + e.ending(c.Last)
		}
		return worded(g, model.Failed, c.Reason), words, true
	case c.State == model.ContainerWaiting && (c.Reason == "ContainerCreating" || c.Reason == "PodInitializing" || c.Reason == ""):
		return worded(g, model.Reconciling, "Starting"), join(c.Name, orNone(c.Reason, "waiting"), c.Message), !c.Init && c.Reason == "ContainerCreating"
	case c.State == model.ContainerWaiting:
		return worded(g, model.Failed, c.Reason), join(c.Name, "image "+c.Image, c.Message), true
	case c.State == model.ContainerTerminated && c.ExitCode != 0:
		return worded(g, model.Failed, orNone(c.Reason, "Error")),
			fmt.Sprintf("%s ended with exit code %d at %s", c.Name, c.ExitCode, e.moment(c.Since)), true
	case c.Init && c.State == model.ContainerRunning && !c.Sidecar:
		return worded(g, model.Reconciling, "Init"), "init container " + c.Name + " runs", true
	}
	return mark{}, "", false
}

func (e *env) ending(t *model.Termination) string {
	words := fmt.Sprintf("exit code %d", t.ExitCode)
	if t.Reason != "" && t.Reason != "Error" {
		words += ", " + t.Reason
	}
	if t.Finished != 0 {
		words += " at " + e.moment(t.Finished)
	}
	return join(words, t.Message)
}

func restartsOf(d *model.PodDetail) int32 {
	n := int32(0)
	for i := range d.Containers {
		n += d.Containers[i].Restarts
	}
	return n
}

// workload describes what runs: the rollout, what it is made of, its pods.
func (p *objectPage) workload(d *describer, o *model.Object, w *model.Workload) {
	d.section("ROLLOUT")
	r := model.RolloutOf(o)
	d.add("pods", fmt.Sprintf("%d wanted, %d of the newest revision, %d old, %d ready, %d available", r.Desired, r.Updated, r.Old, w.Ready, r.Available))
	if r.Revision > 0 {
		d.add("revision", fmt.Sprint(r.Revision))
	}
	if r.Message != p.facts.verdict.Message {
		d.add("message", sentence(r.Message))
	}
	if w.Paused {
		d.add("paused", "yes: nothing is rolled out until it is resumed")
	}
	if w.OnDelete {
		d.add("updates", "only as pods are deleted by hand")
	}
	if w.Partition > 0 {
		d.add("partition", fmt.Sprintf("%d: pods below it keep the old revision", w.Partition))
	}
	if w.ProgressDeadline > 0 {
		d.add("deadline", span(w.ProgressDeadline)+" without progress")
	}
	for _, c := range w.Containers {
		d.add("container", join(c.Name, c.Image))
		for _, a := range c.Args {
			d.add("", a)
		}
	}
	for _, m := range w.Managers {
		what := m.Operation
		if m.Subresource != "" {
			what += " of " + m.Subresource
		}
		d.add("written by", join(m.Name, what, p.moment(m.Time)))
	}
	p.podLines(d, o)
}

// podLines lists the pods, or says why they can't be seen.
func (p *objectPage) podLines(d *describer, o *model.Object) {
	d.section("PODS")
	status, known := p.store.WantedScope(model.Pod, o.Namespace)
	switch {
	case !known || status.State == model.ScopeSyncing:
		d.add("", "being read")
		return
	case status.State == model.ScopeDenied:
		d.add("", fmt.Sprintf("not readable by you: you may not %s pods in %s", orNone(status.Verb, "list"), o.Namespace))
		return
	case status.State == model.ScopeStale:
		d.add("", "as they were "+p.moment(status.Since)+"; the watch is broken")
	}
	pods := p.store.PodsOf(o.Key)
	if len(pods) == 0 {
		d.add("", "none")
	}
	for _, pod := range pods {
		m, words := p.podState(pod)
		d.named("", pod.Name, m, words)
		if detail, ok := pod.Detail.(*model.PodDetail); ok && m.Role != themes.OK && detail.Node != "" {
			d.add("", "on node "+detail.Node)
		}
	}
}
