package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
)

// meant is what a person means who asks for something on a page: the marked
// rows, else what the row under the cursor stands for. It is read from the
// identities of the rows and from the store, and shares nothing with what the
// pages say that their rows are for.
type meant struct {
	known   bool // what the page's rows mean is known here
	marked  bool
	targets []action.Target
	// fetch is what R is for where that is something else.
	fetch *[]action.Target
	// leaving is the tenant that may be off-boarded; "" for none.
	leaving string
	// line is the row of the cursor as it was drawn last, and name what has to
	// stand in it.
	line, name string
}

// fits compares what is asked for with what was meant.
func (m *meant) fits(w action.Wish) error {
	want := m.targets
	switch w.Verb {
	case action.OffBoard:
		want = []action.Target{{Row: m.leaving}}
	case action.Fetch:
		if m.fetch != nil {
			want = *m.fetch
		}
	case action.Reconcile, action.Suspend, action.Resume, action.Force, action.Reset:
	default:
		return nil // their plans are made by forms of their own
	}
	if got := asText(w.Targets); got != asText(want) {
		return fmt.Errorf("%s is for %v; under the cursor or marked was %v", w.Verb, got, asText(want))
	}
	if name := m.name; w.Verb != action.OffBoard && m.line != "" && name != "" && len(name) < 12 && !strings.Contains(m.line, name) {
		return fmt.Errorf("%s is for %s; the cursor's row reads %q", w.Verb, name, m.line)
	}
	return nil
}

// asText are targets without the objects a paused picture binds them to, which
// rows know the names of only, in one order.
func asText(targets []action.Target) string {
	out := slices.Clone(targets)
	for i := range out {
		out[i].UID = ""
	}
	slices.SortFunc(out, func(a, b action.Target) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return fmt.Sprint(out)
}

// whatIsMeant reads a page as a person does.
func (a *App) whatIsMeant() meant {
	m := meant{line: a.cursorLine()}
	switch p := a.page().(type) {
	case *tenants:
		m.known = true
		ids := p.table.Marked()
		m.marked = len(ids) > 0
		if r, ok := p.table.Current(); ok && r.id.kind == rowTenant {
			if !m.marked {
				ids = []rowID{r.id}
			}
			if m.name = a.kit.Text(r.id.name); r.id.name == platformID {
				m.name = model.PlatformName
			} else {
				m.leaving = r.id.name
			}
		}
		for _, id := range ids {
			t := action.Target{Row: id.name}
			if id.name == platformID {
				t.Row = model.PlatformKey
			}
			m.targets = append(m.targets, t)
		}
	case *tenantPage:
		m.line = ""
		if !p.platform {
			m.leaving = p.name // wherever the cursor is: its dialog names the tenant and wants it typed
		}
		if p.tab == tabOverview {
			m.ofTree(p)
		}
	case *objectPage:
		m.line = ""
		if p.view != viewTree {
			m.known, m.targets = true, []action.Target{action.Object(p.key)}
		}
	case interface{ flat() *list }:
		m.known = true
		a.ofList(p.flat(), &m)
	}
	if m.marked {
		m.line = ""
	}
	return m
}

func (m *meant) ofTree(p *tenantPage) {
	m.known = true
	ids := p.tree.table.Marked()
	m.marked = len(ids) > 0
	if r, ok := p.tree.table.Current(); ok && !m.marked && r.key != (model.Key{}) {
		m.targets = []action.Target{action.Object(r.key)}
	}
	for _, id := range ids {
		k, ok := id.ref.Key()
		m.known = m.known && ok
		m.targets = append(m.targets, action.Object(k))
	}
}

// ofList says what the rows of a flat page are for.
func (a *App) ofList(l *list, m *meant) {
	ids := l.table.Marked()
	m.marked = len(ids) > 0
	r, ok := l.table.Current()
	if ok && !m.marked {
		ids = []listID{r.id}
		m.name = a.kit.Text(r.id.key.Name)
	}
	for _, id := range ids {
		if t, is := a.meantByRow(id); is {
			m.targets = append(m.targets, t)
		}
	}
	if !ok {
		return
	}
	if t, is := a.meantByRow(r.id); is && t.Key == (model.Key{}) && t.Row != model.PlatformKey {
		m.leaving = t.Row
	}
	switch a.page().(type) {
	case *events:
		m.name = ""
		if t, is := a.meantByRow(r.id); is {
			m.name = a.kit.Text(t.Key.Name)
		} else if d := r.event; d != nil { // of a kind that is not watched: nothing to act on, the tenant's exit is still offered
			// By its namespace: a paused picture still shows an event the server has
			// dropped, which the store knows no more.
			m.leaving = a.store.TenantOf(model.Key{Kind: model.Namespace, Name: r.id.key.Namespace})
		}
		if m.leaving == model.PlatformKey {
			m.leaving = ""
		}
	case *findings:
		m.name = "" // its row names the tenant and the rule
	case *rollouts:
		m.name = ""
		if r.id.key != (model.Key{}) {
			m.name = a.kit.Text(a.tenantName(a.store.TenantOf(r.id.key)))
			break
		}
		if h, _ := a.repositoryIn(r.id); h != nil && !m.marked {
			sources := a.fetching(h.Repo)
			m.fetch = &sources
		}
	}
}

// meantByRow is what one row of a flat page stands for, told from its identity:
// an object, or a whole tenant.
func (a *App) meantByRow(id listID) (action.Target, bool) {
	if id.what == "denied" {
		return action.Target{}, false
	}
	switch a.page().(type) {
	case *events: // what was said is said of an object
		said := a.saidIn(id)
		if said == nil {
			return action.Target{}, false
		}
		k, watched := said.Regarding.Key()
		return action.Object(k), watched
	case *findings, *suspended: // of an object, or of a tenant as a whole
		if id.key == (model.Key{}) {
			return action.Target{Row: id.tenant}, id.tenant != ""
		}
	case *rollouts: // how a sync does; a repository and a commit can only be fetched
		return action.Object(id.key), id.key != (model.Key{})
	}
	return action.Object(id.key), true
}

// saidIn is the event of a row; a paused picture still shows what the server has
// dropped meanwhile.
func (a *App) saidIn(id listID) *model.EventDetail {
	if o := a.store.Get(id.key); o != nil {
		return o.Detail.(*model.EventDetail)
	}
	if a.paused {
		for _, r := range a.page().(*events).table.Rows() {
			if r.id == id {
				return r.event
			}
		}
	}
	return nil
}

// fetching are the sources that fetch a repository and are not suspended, found
// by asking every source of the cluster where it fetches from.
func (a *App) fetching(repo model.Repo) (out []action.Target) {
	for _, kind := range model.Kinds() {
		if kind.Role() != model.RoleSource {
			continue
		}
		for _, o := range a.store.Objects(kind) {
			if !o.IsSuspended() && a.store.RepoOf(o.Key) == repo {
				out = append(out, action.Object(o.Key))
			}
		}
	}
	return out
}
