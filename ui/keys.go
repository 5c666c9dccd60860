package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/action"
	"tenantry/ui/keymap"
)

// press takes a key: what it means depends on the innermost layer that knows
// it.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	a.presses++
	defer a.displaced() // what a key moved, a person saw moving
	a.lastKey, a.dirty = a.local, true
	defer a.awayOver()
	scopes := a.scopes()
	entry, known := a.keys.Resolve(scopes, msg.String())
	a.notice, a.follows.ended = "", nil
	if a.guide(scopes, entry.Action) {
		return nil
	}
	if entry.Action != keymap.Back {
		a.quitAt = time.Time{}
	}
	switch {
	case a.dialog != nil:
		return a.dialogKey(entry.Action, msg)
	case a.menu != nil:
		return a.menuKey(entry.Action, msg)
	case scopes[0] == keymap.Typing:
		return a.typed(entry.Action, msg)
	case !known || entry.Later:
		return nil
	case entry.Instead != "":
		a.notice = entry.Instead
		return nil
	}
	return a.do(entry.Action)
}

// scopes are the layers of keys that are active, from the inside.
func (a *App) scopes() []keymap.Scope {
	if a.dialog != nil {
		return []keymap.Scope{keymap.Dialog}
	}
	if a.menu != nil {
		return []keymap.Scope{a.menu.scope()}
	}
	if a.typist() != nil {
		return []keymap.Scope{keymap.Typing}
	}
	return a.pageScopes()
}

// pageScopes are the layers of keys of the page on top.
func (a *App) pageScopes() []keymap.Scope {
	scopes := a.page().scopes()
	if a.opts.Demo != nil {
		scopes = append(scopes, keymap.Demo)
	}
	return append(scopes, keymap.Everywhere)
}

func (a *App) filter() *filter {
	if p, ok := a.page().(filterable); ok {
		return p.filter()
	}
	return nil
}

// do carries out an action: the page's own first, then what works everywhere.
func (a *App) do(key keymap.Action) tea.Cmd {
	if why := a.refusal(key); why != "" {
		a.notice = why
		return nil
	}
	if cmd, done := a.page().act(key); done {
		return cmd
	}
	switch key {
	case keymap.Quit:
		return a.leaveProgram()
	case keymap.Shell:
		return tea.Suspend
	case keymap.Redraw:
		return tea.ClearScreen
	case keymap.Refresh:
		a.notice = "checking again: connection, permissions, served kinds"
		return refresh(a.cluster)
	case keymap.Back:
		return a.backOrQuit()
	case keymap.Escape:
		a.escape()
	case keymap.Everything:
		a.everything()
	case keymap.GoTenants, keymap.GoRollouts, keymap.GoFindings, keymap.GoSuspended, keymap.GoSources, keymap.GoSyncs,
		keymap.GoWorkloads, keymap.GoEvents, keymap.GoPlatform:
		return a.goTo(key)
	case keymap.Help:
		if _, open := a.page().(*helpPage); !open {
			h := newHelp(&a.env, a.scopes(), a.refusal)
			if a.opts.Demo != nil {
				h.tour = a.startTour
			}
			return a.open(h)
		}
	case keymap.Pause:
		a.pause()
	case keymap.Zoom:
		a.zoomed = !a.zoomed
	case keymap.Filter:
		if f := a.filter(); f != nil {
			f.typing = true
		}
	case keymap.Trouble:
		a.trouble()
	case keymap.Forward, keymap.Slower, keymap.Faster:
		return a.paceKey(key)
	case keymap.Sort:
		a.openSort()
	case keymap.Palette:
		return a.openPalette("")
	case keymap.PickScope:
		a.pickScope()
	case keymap.PickContext:
		return a.pickContext()
	case keymap.Copy:
		return a.copy()
	case keymap.OpenLink:
		return a.openLink()
	case keymap.Describe, keymap.YAML, keymap.Events, keymap.Logs, keymap.History, keymap.Tree:
		return a.lookAt(key)
	case keymap.Why:
		return a.whyFor()
	case keymap.Report:
		return a.report()
	case keymap.Known:
		return a.knownKey()
	case keymap.Reconcile:
		return a.wish(action.Reconcile, a.targets())
	case keymap.Fetch:
		return a.wishFor(a.origins())
	case keymap.Follow:
		a.followKey()
	case keymap.Suspend:
		return a.suspendOrResume()
	case keymap.Credential:
		return a.credentialKey()
	case keymap.AddTenant:
		return a.addTenant()
	case keymap.Setup:
		return a.openSetup()
	case keymap.ViewAs:
		return a.viewAs()
	case keymap.Actions:
		a.openActions()
	}
	return nil
}

