package why

import (
	"strings"

	"tenantry/model"
)

// What a fault does to what runs, and what stands still on purpose.

// effect says what goes on all the same.
func (w *walk) effect(e *Explanation) string {
	f := &e.Faults[0]
	var sync *model.Object
	for i := range f.Chain {
		if k, ok := f.Chain[i].Key(); ok && k.Kind.Role() == model.RoleSync {
			sync = w.s.Get(k)
			break
		}
	}
	if sync == nil {
		for _, k := range w.usersOf(f) {
			sync = w.s.Get(k)
			break
		}
	}
	if sync == nil {
		return ""
	}
	d, ok := sync.Detail.(*model.Sync)
	if !ok {
		return ""
	}
	if d.Applied == "" {
		return "Nothing of " + lower(refOf(sync.Key)) + " has ever been applied."
	}
	runs, pods := model.ShortRevision(d.Applied), w.podsOf(sync)
	switch {
	case pods == podsBad && w.appliedWorks(f):
		return "It is applied; the pods are what is wrong."
	case pods == podsBad:
		return "The cluster keeps " + runs + ", and not all of its pods run."
	case pods == podsFine:
		return "No pod is affected: the cluster keeps " + runs + ". New commits will not arrive."
	}
	return "The cluster keeps " + runs + ". New commits will not arrive."
}

func (w *walk) appliedWorks(f *Fault) bool {
	return f.Ours >= PodsRefused && f.Ours <= RolloutStuck
}

type podsState uint8

const (
	podsUnknown podsState = iota
	podsFine
	podsBad
)

func (w *walk) podsOf(sync *model.Object) podsState {
	state := podsUnknown
	for _, ref := range model.InventoryRefs(sync) {
		k, ok := ref.Key()
		if !ok || k.Kind.Role() != model.RoleWorkload || w.s.Get(k) == nil {
			continue
		}
		if w.s.Verdict(k).Health != model.Ready {
			return podsBad
		}
		state = podsFine
	}
	return state
}

// usersOf are the syncs, of its own namespace, that follow the source a fault is seen at.
func (w *walk) usersOf(f *Fault) []model.Key {
	k, ok := f.Chain[0].Key()
	if !ok || k.Kind.Role() != model.RoleSource {
		return nil
	}
	var out []model.Key
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
		w.s.ObjectsIn(k.Namespace, kind, func(o *model.Object) bool {
			if d, ok := o.Detail.(*model.Sync); ok && d.SourceRef == refOf(k) {
				out = append(out, o.Key)
			}
			return true
		})
	}
	return out
}

// suspendedWords say by whom, why and until when, as far as it is known.
func (w *walk) suspendedWords(o *model.Object) string {
	susp, ok := w.s.Suspension(o)
	if !ok {
		return ""
	}
	var b strings.Builder
	if susp.By != "" {
		b.WriteString(" by " + susp.By)
	}
	if susp.Since != 0 {
		b.WriteString(" since " + w.when(susp.Since))
	}
	if susp.Reason != "" {
		b.WriteString(": " + susp.Reason)
	}
	if susp.Until != "" {
		b.WriteString(", meant until " + susp.Until)
		if susp.Overdue {
			b.WriteString(", which is over")
		}
	}
	return b.String()
}

func (w *walk) suspendedEffect(o *model.Object, v model.Verdict) string {
	text := "Nothing resumes by itself."
	switch {
	case v.Was == model.Failed || v.Was == model.Stalled:
		why, _ := model.Explained(v.Message)
		text += " When it was stopped it was " + v.Was.String() + ": " + why + "."
	case v.Was == model.Ready:
		text += " When it was stopped it was Ready."
	}
	if d, ok := o.Detail.(*model.Sync); ok && d.Applied != "" {
		text += " What it applied runs on, at " + model.ShortRevision(d.Applied) + "."
	}
	return text
}
