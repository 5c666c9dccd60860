package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// whyPage explains why an object or a row is as it is: the chain to where it
// starts, what was seen, what helps.
type whyPage struct {
	*env
	of  spot // the object, or the row
	e   *why.Explanation
	at  whyAt // the link under the cursor
	top int   // the first line shown
	// fold hides the evidence behind its first line; nil: as the width says.
	fold     *bool
	lines    []whyLine // as drawn last
	height   int
	moved    bool         // the cursor's link went away
	wanted   []model.Want // what was asked to be read, for as long as the page is open
	rights   map[model.Access]model.PermissionState
	asking   bool
	answered bool
}

// whyFor opens the explanation of what the cursor stands on; also of what is
// fine.
func (a *App) whyFor() tea.Cmd {
	s := a.page().subject()
	at := s.spot
	if at == (spot{}) {
		at = s.why
	}
	if p, ok := a.page().(*whyPage); ok && p.of.key == at.key && (at.key != (model.Key{}) || p.of.tenant == at.tenant) {
		return nil // it is this page
	}
	if at.key == (model.Key{}) && a.store.Tenant(at.tenant) == nil || at == (spot{}) {
		a.notice = "nothing under the cursor to explain"
		return nil
	}
	return a.open(newWhyPage(&a.env, at))
}

func newWhyPage(e *env, at spot) *whyPage { return &whyPage{env: e, of: at} }

func (p *whyPage) crumbs() []string {
	if p.of.key != (model.Key{}) {
		return []string{p.of.key.Kind.String() + " " + p.of.key.Name, "Why"}
	}
	return []string{p.tenantName(p.of.tenant), "Why"}
}

func (p *whyPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.List, keymap.Page} }
func (p *whyPage) held() bool             { return false }
func (p *whyPage) above(int) string       { return "" }
func (p *whyPage) paneNeeds(int) int      { return 0 }

func (p *whyPage) derive(bool) {
	if p.of.key != (model.Key{}) {
		p.e = why.Object(p.store, p.of.key)
	} else if p.e = why.Row(p.store, p.of.tenant); p.e == nil {
		p.e = &why.Explanation{Headline: p.tenantName(p.of.tenant) + " is not there any more"}
	}
	for _, w := range p.e.Wants {
		if !slices.Contains(p.wanted, w) && len(p.wanted) < maxWhyWants {
			p.wanted = append(p.wanted, w)
		}
	}
	p.settle()
}

// maxWhyWants bounds what is read for one explanation: each is a list and a
// watch. With one access review that makes five requests.
const maxWhyWants = 2

func (p *whyPage) wants() []model.Want { return p.wanted }

func (p *whyPage) subject() subject {
	s := subject{name: p.tenantName(p.of.tenant), state: p.state(), cause: p.e.Headline, copy: p.tenantName(p.of.tenant), spot: p.of}
	if p.of.key != (model.Key{}) {
		s.name, s.copy = p.of.key.Name, p.of.key.Name
	}
	if l := p.link(); l != nil {
		s.name, s.copy = l.Ref.Name, l.Ref.Name
		if k, ok := l.Key(); ok {
			s.spot.key = k
		}
	}
	if p.e.Since != 0 {
		s.since = p.age(p.e.Since)
	}
	return s
}

// state is how what is explained is.
func (p *whyPage) state() mark {
	if p.of.key == (model.Key{}) {
		if t := p.store.Tenant(p.of.tenant); t != nil {
			return p.kit.Glyph.Tenant(t)
		}
	}
	m := p.stateAt(p.of.key)
	if len(p.e.Faults) > 0 && p.e.Health == model.Ready && m.Role == themes.OK {
		// Ready all the same: what it says of itself, and not that it is well.
		m.Shape, m.Role = p.kit.Glyph.Old().Shape, themes.Caution
	}
	return m
}

func (p *whyPage) counts(l *draw.Line) {
	drawMark(l, p.state(), 0)
	switch n := len(p.e.Faults); {
	case n == 1:
		l.Skip(2).Put(themes.Text, "1 cause")
	case n > 1:
		l.Skip(2).Put(themes.Text, counted(n, "independent cause"))
	}
}

// pane says more of the object under the cursor.
func (p *whyPage) pane(w, h int) []string {
	k := p.of.key
	l := p.link()
	if l != nil {
		k, _ = l.Key()
	}
	if o := p.store.Get(k); o != nil {
		f := p.factsOfObject(o)
		return p.objectPane(o, &f, w, h)
	}
	if l == nil {
		return nil
	}
	what := l.Ref.String() + " is not in the cluster"
	if !l.Missing {
		what = refWords(model.ObjectRef{Kind: l.Ref.Kind, Namespace: l.Ref.Namespace, Name: l.Ref.Name})
	}
	if l.Note != "" {
		what += ": " + l.Note
	}
	return drawPane(p.kit, w, h, section{label: "WHAT", text: sentence(what)})
}

func (p *whyPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Escape, keymap.Open, keymap.Fetch, keymap.Suspend, keymap.Unfold, keymap.Describe, keymap.YAML, keymap.Events, keymap.History,
		keymap.Tree, keymap.Copy, keymap.Help}
}

// wholeBody is all of it, for the clipboard and files.
func (p *whyPage) wholeBody(w int) []string {
	open := false
	was := p.fold
	p.fold = &open
	defer func() { p.fold = was }()
	var out []string
	for _, l := range p.write(w) {
		out = append(out, l.draw(p.kit, w, false))
	}
	return out
}

// plain is the explanation as text, cleaned line by line.
func (p *whyPage) plain() string {
	lines := strings.Split(strings.TrimRight(p.e.Text(p.now.Location()), "\n"), "\n")
	for i := range lines {
		lines[i] = p.kit.Text(lines[i])
	}
	return strings.Join(lines, "\n")
}
