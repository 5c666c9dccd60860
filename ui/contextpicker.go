package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
)

// Context is a cluster the kubeconfig names, and as whom.
type Context struct {
	Name      string
	Cluster   string
	Server    string
	User      string
	Login     string // how it logs in, in a few words; "" = not known
	Namespace string
}

// Target is what to connect to.
type Target struct {
	Context string // "" = the one the program was started with
	// Namespaces are those to read; nil = as the program was started, or all
	// that can be read of another context.
	Namespaces []string
	As         string // whom to impersonate; "" = as the program was started
}

// contexts are those of the kubeconfig, as read last.
type contexts struct {
	list   []Context
	read   bool
	err    error
	menu   *menu // that shows them
	target Target
	cancel func() // ends the attempt to connect; nil while there is none
	number uint64 // of the latest attempt: answers of earlier ones are closed
	now    Target // what the present session was opened for
	// viewing is whom the cluster is looked at as; next, whom it will be once
	// the session that is being opened has answered.
	viewing, next viewing
}

// readContexts reads the kubeconfig's contexts, for what offers them.
func (a *App) readContexts() tea.Cmd {
	if a.opts.Contexts == nil {
		return nil
	}
	return listContexts(a.opts.Contexts)
}

// pickContext opens the menu of contexts, with those read last, and reads them
// again.
func (a *App) pickContext() tea.Cmd {
	if a.opts.Contexts == nil || a.opts.Connect == nil {
		a.notice = "there is only this one cluster to look at"
		return nil
	}
	m := &menu{title: "context: another cluster", wide: 78, tall: 8, foot: 3}
	m.about = func(it item) []section {
		for _, c := range a.contexts.list {
			if c.Name == it.id {
				return contextSections(c)
			}
		}
		return nil
	}
	m.empty = func() string {
		switch {
		case a.contexts.err != nil:
			return a.contexts.err.Error()
		case !a.contexts.read:
			return "reading the kubeconfig"
		}
		return "the kubeconfig names no contexts"
	}
	a.contexts.menu = m
	a.show(m)
	a.listContexts()
	return a.readContexts()
}

// applyContexts takes in what the kubeconfig says now.
func (a *App) applyContexts(msg contextsMsg) {
	a.dirty = true
	a.contexts.read, a.contexts.err = true, msg.err
	if msg.err == nil {
		a.contexts.list = msg.list
	}
	switch {
	case a.menu == nil:
	case a.menu == a.contexts.menu:
		a.listContexts()
	case a.menu.find != nil:
		a.menu.refresh() // the palette offers them
	}
}

// listContexts fills the menu of contexts. The cursor stays on its context; at
// first it stands on the present one.
func (a *App) listContexts() {
	m := a.contexts.menu
	now := a.store.Connection().Context
	on := now
	if it, ok := m.current(); ok {
		on = it.id
	}
	m.items = nil
	for i, c := range a.contexts.list {
		it := item{id: c.Name, text: c.Name, note: c.Server, take: func() tea.Cmd { return a.connect(Target{Context: c.Name}) }}
		if c.Name == now {
			it.tag = "now"
		}
		if c.Name == on {
			m.at = i
		}
		m.items = append(m.items, it)
	}
}

func contextSections(c Context) []section {
	user := c.User
	if c.Login != "" {
		user += ", by " + c.Login
	}
	if c.Namespace != "" {
		user += "; its namespace is " + c.Namespace
	}
	return []section{{label: "AT", text: strings.TrimSpace(c.Cluster + "  " + c.Server)}, {label: "AS", text: user},
		{label: "THEN", text: "this picture stays until the other cluster has answered"}}
}

