package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// tenantTab is one of the views of a tenant.
type tenantTab uint8

const (
	tabOverview tenantTab = iota
	tabDeployments
	tabEvents
	tabLogs
	tabHistory
	tabSecrets
	tabAccess
	tabCount
)

// tenantPage is one tenant, or the platform: its objects along its chain, what
// was rolled out, its events, what changed, who may do what.
type tenantPage struct {
	*env
	name        string
	platform    bool
	tenant      *model.Tenant // as of the picture; nil when it is gone
	tab         tenantTab
	tree        *tree
	deployments *deployments
	texts       [tabCount]textview.View
	find        textSearch
	events      eventList
	secrets     secretLists
	logs        *logView
	bar         tabBar
	others      neighbours
	settled     bool // the cursor was put where the trouble was
}

func newTenantPage(e *env, name string, platform bool) *tenantPage {
	p := &tenantPage{env: e, name: name, platform: platform}
	p.tree = newTree(e, p.grow)
	p.deployments = newDeployments(e)
	p.logs = newLogView(e)
	p.texts[tabEvents].Follow, p.texts[tabHistory].Follow = true, true
	return p
}

func (p *tenantPage) crumbs() []string {
	if p.platform {
		return []string{"platform"}
	}
	return []string{p.name}
}

func (p *tenantPage) scopes() []keymap.Scope {
	if p.text() != nil {
		return []keymap.Scope{keymap.TextView, keymap.Page}
	}
	if p.platform {
		return []keymap.Scope{keymap.List, keymap.Home, keymap.Page}
	}
	return []keymap.Scope{keymap.List, keymap.Page}
}

// tabs are the views there are: the platform's rights are everything.
func (p *tenantPage) tabs() []tab {
	workloads := 0
	if p.tenant != nil {
		workloads = len(p.tenant.Workloads)
	}
	tabs := []tab{tabOverview: {title: "Overview"}, tabDeployments: {title: "Deployments", count: workloads},
		tabEvents: {title: "Events", count: p.events.known}, tabLogs: {title: "Logs"}, tabHistory: {title: "History"}, tabSecrets: {title: "Secrets"}}
	if !p.platform {
		tabs = append(tabs, tab{title: "Access"})
	}
	return tabs
}

func (p *tenantPage) derive(bool) {
	p.tenant = nil
	if p.platform {
		if platform := p.store.Platform(); platform != nil {
			p.tenant = platform.Row
		}
	} else {
		p.tenant = p.store.Tenant(p.name)
	}
	p.tree.home = ""
	if spaces := p.namespaces(); len(spaces) == 1 {
		p.tree.home = spaces[0]
	}
	p.write()
}

// write writes the tab that is shown; the others are written when they are.
func (p *tenantPage) write() {
	if p.tenant != nil && !p.platform && (p.tab == tabOverview || p.tab == tabAccess) {
		p.others.look(p, p.tenant)
	}
	switch p.tab {
	case tabOverview:
		p.tree.derive()
		if !p.tree.table.Chosen() && !p.settled && p.tenant != nil {
			// Where the trouble is; without any, what moved last. From then on the
			// cursor stays on its object, or a key would hit another one.
			_ = p.tree.aim(p.tenant.Worst) || p.tree.aim(p.tenant.LastMoved)
			p.settled = p.store.Complete()
		}
	case tabDeployments:
		p.deployments.derive(p.tenant)
	case tabEvents:
		p.texts[tabEvents].Set(p.kit, p.eventLines())
	case tabLogs:
		p.logs.look(p.logsOfTenant(p.tenant))
	case tabHistory:
		p.texts[tabHistory].Set(p.kit, p.historyLines())
	case tabSecrets:
		p.texts[tabSecrets].Set(p.kit, p.secretLines())
	case tabAccess:
		d := &describer{env: p.env}
		if p.tenant != nil {
			p.accessWords(d, p.tenant, p.others.grants)
		}
		p.texts[tabAccess].Set(p.kit, d.lines)
	}
}

func (p *tenantPage) show(t tenantTab) {
	if t == p.tab || int(t) >= len(p.tabs()) {
		return
	}
	p.find.drop()
	p.tab = t
	p.write()
}

// text is the text that is shown, nil in the lists.
func (p *tenantPage) text() *textview.View {
	if p.tab == tabOverview || p.tab == tabDeployments {
		return nil
	}
	if p.tab == tabLogs {
		return &p.logs.text
	}
	return &p.texts[p.tab]
}

// held reports whether the page owes another look at the other tenants.
func (p *tenantPage) held() bool { return p.others.owed }

// row is the key of the tenant's row.
func (p *tenantPage) row() string {
	if p.platform {
		return model.PlatformKey
	}
	return p.name
}

// aim puts the cursor on an object of the tenant.
func (p *tenantPage) aim(s spot) {
	if p.tab == tabOverview {
		p.tree.aim(s.key)
	}
}

func (p *tenantPage) act(a keymap.Action) (tea.Cmd, bool) {
	n := tenantTab(len(p.tabs()))
	switch a {
	case keymap.NextTab:
		p.show((p.tab + 1) % n)
		return nil, true
	case keymap.PreviousTab:
		p.show((p.tab + n - 1) % n)
		return nil, true
	}
	switch t := p.text(); {
	case p.tab == tabOverview:
		return p.tree.act(a)
	case p.tab == tabDeployments:
		return p.deployments.act(a)
	case p.tab == tabLogs && p.logs.act(a):
		return nil, true
	case a == keymap.Search:
		p.find.begin(t)
		return nil, true
	case a == keymap.Trouble:
		if p.tab == tabEvents {
			p.events.warnings = !p.events.warnings
			p.write()
		}
		return nil, true
	default:
		return nil, t.Act(a)
	}
}
