package ui

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/bars"
	"tenantry/ui/draw"
	"tenantry/ui/text"
	"tenantry/ui/textview"
)

// runsShown bounds what is told of a history, and how long a sparkline is.
const runsShown = 12

// durations are how long the last runs of something took.
type durations struct {
	took   []int // seconds, oldest first; bars.Never where nothing tells
	median int   // of those known
	known  int
}

// timesOf are those of a sync's runs or a workload's generations.
func timesOf(runs []model.Run) durations {
	t := durations{median: bars.Never}
	var known []int
	for i := min(len(runs), runsShown) - 1; i >= 0; i-- {
		took := bars.Never
		if d := runs[i].Duration; d != model.UnknownTook && d >= 0 {
			took = int(d)
			known = append(known, took)
		}
		t.took = append(t.took, took)
	}
	if t.known = len(known); t.known > 0 {
		slices.Sort(known)
		t.median = known[len(known)/2]
	}
	return t
}

// usual says how long it usually takes, with a sparkline; "" of fewer than two.
func (e *env) usual(t durations) string {
	if t.known < 2 {
		return ""
	}
	return "usual " + ageOf(secondsOf(int32(t.median))) + " " + e.spark(t)
}

// spark draws how long each took, oldest first.
func (e *env) spark(t durations) string {
	var b strings.Builder
	for _, level := range bars.Levels(t.took) {
		if level == 0 {
			b.WriteString(e.kit.Glyph.PodToCome)
			continue
		}
		b.WriteString(e.kit.Glyph.Sparks[level-1])
	}
	return b.String()
}

// runMark is how a run ended.
func (e *env) runMark(r *model.Run) mark {
	g := e.kit.Glyph
	switch r.Outcome {
	case model.OutcomeApplied, model.OutcomeUnchanged:
		return g.Of(model.Ready)
	case model.OutcomeApplying:
		return g.Of(model.Reconciling)
	case model.OutcomeRefused, model.OutcomeFailed:
		return g.Of(model.Failed)
	case model.OutcomeBlocked:
		return g.Of(model.Blocked)
	case model.OutcomeSuspended:
		return g.Of(model.Suspended)
	}
	return g.Of(model.Pending)
}

// runWords say what a run was about, and why it did not go well.
func (e *env) runWords(r *model.Run) string {
	words := e.commitWords(r.Revision)
	if r.Generation > 0 {
		words = join(fmt.Sprintf("generation %d", r.Generation), words)
	}
	switch {
	case r.Outcome == model.OutcomeUnchanged:
		words = join(words, "changed nothing")
	case r.Reason != "":
		words = join(words, r.Reason)
	case r.Outcome == model.OutcomeRefused, r.Outcome == model.OutcomeFailed:
		words = join(words, r.Outcome.String())
	}
	if r.Times > 1 {
		words = join(words, counted(int(r.Times), "time"))
	}
	return words
}

// runTook is how long a run took, or has taken by now.
func (e *env) runTook(r *model.Run) string {
	switch {
	case r.Duration != model.UnknownTook && r.Duration >= 0:
		return ageOf(secondsOf(r.Duration))
	case r.Outcome == model.OutcomeApplying && r.Start.Known():
		return e.age(r.Start.At)
	}
	return e.kit.Glyph.Unknown
}

// runNews are a sync's last runs, a line each, for beside the sentence of a
// pane.
func (e *env) runNews(k model.Key, w, h int) []string {
	runs := e.store.RunsOf(k)
	if len(runs) == 0 {
		return nil
	}
	out := make([]string, 0, h)
	if usual := e.usual(timesOf(runs)); usual != "" && h > 2 {
		out = append(out, draw.NewLine(e.kit, w).Put(themes.Muted, "took "+usual).String())
	}
	for i := range runs {
		if len(out) == h {
			break
		}
		r := &runs[i]
		at := r.End.At
		if at == 0 {
			at = r.Start.At
		}
		m := e.Turn(e.runMark(r))
		l := draw.NewLine(e.kit, w)
		l.Fit(themes.Muted, 0, orNone(e.shortMoment(at), e.kit.Glyph.Unknown), 12).Skip(1)
		l.Put(m.Role, m.Shape).Skip(1)
		l.Cell(l.Left()-7, func(l *draw.Line) { l.Put(themes.Text, e.runWords(r)) })
		l.FitRight(themes.Text, 0, e.runTook(r), 6)
		out = append(out, l.String())
	}
	return out
}

// runLines are the runs of a sync or the generations of a workload with how
// long each took, the newest at the end, for a history.
func (e *env) runLines(k model.Key) []textview.Line {
	runs := e.store.RunsOf(k)
	if len(runs) == 0 {
		return nil
	}
	d := &describer{env: e}
	title := "HOW LONG IT TOOK"
	if usual := e.usual(timesOf(runs)); usual != "" {
		title += ", " + usual
	}
	d.section(title)
	for i := min(len(runs), runsShown) - 1; i >= 0; i-- {
		r := &runs[i]
		at := r.End.At
		if at == 0 {
			at = r.Start.At
		}
		m := e.runMark(r)
		line := textview.Line{Hang: 21, Spans: []textview.Span{
			{Role: themes.Muted, Text: text.Pad(orNone(e.shortMoment(at), e.kit.Glyph.Unknown), 12) + "  "},
			{Text: text.PadLeft(e.runTook(r), 5) + "  "},
			{Role: m.Role, Text: m.Shape + " "}, {Text: e.runWords(r)}}}
		d.line(line)
	}
	return append(d.lines, textview.Plain(""))
}

// usualLines say how long a tenant's syncs and workloads usually take.
func (e *env) usualLines(t *model.Tenant) []textview.Line {
	d := &describer{env: e}
	d.section("HOW LONG IT TAKES")
	for _, list := range [][]model.Key{t.Syncs, t.Workloads} {
		for _, k := range list[:min(len(list), runsShown)] {
			if usual := e.usual(timesOf(e.store.RunsOf(k))); usual != "" {
				d.line(textview.Line{Spans: []textview.Span{{Text: text.Pad(e.kit.CutMiddle(shortName(k), 28), 30)}, {Text: usual}}})
			}
		}
	}
	if len(d.lines) == 0 {
		return nil
	}
	return append(d.lines, textview.Plain(""))
}
