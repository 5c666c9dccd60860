package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
	"tenantry/ui/history"
	"tenantry/ui/keymap"
)

// handsOff is how long no key must have been pressed before rows may change
// their order: long enough to aim at a row.
const handsOff = 3 * time.Second

// App is the one tea.Model. Everything else is called by it.
type App struct {
	env
	acts
	follows follows
	opts    Options
	ctx     context.Context
	cluster Cluster
	epoch   uint64
	clock   func() time.Time

	theme   *themes.Theme // as chosen
	drained *themes.Theme // for old data
	glyphs  *glyph.Set

	pages    []screen
	places   map[keymap.Action]screen // made so far
	menu     *menu
	menuAt   zone     // where it was drawn
	recent   []recent // taken from the palette, the latest first
	contexts contexts
	views    viewCounts
	tour     *tour   // nil while nobody is led
	speed    float64 // of the demo
	mouseOff bool
	wants    []model.Want // as sent last
	tail     tail
	authors  authors
	wanting  *inTurn // of this cluster's
	copied   copying
	browser  func() string // finds the program that opens links, "" = none
	notice   string
	lastKey  time.Time
	quitAt   time.Time // when q was pressed on the first screen
	fault    error     // why the session ended
	seen     uint64    // the store's revision the picture was taken at

	paused  bool
	bad     int // tenants a person should look at
	outside int // tenants the scope leaves out
	waiting int // changes since the picture was paused
	// replaced are the objects that went, or gave their name to another one,
	// since the picture was paused: their UIDs as they are drawn.
	replaced map[model.Key]string

	keeper    keeper
	reporting *reporting // nil while no report is gathered

	// What ticking needs to know of the picture.
	changed  time.Time  // local time of the last change
	minute   time.Time  // the minute last drawn
	moving   bool       // something turns
	youngest model.Unix // the newest age shown

	w, h  int
	dirty bool
	view  tea.View
	zones []zone
	last  click
}

// newApp builds the dashboard; it does nothing until it is run.
func newApp(ctx context.Context, o Options) (*App, error) {
	if o.Cluster == nil {
		return nil, errors.New("the dashboard needs a cluster")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	name := o.Theme
	if name == "" {
		name = themeBefore(getenv(o.Environ, "COLORFGBG"))
	}
	theme, err := themes.Load(name)
	if err != nil {
		return nil, err
	}
	a := &App{
		opts: o, ctx: ctx, cluster: o.Cluster, clock: o.Clock, epoch: 1,
		glyphs: glyph.Unicode, dirty: true, wanting: &inTurn{},
	}
	if o.ASCII {
		a.glyphs = glyph.Plain
	}
	a.store, a.keys, a.calm, a.paths = model.NewStore(o.Clock), keymap.Default(), o.Calm, a
	a.mouseOff = o.NoMouse
	a.memory = newMemory(o.State)
	a.past = &earlier{}
	if o.State != "" && !o.NoHistory {
		a.keeper.folder = history.Open(o.State, runName(o.Clock()), o.Clock)
	}
	if o.Keys != nil {
		a.keys = o.Keys
	}
	a.setTheme(theme)
	a.setTime()
	a.began = a.now
	a.browser = func() string { return browserOf(o.Environ) }
	a.pages, a.places = []screen{newTenants(&a.env)}, map[keymap.Action]screen{}
	if o.Setup {
		_ = a.openSetup()
	}
	if o.Demo != nil {
		a.notice, a.speed = a.welcome(), o.Demo.Speed()
	}
	return a, nil
}

func (a *App) setTheme(t *themes.Theme) {
	a.theme, a.drained = t, t.Drained()
	a.kit = draw.Kit{Theme: t, Glyph: a.glyphs}
}

func (a *App) setTime() {
	a.local = a.clock()
	a.now = a.store.Now().In(a.local.Location())
}

// log writes why the session ended to the log, if there is one; a panic with
// its stack. Handing a line to a logger is the one thing Update writes.
func (a *App) log(err error) {
	if a.opts.Log == nil {
		return
	}
	if b := (*bug)(nil); errors.As(err, &b) {
		a.opts.Log.Error(b.Error(), "stack", string(b.stack))
		return
	}
	a.opts.Log.Warn("session ended", "error", err)
}

func (a *App) page() screen { return a.pages[len(a.pages)-1] }

// open puts a page on top.
func (a *App) open(s screen) tea.Cmd {
	a.pages = append(a.pages, s)
	s.derive(false)
	return nil
}

// back takes the top page away and reports whether there was one to go back
// to.
func (a *App) back() bool {
	if len(a.pages) == 1 {
		return false
	}
	a.pages = a.pages[:len(a.pages)-1]
	if !a.paused {
		a.page().derive(false)
	}
	return true
}

// note shows a word about the last action until the next key.
func (a *App) note(text string) { a.notice = text }

// title is the window's.
func (a *App) title() string {
	name := a.store.Connection().Context
	if name == "" {
		name = "in-cluster"
	}
	title := a.followTitle() + "tenantry " + a.kit.Text(name)
	if a.bad > 0 {
		title += fmt.Sprintf(" %s %d", a.glyphs.Of(model.Failed).Shape, a.bad)
	}
	return title
}
