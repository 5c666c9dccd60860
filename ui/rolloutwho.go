package ui

import (
	"slices"

	"tenantry/model"
)

// Who follows a repository.

// followers are the tenants that follow a repository.
func (p *rollouts) followers(repo model.Repo) []string {
	if at := p.store.Revision(); p.who == nil || p.whoseAt != at {
		p.who, p.whoseAt = map[model.Repo][]string{}, at
		p.eachTenant(func(row string, t *model.Tenant) {
			for _, k := range t.Syncs {
				if r := p.store.RepoOf(k); r != (model.Repo{}) && !slices.Contains(p.who[r], p.tenantName(row)) {
					p.who[r] = append(p.who[r], p.tenantName(row))
				}
			}
		})
	}
	return p.who[repo]
}

func (e *env) eachTenant(f func(row string, t *model.Tenant)) {
	if platform := e.store.Platform(); platform.Row != nil {
		f(model.PlatformKey, platform.Row)
	}
	for _, t := range e.store.Tenants() {
		f(t.Name, t)
	}
}

// inScope are the repositories that a tenant in the scope follows; nil when
// nothing is left out.
func (p *rollouts) inScope() map[model.Repo]bool {
	if !p.scope.on() {
		return nil
	}
	out := map[model.Repo]bool{}
	p.eachTenant(func(row string, t *model.Tenant) {
		for _, k := range t.Syncs {
			if p.scope.covers(row, k.Namespace) {
				out[p.store.RepoOf(k)] = true
			}
		}
	})
	return out
}
