package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/palette"
)

// What the palette shows at most, and how long its index of names is good for
// while the cluster changes. Names come and go seldom; going to one that has
// gone since is said by the page it leads to.
const (
	paletteLimit = 50
	paletteRows  = 14
	paletteWidth = 100
	paletteFresh = 2 * time.Second
	paletteStale = time.Minute
)

// goPalette is the typed line that goes anywhere and does anything.
type goPalette struct {
	*App
	before *themes.Theme // to go back to from a preview
	fixed  []entry
	index  *nameIndex
}

// class orders what fits equally well.
type class uint8

const (
	classPage class = iota
	classTenant
	classKind
	classAction
	classCommit
	classObject
	classOther // objects that are evidence only: accounts, bindings, leases
)

// found is a line of the palette with what it is ranked by.
type found struct {
	item
	fit   int
	class class
}

// entry is a page, an action or a kind: what is there without a cluster.
type entry struct {
	found
	names []string // it can be found by, in lower case
}

// nameIndex is every name in the cluster, as of a revision of the store.
type nameIndex struct {
	revision uint64
	at       time.Time
	of       int // objects, in all
	objects  palette.Names
	known    []*model.Object
	tenants  palette.Names
	rows     []*model.Tenant
}

func (a *App) openPalette(typed string) tea.Cmd {
	p := &goPalette{App: a, before: a.theme, fixed: a.entries()}
	a.show(&menu{
		title: "go to, or do", prompt: ":", hint: "a tenant, an object, a commit, a page, an action", line: &editLine{}, find: p.find, empty: p.empty, complete: p.complete,
		moved: p.preview, leave: p.restore, wide: paletteWidth, tall: paletteRows,
	})
	p.names() // so that the first letter is as quick as the others
	if typed != "" {
		a.menu.typed(typed)
	}
	return a.readContexts()
}

// names is the index, made anew when the cluster has changed.
func (p *goPalette) names() *nameIndex {
	revision, n := p.store.Revision(), p.store.Len()
	if x := p.index; x != nil {
		age := p.local.Sub(x.at)
		if x.revision == revision || age < paletteFresh || n == x.of && age < paletteStale {
			return x
		}
	}
	tenants := p.store.Tenants()
	x := &nameIndex{revision: revision, at: p.local, of: n, rows: make([]*model.Tenant, 0, len(tenants)+1), known: make([]*model.Object, 0, n)}
	if platform := p.store.Platform(); platform != nil && platform.Row != nil && !platform.NoFlux {
		x.rows = append(x.rows, platform.Row)
	}
	x.rows = append(x.rows, tenants...)
	x.tenants.Grow(len(x.rows))
	for _, t := range x.rows {
		x.tenants.Add("", t.Name)
	}
	x.objects.Grow(n)
	p.store.Each(func(o *model.Object) bool {
		if o.Kind != model.Event { // they have no names, only numbers
			x.known = append(x.known, o)
			x.objects.Add(o.Namespace, o.Name)
		}
		return true
	})
	p.index = x
	return x
}

// find is what fits what is typed, the best first.
func (p *goPalette) find(typed string) []item {
	typed = strings.TrimLeft(typed, " :")
	if word, rest, ok := strings.Cut(typed, " "); ok {
		if of, known := p.commands()[strings.ToLower(word)]; known {
			return p.finish(ranked(strings.TrimSpace(rest), of()))
		}
	}
	if strings.TrimSpace(typed) == "" {
		return p.finish(p.first())
	}
	return p.finish(p.search(typed))
}

// first is what there is before a letter is typed: where one went lately, then
// the pages, then everything that can be done.
func (p *goPalette) first() []found {
	var out []found
	for _, r := range p.recent {
		if f, ok := p.recall(r); ok {
			out = append(out, f)
		}
	}
	lately := len(out)
	for _, e := range p.fixed {
		again := slices.ContainsFunc(out[:lately], func(f found) bool { return f.id == e.id })
		if e.class != classKind && !again {
			out = append(out, e.found)
		}
	}
	return out
}

