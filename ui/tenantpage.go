package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// tenantTab is one of the views of a tenant.
type tenantTab uint8

const (
	tabOverview tenantTab = iota
	tabDeployments
	tabEvents
	tabHistory
	tabAccess
	tabCount
)

// tenantPage is one tenant, or the platform: its objects along its chain, what
// was rolled out, its events, what changed, who may do what.
type tenantPage struct {
	*env
	name        string
	platform    bool
	tenant      *model.Tenant // as of the picture; nil when it is gone
	tab         tenantTab
	tree        *tree
	deployments *deployments
	texts       [tabCount]textview.View
	find        textSearch
	events      eventList
	bar         tabBar
	same        neighbours
}

func newTenantPage(e *env, name string, platform bool) *tenantPage {
	p := &tenantPage{env: e, name: name, platform: platform}
	p.tree = newTree(e, p.grow)
	p.deployments = newDeployments(e)
	p.texts[tabEvents].Follow, p.texts[tabHistory].Follow = true, true
	return p
}

func (p *tenantPage) crumbs() []string {
	if p.platform {
		return []string{"platform"}
	}
	return []string{p.name}
}

func (p *tenantPage) scopes() []keymap.Scope {
	if p.text() != nil {
		return []keymap.Scope{keymap.TextView, keymap.Page}
	}
	return []keymap.Scope{keymap.List, keymap.Page}
}

// tabs are the views there are: the platform's rights are everything.
func (p *tenantPage) tabs() []tab {
	workloads := 0
	if p.tenant != nil {
		workloads = len(p.tenant.Workloads)
	}
	tabs := []tab{tabOverview: {title: "Overview"}, tabDeployments: {title: "Deployments", count: workloads},
		tabEvents: {title: "Events", count: p.events.known}, tabHistory: {title: "History"}}
	if !p.platform {
		tabs = append(tabs, tab{title: "Access"})
	}
	return tabs
}

func (p *tenantPage) derive(bool) {
	p.tenant = nil
	if p.platform {
		if platform := p.store.Platform(); platform != nil {
			p.tenant = platform.Row
		}
	} else {
		p.tenant = p.store.Tenant(p.name)
	}
	p.tree.home = ""
	if spaces := p.namespaces(); len(spaces) == 1 {
		p.tree.home = spaces[0]
	}
	p.write()
}

// write writes the tab that is shown; the others are written when they are.
func (p *tenantPage) write() {
	switch p.tab {
	case tabOverview:
		p.tree.derive()
		if !p.tree.table.Chosen() && p.tenant != nil {
			// Where the trouble is; without any, what moved last.
			_ = p.tree.aim(p.tenant.Worst) || p.tree.aim(p.tenant.LastMoved)
		}
	case tabDeployments:
		p.deployments.derive(p.tenant)
	case tabEvents:
		p.texts[tabEvents].Set(p.kit, p.eventLines())
	case tabHistory:
		p.texts[tabHistory].Set(p.kit, p.historyLines())
	case tabAccess:
		d := &describer{env: p.env}
		if p.tenant != nil {
			p.accessWords(d, p.tenant)
		}
		p.texts[tabAccess].Set(p.kit, d.lines)
	}
}

func (p *tenantPage) show(t tenantTab) {
	if t == p.tab || int(t) >= len(p.tabs()) {
		return
	}
	p.find.drop()
	p.tab = t
	p.write()
}

// text is the text that is shown, nil in the lists.
func (p *tenantPage) text() *textview.View {
	if p.tab == tabOverview || p.tab == tabDeployments {
		return nil
	}
	return &p.texts[p.tab]
}

func (p *tenantPage) held() bool { return false }

// row is the key of the tenant's row.
func (p *tenantPage) row() string {
	if p.platform {
		return model.PlatformKey
	}
	return p.name
}

// aim puts the cursor on an object of the tenant.
func (p *tenantPage) aim(s spot) {
	if p.tab == tabOverview {
		p.tree.aim(s.key)
	}
}

