package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"
	"tenantry/ui/keymap"
)

// notNamed are the actions that are quicker done by their keys than found by
// their names, and the pages, which have lines of their own.
var notNamed = []keymap.Action{
	keymap.Down, keymap.Up, keymap.Top, keymap.Bottom, keymap.PageDown, keymap.PageUp, keymap.Fold, keymap.Unfold, keymap.NextTab,
	keymap.PreviousTab, keymap.Palette, keymap.Escape, keymap.Back, keymap.Mark, keymap.NextMatch, keymap.PreviousMatch,
}

// otherNames are what else actions are looked for by.
var otherNames = map[keymap.Action]string{
	keymap.Refresh: "refresh", keymap.Everything: "all", keymap.PickScope: "namespaces tenants", keymap.PickContext: "cluster",
	keymap.Help: "help keys", keymap.Shell: "suspend background", keymap.Quit: "exit q q!", keymap.Trouble: "broken failed",
}

// placeTitle is the title of a page with a digit; false where there is none.
func placeTitle(action keymap.Action) (string, bool) {
	if action == keymap.GoTenants {
		return "Tenants", true
	}
	for _, p := range places {
		if p.action == action {
			return p.title, true
		}
	}
	return "", false
}

// entries are what the palette offers besides what is in the cluster: the
// pages, what can be done here, and the kinds.
func (a *App) entries() []entry {
	var pages, actions []entry
	for _, e := range a.keys.Help(a.pageScopes()) {
		key := a.kit.Text(keymap.Show(e.Keys[0]))
		if title, ok := placeTitle(e.Action); ok {
			pages = append(pages, entry{names: []string{strings.ToLower(title)}, found: found{class: classPage,
				item: item{id: pageID + title, text: title, tag: "page " + key, take: func() tea.Cmd { return a.goTo(e.Action) }}}})
			continue
		}
		if e.Word == "" || slices.Contains(notNamed, e.Action) || a.refusal(e.Action) != "" {
			continue
		}
		names := append([]string{e.Word}, strings.Fields(otherNames[e.Action])...)
		_, note, _ := strings.Cut(e.Help, ": ")
		if note == "" {
			note = e.Help
		}
		if note == e.Word {
			note = ""
		}
		actions = append(actions, entry{names: names, found: found{class: classAction,
			item: item{id: doID + e.Word, text: e.Word, note: note, tag: "key " + key, take: func() tea.Cmd { return a.do(e.Action) }}}})
	}
	out := append(pages, a.spoken()...)
	out = append(out, actions...)
	for _, k := range model.Kinds() {
		if f, ok := a.kindLine(k); ok {
			names := []string{strings.ToLower(k.String()), k.Resource()}
			if short, ok := shortNames[k]; ok {
				names = append(names, short)
			}
			out = append(out, entry{found: f, names: names})
		}
	}
	return out
}

// spoken are the words that do something without a key of their own.
func (a *App) spoken() []entry {
	word := func(text, note string, take func() tea.Cmd) entry {
		return entry{names: []string{text}, found: found{class: classAction, item: item{id: doID + text, text: text, note: note, tag: "do", take: take}}}
	}
	mouse := "leave the mouse to the terminal, for selecting text"
	if a.mouseOff {
		mouse = "take the mouse back: clicks and the wheel"
	}
	out := []entry{
		word("theme", "the colours, tried while choosing", func() tea.Cmd { return a.openPalette("theme ") }),
		word("ns", "only this namespace", func() tea.Cmd { return a.openPalette("ns ") }),
		word("tour", "be led through in a few steps", a.startTour),
		word("write page", "this page as text, into a file where you started", a.writePage),
		word(action.SetSync.String(), "of the platform's FluxInstance", func() tea.Cmd { return a.askSync(action.SetSync) }),
		word(action.ClearSync.String(), "of the platform's FluxInstance", func() tea.Cmd { return a.askSync(action.ClearSync) }),
		word("mouse", mouse, func() tea.Cmd { a.toggleMouse(); return nil }),
	}
	if leave, ok := a.offboardItem(); ok {
		out = append(out, word(leave.text, leave.note, leave.take))
	}
	for _, of := range []func() (item, bool){a.exportItem, a.restoreItem} {
		if it, ok := of(); ok {
			out = append(out, word(it.text, it.note, it.take))
		}
	}
	if !slices.Contains(a.page().scopes(), keymap.Home) { // there it has a key
		out = append(out, word("setup", "Flux on this cluster, from the operator to the first tenant", a.openSetup))
	}
	if len(a.contexts.list) > 1 {
		out = append(out, word("ctx", "another cluster of the kubeconfig", func() tea.Cmd { return a.openPalette("ctx ") }))
	}
	return out
}

