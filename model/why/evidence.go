package why

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// maxTimeline bounds the moments shown of a chain's past.
const maxTimeline = 6

// annotate adds to every fault what was seen, what it rules out and what
// helps, and gathers them for the whole.
func (w *walk) annotate(e *Explanation) {
	for i := range e.Faults {
		f := &e.Faults[i]
		w.rule(f)
		w.evidence(f)
		w.fixes(f)
		f.Effect, f.Harm = w.effect(f), w.harm(f)
	}
	sift(e)
	e.Wants = w.asks
}

func union(all []string, s string) []string {
	if slices.Contains(all, s) {
		return all
	}
	return append(all, s)
}

// evidence gathers what was seen along a chain.
func (w *walk) evidence(f *Fault) {
	for i := len(f.Chain) - 1; i >= 0; i-- {
		k, ok := f.Chain[i].Key()
		if !ok {
			continue
		}
		o := w.s.Get(k)
		if o == nil {
			continue
		}
		if c := speaking(o); c != nil && f.Chain[i].Health != model.Terminating && (f.Chain[i].Health.Unhealthy() || len(f.Chain) == 1) {
			f.Evidence = append(f.Evidence, Evidence{Label: "condition", About: f.Chain[i].Ref, At: c.LastTransition,
				Text: strings.TrimSuffix(fmt.Sprintf("%s %s=%s %s: %s", o.Kind, c.Type, c.Status, c.Reason, firstLine(c.Message)), ": ")})
		}
	}
	if len(f.Evidence) > 3 {
		f.Evidence = f.Evidence[:3]
	}
	w.more(f)
	w.timeline(f)
}

// speaking is the condition that says why.
func speaking(o *model.Object) *model.Condition {
	for _, typ := range []string{"Stalled", "FetchFailed"} {
		if c := o.Condition(typ); c != nil && c.Status == "True" {
			return c
		}
	}
	for _, typ := range []string{"ReplicaFailure"} {
		if c := o.Condition(typ); c != nil && c.Status == "True" {
			return c
		}
	}
	if o.Role() == model.RoleWorkload {
		if c := o.Condition("Progressing"); c != nil && c.Status == "False" {
			return c
		}
		return o.Condition("Available")
	}
	return o.Condition("Ready")
}

// more is evidence of particular faults.
func (w *walk) more(f *Fault) {
	add := func(label, text string, about model.Ref) {
		f.Evidence = append(f.Evidence, Evidence{Label: label, Text: text, About: about})
	}
	root := f.Root()
	switch f.Ours {
	case ControllerDown:
		if k, ok := root.Key(); ok {
			if c := w.controllerView(k); c != nil && c.LeaseName != "" {
				add("lease", fmt.Sprintf("%s, last renewed %s by %s", c.LeaseName, w.when(c.LeaseRenewed), orNone(c.LeaseHolder, "nobody")), root.Ref)
			}
		}
	case AccountMissing:
		add("account", "impersonating a name that does not exist is allowed, and refused like an account without rights", root.Ref)
	case PodsRefused, NoNodeTakesIt, NodeDown, ImageMissing, ContainerSetup, Crashing, ProbeFails, RolloutStuck:
		if o := w.inChain(f, model.RoleWorkload); o != nil {
			r := w.s.Rollout(o.Key)
			text := fmt.Sprintf("%d wanted, %d of the newest template, %d available", r.Desired, r.Updated, r.Available)
			if old, of := w.s.OldPods(o.Key); of > 0 {
				text += fmt.Sprintf("; %s, %d available", plural(of, "old one"), old)
			}
			add("pods", text, refOf(o.Key))
		}
	case HeldByFinalizer:
		if k, ok := root.Key(); ok && w.s.Get(k) != nil {
			add("deletion", "asked for "+w.when(w.s.Get(k).Deleting), root.Ref)
		}
	case NoRights:
		add("binding", "no RoleBinding in the namespace and no ClusterRoleBinding names it", root.Ref)
	}
	if f.Kind == said.ForbiddenInside || f.Kind == said.ForbiddenCluster {
		add("apply", "every object is dry-run before any is applied: one refused object stops all of them", f.Chain[0].Ref)
		if k, ok := root.Key(); ok && k.Kind == model.ServiceAccount {
			for _, b := range w.s.BindingsIn(k, k.Namespace) {
				if d, ok := b.Detail.(*model.Binding); ok && giving(b) && len(f.Evidence) < 6 {
					add("binding", fmt.Sprintf("%s gives it %s %s%s", lower(refOf(b.Key)), d.RoleKind, d.RoleName, within(b.Namespace)), refOf(b.Key))
				}
			}
		}
	}
	if atTheHost(f.Kind) {
		if o, _ := w.speaker(f); o != nil {
			w.othersAt(o, add)
		}
	}
	for i := range f.Chain {
		k, ok := f.Chain[i].Key()
		if ok && k.Kind.Role() == model.RoleSync && f.Chain[i].Health.Unhealthy() {
			if o := w.s.Get(k); o != nil {
				if d, ok := o.Detail.(*model.Sync); ok && d.Attempted != "" && d.Attempted != d.Applied {
					add("revision", "tried "+w.commit(d.Attempted)+w.runsBeside(o, d), f.Chain[i].Ref)
				}
			}
			break
		}
	}
}

