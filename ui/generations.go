package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// generationCause is what a generation came of: a commit, with its first line where it
// is known, or whoever else wrote.
func (e *env) generationCause(g *model.Generation) string {
	commit := e.commitWords(g.Commit)
	switch {
	case g.UndidDrift:
		return model.ShortRevision(g.Commit) + " again: undid drift"
	case g.Rollback:
		return "rollback to " + commit
	case g.Commit != "" && g.AtOrBefore:
		return "at or before " + commit
	case g.Commit != "" && g.Reconstructed:
		return commit + " (reconstructed)"
	case g.Commit != "":
		return commit
	case g.Actor == model.ActorAutoscaler:
		return "autoscaler: " + g.By
	case g.By != "" && !g.FromGit():
		return "not from Git: " + g.By
	}
	return e.kit.Glyph.Unknown
}

// commitWords are a commit and its first line, where an event told it.
func (e *env) commitWords(revision string) string {
	return strings.TrimSpace(model.ShortRevision(revision) + " " + e.store.Subject(revision))
}

// generationTook is how long a generation took, or has taken by now.
func (e *env) generationTook(g *model.Generation) (took string, moving bool) {
	switch {
	case g.Took != model.UnknownTook:
		return ageOf(secondsOf(g.Took)), false
	case g.Current && (model.Rollout{State: g.State}).Moving() && g.At.Known() && !g.Reconstructed:
		return e.age(g.At.At), true
	case g.Drift:
		return "drift", false
	}
	return e.kit.Glyph.Unknown, false
}

// generationNews are a workload's last generations, a line each, for beside
// the sentence of a pane.
func (e *env) generationNews(k model.Key, w, h int) []string {
	generations := e.store.Generations(k)
	out := make([]string, 0, h)
	if usual := e.usual(timesOf(e.store.RunsOf(k))); usual != "" && h > 2 {
		out = append(out, draw.NewLine(e.kit, w).Put(themes.Muted, "took "+usual).String())
	}
	for i := range generations {
		if len(out) == h {
			break
		}
		g := &generations[i]
		l := draw.NewLine(e.kit, w)
		l.Fit(themes.Muted, 0, orNone(e.shortMoment(g.At.At), e.kit.Glyph.Unknown), 12).Skip(1)
		number := "rev " + fmt.Sprint(g.Revision)
		if g.Number > 0 {
			number = fmt.Sprintf("gen %d", g.Number)
		}
		l.Fit(themes.Text, 0, number, 8)
		took, moving := e.generationTook(g)
		if moving {
			took = e.Turn(e.kit.Glyph.Of(model.Reconciling)).Shape + " " + took
		}
		rest := l.Left() - 7
		l.Cell(rest, func(l *draw.Line) {
			l.Put(themes.Text, e.generationCause(g))
			if changed := changedWords(g); changed != "" {
				l.Skip(2).Put(themes.Muted, changed)
			}
		})
		l.FitRight(themes.Text, 0, took, 6)
		out = append(out, l.String())
	}
	return out
}

// generationSections explain one generation in a pane.
func (e *env) generationSections(o *model.Object, g *model.Generation, usual string) []section {
	what := fmt.Sprintf("%s %s, revision %d", o.Kind, o.Name, g.Revision)
	if g.Number > 0 {
		what = fmt.Sprintf("%s %s, generation %d", o.Kind, o.Name, g.Number)
	}
	if at := e.moment(g.At.At); at != "" {
		what += ", " + at
	}
	if changed := changedWords(g); changed != "" {
		what += ": " + changed
	}
	why := "It came of " + e.generationCause(g) + e.byWords(g.Commit) + "."
	switch {
	case g.Commit == "" && g.By == "":
		why = "What it came of is not known: nothing that is left tells."
	case g.Drift:
		why = "It was written by " + g.By + " and does not come from the tenant's Git."
	case g.By != "" && g.FromGit():
		why += " Written by " + g.By
		if g.Sync.Name != "" {
			why += " for " + g.Sync.Kind.String() + " " + g.Sync.Name
		}
		why += "."
	}
	if g.Reconstructed {
		why += " It was before this session: this is read off what was left behind."
	}
	took := ""
	switch t, moving := e.generationTook(g); {
	case moving:
		took = "Rolling out for " + t + "."
	case g.Took != model.UnknownTook:
		took = "Its pods were available after " + t + "."
	}
	if usual != "" && took != "" {
		took += " " + upperFirst(usual) + "."
	}
	return []section{{label: "WHAT", text: sentence(what)}, {label: "WHY", text: why}, {label: "TOOK", text: took}}
}

// changedWords are what a generation changed, "" where nothing tells.
func changedWords(g *model.Generation) string {
	if len(g.Changed) == 0 {
		return ""
	}
	return model.ChangedWords(g.Changed)
}

func imagesOf(o *model.Object) string {
	var out []string
	if w, ok := o.Detail.(*model.Workload); ok {
		for _, c := range w.Containers {
			out = append(out, c.Image)
		}
	}
	return strings.Join(out, ", ")
}