// commands are the words that take a name behind them.
func (p *goPalette) commands() map[string]func() []entry {
	return map[string]func() []entry{"theme": p.themeLines, "ns": p.namespaceLines, "ctx": p.contextLines}
}

func (p *goPalette) themeLines() []entry {
	var out []entry
	// The present one first: opening the list changes nothing.
	names := slices.DeleteFunc(themes.Names(), func(name string) bool { return name == p.before.Name })
	for i, name := range append([]string{p.before.Name}, names...) {
		note := ""
		if i == 0 {
			note = "now"
		}
		out = append(out, entry{names: []string{name}, found: found{class: classAction, item: item{id: themeID + name, text: name, note: note, tag: "theme",
			take: func() tea.Cmd { p.keepTheme(name); return nil }}}})
	}
	return out
}

// keepTheme sets a theme for good: from now on the terminal's background has
// no say in it.
func (a *App) keepTheme(name string) {
	t, err := themes.Load(name)
	if err != nil {
		a.notice = err.Error()
		return
	}
	a.setTheme(t)
	a.opts.Theme = name
	a.notice = "theme " + name
}

func (p *goPalette) namespaceLines() []entry {
	var out []entry
	for _, ns := range p.namespaceNames() {
		note := ""
		if row := p.store.TenantOf(model.Key{Kind: model.Namespace, Name: ns}); row != model.PlatformKey && row != ns {
			note = "of " + row
		}
		out = append(out, entry{names: []string{strings.ToLower(ns)}, found: found{class: classAction, item: item{id: doID + "ns " + ns, text: ns, note: note, tag: "namespace",
			take: func() tea.Cmd { p.setScope(scope{namespaces: map[string]bool{ns: true}}); return nil }}}})
	}
	return out
}

// namespaceNames are the namespaces there are, as far as they are known.
func (a *App) namespaceNames() []string {
	var out []string
	for _, o := range a.store.Objects(model.Namespace) {
		out = append(out, o.Name)
	}
	for _, t := range a.store.Tenants() { // where namespaces may not be listed
		out = append(out, t.Namespaces...)
	}
	if platform := a.store.Platform(); platform != nil {
		out = append(out, platform.Namespaces...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (p *goPalette) contextLines() []entry {
	var out []entry
	for _, c := range p.contexts.list {
		note := c.Server
		if c.Name == p.store.Connection().Context {
			note = "now  " + note
		}
		out = append(out, entry{names: []string{strings.ToLower(c.Name)}, found: found{class: classAction, item: item{id: doID + "ctx " + c.Name, text: c.Name, note: note, tag: "context",
			take: func() tea.Cmd { return p.connect(Target{Context: c.Name}) }}}})
	}
	return out
}

// toggleMouse gives the mouse to the terminal, or takes it back.
func (a *App) toggleMouse() {
	a.mouseOff = !a.mouseOff
	a.notice = "the mouse is back: clicks and the wheel"
	if a.mouseOff {
		a.notice = "the mouse is the terminal's: select text; :mouse takes it back"
	}
}
