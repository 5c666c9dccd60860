package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// tenantPage is one tenant, or the platform: its objects along its chain.
type tenantPage struct {
	*env
	name     string
	platform bool
	tenant   *model.Tenant // as of the picture; nil when it is gone
	table    *table.Table[objectID, *objectRow]
	folded   map[string]bool
	several  bool // objects in several namespaces
	f        filter
}

func newTenantPage(e *env, name string, platform bool) *tenantPage {
	p := &tenantPage{env: e, name: name, platform: platform, folded: map[string]bool{}}
	p.table = table.New(func(r *objectRow) objectID { return r.id }, p.columns()...)
	return p
}

func (p *tenantPage) columns() []table.Column[*objectRow] {
	return []table.Column[*objectRow]{
		{ID: "object", Title: "OBJECT", Min: 20, Max: 48,
			Measure: func(r *objectRow) int { return nameWidth(p.label(r)) + 2*r.depth },
			Draw:    p.drawName},
		{ID: "namespace", Title: "NAMESPACE", Min: 10, Max: 24, Leave: 2, From: 100,
			Hidden:  func() bool { return !p.several },
			Measure: func(r *objectRow) int { return nameWidth(r.id.key.Namespace) },
			Draw: func(l *draw.Line, r *objectRow) {
				l.Put(themes.Text, p.kit.CutMiddle(r.id.key.Namespace, l.Left()))
			}},
		{ID: colState, Title: "STATE", Min: 13, Max: 14,
			Draw: func(l *draw.Line, r *objectRow) { drawMark(l, p.Turn(r.state), 0) }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true,
			Draw: func(l *draw.Line, r *objectRow) {
				if r.object != nil {
					l.FitRight(themes.Text, 0, p.age(r.since), l.Left())
				}
			}},
		{ID: colGeneration, Title: " GENERATION", Min: 11, Max: 13, Leave: 3, From: 90,
			Draw: func(l *draw.Line, r *objectRow) { l.Skip(1).Put(themes.Text, p.generationOf(r.object, r.rollout)) }},
		{ID: "what", Title: "WHAT", Min: 28, Flex: true, Draw: p.drawWhat},
	}
}

func (p *tenantPage) crumbs() []string {
	if p.platform {
		return []string{"platform"}
	}
	return []string{p.name}
}

func (p *tenantPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.List, keymap.Page} }

func (p *tenantPage) derive(hold bool) {
	p.tenant = nil
	if p.platform {
		if platform := p.store.Platform(); platform != nil {
			p.tenant = platform.Row
		}
	} else {
		p.tenant = p.store.Tenant(p.name)
	}
	p.table.SetRows(p.arrange(), hold)
	if !p.table.Chosen() {
		p.selectWorst()
	}
}

// selectWorst puts the cursor where the trouble is, or on the first row.
func (p *tenantPage) selectWorst() {
	if p.tenant == nil || p.tenant.Worst == (model.Key{}) {
		return
	}
	for _, r := range p.table.Rows() {
		if r.id.key == p.tenant.Worst {
			p.table.Select(r.id)
			return
		}
	}
}

func (p *tenantPage) held() bool { return p.table.Held() }

// row is the key of the tenant's row.
func (p *tenantPage) row() string {
	if p.platform {
		return model.PlatformKey
	}
	return p.name
}

// aim puts the cursor on an object of the tenant.
func (p *tenantPage) aim(s spot) {
	for _, r := range p.table.Rows() {
		if r.object != nil && r.id.key == s.key {
			p.table.Select(r.id)
			return
		}
	}
}

func (p *tenantPage) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(p.table, a) {
		return nil, true
	}
	r, ok := p.table.Current()
	if !ok {
		return nil, false
	}
	switch a {
	case keymap.Open:
		if r.object != nil {
			return p.paths.open(newObjectPage(p.env, r.object.Key)), true
		}
		p.fold(r.id.section, !p.folded[r.id.section])
		return nil, true
	case keymap.Unfold:
		p.fold(r.id.section, false)
		return nil, true
	case keymap.Fold:
		p.table.Select(objectID{section: r.id.section})
		p.fold(r.id.section, true)
		return nil, true
	case keymap.Sort: // rows stand along the chain
		return nil, true
	}
	return nil, false
}

