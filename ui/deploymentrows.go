package ui

import (
	"fmt"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

func (r *deployments) columns() []table.Column[*deploymentRow] {
	text := func(f func(*deploymentRow) string) func(*draw.Line, *deploymentRow) {
		return func(l *draw.Line, v *deploymentRow) { l.Put(themes.Text, f(v)) }
	}
	measure := func(f func(*deploymentRow) string) func(*deploymentRow) int {
		return func(v *deploymentRow) int { return nameWidth(f(v)) }
	}
	return []table.Column[*deploymentRow]{
		{ID: "workload", Title: "WORKLOAD", Min: 16, Max: 44, Measure: func(v *deploymentRow) int { return nameWidth(r.label(v)) + 4 }, Draw: r.drawName},
		{ID: "gen", Title: "GEN", Min: 5, Max: 12, Measure: measure(r.number), Draw: text(r.number)},
		{ID: "rev", Title: "REV", Min: 3, Max: 5, Measure: measure(r.revision), Draw: text(r.revision)},
		{ID: colPods, Title: "PODS", Min: 5, Max: 8, Leave: 3, Draw: func(l *draw.Line, v *deploymentRow) {
			switch {
			case v.generation != nil:
			case v.facts.rollout.Moving():
				drawBar(r.kit, l, v.facts.rollout, 8)
			default:
				l.Put(themes.Text, fmt.Sprintf("%d/%d", v.facts.rollout.Available, v.facts.rollout.Desired))
			}
		}},
		{ID: "when", Title: "WHEN", Min: 12, Max: 12, Measure: measure(r.when), Draw: text(r.when)},
		{ID: "by", Title: "CAUSED BY", Min: 14, Max: 46, Measure: measure(r.cause), Draw: text(r.cause)},
		{ID: "changed", Title: "CHANGED, OR WHAT RUNS", Min: 14, Max: 60, Leave: 2, Measure: measure(r.changed), Draw: func(l *draw.Line, v *deploymentRow) {
			if v.generation != nil {
				l.Put(themes.Text, r.changed(v))
				return
			}
			l.Put(themes.Muted, r.kit.CutMiddle(r.changed(v), l.Left()))
		}},
		{ID: "took", Title: "TOOK", Min: 6, Max: 24, Leave: 1, Measure: func(v *deploymentRow) int {
			if v.generation == nil {
				return nameWidth(v.usual)
			}
			return 6
		}, Draw: func(l *draw.Line, v *deploymentRow) {
			if v.generation == nil {
				if r.kit.Width(v.usual) <= l.Left() {
					l.Put(themes.Muted, v.usual)
				}
				return
			}
			took, moving := r.generationTook(v.generation)
			if moving {
				m := r.Turn(r.kit.Glyph.Of(model.Reconciling))
				l.Put(m.Role, m.Shape).Skip(1)
			}
			l.Put(themes.Text, took)
		}},
	}
}

func (r *deployments) drawName(l *draw.Line, v *deploymentRow) {
	if v.generation != nil {
		l.Skip(4).Put(themes.Muted, r.label(v))
		return
	}
	fold := r.kit.Glyph.Folded
	if r.open(v.id.key) {
		fold = r.kit.Glyph.Unfolded
	}
	l.Put(themes.Muted, fold+" ").Put(v.facts.state.Role, r.Turn(v.facts.state).Shape).Skip(1)
	label := r.label(v)
	if short, ok := shortKinds[v.id.key.Kind]; ok && r.kit.Width(label) > l.Left() {
		label = short + " " + v.id.key.Name
	}
	l.Put(themes.Title, r.kit.CutMiddle(label, l.Left()))
}

func (r *deployments) label(v *deploymentRow) string {
	switch {
	case v.generation == nil:
		return v.id.key.Kind.String() + " " + v.id.key.Name
	case v.generation.Current:
		return "now"
	case v.generation.Reconstructed:
		return "earlier"
	}
	return ""
}

func (r *deployments) number(v *deploymentRow) string {
	switch {
	case v.generation == nil:
		return r.generationOf(v.object, v.facts.rollout)
	case v.generation.Number == 0:
		return ""
	}
	return fmt.Sprint(v.generation.Number)
}

func (r *deployments) revision(v *deploymentRow) string {
	rev := v.facts.rollout.Revision
	if v.generation != nil {
		rev = v.generation.Revision
	}
	if rev == 0 {
		return ""
	}
	return fmt.Sprint(rev)
}

func (r *deployments) changed(v *deploymentRow) string {
	if v.generation == nil {
		return imagesOf(v.object)
	}
	return orNone(changedWords(v.generation), r.kit.Glyph.Unknown)
}

func (r *deployments) when(v *deploymentRow) string {
	if v.generation == nil {
		return ""
	}
	return orNone(r.shortMoment(v.generation.At.At), r.kit.Glyph.Unknown)
}

func (r *deployments) cause(v *deploymentRow) string {
	if v.generation == nil {
		return ""
	}
	return r.generationCause(v.generation)
}
