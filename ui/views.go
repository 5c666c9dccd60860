package ui

import (
	"fmt"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// What line 1 says of other pages must not cost a key its answer: what they
// count takes a while the first time. Few tenants are counted at once, more of
// them page by page with the clock, very many only once a page was opened.
const (
	countAtOnce = 100
	countByTick = 1000
)

// counting pages have a number for line 1: how many things there are to look
// at.
type counting interface {
	count() int
}

// countedPages are the pages whose number is shown.
var countedPages = []keymap.Action{keymap.GoRollouts, keymap.GoFindings, keymap.GoSuspended}

// viewCounts are the numbers of other pages, as counted last.
type viewCounts struct {
	n    map[keymap.Action]int
	at   map[keymap.Action]uint64 // the store's revision they are of
	next int                      // whose turn it is
}

func (p *rollouts) count() int {
	n := 0
	scoped := p.inScope()
	for _, h := range p.store.Rollouts() {
		if (h.Moving || h.Stuck) && (scoped == nil || scoped[h.Repo]) {
			n++
		}
	}
	return n
}

func (p *suspended) count() int { return len(p.gather()) }

// countViews counts what is not counted yet of the present picture: everything
// where that is quick, else the page whose turn it is.
func (a *App) countViews(turn bool) {
	tenants := len(a.store.Tenants())
	if !a.store.Complete() || !turn && tenants > countAtOnce {
		return
	}
	if a.views.n == nil {
		a.views.n, a.views.at = map[keymap.Action]int{}, map[keymap.Action]uint64{}
	}
	for range countedPages {
		action := countedPages[a.views.next%len(countedPages)]
		a.views.next++
		if a.views.at[action] == a.seen || tenants > countByTick && a.places[action] == nil {
			continue
		}
		if p, ok := a.placeFor(action).(counting); ok {
			n := p.count()
			a.dirty = a.dirty || a.views.n[action] != n
			a.views.n[action], a.views.at[action] = n, a.seen
		}
		if tenants > countAtOnce {
			return
		}
	}
}

// view is a page on line 1.
type view struct {
	action keymap.Action
	key    string
	title  string
	n      int
	state  mark
}

// tellingViews are the pages that have something to say.
func (a *App) tellingViews() []view {
	var out []view
	add := func(action keymap.Action, n int, state mark) {
		if title, ok := placeTitle(action); ok {
			out = append(out, view{action, a.key(action), title, n, state})
		}
	}
	add(keymap.GoTenants, 0, mark{})
	for _, action := range countedPages {
		if n := a.views.n[action]; n > 0 {
			add(action, n, mark{})
		}
	}
	if p := a.store.Platform(); p != nil && p.Row != nil && !p.NoFlux {
		add(keymap.GoPlatform, 0, a.glyphs.Tenant(p.Row))
	}
	return out
}

func (v *view) words() string {
	words := v.key + " " + v.title
	if v.n > 0 {
		words += fmt.Sprintf(" %d", v.n)
	}
	if v.state.Shape != "" {
		words += " " + v.state.Shape
	}
	return words
}

// viewGap stands between two views.
const viewGap = 2

// drawViews writes the views at the right of what is left of line 1; where they
// don't fit, those between the first and the last go first.
func (a *App) drawViews(l *draw.Line) {
	list := a.tellingViews()
	need := func() int {
		n := -viewGap
		for i := range list {
			n += a.kit.Width(list[i].words()) + viewGap
		}
		return n
	}
	for len(list) > 2 && need() > l.Left()-4 {
		list = append(list[:len(list)-2], list[len(list)-1])
	}
	if len(list) < 2 || need() > l.Left()-4 {
		return
	}
	l.Skip(l.Left() - need() - 1)
	for i := range list {
		v := &list[i]
		if i > 0 {
			l.Skip(viewGap)
		}
		a.zones = append(a.zones, zone{l.X(), 0, a.kit.Width(v.words()), 1, zoneKey, v.action})
		role := themes.Text
		if a.places[v.action] == a.page() || v.action == keymap.GoTenants && len(a.pages) == 1 {
			role = themes.Title
		}
		l.Put(themes.Accent, v.key).Put(role, " "+v.title)
		if v.n > 0 {
			l.Put(themes.Text, fmt.Sprintf(" %d", v.n))
		}
		if v.state.Shape != "" {
			l.Skip(1).Put(v.state.Role, a.Turn(v.state).Shape)
		}
	}
}