// runsBeside says what a sync runs beside what it tried. A HelmRelease does not
// tell that nothing of it is installed.
func (w *walk) runsBeside(o *model.Object, d *model.Sync) string {
	live := "; it has called nothing live yet"
	if d.Applied != "" {
		live = "; what it last called live is " + model.ShortRevision(d.Applied)
	}
	switch later := w.s.AppliedLater(o.Key); {
	case later != "" && model.SameRevision(later, d.Attempted):
		return ", which is applied and did not get healthy" + live
	case later != "":
		return live + ", and " + sinceApplied(later)
	case d.Applied != "":
		return ", runs " + model.ShortRevision(d.Applied)
	case o.Kind == model.HelmRelease:
		return ""
	}
	return ", runs nothing"
}

// othersAt says how many others fetch from the host a source can't fetch from.
func (w *walk) othersAt(o *model.Object, add func(label, text string, about model.Ref)) {
	d, ok := o.Detail.(*model.Source)
	if !ok {
		return
	}
	if host := model.HostOf(d.URL); host != "" {
		if n, _ := w.s.FetchingFrom(host); n > 0 {
			add("host", fetch(n)+" from "+host, model.Ref{})
		}
	}
}

func within(namespace string) string {
	if namespace == "" {
		return " everywhere"
	}
	return " in " + namespace
}

// timeline are the last things the change log has of the chain's objects.
func (w *walk) timeline(f *Fault) {
	keys := map[model.Key]bool{}
	for i := range f.Chain {
		if k, ok := f.Chain[i].Ref.Key(); ok {
			keys[k] = true
		}
	}
	var found []Evidence
	looked := 0
	w.s.Log().Back(func(e model.Entry) bool {
		looked++
		if keys[e.Key] {
			if text := moment(&e); text != "" {
				found = append(found, Evidence{Label: "timeline", Text: text, About: refOf(e.Key), At: e.At})
			}
		}
		return len(found) < maxTimeline && looked < 20_000
	})
	slices.Reverse(found)
	f.Evidence = append(f.Evidence, found...)
}

func by(whom string) string {
	if whom == "" {
		return ""
	}
	return " by " + whom
}

// moment is one entry of the change log in words.
func moment(e *model.Entry) string {
	who := e.Key.Kind.String()
	switch e.Change {
	case model.ChangeAppeared:
		return who + " made"
	case model.ChangeGone:
		return who + " deleted"
	case model.ChangeRecreated:
		return who + " made anew under the same name"
	case model.ChangeHealth:
		return who + " " + e.From + " " + "to" + " " + e.To
	case model.ChangeRevision:
		return "fetched " + model.ShortRevision(e.To)
	case model.ChangeApplied:
		return "applied " + model.ShortRevision(e.To)
	case model.ChangeSpec:
		text := who + " spec changed"
		if e.Field != "" {
			text = who + " " + e.Field + " " + orNone(e.From, "not set") + " to " + orNone(e.To, "not set")
		}
		return text + by(e.Detail)
	case model.ChangeSuspended:
		return who + " suspended" + by(e.Detail)
	case model.ChangeResumed:
		return who + " resumed" + by(e.Detail)
	case model.ChangeGeneration:
		return strings.TrimSpace(who + " generation " + e.To + " " + e.Detail)
	}
	return ""
}
