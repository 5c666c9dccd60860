package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// sameRepository are rows for the tenants whose sources have the same
// repository: what is promoted goes from one to the other.
func (p *tenantPage) sameRepository(t *model.Tenant) []*node {
	var out []*node
	for _, name := range p.others.same {
		other := p.store.Tenant(name)
		if other == nil || !p.scope.covers(name, other.Namespaces...) {
			continue
		}
		n := p.heading("same repository: "+name, p.kit.Glyph.Tenant(other), p.revisionOf(other))
		n.since = other.Since
		n.open = func() tea.Cmd { return p.paths.open(newTenantPage(p.env, name, false)) }
		out = append(out, n)
	}
	return out
}

// neighboursOf looks at the sources of all tenants.
func (p *tenantPage) neighboursOf(t *model.Tenant) []string {
	type place struct {
		kind model.Kind
		url  string
	}
	mine := map[place]bool{}
	for _, k := range t.Sources {
		if r := p.store.RepoOf(k); r.URL != "" {
			mine[place{r.Kind, r.URL}] = true
		}
	}
	if len(mine) == 0 {
		return nil
	}
	var out []string
	for _, other := range p.store.Tenants() {
		if other.Name == t.Name {
			continue
		}
		for _, k := range other.Sources {
			if r := p.store.RepoOf(k); mine[place{r.Kind, r.URL}] {
				out = append(out, other.Name)
				break
			}
		}
	}
	return out
}
