package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// objectView is one of the ways to look at an object.
type objectView uint8

const (
	viewDescribe objectView = iota
	viewYAML
	viewEvents
	viewLogs
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
	viewEvents: {"Events", "e", keymap.Events}, viewLogs: {"Logs", "l", keymap.Logs}, viewHistory: {"History", "h", keymap.History}, viewTree: {"Tree", "t", keymap.Tree},
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
	owned  bool // the YAML says who owns each field
	events eventList
	logs   *logView
	refs   references
	tree   *tree
	bar    tabBar
}

func newObjectPage(e *env, key model.Key) *objectPage { return newObjectPageAt(e, key, viewDescribe) }

func newObjectPageAt(e *env, key model.Key, view objectView) *objectPage {
	p := &objectPage{env: e, ref: key.ObjectRef(), key: key, view: view}
	p.logs = newLogView(e)
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

// held reports whether the page owes another look at what refers to the object.
func (p *objectPage) held() bool { return p.refs.owed }

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
	if p.object != nil && (p.view == viewDescribe || p.view == viewTree || p.view == viewYAML && p.owned) {
		p.refs.look(p.env, p.object)
	}
	switch p.view {
	case viewDescribe:
		p.texts[viewDescribe].Set(p.kit, p.describe())
	case viewYAML:
		p.texts[viewYAML].Set(p.kit, p.yaml())
	case viewEvents:
		p.texts[viewEvents].Set(p.kit, p.eventLines())
	case viewLogs:
		p.logs.look(p.logsOf(p.key))
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
	switch p.view {
	case viewTree:
		return nil
	case viewLogs:
		return &p.logs.text
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
	if p.view == viewLogs && p.logs.act(a) {
		return nil, true
	}
	switch a {
	case keymap.Owners:
		p.owned = !p.owned
		p.write()
		return nil, true
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
