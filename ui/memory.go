package ui

import (
	"errors"
	"maps"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/state"
)

// rememberEvery is how often the look is written: what a lost terminal or a
// kill may cost.
const rememberEvery = time.Minute

// overAfter is how long a known trouble must have been away until its return
// is news: some come and go with every try.
const overAfter = 10 * time.Minute

// memory is what this machine remembers of the cluster on the screen: which
// troubles are known, and how things were at the last look. It belongs to the
// event loop; files are read and written by commands.
type memory struct {
	folder   *state.Folder // nil: nothing is kept beyond this run
	cluster  state.Cluster
	contents *state.Contents        // nil until it is read
	edit     edit                   // not written yet
	drafts   map[string]state.Draft // of this run, by form; without anything typed: taken away
	mends    map[string]*tenantForm // tenants that were sent, as they are typed anew
	busy     bool                   // a file is being read or written
	epoch    uint64                 // of the session that is compared
	said     bool                   // that nothing can be kept; once is enough
	saved    time.Time              // by the local clock
	known    map[model.Ref]state.Known
	missing  map[model.Ref]time.Time // since when a known trouble is away
	revision int                     // grows when known changes
	away     *away                   // what happened since the last look
	compared bool
	asker    *namespaceAsker // who asked last which namespaces to read
}

func newMemory(dir string) *memory {
	m := &memory{}
	if dir != "" {
		m.folder = state.Open(dir)
	}
	return m
}

// remember keeps the memory up to date with the picture: it is read when the
// cluster is known, compared when the first picture is complete, and written
// once a minute.
func (a *App) remember() tea.Cmd {
	m, conn := a.memory, a.store.Connection()
	if a.contexts.viewing.account != (model.Key{}) {
		return nil // what an account sees is not how the cluster is
	}
	switch who := (state.Cluster{Context: conn.Context, Server: conn.Server}); {
	case who == (state.Cluster{}):
		return nil
	case m.cluster != who:
		*m = memory{folder: m.folder, cluster: who, epoch: a.epoch, said: m.said, revision: m.revision + 1}
		if m.folder == nil {
			m.adopt(&state.Contents{})
			break
		}
		m.busy = true
		return readMemory(m.folder, who)
	case m.epoch != a.epoch:
		m.epoch, m.compared = a.epoch, false // read anew, maybe in other namespaces
	}
	if m.contents == nil || !a.store.Complete() || conn.State != model.ConnLive {
		return nil
	}
	if !m.compared {
		if a.store.Settling() {
			return nil
		}
		m.compared, m.saved = true, a.local
		a.firstPicture()
	}
	if a.local.Sub(m.saved) < rememberEvery {
		return nil
	}
	m.saved = a.local
	a.noteOver()
	a.noteLook()
	a.forgetMadeFor()
	return a.write()
}

// firstPicture is what a whole picture asks for once: what happened since the
// last look, and where there is next to nothing, what there is to do.
func (a *App) firstPicture() {
	a.compareLooks()
	a.dirty = true
	named := a.memory.asker != nil // who named namespaces waits for what is in them
	a.memory.asker = nil
	if !a.lastKey.IsZero() && !named || a.menu != nil || len(a.pages) > 1 {
		return // somebody is at work
	}
	tenants := a.store.Tenants()
	switch {
	case a.unnamed() && a.opts.Connect != nil:
		a.askNamespaces()
	case len(tenants) == 1 && len(a.store.Connection().Namespaces) > 0 && a.awayShown() == nil:
		a.open(newTenantPage(&a.env, tenants[0].Name, false)) // the list would say it again
	}
}

// write carries out what is not written yet, unless a file is being written:
// then it follows.
func (a *App) write() tea.Cmd {
	m := a.memory
	switch {
	case m.edit.empty() || m.contents == nil || m.busy:
		return nil
	case m.folder == nil:
		e := m.edit
		m.edit = edit{}
		e.look = nil
		e.apply(m.contents)
		m.adopt(m.contents)
		return nil
	}
	e := m.edit
	m.edit, m.busy = edit{}, true
	return writeMemory(m.folder, m.cluster, e)
}

