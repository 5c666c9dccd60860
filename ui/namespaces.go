package ui

import (
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// unnamed reports whether nothing can be read only because nobody has said
// which namespaces to read: everything cluster-wide is refused, and so is the
// list of the namespaces.
func (e *env) unnamed() bool {
	if !e.store.Complete() {
		return false
	}
	refused := false
	for _, sc := range e.store.Scopes() {
		switch {
		case sc.Kind == model.Namespace:
			refused = sc.State == model.ScopeDenied
		case sc.Kind.Namespaced() && sc.State != model.ScopeDenied && sc.State != model.ScopeAbsent:
			return false
		}
	}
	return refused
}

// namespaceAsker asks which namespaces are the person's, and checks each.
type namespaceAsker struct {
	*App
	menu    *menu
	checked map[string]namespaceCheck
	failed  string // why they could not be checked
	busy    bool
}

type namespaceCheck struct {
	readable bool
	words    string
}

// namespacesMsg is what may be done in namespaces somebody named.
type namespacesMsg struct {
	answers []model.Permission
	err     error
}

// askNamespaces asks, with what was asked for or remembered filled in.
func (a *App) askNamespaces() {
	n := &namespaceAsker{App: a, checked: map[string]namespaceCheck{}}
	names := slices.Clone(a.store.Connection().Namespaces)
	if a.memory.contents != nil {
		for _, name := range a.memory.contents.Namespaces {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	line := &editLine{}
	line.insert(strings.Join(names, " "))
	n.menu = &menu{title: "which namespaces are yours?", prompt: "namespaces ", line: line, find: n.find, wide: 70, tall: 6, foot: 2,
		empty: func() string {
			return "Their names, with blanks between. Namespaces can't be listed by you, nor anything cluster-wide."
		},
		about: func(item) []section {
			return []section{{label: "WHY", text: "You may list nothing cluster-wide, namespaces neither. Named here, they are checked, read and remembered."}}
		}}
	a.memory.asker = n
	n.stay()
}

// namespaceName is what a namespace may be called (RFC 1123).
var namespaceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// find offers to check what is typed, and once that is done, to read it.
func (n *namespaceAsker) find(typed string) []item {
	names := strings.FieldsFunc(typed, func(r rune) bool { return r == ' ' || r == ',' })
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) == 0 {
		return nil
	}
	var lines []item
	var readable, unchecked []string
	wrong := false
	for _, name := range names {
		check, done := n.checked[name]
		it := item{text: name, note: check.words, take: n.stay}
		switch {
		case !namespaceName.MatchString(name):
			it.note, wrong = "no name of a namespace", true
			it.mark = n.glyphs.Of(model.Failed)
		case !done:
			unchecked = append(unchecked, name)
			it.mark = n.glyphs.Of(model.Pending)
		case check.readable:
			readable = append(readable, name)
			it.mark = n.glyphs.Of(model.Ready)
		default:
			it.mark = n.glyphs.Of(model.Failed)
		}
		lines = append(lines, it)
	}
	first := item{take: n.stay}
	switch {
	case n.busy:
		first.text = "checking"
		first.mark = n.glyphs.Of(model.Reconciling)
	case n.failed != "":
		first.text, first.note = "check again", n.failed
		first.take = func() tea.Cmd { return n.check(names) }
	case wrong:
		first.text = "mend the names first"
	case len(unchecked) > 0:
		first.text = "check what you may do there"
		first.take = func() tea.Cmd { return n.check(names) }
	case len(readable) == 0:
		first.text = "nothing in them is yours to read"
	default:
		first.text = "read " + strings.Join(readable, ", ")
		first.take = func() tea.Cmd { return n.read(readable) }
	}
	return append([]item{first}, lines...)
}

// stay opens the field, also again when a line was none to take.
func (n *namespaceAsker) stay() tea.Cmd {
	n.show(n.menu)
	n.menu.typed(n.menu.line.String())
	return nil
}

// check asks what may be done in each.
func (n *namespaceAsker) check(names []string) tea.Cmd {
	n.busy, n.failed = true, ""
	n.stay()
	var what []model.Access
	for _, name := range names {
		what = append(what, accessTo(name)...)
	}
	cluster, ctx := n.cluster, n.ctx
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = namespacesMsg{err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		answers, err := cluster.Can(ctx, what)
		return namespacesMsg{answers, err}
	}
}

// The rights a namespace is judged by, in this order.
const (
	mayReadSyncs = iota
	mayReadWorkloads
	mayReconcile
	mayReadEvents
	accessCount
)

func accessTo(namespace string) []model.Access {
	syncs := model.Access{Verb: "list", Group: model.Kustomization.Group(), Resource: model.Kustomization.Resource(), Namespace: namespace}
	reconcile := syncs
	reconcile.Verb = "patch"
	return []model.Access{
		mayReadSyncs:     syncs,
		mayReadWorkloads: {Verb: "list", Group: model.Deployment.Group(), Resource: model.Deployment.Resource(), Namespace: namespace},
		mayReconcile:     reconcile,
		mayReadEvents:    {Verb: "list", Group: model.Event.Group(), Resource: model.Event.Resource(), Namespace: namespace},
	}
}

// applyNamespaces takes the answers in, if anybody still asks.
func (a *App) applyNamespaces(msg namespacesMsg) {
	n := a.memory.asker
	if n == nil || a.menu != n.menu {
		return
	}
	n.busy = false
	switch {
	case msg.err != nil:
		n.failed = msg.err.Error()
	default:
		for i := 0; i+accessCount <= len(msg.answers); i += accessCount {
			four := msg.answers[i : i+accessCount]
			n.checked[four[0].Access.Namespace] = judgeNamespace(four)
		}
	}
	n.menu.narrow()
	a.dirty = true
}

// judgeNamespace puts the answers about one namespace into words.
func judgeNamespace(four []model.Permission) namespaceCheck {
	is := func(i int, s model.PermissionState) bool { return four[i].State == s }
	allowed, denied := model.PermissionAllowed, model.PermissionDenied
	switch {
	case is(mayReadSyncs, denied) && is(mayReadWorkloads, denied):
		return namespaceCheck{words: "nothing to read"}
	case !is(mayReadSyncs, allowed) && !is(mayReadWorkloads, allowed):
		return namespaceCheck{readable: true, words: "not told what you may; it can be tried"}
	}
	words := "read"
	if is(mayReadSyncs, denied) {
		words = "read, but no syncs"
	}
	if is(mayReadWorkloads, denied) {
		words += ", no workloads"
	}
	if is(mayReconcile, allowed) {
		words += ", reconcile"
	}
	if is(mayReadEvents, denied) {
		words += ", no events"
	}
	return namespaceCheck{readable: true, words: words}
}

// read reads the namespaces, and remembers all that were named.
func (n *namespaceAsker) read(names []string) tea.Cmd {
	n.memory.edit.names = names
	return tea.Batch(n.write(), n.reconnect(names))
}
