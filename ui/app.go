package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// Init starts the two things that keep the dashboard going: the session's next
// batch and the clock.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{nextBatch(a.ctx, a.cluster, a.epoch), tick()}
	if a.opts.Theme == "" {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// Update takes one message. It does no IO.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.handle(msg)
	return a, tea.Batch(append(a.errands(), cmd)...)
}

func (a *App) handle(msg tea.Msg) tea.Cmd {
	a.setTime()
	switch msg := msg.(type) {
	case batchMsg:
		return a.applyBatch(msg)
	case tickMsg:
		return a.applyTick()
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.PasteMsg:
		a.paste(msg.Content)
	case tea.MouseClickMsg:
		return a.clicked(msg.Mouse())
	case tea.MouseWheelMsg:
		a.wheel(msg.Mouse())
	case tea.WindowSizeMsg:
		a.w, a.h, a.dirty = msg.Width, msg.Height, true
	case tea.BackgroundColorMsg:
		a.background(msg.IsDark())
	case tea.ColorProfileMsg:
		a.profile(msg)
	case tea.ResumeMsg:
		a.dirty = true
	case logOpenedMsg:
		return a.logOpened(msg)
	case logMsg:
		return a.tookLog(msg)
	case historyMsg:
		return a.tookHistory(msg)
	case documentMsg:
		a.takeAnswer(msg)
	case authorMsg:
		a.takeAuthor(msg)
	case browsedMsg:
		return a.browsed(msg)
	case wroteMsg:
		a.wrote(msg)
	case pacedMsg:
		a.notice, a.speed, a.dirty = msg.said, msg.speed, true
	case contextsMsg:
		a.applyContexts(msg)
	case connectedMsg:
		return a.applyConnected(msg)
	case namespacesMsg:
		a.applyNamespaces(msg)
	case memoryMsg:
		return a.applyMemory(msg)
	case rightsMsg:
		a.applyRights(msg)
	case permitMsg:
		return a.permitted(msg)
	case leavingReadMsg:
		return a.readLeaving(msg)
	case mayViewMsg:
		return a.mayView(msg)
	case rulesMsg:
		a.applyRules(msg)
	case sentMsg:
		return a.took(msg)
	case syncReadMsg:
		return a.syncRead(msg)
	case syncTriedMsg:
		return a.syncTried(msg)
	case secretsMsg:
		a.takeSecrets(msg)
	case credentialMsg:
		return a.openCredential(msg)
	case keyMadeMsg, fileReadMsg, hostKeysMsg, triedMsg, storedMsg, sealedMsg, testedMsg:
		return a.credentialNews(msg)
	case arrivalMsg:
		a.tookArrival(msg)
	case tenantTriedMsg:
		return a.tenantTried(msg)
	case setupRightsMsg:
		a.applySetupRights(msg)
	case instanceReadMsg:
		a.instanceRead(msg)
	case instanceTriedMsg:
		return a.instanceTried(msg)
	case programsMsg:
		a.askPrograms(msg)
	case programStartedMsg:
		return a.programStarted(msg)
	case outputMsg:
		return a.tookOutput(msg)
	case keepReadMsg:
		a.keepRead(msg)
	case keptMsg:
		a.wroteKept(msg)
	case unfinishedMsg:
		return a.applyUnfinished(msg)
	case folderDoneMsg:
		a.dirty = true
		cmd := msg.after()
		return cmd
	case noteMsg:
		a.notice, a.dirty = msg.text, true
	case bugMsg:
		a.log(msg.err)
		a.notice, a.dirty = msg.err.Error(), true
	case terminateMsg:
		return tea.Quit
	}
	return nil
}

// applyBatch takes in what the session reported and asks for more.
func (a *App) applyBatch(msg batchMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil // of a session that is closed
	}
	if msg.err != nil {
		if a.ctx.Err() == nil {
			a.fault, a.dirty = msg.err, true
			a.log(msg.err)
		}
		return nil
	}
	before, news := a.store.Revision(), a.store.Complete() // the first lists are no news
	a.noteReplaced(msg.batch.Changes)
	wasAway := a.store.Connection().State == model.ConnLost
	a.store.Apply(msg.batch)
	if wasAway && a.store.Connection().State == model.ConnLive && strings.Contains(a.notice, serverAway) {
		a.notice = "" // what it says is over
	}
	if news && a.store.Revision() != before {
		a.changed = a.local
	}
	if a.paused {
		a.waiting += len(msg.batch.Changes)
		a.dirty = true
	}
	a.setTime() // the batch may have set the server's clock
	a.stepFollowing()
	a.takePicture()
	return nextBatch(a.ctx, a.cluster, a.epoch)
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