func (p *tenantPage) act(a keymap.Action) (tea.Cmd, bool) {
	n := tenantTab(len(p.tabs()))
	switch a {
	case keymap.NextTab:
		p.show((p.tab + 1) % n)
		return nil, true
	case keymap.PreviousTab:
		p.show((p.tab + n - 1) % n)
		return nil, true
	}
	switch t := p.text(); {
	case p.tab == tabOverview:
		return p.tree.act(a)
	case p.tab == tabDeployments:
		return p.deployments.act(a)
	case a == keymap.Search:
		p.find.begin(t)
		return nil, true
	case a == keymap.Trouble:
		if p.tab == tabEvents {
			p.events.warnings = !p.events.warnings
			p.write()
		}
		return nil, true
	default:
		return nil, t.Act(a)
	}
}

func (p *tenantPage) above(w int) string { return p.bar.draw(p.kit, w, p.tabs(), int(p.tab)) }

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
	none := "Nothing of " + p.name + " is in the cluster any more. esc goes back."
	if p.tenant != nil && p.tenant.Reading {
		none = "Not everything it is made of has been read yet."
	}
	switch p.tab {
	case tabOverview:
		return p.tree.body(w, h, none)
	case tabDeployments:
		return p.deployments.body(w, h)
	}
	return drawText(p.kit, p.text(), w, h)
}

func (p *tenantPage) pane(w, h int) []string {
	switch p.tab {
	case tabOverview:
		return p.tree.pane(w, h)
	case tabDeployments:
		return p.deployments.pane(w, h)
	}
	if p.tenant == nil {
		return nil
	}
	why := upperFirst(sentence(p.tenant.Message))
	if why == "" {
		why = "Nothing is wrong."
	}
	return drawPane(p.kit, w, h, section{label: "WHY", text: why})
}

func (p *tenantPage) paneNeeds(int) int { return 0 }

func (p *tenantPage) subject() subject {
	switch p.tab {
	case tabOverview:
		return p.tree.subject(p.row())
	case tabDeployments:
		return p.deployments.subject(p.row())
	}
	s := subject{name: p.name, copy: p.name, state: p.kit.Glyph.Nothing(), spot: spot{tenant: p.row()}}
	if t := p.tenant; t != nil {
		s.state, s.since, s.cause = p.kit.Glyph.Tenant(t), p.age(t.Since), t.Message
	}
	return s
}

func (p *tenantPage) hints() []keymap.Action {
	switch {
	case p.tab == tabOverview:
		return append(p.tree.hints(), keymap.NextTab, keymap.Describe, keymap.YAML, keymap.Copy, keymap.Help)
	case p.tab == tabDeployments:
		return []keymap.Action{keymap.Open, keymap.Escape, keymap.Filter, keymap.NextTab, keymap.Copy, keymap.Help}
	case p.find.line.String() != "":
		return []keymap.Action{keymap.NextMatch, keymap.PreviousMatch, keymap.Escape, keymap.Search, keymap.Help}
	case p.tab == tabEvents:
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.Trouble, keymap.NextTab, keymap.Wrap, keymap.Help}
	}
	return []keymap.Action{keymap.Escape, keymap.Search, keymap.NextTab, keymap.Wrap, keymap.Copy, keymap.Help}
}

func (p *tenantPage) position() (at, of int) {
	switch p.tab {
	case tabOverview:
		return p.tree.table.Position(), p.tree.table.Len()
	case tabDeployments:
		return p.deployments.table.Position(), p.deployments.table.Len()
	}
	return p.text().Position()
}

// search is the texts'; the lists have filters instead.
func (p *tenantPage) search() *textSearch {
	if p.text() == nil {
		return nil
	}
	return &p.find
}

func (p *tenantPage) filter() *filter {
	switch p.tab {
	case tabOverview:
		return &p.tree.f
	case tabDeployments:
		return &p.deployments.f
	}
	return nil
}

func (p *tenantPage) refilter() {
	if p.tab == tabDeployments {
		p.deployments.derive(p.tenant)
		return
	}
	p.tree.refilter()
}

func (p *tenantPage) click(_, y int) bool {
	switch p.tab {
	case tabOverview:
		return p.tree.table.ClickAt(y)
	case tabDeployments:
		return p.deployments.table.ClickAt(y)
	}
	return false
}

func (p *tenantPage) clickAbove(x, _ int) {
	if t := p.bar.at(x); t >= 0 {
		p.show(tenantTab(t))
	}
}

func (p *tenantPage) scroll(n int) {
	switch p.tab {
	case tabOverview:
		p.tree.table.Scroll(n)
	case tabDeployments:
		p.deployments.table.Scroll(n)
	default:
		p.text().Scroll(n)
	}
}
