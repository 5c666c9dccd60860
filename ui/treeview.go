package ui

import (
	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/table"
)

func (t *tree) columns() []table.Column[*objectRow] {
	return []table.Column[*objectRow]{
		{ID: "object", Title: "OBJECT", Min: 24, Max: 56,
			Measure: func(r *objectRow) int { return nameWidth(t.labelOf(r)) + 2*r.depth + 2 },
			Draw:    t.drawName},
		{ID: "namespace", Title: "NAMESPACE", Min: 10, Max: 24, Leave: 2, From: 100,
			Hidden:  func() bool { return t.home != "" },
			Measure: func(r *objectRow) int { return nameWidth(r.id.ref.Namespace) },
			Draw: func(l *draw.Line, r *objectRow) {
				l.Put(themes.Text, t.kit.CutMiddle(r.id.ref.Namespace, l.Left()))
			}},
		{ID: colState, Title: "STATE", Min: 13, Max: 20,
			Measure: func(r *objectRow) int { return len(r.state.Word) + 3 },
			Draw:    func(l *draw.Line, r *objectRow) { drawMark(l, t.Turn(r.state), 0) }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true,
			Draw: func(l *draw.Line, r *objectRow) {
				if r.ref() || r.since != 0 {
					l.FitRight(themes.Text, 0, t.age(r.since), l.Left())
				}
			}},
		{ID: colGeneration, Title: " GENERATION", Min: 11, Max: 13, Leave: 3, From: 90,
			Draw: func(l *draw.Line, r *objectRow) { l.Skip(1).Put(themes.Text, t.generationOf(r.object, r.rollout)) }},
		{ID: "what", Title: "WHAT", Min: 22, Flex: true, Draw: t.drawWhat},
	}
}

// body draws the rows; without any it says why.
func (t *tree) body(w, h int, none string) []string {
	lines := t.table.View(t.kit, w, h)
	if t.table.Len() > 0 || h-len(lines) < 2 {
		return lines
	}
	if t.f.on() {
		none = "Nothing matches " + t.f.words() + ". esc shows all again."
	}
	lines = append(lines, "")
	for _, s := range wrap(t.kit, none, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(t.kit, w).Skip(3).Put(themes.Text, s).String())
	}
	return lines[:min(len(lines), h)]
}

// pane explains the row under the cursor.
func (t *tree) pane(w, h int) []string {
	r, ok := t.table.Current()
	switch {
	case !ok:
		return nil
	case r.object != nil:
		return t.objectPane(r.object, &r.objectFacts, w, h)
	case !r.ref():
		return drawPane(t.kit, w, h, section{label: "WHAT", text: upperFirst(sentence(join(r.label, r.what)))})
	}
	what := refWords(r.id.ref)
	if r.what != "" && r.what != notWatched {
		what = r.id.ref.String() + ": " + r.what
	}
	return drawPane(t.kit, w, h, section{label: "WHAT", text: sentence(what)}, section{label: "NEXT", text: "enter shows its YAML."})
}

// refWords say what is known of an object of which only the name is.
func refWords(ref model.ObjectRef) string {
	what := ref.String()
	if ref.Group != "" {
		what += " of " + ref.Group
	}
	return what + ". Its kind is not watched, so its state is not known"
}

// newsWidth is as much as a line about a generation has use for.
const newsWidth = 84

// objectPane explains an object; beside a workload's sentence stand its last
// generations, beside a sync's its last runs, where there is room.
func (e *env) objectPane(o *model.Object, f *objectFacts, w, h int) []string {
	left := max(w*2/5, w-newsWidth)
	var news []string
	if w >= timelineFrom && h > 1 {
		switch o.Role() {
		case model.RoleWorkload:
			news = e.generationNews(o.Key, w-left-2, h)
		case model.RoleSync:
			news = e.runNews(o.Key, w-left-2, h)
		}
	}
	if len(news) == 0 {
		return drawPane(e.kit, w, h, e.objectSections(o, f)...)
	}
	return beside(e.kit, drawPane(e.kit, left, h, e.objectSections(o, f)...), news, left, h)
}

// subject is the row under the cursor; tenant is the row the tree belongs to.
func (t *tree) subject(tenant string) subject {
	r, ok := t.table.Current()
	if !ok {
		return subject{}
	}
	s := subject{name: r.label, state: r.state, cause: r.what, copy: r.id.ref.Name, spot: spot{tenant, r.key}}
	if !r.ref() {
		s.copy = r.label
	}
	if r.key != (model.Key{}) {
		if of := t.store.TenantOf(r.key); of != "" {
			s.spot.tenant = of
		}
	}
	if r.since != 0 {
		s.since = t.age(r.since)
	}
	return s
}

func (t *tree) hints() []keymap.Action {
	open := keymap.Open
	if r, ok := t.table.Current(); ok && !r.ref() && r.open == nil {
		open = keymap.Fold
		if r.folded {
			open = keymap.Unfold
		}
	}
	return []keymap.Action{open, keymap.Escape, keymap.Filter, keymap.Trouble}
}
