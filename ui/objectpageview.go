package ui

import (
	"tenantry/model"
	"tenantry/model/logs"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

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
	case viewLogs:
		p.logs.count(l)
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
	if w < compactFrom { // where lines begin at the very edge
		return t.Draw(kit, w, h)
	}
	lines := t.Draw(kit, w-2*margin, h)
	for i := range lines {
		lines[i] = " " + lines[i]
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
	case p.view == viewLogs:
		return logHints
	case p.view == viewYAML:
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.Owners, keymap.NextTab, keymap.PageDown, keymap.Wrap, keymap.OpenLink, keymap.Copy, keymap.Help}
	case p.view == viewEvents:
		return []keymap.Action{keymap.Escape, keymap.Search, keymap.Trouble, keymap.NextTab, keymap.Wrap, keymap.Copy, keymap.Help}
	}
	return []keymap.Action{keymap.Escape, keymap.Search, keymap.NextTab, keymap.PageDown, keymap.Wrap, keymap.OpenLink, keymap.Copy, keymap.Help}
}

// logHints are the keys of logs.
var logHints = []keymap.Action{keymap.Escape, keymap.Search, keymap.Trouble, keymap.ThisRun, keymap.PreviousLogs, keymap.Times,
	keymap.Wrap, keymap.NextTab, keymap.Pause, keymap.Help}

func (p *objectPage) logWant() (logs.Want, bool) {
	if p.view != viewLogs || p.logs.whose.none != "" {
		return logs.Want{}, false
	}
	return p.logs.whose.want, true
}

func (p *objectPage) logged(b logs.Batch)  { p.logs.take(b) }
func (p *objectPage) logsFailed(err error) { p.logs.fail(err) }

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

// Marks are the tree's, while it is shown: what can't be seen is not acted on.
func (p *objectPage) marked() []spot         { return p.shownTree().marked() }
func (p *objectPage) marks() (n, hidden int) { return p.shownTree().marks() }
func (p *objectPage) unmark() bool           { return p.shownTree().unmark() }

func (p *objectPage) shownTree() *tree {
	if p.view == viewTree {
		return p.tree
	}
	return nil
}

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
	if p.view == viewEvents || p.view == viewHistory {
		out = append(out, model.Want{Kind: model.Event, Namespace: eventsOf(p.key)})
	}
	if p.key.Kind.Role() == model.RoleWorkload && (p.view == viewDescribe || p.view == viewTree) {
		out = append(out, model.Want{Kind: model.Pod, Namespace: p.key.Namespace})
	}
	return out
}