func (a *App) backOrQuit() tea.Cmd {
	if a.back() {
		return nil
	}
	if !a.quitAt.IsZero() {
		return a.leaveProgram()
	}
	a.quitAt, a.notice = a.local, "q again quits"
	return nil
}

// escape undoes one layer: marks, filter or search, zoom, page. It never leaves the
// program.
func (a *App) escape() {
	if a.dropConnecting() {
		a.notice = "gave up connecting to " + a.contexts.target.words()
		return
	}
	if a.unmark() {
		return
	}
	if f := a.filter(); f != nil && f.drop() {
		a.refilter()
		return
	}
	if s := a.search(); s != nil && s.drop() {
		return
	}
	if a.zoomed {
		a.zoomed = false
		return
	}
	a.back()
}

// everything goes to the tenants and drops what narrows the picture.
func (a *App) everything() {
	a.rescope(scope{})
	a.pages = a.pages[:1]
	a.unnarrow(a.pages[0])
	for _, p := range a.places {
		a.unnarrow(p) // it takes its rows when it is gone to
	}
	a.page().derive(false)
}

// unnarrow drops a page's filter and marks.
func (a *App) unnarrow(s screen) {
	if p, ok := s.(filterable); ok && p.filter() != nil {
		p.filter().drop()
	}
	if p, ok := s.(markable); ok {
		p.unmark()
	}
}

func (a *App) pause() {
	a.paused = !a.paused
	if !a.paused {
		a.waiting, a.replaced = 0, nil
		a.seen = a.store.Revision()
		a.census()
		a.countViews(false)
		a.page().derive(false)
	}
}

func (a *App) trouble() {
	if f := a.filter(); f != nil {
		f.trouble = !f.trouble
		a.refilter()
	}
}

func (a *App) refilter() {
	if p, ok := a.page().(filterable); ok {
		p.filter().parse()
		p.refilter()
	}
}

// typed takes a key while something is typed: every letter narrows or finds.
func (a *App) typed(action keymap.Action, msg tea.KeyPressMsg) tea.Cmd {
	t := a.typist()
	switch action {
	case keymap.Quit:
		return a.leaveProgram()
	case keymap.Take:
		t.take()
		return nil
	case keymap.Leave:
		t.leave()
		return nil
	case keymap.Next:
		_, _ = a.page().act(keymap.Down)
		return nil
	case keymap.Previous:
		_, _ = a.page().act(keymap.Up)
		return nil
	}
	if !t.input().key(msg.String()) {
		if msg.Text == "" {
			return nil
		}
		t.input().insert(msg.Text)
	}
	t.changed()
	return nil
}

// paste goes into an input, and nowhere else: a pasted text must never be
// taken for keys.
func (a *App) paste(s string) {
	if a.dialog != nil {
		a.dialog.paste(s)
		a.lastKey, a.dirty = a.local, true
		return
	}
	if a.menu != nil {
		a.menu.paste(s)
		a.lastKey, a.dirty = a.local, true
		return
	}
	if t := a.typist(); t != nil {
		t.input().insert(s)
		t.changed()
		a.lastKey, a.dirty = a.local, true
	}
}
