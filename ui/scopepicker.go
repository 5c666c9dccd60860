package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/keymap"
	"tenantry/ui/palette"
)

// What the lines of the scope picker are known by.
const (
	scopeTenantID    = "tenant:"
	scopeNamespaceID = "namespace:"
)

// scopePicker ticks the tenants and namespaces every page is narrowed to.
type scopePicker struct {
	*App
	all    []item // every line, in order
	names  palette.Names
	picker picker
}

// pickScope opens the scope picker with the present scope ticked.
func (a *App) pickScope() {
	if a.unnamed() && a.opts.Connect != nil {
		a.askNamespaces() // there is nothing to pick from
		return
	}
	s := &scopePicker{App: a, picker: picker{ticked: map[string]bool{}}}
	s.picker.take = s.take
	for row := range a.scope.tenants {
		s.picker.ticked[scopeTenantID+row] = true
	}
	for ns := range a.scope.namespaces {
		s.picker.ticked[scopeNamespaceID+ns] = true
	}
	s.read()
	a.show(&menu{
		title: "scope: what every page is narrowed to", prompt: "only ", hint: "a tenant or namespace", line: &editLine{}, find: s.find, empty: s.empty,
		pick: &s.picker, about: s.about, foot: 1, wide: 78, tall: 13,
	})
}

// read lists the tenants, then the namespaces that are not just one tenant's
// of the same name.
func (s *scopePicker) read() {
	add := func(it item) {
		s.all = append(s.all, it)
		s.names.Add("", it.text)
	}
	single := map[string]bool{}
	if platform := s.store.Platform(); platform != nil && platform.Row != nil && !platform.NoFlux {
		add(item{id: scopeTenantID + model.PlatformKey, mark: s.kit.Glyph.Tenant(platform.Row), text: model.PlatformName,
			note: someOf(platform.Namespaces, 2), tag: "platform"})
	}
	for _, t := range s.store.Tenants() {
		it := item{id: scopeTenantID + t.Name, mark: s.kit.Glyph.Tenant(t), text: t.Name, tag: "tenant"}
		if len(t.Namespaces) == 1 && t.Namespaces[0] == t.Name {
			single[t.Name] = true
		} else {
			it.note = someOf(t.Namespaces, 2)
		}
		add(it)
	}
	for _, ns := range s.namespaceNames() {
		if !single[ns] {
			add(item{id: scopeNamespaceID + ns, text: ns, tag: "namespace"})
		}
	}
}

func (s *scopePicker) find(typed string) []item {
	var out []item
	add := func(it item) {
		it.tick = s.picker.ticked[it.id]
		out = append(out, it)
	}
	if strings.TrimSpace(typed) == "" {
		for _, it := range s.all {
			add(it)
		}
		return out
	}
	for _, h := range s.names.Find(typed, nil, len(s.all)) {
		it := s.all[h.At]
		it.hits = h.Hits
		add(it)
	}
	return out
}

func (s *scopePicker) empty() string {
	if len(s.all) == 0 {
		return "No tenant and no namespace has been read yet."
	}
	return "No tenant and no namespace is called that."
}

// chosen is the scope the ticks make.
func (s *scopePicker) chosen() scope {
	out := scope{tenants: map[string]bool{}, namespaces: map[string]bool{}}
	for id := range s.picker.ticked {
		if row, ok := strings.CutPrefix(id, scopeTenantID); ok {
			out.tenants[row] = true
		}
		if ns, ok := strings.CutPrefix(id, scopeNamespaceID); ok {
			out.namespaces[ns] = true
		}
	}
	return out
}

// about says what enter will do.
func (s *scopePicker) about(it item) []section {
	words := "enter drops the scope: everything is shown."
	switch sc := s.chosen(); {
	case sc.on():
		words = "enter shows " + sc.words(len(s.store.Tenants())) + " on every page, and 0 everything again."
	case !s.scope.on():
		words = "space ticks; enter with nothing ticked shows only " + it.text + "."
	}
	return []section{{label: "TAKE", text: words}}
}

// take narrows every page to what is ticked. With nothing ticked it is the
// line under the cursor, unless a scope was there, whose ticks were taken out:
// that drops it.
func (s *scopePicker) take(m *menu) (tea.Cmd, bool) {
	if len(s.picker.ticked) == 0 && !s.scope.on() {
		it, ok := m.current()
		if !ok {
			return nil, false
		}
		s.picker.ticked[it.id] = true
	}
	s.setScope(s.chosen())
	return nil, true
}

// rescope counts anew what is in the scope.
func (a *App) rescope(s scope) {
	a.scope, a.views = s, viewCounts{}
	a.census()
	a.countViews(false)
}

// setScope narrows every page.
func (a *App) setScope(s scope) {
	a.rescope(s)
	a.page().derive(false)
	if !s.on() {
		a.notice = "no scope: everything is shown"
	}
}

// words say what is in the scope, of how many tenants.
func (s *scope) words(tenants int) string {
	var parts []string
	switch n := len(s.tenants); {
	case n == 1:
		for row := range s.tenants {
			if row == model.PlatformKey {
				row = model.PlatformName
			}
			parts = append(parts, row)
		}
	case n > 1:
		parts = append(parts, fmt.Sprintf("%d of %d tenants", n, tenants))
	}
	switch n := len(s.namespaces); {
	case n == 1:
		for ns := range s.namespaces {
			parts = append(parts, "ns "+ns)
		}
	case n > 1:
		parts = append(parts, fmt.Sprintf("%d namespaces", n))
	}
	return strings.Join(parts, ", ")
}

// withOutside says how many tenants the scope leaves out of the list.
func (a *App) withOutside(right []piece) []piece {
	if a.outside == 0 || len(a.pages) > 1 || a.scopes()[0] == keymap.Typing {
		return right
	}
	words := fmt.Sprintf("%d outside the scope", a.outside)
	if a.w < compactFrom {
		words = fmt.Sprintf("-%d", a.outside)
	}
	if len(right) > 0 {
		words += "  "
	}
	return append([]piece{{themes.Muted, 0, words}}, right...)
}
