package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// objectView is one of the ways to look at an object.
type objectView uint8

const (
	viewDescribe objectView = iota
	viewYAML
	viewEvents
	viewHistory
	viewTree
	viewCount
)

var objectViews = [viewCount]struct {
	title  string
	key    string
	action keymap.Action
}{
	viewDescribe: {"Describe", "d", keymap.Describe}, viewYAML: {"YAML", "y", keymap.YAML},
	viewEvents: {"Events", "e", keymap.Events}, viewHistory: {"History", "h", keymap.History}, viewTree: {"Tree", "t", keymap.Tree},
}

// viewFor is the view an action asks for.
func viewFor(a keymap.Action) (objectView, bool) {
	for v, view := range objectViews {
		if view.action == a {
			return objectView(v), true
		}
	}
	return 0, false
}

// objectPage is one object: in words, as YAML, its events, what changed, what
// it is made of.
type objectPage struct {
	*env
	ref    model.ObjectRef
	key    model.Key // zero for a kind that is not watched: there is its YAML alone
	view   objectView
	object *model.Object // as of the picture; nil when it is not there
	facts  objectFacts
	texts  [viewCount]textview.View
	find   textSearch
	live   live
	events eventList
	tree   *tree
	bar    tabBar
}

func newObjectPage(e *env, key model.Key) *objectPage { return newObjectPageAt(e, key, viewDescribe) }

func newObjectPageAt(e *env, key model.Key, view objectView) *objectPage {
	p := &objectPage{env: e, ref: key.ObjectRef(), key: key, view: view}
	p.tree = newTree(e, p.grow)
	p.tree.home = orNone(key.Namespace, key.Name)
	p.texts[viewEvents].Follow, p.texts[viewHistory].Follow = true, true
	return p
}

// newRefPage is the page of an object of a kind that is not watched.
func newRefPage(e *env, ref model.ObjectRef) *objectPage {
	if key, ok := ref.Key(); ok {
		return newObjectPage(e, key)
	}
	return &objectPage{env: e, ref: ref, view: viewYAML}
}

// watched reports whether the object's kind is, so that there is more to show
// than its YAML.
func (p *objectPage) watched() bool { return p.key != model.Key{} }

func (p *objectPage) crumbs() []string { return []string{p.ref.Kind + " " + p.ref.Name} }

func (p *objectPage) scopes() []keymap.Scope {
	if p.view == viewTree {
		return []keymap.Scope{keymap.List, keymap.Page}
	}
	return []keymap.Scope{keymap.TextView, keymap.Page}
}

func (p *objectPage) held() bool { return false }

func (p *objectPage) derive(bool) {
	if p.watched() {
		p.object = p.store.Get(p.key)
	}
	if p.object != nil {
		p.facts = p.factsOfObject(p.object)
		p.live.changed(p.object.ResourceVersion, p.local)
	}
	p.write()
}

// write writes the view that is shown; the others are written when they are.
func (p *objectPage) write() {
	switch p.view {
	case viewDescribe:
		p.texts[viewDescribe].Set(p.kit, p.describe())
	case viewYAML:
		p.texts[viewYAML].Set(p.kit, p.yaml())
	case viewEvents:
		p.texts[viewEvents].Set(p.kit, p.eventLines())
	case viewHistory:
		p.texts[viewHistory].Set(p.kit, p.historyLines())
	case viewTree:
		p.tree.derive()
		if !p.tree.table.Chosen() {
			p.tree.aim(p.key)
		}
	}
}

// show goes to another view of the same object.
func (p *objectPage) show(v objectView) {
	if v == p.view || !p.watched() {
		return
	}
	p.find.drop()
	p.view = v
	p.write()
}

// text is the text that is shown, nil in the tree.
func (p *objectPage) text() *textview.View {
	if p.view == viewTree {
		return nil
	}
	return &p.texts[p.view]
}

func (p *objectPage) act(a keymap.Action) (tea.Cmd, bool) {
	if v, ok := viewFor(a); ok {
		p.show(v)
		return nil, true
	}
	switch a {
	case keymap.NextTab:
		p.show((p.view + 1) % viewCount)
		return nil, true
	case keymap.PreviousTab:
		p.show((p.view + viewCount - 1) % viewCount)
		return nil, true
	case keymap.Refresh:
		p.live.again(p.local)
		return nil, false // and what it does everywhere
	}
	t := p.text()
	if t == nil {
		return p.tree.act(a)
	}
	switch a {
	case keymap.Search:
		p.find.begin(t)
		return nil, true
	case keymap.Trouble:
		if p.view == viewEvents {
			p.events.warnings = !p.events.warnings
			p.write()
		}
		return nil, true
	}
	return nil, t.Act(a)
}

func (p *objectPage) above(w int) string {
	if !p.watched() {
		return p.bar.draw(p.kit, w, []tab{{title: objectViews[viewYAML].title}}, 0)
	}
	tabs := make([]tab, viewCount)
	for v, view := range objectViews {
		tabs[v] = tab{title: view.title, key: view.key}
	}
	tabs[viewEvents].count = p.events.known
	return p.bar.draw(p.kit, w, tabs, int(p.view))
}

