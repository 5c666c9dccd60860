package fluxsync

import "tenantry/model"

// Guard is an annotation on the instance that keeps a hazard from happening.
type Guard struct {
	Annotation, Value string
	Why               string
	// Wise: it should be ticked unless somebody knows better.
	Wise bool
}

// Guards are those worth offering: what the instance does not have yet.
func (l Look) Guards() []Guard {
	if l.Want == nil {
		return nil
	}
	var out []Guard
	held := len(l.holders()) > 0
	_, labelled := l.Live.Kustomization()
	if !l.Live.Marked(model.MarkKustomizePrune, "disabled") {
		out = append(out, Guard{Annotation: model.MarkKustomizePrune, Value: "disabled", Wise: true,
			Why: "no Kustomization ever prunes this FluxInstance (N3)"})
	}
	if (held || labelled) && !l.Live.Marked(model.MarkKustomizeApply, "merge") {
		out = append(out, Guard{Annotation: model.MarkKustomizeApply, Value: "Merge", Wise: true,
			Why: "Git leaves alone what it does not state; what it states it still overwrites (N7)"})
	}
	return out
}
