package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/credential"
	"tenantry/ui/frame"
	"tenantry/ui/journal"
	"tenantry/ui/keymap"
	"tenantry/ui/state"
)

// acts is what the app knows of actions: the one being asked about, and those
// on their way.
type acts struct {
	dialog   *dialog
	dialogAt zone      // where it was drawn
	deeds    []*deed   // the newest last
	stamped  time.Time // of the last request
	warned   time.Time // that quitting leaves an action alone
	searched uint64    // the epoch unfinished actions were looked for in
	presses  int       // keys since the last question
	closing  string    // the record in the journal that the next deed brings to an end
	left     []journal.Record
	unseen   unseen           // what was sent in full, and followed to no end
	taken    []journal.Record // those that are gone on with: each ends when the like of it begins
	syncs    syncs
	kept     map[model.Key]keptCredential // of credentials that were left half-way
	keptOn   string                       // the cluster they were typed on
	// tenantDraft is the tenant that was being typed, nil for none.
	tenantDraft *tenantForm
	tenantOn    state.Cluster        // where
	whys        map[string]*planForm // suspensions that were being asked for, by their targets
	due         due
	folder      editLine // that was exported to or restored from last
	installing  installing
	drafting    drafting
	undoneAt    uint64 // the store's revision undone suspensions were looked for at
}

// overDialog lays the dialog over the screen, which loses its colour.
func (a *App) overDialog(lines []string) ([]string, *tea.Cursor) {
	box, cursor := a.dialog.view(a.kit, a.w, a.h)
	lines = frame.Overlay(a.kit, lines, box, a.w)
	a.dialogAt = zone{w: ansi.StringWidth(box[0]), h: len(box)}
	a.dialogAt.x, a.dialogAt.y = frame.Middle(a.w, len(lines), a.dialogAt.w, a.dialogAt.h)
	if cursor != nil {
		cursor.X, cursor.Y = min(cursor.X+a.dialogAt.x, a.w-1), min(cursor.Y+a.dialogAt.y, a.h-1)
	}
	return lines, cursor
}

// clickDialog presses the button that was clicked at; everything else is left
// as it is, also a click outside: a dialog does not vanish by accident.
func (a *App) clickDialog(x, y int) tea.Cmd {
	d, at := a.dialog, a.dialogAt
	if y != at.y+at.h-2 {
		return nil
	}
	for i, b := range d.hits {
		if x >= at.x+1+b.x && x < at.x+1+b.x+b.w {
			d.at, d.follows = len(d.focusables())+i, true
			return a.pressButton()
		}
	}
	return nil
}

// leaveProgram quits; while an action is on its way only when asked twice: what
// was sent goes on, but nobody would say how it ended.
func (a *App) leaveProgram() tea.Cmd {
	if !a.acting() && !a.installing.running() || !a.warned.IsZero() && a.local.Sub(a.warned) < handsOff {
		return tea.Quit
	}
	a.warned = a.local
	if a.installing.running() {
		a.notice = a.installing.run.program + " is still at it, and goes on; again quits"
		return nil
	}
	a.notice = "an action is still on its way (" + a.deedLine() + "); again quits"
	return nil
}

// openActions lists all actions for the row or the marks, with their keys and,
// where they make no sense now, why.
func (a *App) openActions() {
	targets, others := a.targets(), a.syncItems()
	if it, ok := a.exportItem(); ok && a.leavingTenant() != "" && a.marksWords() == "" {
		others = append(others, it)
	}
	if leave, ok := a.offboardItem(); ok {
		others = append(others, leave)
	}
	if len(targets) == 0 && len(others) == 0 {
		a.notice = "nothing here to act on: put the cursor on an object or on a tenant"
		return
	}
	title := "actions"
	var items []item
	if len(targets) == 0 {
		a.show(&menu{title: title, items: others, wide: 76})
		return
	}
	for _, v := range []action.Verb{action.Reconcile, action.Fetch, action.Suspend, action.Resume, action.Force, action.Reset} {
		plan := action.New(a.store, action.Wish{Verb: v, Targets: targets})
		if v == action.Reconcile {
			title = plan.Title[len(v.String())+1:]
		}
		it := item{text: v.String(), note: effectOf(v), take: func() tea.Cmd { return a.wish(v, targets) }}
		if k, ok := verbKeys[v]; ok {
			it.tag = a.key(k)
		}
		switch {
		case a.rules().ReadOnly:
			it.note = "refused: this session is read-only"
		case len(plan.Steps) == 0:
			if len(plan.Refused) == 0 || !applies(v, plan, a.store) {
				continue
			}
			it.note = "not now: " + plan.Refused[0].Why
		}
		items = append(items, it)
	}
	if credentials, _ := credential.Targets(a.store, targets[0].Row, targets[0].Key); len(credentials) > 0 && len(targets) == 1 {
		it := item{text: "git credential", note: "create, restore, test or replace it", tag: a.key(keymap.Credential), take: a.credentialKey}
		if why := a.refusal(keymap.Credential); why != "" {
			it.note = "refused: this session is read-only"
		}
		items = append(items, it)
	}
	a.show(&menu{title: a.kit.Text(title), items: append(items, others...), wide: 76})
}

// applies leaves out what a kind does not have at all.
func applies(v action.Verb, p action.Plan, s *model.Store) bool {
	if v != action.Force && v != action.Reset {
		return true
	}
	for _, t := range p.Wish.Targets {
		if t.Key.Kind == model.HelmRelease {
			return true
		}
	}
	return false
}

// effectOf says what a verb does, in a few words.
func effectOf(v action.Verb) string {
	switch v {
	case action.Reconcile:
		return "have its controller look at it now"
	case action.Fetch:
		return "ask Git first, then reconcile"
	case action.Suspend:
		return "stop it, with a reason and a reminder"
	case action.Resume:
		return "let it go on, and follow it"
	case action.Force:
		return "upgrade the release once, though nothing changed"
	}
	return "forget the failures counted so far"
}

// pressedInDialog is a click on a key's name while a dialog is open.
func (a *App) pressedInDialog(key keymap.Action) tea.Cmd {
	return a.dialogKey(key, tea.KeyPressMsg{})
}
