package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
)

// accountUser is what Kubernetes calls the user that a service account is.
const accountUser = "system:serviceaccount:"

// viewing is the account the cluster is looked at as, and what to come back to.
type viewing struct {
	account model.Key // zero: as oneself
	tenant  string
	outside []string // namespaces it is asked about besides its own
	back    Target
}

// mayViewMsg is whether the user may look at the cluster as an account.
type mayViewMsg struct {
	epoch      uint64
	account    model.Key
	tenant     string
	who        string
	permission model.Permission
	err        error
}

// viewAs opens the cluster as the account of the tenant under the cursor, or
// ends that.
func (a *App) viewAs() tea.Cmd {
	if v := a.contexts.viewing; v.account != (model.Key{}) {
		return a.connect(v.back)
	}
	tenant, accounts := a.accountsHere()
	switch len(accounts) {
	case 0:
		a.notice = "no account here to view as: put the cursor on a tenant or on one of its syncs"
		return nil
	case 1:
		return a.askView(tenant, accounts[0])
	}
	m := &menu{title: "view as which account of " + a.kit.Text(a.tenantName(tenant)), wide: 60}
	for _, k := range accounts {
		n := len(a.actsFor(k))
		m.items = append(m.items, item{text: k.Namespace + "/" + k.Name, note: fmt.Sprintf("%d syncs act as it", n), take: func() tea.Cmd { return a.askView(tenant, k) }})
	}
	a.show(m)
	return nil
}

// refusesView says why nobody can be viewed as here, "" when somebody may be.
func (a *App) refusesView() string {
	switch {
	case a.contexts.viewing.account != (model.Key{}):
		return ""
	case a.opts.Connect == nil:
		return "there is only this one session: nobody can be viewed as"
	case a.store.Connection().User != "":
		return "this session acts as " + a.store.Connection().User + " already (--as): start without it to view as an account"
	}
	return ""
}

// accountsHere are the accounts of what is under the cursor: of a sync the one
// it acts as, of a tenant those its syncs act as, else all it has.
func (a *App) accountsHere() (tenant string, accounts []model.Key) {
	at := a.page().subject().spot
	if o := a.store.Get(at.key); o != nil {
		if s, ok := o.Detail.(*model.Sync); ok && s.ServiceAccount != "" {
			return at.tenant, []model.Key{{Kind: model.ServiceAccount, Namespace: o.Namespace, Name: s.ServiceAccount}}
		}
		if o.Kind == model.ServiceAccount {
			return at.tenant, []model.Key{o.Key}
		}
	}
	t := a.store.Tenant(at.tenant)
	if t == nil { // the platform's syncs act as the controllers, which no tenant does
		return at.tenant, nil
	}
	var spare []model.Key
	for _, k := range t.Access {
		switch {
		case k.Kind != model.ServiceAccount:
		case len(a.actsFor(k)) > 0:
			accounts = append(accounts, k)
		case k.Name != "default" || len(a.bindingsOf(k)) > 0:
			spare = append(spare, k)
		}
	}
	if len(accounts) == 0 {
		accounts = spare
	}
	return at.tenant, accounts
}

// askView asks whether the user may look as an account.
func (a *App) askView(tenant string, account model.Key) tea.Cmd {
	a.notice = "asking whether you may view as " + account.Namespace + "/" + account.Name
	ctx, cluster, epoch := a.ctx, a.cluster, a.epoch
	return func() (msg tea.Msg) {
		defer caught(&msg)
		out := mayViewMsg{epoch: epoch, account: account, tenant: tenant, who: cluster.Who(ctx)}
		answers, err := cluster.Can(ctx, []model.Access{impersonation(account)})
		out.err = err
		if len(answers) > 0 {
			out.permission = answers[0]
		}
		return out
	}
}

// impersonation is what the API server asks of whoever acts as a service
// account: a namespaced right, so a Role in its namespace is enough.
func impersonation(account model.Key) model.Access {
	return model.Access{Verb: "impersonate", Resource: "serviceaccounts", Namespace: account.Namespace, Name: account.Name}
}

