package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/palette"
)

// What the lines of the palette are known by.
const (
	pageID    = "page:"
	doID      = "do:"
	kindID    = "kind:"
	tenantID  = "tenant:"
	objectID0 = "object:"
	commitID  = "commit:"
	themeID   = "theme:"
)

// recentLimit is how many of the lines taken are remembered.
const recentLimit = 8

// recent is a line that was taken: enough to make it again.
type recent struct {
	id  string
	row string
	key model.Key
}

// remember puts a line first among those taken lately.
func (p *goPalette) remember(f found) {
	if f.class == classCommit || strings.HasPrefix(f.id, themeID) {
		return
	}
	r := recent{id: f.id}
	if row, ok := strings.CutPrefix(f.id, tenantID); ok {
		r.row = row
	}
	r.key = f.key
	p.recent = slices.DeleteFunc(p.recent, func(o recent) bool { return o.id == r.id })
	p.recent = slices.Insert(p.recent, 0, r)
	p.recent = p.recent[:min(len(p.recent), recentLimit)]
}

// recall makes the line of something taken before, if it is still there.
func (p *goPalette) recall(r recent) (found, bool) {
	if r.row != "" {
		if t := p.store.Tenant(r.row); t != nil {
			return p.tenantLine(t), true
		}
		return found{}, false
	}
	if r.key != (model.Key{}) {
		if p.store.Get(r.key) != nil {
			return p.objectLine(r.key), true
		}
		return found{}, false
	}
	for _, e := range p.fixed {
		if e.id == r.id {
			return e.found, true
		}
	}
	return found{}, false
}

func (p *goPalette) tenantLine(t *model.Tenant) found {
	row := rowKey(t)
	it := item{id: tenantID + row, mark: p.kit.Glyph.Tenant(t), text: t.Name, tag: "tenant", take: func() tea.Cmd { return p.goToTenant(row) }}
	if t.IsPlatform {
		it.tag = "platform"
	}
	if !t.Denied && !t.Reading && t.Health.Unhealthy() {
		it.note = brief(t.Message, t.Worst)
	}
	return found{item: it, class: classTenant}
}

func (p *goPalette) objectLine(k model.Key) found {
	it := item{id: objectID0 + k.String(), key: k, text: k.Name, note: k.Namespace, tag: k.Kind.String(), take: func() tea.Cmd { return p.goToObject(k) }}
	if role := k.Kind.Role(); role == model.RoleOther || role == model.RoleAccess {
		return found{item: it, class: classOther}
	}
	if v := p.store.Verdict(k); v.Health != model.NotApplicable {
		it.mark = p.kit.Glyph.Of(v.Health)
	}
	return found{item: it, class: classObject}
}

// goToTenant opens a tenant's page; behind it the cursor of the tenants list
// stands on it.
func (a *App) goToTenant(row string) tea.Cmd {
	t := a.store.Tenant(row)
	if t == nil {
		a.notice = "the tenant " + row + " is not in the cluster any more"
		return nil
	}
	if p, ok := a.pages[0].(aimable); ok {
		p.aim(spot{tenant: row})
	}
	if t.IsPlatform {
		return a.goTo(keymap.GoPlatform)
	}
	a.pages = a.pages[:1]
	return a.open(newTenantPage(&a.env, t.Name, false))
}

// goToObject opens an object's page over the page one is on.
func (a *App) goToObject(k model.Key) tea.Cmd {
	if p, ok := a.page().(*objectPage); ok && p.key == k {
		return nil
	}
	return a.open(newObjectPage(&a.env, k))
}

// kindPage is the flat list a kind is in; None when it is in none.
func kindPage(k model.Kind) keymap.Action {
	switch k.Role() {
	case model.RolePlatform:
		return keymap.GoPlatform
	case model.RoleSource:
		return keymap.GoSources
	case model.RoleSync:
		return keymap.GoSyncs
	case model.RoleWorkload:
		return keymap.GoWorkloads
	}
	if k == model.Event {
		return keymap.GoEvents
	}
	return keymap.None
}

func (a *App) kindLine(k model.Kind) (found, bool) {
	page := kindPage(k)
	title, ok := placeTitle(page)
	if !ok {
		return found{}, false
	}
	return found{class: classKind, item: item{id: kindID + k.String(), text: k.String(), note: "all of them, in " + title, tag: "kind",
		take: func() tea.Cmd { return a.goToKind(page, k) }}}, true
}

// goToKind opens the flat list a kind is in, narrowed to it where the list
// holds other kinds too.
func (a *App) goToKind(page keymap.Action, k model.Kind) tea.Cmd {
	cmd := a.goTo(page)
	if page != keymap.GoPlatform && page != keymap.GoEvents {
		a.narrowTo(k.String())
	}
	return cmd
}

// narrowTo sets the filter of the page on top.
func (a *App) narrowTo(text string) {
	if f := a.filter(); f != nil {
		f.drop()
		f.line.insert(text)
		a.refilter()
	}
}

// commits are the revisions that begin with what was typed: each with where it
// is, then what has it.
func (p *goPalette) commits(typed string) []found {
	typed = strings.ToLower(strings.TrimSpace(typed))
	if len(typed) < 4 || strings.Trim(typed, "0123456789abcdef") != "" {
		return nil
	}
	type commit struct {
		rows map[string]bool
		keys []model.Key
	}
	seen := map[string]*commit{}
	var order []string
	p.store.Each(func(o *model.Object) bool {
		for _, revision := range revisionsOf(o) {
			sum := model.RevisionSum(revision)
			if !strings.HasPrefix(sum, typed) {
				continue
			}
			c := seen[sum]
			if c == nil {
				c = &commit{rows: map[string]bool{}}
				seen[sum] = c
				order = append(order, sum)
			}
			c.rows[p.store.TenantOf(o.Key)] = true
			if !slices.Contains(c.keys, o.Key) && len(c.keys) < paletteLimit {
				c.keys = append(c.keys, o.Key)
			}
		}
		return true
	})
	slices.Sort(order)
	var out []found
	for _, sum := range order[:min(len(order), 5)] {
		c := seen[sum]
		var names []string
		for row := range c.rows {
			if row == model.PlatformKey {
				row = model.PlatformName
			}
			names = append(names, row)
		}
		slices.Sort(names)
		short := sum[:min(7, len(sum))]
		out = append(out, found{fit: palette.Begins, class: classCommit, item: item{id: commitID + sum, text: short, note: "in " + someOf(names, 4), tag: "commit",
			take: func() tea.Cmd { return p.goToCommit(short) }}})
		slices.SortFunc(c.keys, func(a, b model.Key) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range c.keys {
			f := p.objectLine(k)
			f.fit, f.class, f.note = palette.Within, classCommit, k.Namespace+"  has "+short
			out = append(out, f)
		}
	}
	return out
}

func revisionsOf(o *model.Object) []string {
	switch d := o.Detail.(type) {
	case *model.Source:
		return []string{d.Revision}
	case *model.Sync:
		if d.Attempted != d.Applied {
			return []string{d.Applied, d.Attempted}
		}
		return []string{d.Applied}
	}
	return nil
}

// goToCommit lists the tenants a commit is in.
func (a *App) goToCommit(short string) tea.Cmd {
	cmd := a.goTo(keymap.GoTenants)
	a.narrowTo(short)
	return cmd
}
