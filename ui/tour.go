package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// tour leads through the dashboard: a sentence at a time, and the key that goes
// on. It is gone through by using the dashboard, not by reading about it.
type tour struct {
	steps []tourStep
	at    int
}

// tourStep is said until its key is pressed. Until is the action that ends it,
// where that is another than its key's: what is typed has to be taken first.
type tourStep struct {
	say   string
	key   keymap.Action
	until keymap.Action
	then  string // what the key does
}

var tourSteps = []tourStep{
	{say: "Every tenant is a row, the worst first; the platform they share stands on top. The dots above the list are all of them at once.",
		key: keymap.Down, then: "goes down a row"},
	{say: "The words below say why a row is not fine, and what to do about it. Every row can be opened: it shows all it is made of.",
		key: keymap.Open, then: "opens the row"},
	{say: "Line 2 is its chain from access to pods; the first link that is not fine stands in brackets. The same objects can be seen from other sides.",
		key: keymap.NextTab, then: "turns the page"},
	{say: "Digits go to lists over all tenants, and the cursor goes to what was selected. One has the commits on their way to pods.",
		key: keymap.GoRollouts, then: "shows the rollouts"},
	{say: "Any list is narrowed while you type: by a name, a state, a revision. Try: stage, and enter.",
		key: keymap.Filter, until: keymap.Take, then: "begins to filter"},
	{say: "A colon goes anywhere: to a tenant, an object, a commit, a page; and it does anything. Try: prod, the arrows, and enter.",
		key: keymap.Palette, until: keymap.Take, then: "opens it"},
	{say: "Wherever you are, home is one key away, and esc goes back one thing at a time.",
		key: keymap.GoTenants, then: "goes home"},
	{say: "That is the way about. The keys that work where you are are always listed, and can be searched.",
		key: keymap.Help, then: "lists the keys"},
}

// startTour begins at home, with the steps whose keys are there.
func (a *App) startTour() tea.Cmd {
	t := &tour{}
	for _, s := range tourSteps {
		if a.key(s.key) != "" && a.refusal(s.key) == "" {
			t.steps = append(t.steps, s)
		}
	}
	if a.everything(); len(t.steps) > 0 {
		a.tour = t
	}
	return nil
}

// guide follows the keys that are pressed: the step's own goes on, esc ends the
// tour. It reports whether the key was for the tour alone.
func (a *App) guide(scopes []keymap.Scope, action keymap.Action) bool {
	t := a.tour
	if t == nil {
		return false
	}
	if action == keymap.Escape && !scopes[0].Takes() {
		a.tour = nil
		a.notice = "the tour is over; :tour begins it again"
		return true
	}
	s := t.steps[t.at]
	if s.until == keymap.None && action == s.key || s.until != keymap.None && action == s.until {
		t.at++
	}
	if t.at == len(t.steps) {
		a.tour = nil
		a.notice = "that was the tour; q goes back, :tour begins it again"
	}
	return false
}

// tourHeight is what the tour takes of the pane.
const tourHeight = 3

// tourLines say the step and its key, in at most h lines.
func (a *App) tourLines(w, h int) []string {
	t := a.tour
	if t == nil || h <= 0 {
		return nil
	}
	s := t.steps[t.at]
	key := a.key(s.key)
	if h == 1 {
		return drawPane(a.kit, w, 1, section{label: "TOUR", text: key + " " + s.then + ": " + s.say})
	}
	lines := drawPane(a.kit, w, h-1, section{label: "TOUR", text: s.say})
	for len(lines) < h-1 {
		lines = append(lines, "")
	}
	l := draw.NewLine(a.kit, w).To(paneIndent).Put(themes.Accent, key).Put(themes.Text, " "+s.then)
	where := fmt.Sprintf("%d of %d, esc ends the tour", t.at+1, len(t.steps))
	if at := w - a.kit.Width(where) - 1; at > l.X()+2 {
		l.To(at).Put(themes.Muted, where)
	}
	return append(lines, l.String())
}

// brief is the step for a terminal without a pane.
func (t *tour) brief(a *App) string {
	s := t.steps[t.at]
	return fmt.Sprintf("%s %s. %s", a.key(s.key), s.then, s.say)
}
