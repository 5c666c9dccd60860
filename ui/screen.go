package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// env is what every screen draws from. There is one, owned by the app; screens
// read it and change nothing in it.
type env struct {
	store *model.Store
	kit   draw.Kit
	keys  *keymap.Map
	calm  bool
	scope scope
	// zoomed: the page on top is alone, for a room.
	zoomed bool
	// now is the moment the screen shows: the server's time. It stands still
	// between two messages, so that one frame has one time.
	now time.Time
	// began is when this session began to watch, by the server's clock.
	began time.Time
	// local is the moment by this machine's clock, for what the person does.
	local  time.Time
	paths  paths
	memory *memory
	past   *earlier
}

// paths is how screens ask for other screens.
type paths interface {
	open(screen) tea.Cmd
	note(text string)
}

// key is the key of an action, as it is written in a sentence.
func (e *env) key(a keymap.Action) string {
	key, _, _ := e.keys.KeyFor([]keymap.Scope{keymap.List, keymap.Home, keymap.Page, keymap.Everywhere}, a)
	if e.kit.Glyph.ASCII {
		key = asciiKey(key)
	}
	return key
}

// age writes how long ago something was; unknown times are never guessed.
func (e *env) age(since model.Unix) string {
	if since == 0 {
		return e.kit.Glyph.Unknown
	}
	return ageOf(e.now.Sub(time.Unix(int64(since), 0)))
}

// second drives what turns once a second; with --calm it rests.
func (e *env) second() int64 {
	if e.calm {
		return 0
	}
	return e.now.Unix()
}

// screen is one page of the dashboard. Screens are plain pointers: they are
// called, they don't get messages.
type screen interface {
	// crumbs are the words of line 1 after the context.
	crumbs() []string
	// scopes are the key scopes of the page, from the innermost out.
	scopes() []keymap.Scope
	// derive takes a new picture from the store. With hold, rows keep their
	// places for now. It is not called while the picture is paused.
	derive(hold bool)
	// held reports whether rows hold places that are not theirs any more.
	held() bool
	// act does what a key asked for, if it is the page's to do.
	act(keymap.Action) (tea.Cmd, bool)
	// counts is the left of line 2, above the lines between it and the body.
	counts(l *draw.Line)
	above(w int) string
	body(w, h int) []string
	pane(w, h int) []string
	// paneNeeds is how many lines the pane would like; 0 for the usual.
	paneNeeds(w int) int
	// subject is the row under the cursor, for small screens and for copying.
	subject() subject
	// hints are the actions named on the key line, the most wanted first.
	hints() []keymap.Action
	position() (at, of int)
}

// subject is the row under the cursor in a few words.
type subject struct {
	name  string
	state mark
	since string
	cause string
	copy  string // what c copies
	spot  spot   // what actions on it are meant for
	why   spot   // what x explains, where actions are meant for nothing
	link  string // the page that belongs to it, where that is no object's
}

// filterable screens have a filter.
type filterable interface {
	filter() *filter
	refilter()
}

// pointable screens can be clicked at; y counts from the body's first line.
type pointable interface {
	click(x, y int) (hit bool)
	clickAbove(x, w int)
	scroll(n int)
}

// sortable screens offer columns to sort by.
type sortable interface {
	sortColumns() (ids, titles []string)
	sortBy(id string)
}