func (p *tenantPage) fold(section string, folded bool) {
	p.folded[section] = folded
	p.table.SetRows(p.arrange(), false)
}

func (p *tenantPage) above(int) string { return "" }

// counts is the tenant's chain in words; the first link that isn't fine
// stands in brackets.
func (p *tenantPage) counts(l *draw.Line) {
	t := p.tenant
	if t == nil {
		l.Put(themes.Muted, "no longer in the cluster")
		return
	}
	drawMark(l, p.Turn(p.kit.Glyph.Tenant(t)), 0)
	l.Put(themes.Text, " "+p.age(t.Since)).Skip(3)
	first := true
	for i, title := range linkTitles(t) {
		m := p.Turn(p.kit.Glyph.Link(t.Chain[i]))
		if i > 0 {
			l.Put(themes.Muted, " "+p.kit.Glyph.Dash+" ")
		}
		open, shut := "", ""
		if first && m.Role != themes.OK && m.Word != "" {
			open, shut, first = "[", "]", false
		}
		l.Put(themes.Text, open+title+" ").Put(m.Role, m.Shape).Put(themes.Text, shut)
	}
	if r := p.revisionOf(t); r != "" {
		l.Skip(3).Put(themes.Text, r)
	}
}

// linkTitles are the words of a chain.
func linkTitles(t *model.Tenant) []string {
	if t.IsPlatform {
		return []string{"controllers", "source", "sync", "lockdown"}
	}
	return []string{"access", "source", "sync", "workloads"}
}

func (p *tenantPage) body(w, h int) []string {
	lines := p.table.View(p.kit, w, h)
	if p.table.Len() > 0 || h-len(lines) < 2 {
		return lines
	}
	said := "Nothing of " + p.name + " is in the cluster any more. esc goes back."
	if p.f.on() {
		said = "Nothing matches " + p.f.words() + ". esc shows all again."
	}
	return append(lines, "", draw.NewLine(p.kit, w).Skip(3).Put(themes.Text, said).String())
}

func (p *tenantPage) pane(w, h int) []string {
	r, ok := p.table.Current()
	if !ok {
		return nil
	}
	if r.object == nil {
		return drawPane(p.kit, w, h, section{label: "WHAT", text: r.what})
	}
	return drawPane(p.kit, w, h, p.objectSections(r.object, &r.objectFacts)...)
}

func (p *tenantPage) paneNeeds(int) int { return 0 }

func (p *tenantPage) subject() subject {
	r, ok := p.table.Current()
	if !ok {
		return subject{}
	}
	s := subject{name: p.label(r), state: r.state, cause: r.what, copy: r.id.key.Name, spot: spot{p.row(), r.id.key}}
	if r.object != nil {
		s.since = p.age(r.since)
	}
	return s
}

func (p *tenantPage) hints() []keymap.Action {
	open := keymap.Open
	if r, ok := p.table.Current(); ok && r.object == nil {
		open = keymap.Fold
		if p.folded[r.id.section] {
			open = keymap.Unfold
		}
	}
	return []keymap.Action{open, keymap.Escape, keymap.Filter, keymap.Trouble, keymap.Copy, keymap.Help}
}

func (p *tenantPage) position() (at, of int) { return p.table.Position(), p.table.Len() }
func (p *tenantPage) filter() *filter        { return &p.f }
func (p *tenantPage) refilter()              { p.table.SetRows(p.arrange(), false) }
func (p *tenantPage) click(_, y int) bool    { return p.table.ClickAt(y) }
func (p *tenantPage) clickAbove(_, _ int)    {}
func (p *tenantPage) scroll(n int)           { p.table.Scroll(n) }

// fits reports whether the page's filter lets an object through.
func (p *tenantPage) fits(r *objectRow) bool {
	if p.f.trouble && (r.verdict.Health == model.Ready || r.verdict.Health == model.NotApplicable) && r.verdict.Overlays == 0 {
		return false
	}
	return p.f.query.Empty() || p.f.query.Fits(&query.Subject{
		Name: r.id.key.Name, State: r.state.Word, Text: []string{r.id.key.Kind.String(), r.what},
		Namespaces: []string{r.id.key.Namespace}, Revisions: []string{r.revision},
	})
}