func (p *objectPage) counts(l *draw.Line) {
	if p.watched() && p.object != nil {
		drawMark(l, p.Turn(p.facts.state), 0)
		l.Put(themes.Text, " "+p.age(p.facts.since)).Skip(3)
	}
	switch {
	case p.watched() && p.object == nil:
		l.Put(themes.Muted, "not in the cluster").Skip(3)
	case p.key.Namespace != "":
		l.Put(themes.Muted, "in ").Put(themes.Text, p.key.Namespace).Skip(3)
	case p.ref.Namespace != "":
		l.Put(themes.Muted, "in ").Put(themes.Text, p.ref.Namespace).Skip(3)
	}
	switch p.view {
	case viewYAML:
		p.countYAML(l)
	case viewEvents:
		p.events.count(l)
	}
}

// margin is left free at both sides of a text.
const margin = 1

func (p *objectPage) body(w, h int) []string {
	t := p.text()
	if t == nil {
		return p.tree.body(w, h, "Nothing refers to it, and it refers to nothing that is known here.")
	}
	return drawText(p.kit, t, w, h)
}

// drawText draws a text between its margins.
func drawText(kit draw.Kit, t *textview.View, w, h int) []string {
	lines := t.Draw(kit, max(w-2*margin, 1), h)
	for i := range lines {
		if w > 2*margin {
			lines[i] = " " + lines[i]
		}
	}
	return lines
}

func (p *objectPage) paneNeeds(int) int { return 0 }

func (p *objectPage) pane(w, h int) []string {
	if p.view == viewTree {
		return p.tree.pane(w, h)
	}
	if p.object == nil {
		if p.watched() {
			return nil
		}
		return drawPane(p.kit, w, h, section{label: "WHAT", text: sentence(refWords(p.ref))})
	}
	return p.objectPane(p.object, &p.facts, w, h)
}

func (p *objectPage) subject() subject {
	if p.view == viewTree {
		return p.tree.subject(p.store.TenantOf(p.key))
	}
	s := subject{name: p.ref.Name, copy: p.ref.Name, state: p.kit.Glyph.Nothing()}
	if p.watched() {
		s.spot = spot{p.store.TenantOf(p.key), p.key}
	}
	if p.object != nil {
		s.state, s.since, s.cause = p.facts.state, p.age(p.facts.since), model.Sentence(p.object, p.facts.verdict)
	}
	return s
}

func (p *objectPage) hints() []keymap.Action {
	switch {
	case p.view == viewTree:
		return append(p.tree.hints(), keymap.NextTab, keymap.Copy, keymap.Help)
	case p.find.line.String() != "":
		return []keymap.Action{keymap.NextMatch, keymap.PreviousMatch, keymap.Escape, keymap.Search, keymap.Help}
	case !p.watched():
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.PageDown, keymap.Wrap, keymap.Copy, keymap.Help}
	case p.view == viewEvents:
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.Trouble, keymap.NextTab, keymap.Wrap, keymap.Copy, keymap.Help}
	}
	return []keymap.Action{keymap.Escape, keymap.Search, keymap.NextTab, keymap.PageDown, keymap.Wrap, keymap.OpenLink, keymap.Copy, keymap.Help}
}

func (p *objectPage) position() (at, of int) {
	if t := p.text(); t != nil {
		return t.Position()
	}
	return p.tree.table.Position(), p.tree.table.Len()
}

// search is the text's; the tree has a filter instead.
func (p *objectPage) search() *textSearch {
	if p.view == viewTree {
		return nil
	}
	return &p.find
}

func (p *objectPage) filter() *filter {
	if p.view != viewTree {
		return nil
	}
	return &p.tree.f
}

func (p *objectPage) refilter() { p.tree.refilter() }

func (p *objectPage) click(_, y int) bool { return p.view == viewTree && p.tree.table.ClickAt(y) }

func (p *objectPage) clickAbove(x, _ int) {
	if v := p.bar.at(x); v >= 0 {
		p.show(objectView(v))
	}
}

func (p *objectPage) scroll(n int) {
	if t := p.text(); t != nil {
		t.Scroll(n)
		return
	}
	p.tree.table.Scroll(n)
}

// wants are the kinds the page reads while it is open: the events of the
// object's namespace, and the pods of what runs.
func (p *objectPage) wants() []model.Want {
	if !p.watched() {
		return nil
	}
	var out []model.Want
	if p.view == viewEvents {
		out = append(out, model.Want{Kind: model.Event, Namespace: eventsOf(p.key)})
	}
	if p.key.Kind.Role() == model.RoleWorkload && (p.view == viewDescribe || p.view == viewTree) {
		out = append(out, model.Want{Kind: model.Pod, Namespace: p.key.Namespace})
	}
	return out
}