// connect goes to another cluster, or to the same one anew. The present
// session goes on until the other has answered, and stays if it does not.
func (a *App) connect(t Target) tea.Cmd {
	if a.opts.Connect == nil {
		a.notice = "there is only this one cluster to look at"
		return nil
	}
	if a.sending() {
		a.notice = "an action is just being sent (" + a.deedLine() + "): then the cluster can be changed"
		return nil
	}
	a.dropConnecting()
	c := &a.contexts
	c.target = t
	if t.As == "" {
		c.next = viewing{}
	}
	c.number++
	cmd, cancel := connectTo(a.ctx, a.opts.Connect, t, c.number)
	c.cancel = cancel
	a.notice = "connecting to " + t.words() + "; esc gives up"
	return cmd
}

// reconnect reads the same cluster anew, in these namespaces.
func (a *App) reconnect(namespaces []string) tea.Cmd {
	a.contexts.next = a.contexts.viewing
	return a.connect(Target{Context: a.store.Connection().Context, Namespaces: namespaces, As: a.contexts.now.As})
}

func (t Target) words() string {
	name := t.Context
	if name == "" {
		name = "the cluster"
	}
	if t.As != "" {
		name += " as " + shortUser(t.As)
	}
	return name
}

// dropConnecting gives up connecting and reports whether that was under way.
func (a *App) dropConnecting() bool {
	if a.contexts.cancel == nil {
		return false
	}
	a.contexts.cancel()
	a.contexts.cancel = nil
	return true
}

// applyConnected changes to the session that has answered. What the old one
// still says carries its epoch and is dropped.
func (a *App) applyConnected(msg connectedMsg) tea.Cmd {
	a.dirty = true
	if msg.number != a.contexts.number || a.contexts.cancel == nil {
		return closeCluster(msg.cluster) // given up meanwhile
	}
	t := a.contexts.target
	a.contexts.cancel = nil
	if msg.err != nil {
		a.notice = fmt.Sprintf("still on %s: %s: %v", a.here(), t.words(), msg.err)
		return nil
	}
	if a.sending() {
		a.notice = "still on " + a.here() + ": an action is just being sent"
		return closeCluster(msg.cluster)
	}
	unfollowed, leave := a.leaveDeeds()
	old, parting := a.cluster, tea.Batch(a.parting(), leave)
	a.contexts.now, a.contexts.viewing = t, a.contexts.next
	a.closeDialog() // it asks about the cluster that is left
	a.cluster, a.epoch = msg.cluster, a.epoch+1
	a.store, a.follows = model.NewStore(a.clock), follows{}
	a.began = a.now
	a.fault, a.scope, a.menu, a.zoomed = nil, scope{}, nil, false
	a.seen, a.bad, a.waiting, a.paused, a.replaced = 0, 0, 0, false, nil
	a.recent, a.wants, a.wanting, a.acts, a.copied = nil, nil, &inTurn{}, acts{}, copying{}
	a.views = viewCounts{}
	a.pages, a.places = []screen{newTenants(&a.env)}, map[keymap.Action]screen{}
	for _, b := range msg.batches {
		a.store.Apply(b)
	}
	a.setTime()
	a.notice = "now on " + a.here() + unfollowed
	a.takePicture()
	var view tea.Cmd
	if v := a.contexts.viewing; v.account != (model.Key{}) {
		a.notice = "as " + shortUser(t.As) + " now; " + a.key(keymap.ViewAs) + " ends it" + unfollowed
		view = a.openAsPage(v)
	}
	return tea.Batch(parting, closeCluster(old), nextBatch(a.ctx, a.cluster, a.epoch), view)
}

// parting writes what is to be remembered of the cluster that is left.
func (a *App) parting() tea.Cmd {
	m := a.memory
	if m.folder == nil || m.contents == nil {
		return nil
	}
	if a.contexts.viewing.account != (model.Key{}) {
		return nil // what an account sees is not how the cluster was
	}
	if m.compared && a.store.Connection().State == model.ConnLive {
		a.noteOver()
		a.noteLook()
	}
	if m.edit.empty() {
		return nil
	}
	e := m.edit
	m.edit = edit{}
	return writeMemory(m.folder, m.cluster, e)
}

// here is the cluster in a word.
func (a *App) here() string {
	if name := a.store.Connection().Context; name != "" {
		return name
	}
	return "the cluster"
}