func (p *goPalette) search(typed string) []found {
	x := p.names()
	all := ranked(typed, p.fixed)
	for _, h := range x.tenants.Find(typed, nil, paletteLimit) {
		f := p.tenantLine(x.rows[h.At])
		f.fit, f.hits = h.Fit, h.Hits
		all = append(all, f)
	}
	all = append(all, p.commits(typed)...)
	name, only := typed, func(int) bool { return true }
	if kind, rest, ok := palette.CutKind(typed); ok {
		name, only = rest, func(i int) bool { return x.known[i].Kind == kind }
		if f, ok := p.kindLine(kind); ok && rest == "" {
			all = append(all, f)
		}
	}
	for _, h := range x.objects.Find(name, only, paletteLimit) {
		f := p.objectLine(x.known[h.At].Key)
		f.fit, f.hits = h.Fit, h.Hits
		all = append(all, f)
	}
	lately := map[string]int{}
	for i, r := range p.recent {
		lately[r.id] = len(p.recent) - i
	}
	slices.SortStableFunc(all, func(a, b found) int {
		switch {
		case a.fit != b.fit:
			return a.fit - b.fit
		case lately[a.id] != lately[b.id]:
			return lately[b.id] - lately[a.id]
		}
		return int(a.class) - int(b.class)
	})
	return all
}

// ranked is what fits of a few entries, the best first; all of them when nothing
// is typed.
func ranked(typed string, entries []entry) []found {
	var out []found
	typed = strings.ToLower(typed)
	for _, e := range entries {
		f := e.found
		f.fit = palette.None
		for _, name := range e.names {
			fit := palette.FitOf(name, typed)
			if fit == palette.None && palette.Scattered(name, typed) {
				fit = palette.Letters
			}
			f.fit = min(f.fit, fit)
		}
		if at := strings.Index(strings.ToLower(f.text), typed); at >= 0 {
			for i := range typed {
				f.hits = append(f.hits, at+i)
			}
		}
		if f.fit < palette.None {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b found) int { return a.fit - b.fit })
	return out
}

// finish makes lines of what was found: taking one is remembered.
func (p *goPalette) finish(all []found) []item {
	out := make([]item, 0, min(len(all), paletteLimit))
	for _, f := range all[:min(len(all), paletteLimit)] {
		it, take := f.item, f.take
		if clean := p.kit.Text(it.text); clean != it.text {
			it.hits = nil // they count in what is no longer there
		}
		it.take = func() tea.Cmd {
			p.remember(f)
			return take()
		}
		out = append(out, it)
	}
	return out
}

// complete takes over the line under the cursor, ready for more.
func (p *goPalette) complete(typed string, it item) string {
	if word, _, ok := strings.Cut(strings.TrimLeft(typed, " :"), " "); ok && p.commands()[word] != nil {
		return word + " " + it.text
	}
	if p.commands()[it.text] != nil {
		return it.text + " "
	}
	if r, ok := strings.CutPrefix(it.id, objectID0); ok {
		_, name, _ := strings.Cut(r, "/")
		return name
	}
	return it.text
}

func (p *goPalette) empty() string {
	return "Nothing is called that. A tenant, an object (name, namespace/name, or kind and name), a commit, a page or an action can be typed; " +
		"ctx, ns and theme take a name."
}

// preview shows a theme while it is chosen.
func (p *goPalette) preview(it item) {
	name, ok := strings.CutPrefix(it.id, themeID)
	if !ok {
		p.restore()
		return
	}
	if t, err := themes.Load(name); err == nil {
		p.setTheme(t)
	}
}

func (p *goPalette) restore() {
	if p.theme != p.before {
		p.setTheme(p.before)
	}
}

// someOf joins up to n names and counts the others.
func someOf(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}