// applyMemory takes in what was read or written.
func (a *App) applyMemory(msg memoryMsg) tea.Cmd {
	m := a.memory
	if msg.cluster != m.cluster {
		return nil // of a cluster that is left
	}
	m.busy = false
	if msg.err != nil && !m.said {
		m.said, a.notice, a.dirty = true, msg.err.Error(), true
	}
	if msg.err != nil && a.opts.Log != nil {
		a.opts.Log.Warn("memory", "error", msg.err)
	}
	if msg.contents == nil { // known troubles stay known for this run
		m.folder = nil
		if msg.contents = m.contents; msg.contents == nil {
			msg.contents = &state.Contents{}
		}
	}
	if m.adopt(msg.contents) {
		a.dirty = true
		if !a.paused {
			a.page().derive(a.handsOn())
		}
	}
	return tea.Batch(a.remember(), a.write())
}

// adopt takes contents, and on top of them what is not written yet. It reports
// whether anything is known now that was not, or no longer.
func (m *memory) adopt(c *state.Contents) bool {
	first := m.contents == nil
	m.contents = c
	e := m.edit
	e.apply(c)
	known := make(map[model.Ref]state.Known, len(c.Known))
	for _, k := range c.Known {
		known[model.Ref{Kind: k.Kind, Namespace: k.Namespace, Name: k.Name}] = k
	}
	if !first && maps.Equal(known, m.known) {
		return false
	}
	m.known = known
	m.revision++
	return true
}

// noteLook takes down how every row is now.
func (a *App) noteLook() {
	e := &a.memory.edit
	e.uid, e.what = a.clusterUID(), strings.Join(a.store.Connection().Namespaces, ",")
	e.look = &state.Look{At: a.local.Unix(), Tenants: map[string][]string{}}
	a.eachRow(func(key string, t *model.Tenant) {
		word := t.Health.String()
		e.look.Tenants[word] = append(e.look.Tenants[word], key)
	})
	e.look.Made, e.look.Sync = a.namespacesMade(), a.syncNow()
}

// eachRow calls f for every row whose state is known.
func (a *App) eachRow(f func(key string, t *model.Tenant)) {
	if p := a.store.Platform(); p != nil && p.Row != nil && !p.NoFlux && !p.Row.Denied && !p.Row.Reading {
		f(model.PlatformKey, p.Row)
	}
	for _, t := range a.store.Tenants() {
		if !t.Denied && !t.Reading {
			f(t.Name, t)
		}
	}
}

// clusterUID tells a cluster from one made anew at the same address.
func (a *App) clusterUID() string {
	if o := a.store.Get(model.Key{Kind: model.Namespace, Name: "kube-system"}); o != nil {
		return o.UID
	}
	return ""
}

// noteOver marks known troubles that have been away for a while: when they are
// back, they are new.
func (a *App) noteOver() {
	m := a.memory
	if len(m.known) == 0 {
		return
	}
	there := map[model.Ref]bool{}
	a.eachRow(func(_ string, t *model.Tenant) {
		if t.Cause != nil {
			there[t.Cause.Ref()] = true
		}
	})
	if m.missing == nil {
		m.missing = map[model.Ref]time.Time{}
	}
	for ref, k := range m.known {
		since, missing := m.missing[ref]
		switch {
		case k.Over, strings.HasPrefix(ref.Kind, findingKind):
		case there[ref]:
			delete(m.missing, ref)
		case !missing:
			m.missing[ref] = a.local
		case a.local.Sub(since) >= overAfter:
			k.Over = true
			m.edit.change(k, true)
		}
	}
}

// farewell writes the last look. It is called when the screen has gone.
func (a *App) farewell() error {
	if d := a.dialog; d != nil && d.draft != nil {
		a.noteDraft(d.draft)
	}
	return errors.Join(a.lastHistory(), a.lastLook())
}

func (a *App) lastLook() error {
	m := a.memory
	if m.folder == nil || m.contents == nil {
		return nil
	}
	if m.compared && a.store.Connection().State == model.ConnLive {
		a.noteOver()
		a.noteLook()
		a.forgetMadeFor()
	}
	if m.edit.empty() {
		return nil
	}
	_, err := m.folder.Update(m.cluster, m.edit.apply)
	return err
}
