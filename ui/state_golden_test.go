package ui

import (
	"tenantry/model"
	"tenantry/ui/uitest"
)

// stateGoldens are the pages in every state a cluster can be in; those that are
// among the goldens are not drawn twice.
func stateGoldens() []scene {
	pages := []scene{
		{name: "tenants"}, {name: "rollouts", keys: []string{"2"}}, {name: "findings", keys: []string{"3"}}, {name: "suspended", keys: []string{"4"}},
		{name: "sources", keys: []string{"5"}}, {name: "syncs", keys: []string{"6"}}, {name: "workloads", keys: []string{"7"}},
		{name: "events", keys: []string{"8"}}, {name: "platform", keys: []string{"9"}}, {name: "tenant", keys: []string{"end", "enter"}},
		{name: "object", keys: []string{"6", "end", "enter"}},
	}
	states := []scene{
		{name: "connecting", cluster: connecting}, {name: "loading", cluster: uitest.Loading}, {name: "noflux", cluster: uitest.NoFlux},
		{name: "none", cluster: uitest.NoTenants}, {name: "forbidden", cluster: uitest.Forbidden}, {name: "lost", cluster: uitest.Lost},
		{name: "stale", cluster: stale}, {name: "unreachable", cluster: unreachable}, {name: "nomatch", typed: "zebra"},
		{name: "unnamed", cluster: uitest.Unnamed},
	}
	drawn := map[string]bool{}
	for _, g := range goldens {
		drawn[g.name] = true
	}
	var out []scene
	for _, state := range states {
		for _, page := range pages {
			if drawn[page.name+"/"+state.name] {
				continue
			}
			s := scene{name: "states/" + state.name + "-" + page.name, cluster: state.cluster, keys: page.keys, typed: state.typed}
			if state.typed != "" {
				if page.name == "tenant" || page.name == "object" || page.name == "platform" {
					continue // they have no filter
				}
				s.keys = append(append([]string{}, s.keys...), "/")
			}
			if state.name == "unnamed" {
				if page.name != "tenants" {
					continue // a field asks for names before there is any page
				}
				s.options = withContexts
			}
			out = append(out, s)
		}
	}
	return out
}

// connecting has not heard from its server yet.
func connecting() *uitest.Cluster {
	c := &uitest.Cluster{}
	c.Conn = &model.Connection{State: model.ConnConnecting, Context: "prod-eu", Server: "https://127.0.0.1:6443"}
	return c
}

// unreachable never reached its server.
func unreachable() *uitest.Cluster {
	c := connecting()
	c.Conn.State, c.Conn.Err = model.ConnLost, "dial tcp 127.0.0.1:6443: connect: connection refused"
	return c
}

// stale is Prod with one kind whose watch broke; all else is live.
func stale() *uitest.Cluster {
	c := uitest.Prod()
	for _, k := range []model.Kind{model.Kustomization, model.Deployment} {
		c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeStale, Since: uitest.Ago(90e9), Verb: "watch", Message: "the server closed the watch"})
	}
	return c
}
