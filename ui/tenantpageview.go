package ui

import (
	"tenantry/model"
	"tenantry/model/logs"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

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
		return append(p.tree.hints(), keymap.Reconcile, keymap.Fetch, keymap.Suspend, keymap.NextTab, keymap.Help, keymap.Describe, keymap.YAML, keymap.Copy)
	case p.tab == tabDeployments:
		return []keymap.Action{keymap.Open, keymap.Escape, keymap.Filter, keymap.NextTab, keymap.Copy, keymap.Help}
	case p.find.line.String() != "":
		return []keymap.Action{keymap.NextMatch, keymap.PreviousMatch, keymap.Escape, keymap.Search, keymap.Help}
	case p.tab == tabLogs:
		return logHints
	case p.tab == tabEvents:
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.Trouble, keymap.NextTab, keymap.Wrap, keymap.Help}
	}
	return []keymap.Action{keymap.Escape, keymap.Search, keymap.NextTab, keymap.Wrap, keymap.Copy, keymap.Help}
}

func (p *tenantPage) logWant() (logs.Want, bool) {
	if p.tab != tabLogs || p.logs.whose.none != "" {
		return logs.Want{}, false
	}
	return p.logs.whose.want, true
}

func (p *tenantPage) logged(b logs.Batch)  { p.logs.take(b) }
func (p *tenantPage) logsFailed(err error) { p.logs.fail(err) }

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

// Marks are the overview's, while it is shown: what can't be seen is not acted
// on.
func (p *tenantPage) marked() []spot         { return p.shownTree().marked() }
func (p *tenantPage) marks() (n, hidden int) { return p.shownTree().marks() }
func (p *tenantPage) unmark() bool           { return p.shownTree().unmark() }

func (p *tenantPage) shownTree() *tree {
	if p.tab == tabOverview {
		return p.tree
	}
	return nil
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
