package ui

import (
	"cmp"
	"runtime/debug"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/ui/state"
)

// edit is a change to what is remembered. It holds values only, so that a
// command can carry it out, and carry it out on what another dashboard wrote.
type edit struct {
	uid   string // of the cluster
	what  string // which namespaces the look is of
	look  *state.Look
	put   []state.Known
	drop  []state.Known
	names []string     // namespaces asked for; nil leaves them
	setup *state.Setup // nil leaves it, one without a URL takes it away
	// drafts are forms, the latest last.
	drafts []state.Draft
}

func (e *edit) empty() bool {
	return e.look == nil && len(e.put)+len(e.drop) == 0 && e.names == nil && e.setup == nil && len(e.drafts) == 0
}

func (e *edit) apply(c *state.Contents) {
	if e.uid != "" {
		if c.UID != "" && c.UID != e.uid {
			c.Looks, c.Known, c.Setup, c.Drafts = nil, nil, nil, nil // a new cluster under an old name
		}
		c.UID = e.uid
	}
	if e.look != nil {
		if c.Looks == nil {
			c.Looks = map[string]*state.Look{}
		}
		c.Looks[e.what] = e.look
	}
	for _, list := range [][]state.Known{e.drop, e.put} {
		for i := range list {
			c.Known = slices.DeleteFunc(c.Known, func(k state.Known) bool { return k.SameObject(&list[i]) })
		}
	}
	c.Known = append(c.Known, e.put...)
	if e.names != nil {
		c.Namespaces = e.names
	}
	for _, d := range e.drafts {
		c.Keep(d)
	}
	if c.Setup = cmp.Or(e.setup, c.Setup); c.Setup != nil && c.Setup.URL == "" {
		c.Setup = nil
	}
}

// change notes that a trouble is known, or no longer.
func (e *edit) change(k state.Known, known bool) {
	same := func(o state.Known) bool { return o.SameObject(&k) }
	e.put, e.drop = slices.DeleteFunc(e.put, same), slices.DeleteFunc(e.drop, same)
	if known {
		e.put = append(e.put, k)
	} else {
		e.drop = append(e.drop, k)
	}
}

// memoryMsg carries what is remembered of a cluster, as read or just written.
type memoryMsg struct {
	cluster  state.Cluster
	contents *state.Contents // nil: nothing can be kept
	err      error
}

func readMemory(folder *state.Folder, c state.Cluster) tea.Cmd {
	return func() (msg tea.Msg) {
		defer lost(&msg, c)
		contents, err := folder.Read(c)
		return memoryMsg{c, contents, err}
	}
}

func writeMemory(folder *state.Folder, c state.Cluster, e edit) tea.Cmd {
	return func() (msg tea.Msg) {
		defer lost(&msg, c)
		contents, err := folder.Update(c, e.apply)
		return memoryMsg{c, contents, err}
	}
}

// lost turns a panic of a command into its answer.
func lost(msg *tea.Msg, c state.Cluster) {
	if r := recover(); r != nil {
		*msg = memoryMsg{cluster: c, err: &bug{value: r, stack: debug.Stack()}}
	}
}
