package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// findingPage is one finding: what was seen, why it matters, and the fix.
type findingPage struct {
	*env
	finding model.Finding
	text    textview.View
	find    textSearch
}

func newFindingPage(e *env, f model.Finding) *findingPage { return &findingPage{env: e, finding: f} }

func (p *findingPage) crumbs() []string       { return []string{p.finding.Rule} }
func (p *findingPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.TextView, keymap.Page} }
func (p *findingPage) held() bool             { return false }
func (p *findingPage) above(int) string       { return "" }
func (p *findingPage) paneNeeds(int) int      { return 0 }
func (p *findingPage) search() *textSearch    { return &p.find }

func (p *findingPage) derive(bool) {
	f, rule := p.finding, p.finding.Words()
	d := &describer{env: p.env}
	d.title(upperFirst(sentence(findingTitle(&f))))
	d.text("")
	d.spans("severity", marked(gravityMark(p.kit.Glyph, &f), "rule "+f.Rule)...)
	if t := p.store.Tenant(f.Tenant); t != nil {
		d.named("tenant", p.tenantName(f.Tenant), p.kit.Glyph.Tenant(t), "")
	}
	if f.Key != (model.Key{}) {
		d.object("object", f.Key, "")
	}
	seen := "seen"
	if f.Unknown {
		seen = "unknown, because"
	}
	d.add(seen, f.Evidence)
	d.section("WHY IT MATTERS")
	d.text(rule.Why)
	d.section("WHAT TO DO")
	d.text(rule.Fix)
	if f.Unknown {
		d.text("To know, ask for the right to read what was refused; what can't be seen is not fine.")
	}
	if f.Key != (model.Key{}) {
		d.section("MORE")
		d.add("object", "d describes it, y shows its YAML, h what changed")
		d.add("shell", describe(f.Key))
	}
	p.text.Set(p.kit, d.lines)
}

func (p *findingPage) act(a keymap.Action) (tea.Cmd, bool) {
	if a == keymap.Search {
		p.find.begin(&p.text)
		return nil, true
	}
	return nil, p.text.Act(a)
}

func (p *findingPage) counts(l *draw.Line) {
	drawMark(l, gravityMark(p.kit.Glyph, &p.finding), 0)
	l.Skip(2).Put(themes.Text, p.tenantName(p.finding.Tenant))
}

func (p *findingPage) body(w, h int) []string    { return drawText(p.kit, &p.text, w, h) }
func (p *findingPage) position() (at, of int)    { return p.text.Position() }
func (p *findingPage) click(_, _ int) (hit bool) { return false }
func (p *findingPage) clickAbove(_, _ int)       {}
func (p *findingPage) scroll(n int)              { p.text.Scroll(n) }
func (p *findingPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Escape, keymap.Describe, keymap.YAML, keymap.Search, keymap.Copy, keymap.Help}
}

// pane says how the object is: what was found need not be what is wrong with it.
func (p *findingPage) pane(w, h int) []string {
	o := p.store.Get(p.finding.Key)
	if o == nil {
		return nil
	}
	f := p.factsOfObject(o)
	return drawPane(p.kit, w, h, p.objectSections(o, &f)...)
}

func (p *findingPage) subject() subject {
	return subject{name: p.finding.Rule, state: gravityMark(p.kit.Glyph, &p.finding), cause: findingTitle(&p.finding),
		copy: p.finding.Evidence, spot: spot{p.finding.Tenant, p.finding.Key}}
}