// mayView goes on as the account, or says what is missing.
func (a *App) mayView(msg mayViewMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	a.notice, a.dirty = "", true
	switch {
	case msg.permission.State == model.PermissionDenied:
		a.refuseView(msg)
		return nil
	case msg.err != nil:
		a.notice = "view as is refused: " + msg.err.Error()
		return nil
	}
	t := Target{Context: a.store.Connection().Context, As: accountUser + msg.account.Namespace + ":" + msg.account.Name, Namespaces: []string{msg.account.Namespace}}
	if tenant := a.store.Tenant(msg.tenant); tenant != nil {
		t.Namespaces = slices.Clone(tenant.Namespaces)
	}
	back := a.contexts.now
	back.Context = t.Context
	a.contexts.next = viewing{msg.account, msg.tenant, a.outsideOf(msg.account, t.Namespaces), back}
	return a.connect(t)
}

// outsideOf are the namespaces that tell what an account may do outside its own:
// Flux's, those in which a binding names it, and one of another tenant.
func (a *App) outsideOf(account model.Key, inside []string) []string {
	var out []string
	add := func(ns string) {
		if ns != "" && !slices.Contains(inside, ns) && !slices.Contains(out, ns) && len(out) < mayNamespaces {
			out = append(out, ns)
		}
	}
	if i := a.store.Platform().Instance; i != nil {
		add(i.Namespace)
	}
	for _, g := range a.bindingsOf(account) {
		add(g.binding.Namespace)
	}
	for _, t := range a.store.Tenants() {
		if len(t.Namespaces) > 0 && !slices.Contains(inside, t.Namespaces[0]) {
			add(t.Namespaces[0])
			break
		}
	}
	return out
}

// refuseView says what would allow it.
func (a *App) refuseView(msg mayViewMsg) {
	who := msg.who
	if who == "" {
		who = "you"
	}
	why := fmt.Sprintf("%s may not impersonate the ServiceAccount %s in the namespace %s", who, msg.account.Name, msg.account.Namespace)
	if msg.permission.Reason != "" {
		why += " (" + msg.permission.Reason + ")"
	}
	role := viewRole(msg.account)
	d := &dialog{title: "View as " + msg.account.Namespace + "/" + msg.account.Name + " on " + a.contextName() + " is refused",
		parts:   []part{{label: "WHY", text: why + ".", role: themes.Caution}, {label: "ASK FOR", text: "this ClusterRole, bound in that namespace or everywhere; ctrl+o copies it:", gap: true}},
		buttons: []button{{word: "Close", harmless: true}},
		printed: func() string { return role },
	}
	for l := range strings.SplitSeq(strings.TrimRight(role, "\n"), "\n") {
		d.parts = append(d.parts, part{text: l, inset: true})
	}
	a.ask(d)
}

func viewRole(account model.Key) string {
	return fmt.Sprintf(`apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: tenantry-view-as-%s}
rules:
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [impersonate]
  resourceNames: [%s]
`, account.Name, account.Name)
}

// shortUser is a user in few letters: an account by its own name, with its
// namespace where that differs.
func shortUser(user string) string {
	rest, ok := strings.CutPrefix(user, accountUser)
	ns, name, both := strings.Cut(rest, ":")
	switch {
	case !ok || !both:
		return user
	case ns == name:
		return name
	}
	return ns + "/" + name
}

// rulesMsg is what the account may do in some namespaces.
type rulesMsg struct {
	epoch uint64
	rules []model.AccessRules
	errs  map[string]error
}

// mayNamespaces bounds how many namespaces it is asked about.
const mayNamespaces = 10

// askRules asks what the user of the session may do in some namespaces, one
// after the other.
func askRules(ctx context.Context, cluster Cluster, epoch uint64, namespaces []string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		out := rulesMsg{epoch: epoch, errs: map[string]error{}}
		for _, ns := range namespaces {
			rules, err := cluster.Rules(ctx, ns)
			if err != nil {
				out.errs[ns] = err
				continue
			}
			out.rules = append(out.rules, *rules)
		}
		return out
	}
}
