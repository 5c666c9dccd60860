package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/rights"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// asPage says what an account sees of the cluster and what it may do, in its
// namespaces and outside.
type asPage struct {
	*env
	account model.Key
	inside  []string // its tenant's namespaces
	outside []string // others, as far as their names are known
	rules   []model.AccessRules
	errs    map[string]error
	answer  bool
	text    textview.View
	find    textSearch
}

func (p *asPage) crumbs() []string       { return []string{"what " + p.account.Name + " sees and may do"} }
func (p *asPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.TextView, keymap.Page} }
func (p *asPage) held() bool             { return false }
func (p *asPage) above(int) string       { return "" }
func (p *asPage) paneNeeds(int) int      { return 0 }
func (p *asPage) search() *textSearch    { return &p.find }

func (p *asPage) derive(bool) {
	d := &describer{env: p.env}
	d.title("As the ServiceAccount " + p.account.Namespace + "/" + p.account.Name)
	d.text("Everything on every page is what this account is shown. " + p.key(keymap.ViewAs) + " ends it; esc goes to the tenants.")
	p.sees(d)
	for _, of := range []struct {
		title      string
		namespaces []string
	}{{"MAY, IN ITS NAMESPACES", p.inside}, {"MAY, OUTSIDE", p.outside}} {
		p.may(d, of.title, of.namespaces)
	}
	p.text.Set(p.kit, d.lines)
}

// sees are the kinds that are read, and those that are refused.
func (p *asPage) sees(d *describer) {
	read, refused, open := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, sc := range p.store.Scopes() {
		switch sc.State {
		case model.ScopeSynced, model.ScopeStale:
			read[sc.Kind.Resource()] = true
		case model.ScopeDenied:
			refused[sc.Kind.Resource()] = true
		case model.ScopeSyncing:
			open[sc.Kind.Resource()] = true
		}
	}
	d.section("SEES")
	names := func(of map[string]bool) string {
		var out []string
		for n := range of {
			out = append(out, n)
		}
		slices.Sort(out)
		return strings.Join(out, ", ")
	}
	if len(read) == 0 && len(open) == 0 {
		d.add("reads", "nothing")
	}
	d.add("reads", names(read))
	d.add("refused", names(refused))
	d.add("being read", names(open))
}

// may are its rights in some namespaces; those with the same are told once.
func (p *asPage) may(d *describer, title string, namespaces []string) {
	d.section(title)
	if !p.answer {
		d.text("  asking")
		return
	}
	var order []string
	by := map[string][]string{}
	lines := map[string][]rights.Line{}
	for _, r := range p.rules {
		if !slices.Contains(namespaces, r.Namespace) {
			continue
		}
		said := rights.Words(r.Rules)
		key := ""
		for _, l := range said {
			key += l.May + " " + l.What + "\n"
		}
		if r.Incomplete {
			key += "?"
		}
		if by[key] == nil {
			order = append(order, key)
		}
		by[key], lines[key] = append(by[key], r.Namespace), said
	}
	for _, key := range order {
		d.add("in", strings.Join(by[key], ", "))
		if len(lines[key]) == 0 {
			d.add("may", "nothing")
		}
		for _, l := range lines[key] {
			d.add(l.May, l.What)
		}
		if strings.HasSuffix(key, "?") {
			d.add("and", "maybe more: an authorizer of this cluster does not list its rules")
		}
	}
	for _, ns := range namespaces {
		if err := p.errs[ns]; err != nil {
			d.add("in", ns)
			d.add("unknown", err.Error())
		}
	}
}

func (p *asPage) act(a keymap.Action) (tea.Cmd, bool) {
	if a == keymap.Search {
		p.find.begin(&p.text)
		return nil, true
	}
	return nil, p.text.Act(a)
}

func (p *asPage) counts(l *draw.Line) {
	l.Put(themes.Text, strings.Join(p.inside, ", "))
}

func (p *asPage) body(w, h int) []string    { return drawText(p.kit, &p.text, w, h) }
func (p *asPage) position() (at, of int)    { return p.text.Position() }
func (p *asPage) click(_, _ int) (hit bool) { return false }
func (p *asPage) clickAbove(_, _ int)       {}
func (p *asPage) scroll(n int)              { p.text.Scroll(n) }
func (p *asPage) pane(int, int) []string    { return nil }
func (p *asPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Escape, keymap.ViewAs, keymap.Search, keymap.PageDown, keymap.Copy, keymap.Help}
}

func (p *asPage) subject() subject {
	return subject{name: p.account.Name, copy: accountUser + p.account.Namespace + ":" + p.account.Name, state: p.kit.Glyph.Nothing()}
}

// openAsPage opens the page and asks for what it says.
func (a *App) openAsPage(v viewing) tea.Cmd {
	p := &asPage{env: &a.env, account: v.account, inside: a.contexts.now.Namespaces, outside: v.outside}
	a.open(p)
	return askRules(a.ctx, a.cluster, a.epoch, append(slices.Clone(p.inside[:min(len(p.inside), mayNamespaces)]), p.outside...))
}

// applyRules takes the answer in.
func (a *App) applyRules(msg rulesMsg) {
	if msg.epoch != a.epoch {
		return
	}
	for _, page := range a.pages {
		if p, ok := page.(*asPage); ok {
			p.rules, p.errs, p.answer = msg.rules, msg.errs, true
			p.derive(false)
			a.dirty = true
		}
	}
}
