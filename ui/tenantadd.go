package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/onboard"
)

// tenantForm is a tenant as it is being typed. It is kept while the program
// runs: leaving the dialog, or a save that fails, loses nothing.
type tenantForm struct {
	lines   [tenantFieldCount]editLine
	role    int // of onboard.Roles
	isolate bool
	prune   bool
	wait    bool
	inside  bool
	set     bool   // as one ResourceSet
	flux    string // the namespace such a one stands in, "" where nobody would make anything of it
	tried   bool
	again   again // what it begins with
	// mends is the tenant it was sent for before, sent as what and when; "" for
	// one that is to be added.
	mends  string
	sent   onboard.Spec
	sentAt int64
}

// before is the tenant as it was sent, nil for one that is to be added.
func (f *tenantForm) before() *onboard.Spec {
	if f.mends == "" {
		return nil
	}
	return &f.sent
}

// newTenantForm is one of which nothing is typed.
func newTenantForm() *tenantForm { return &tenantForm{prune: true, wait: true, inside: true} }

// The fields that are typed, from above.
const (
	tenantName = iota
	tenantSpaces
	tenantURL
	tenantBranch
	tenantSecret
	tenantAccount
	tenantCPU
	tenantMemory
	tenantPods
	tenantFieldCount
)

var tenantFields = [tenantFieldCount]struct {
	label, hint string
	field       onboard.Field
}{
	tenantName:    {"NAME", "team-x", onboard.FieldName},
	tenantSpaces:  {"NAMESPACE", "its name; or several with their folders: stage=./stage prod=./prod", onboard.FieldNamespace},
	tenantURL:     {"REPO", "https://git.example.com/team-x/deploy.git", onboard.FieldURL},
	tenantBranch:  {"BRANCH", "main", onboard.FieldBranch},
	tenantSecret:  {"SECRET", "none: a public repository", onboard.FieldSecret},
	tenantAccount: {"ACCOUNT", "the tenant's name", onboard.FieldAccount},
	tenantCPU:     {"CPU", "no limit; 4 or 500m, in each namespace", onboard.FieldQuota},
	tenantMemory:  {"MEMORY", "no limit; 8Gi", onboard.FieldQuota},
	tenantPods:    {"PODS", "no limit; 20", onboard.FieldQuota},
}

func (f *tenantForm) get(i int) string { return strings.TrimSpace(f.lines[i].String()) }

// spec is what is typed.
func (f *tenantForm) spec() onboard.Spec {
	name, set := f.get(tenantName), ""
	if f.set {
		set = f.flux
	}
	return onboard.Spec{
		Set:  set,
		Name: name, Spaces: onboard.ParseSpaces(f.get(tenantSpaces), name), Account: f.get(tenantAccount), Role: onboard.Roles[f.role],
		Quota: onboard.Quota{CPU: f.get(tenantCPU), Memory: f.get(tenantMemory), Pods: f.get(tenantPods)}, Isolate: f.isolate,
		Source: onboard.Source{URL: f.get(tenantURL), Branch: f.get(tenantBranch), Secret: f.get(tenantSecret)},
		Sync:   onboard.Sync{NoPrune: !f.prune, NoWait: !f.wait, Inside: f.inside},
	}
}

// wrong is what is in the way of a field: what is wrong with it by itself, or
// with what it names in this cluster.
func (a *App) wrongTenantField(f *tenantForm, i int) string {
	spec, field := f.spec(), tenantFields[i].field
	switch {
	case i == tenantSpaces:
		for _, sp := range spec.Spaces {
			for _, why := range []string{onboard.Wrong(onboard.FieldNamespace, sp.Namespace), onboard.Wrong(onboard.FieldPath, sp.Path)} {
				if why != "" && f.get(i) != "" {
					return why
				}
			}
		}
		return ""
	case field == onboard.FieldQuota || f.get(i) != "" || f.tried:
		return onboard.Wrong(field, f.get(i))
	}
	return ""
}

// addTenantRefused says why no tenant can be added, "" when one can.
func (a *App) addTenantRefused() string {
	switch {
	case a.rules().ReadOnly:
		return "add tenant is " + readOnlyWhy
	case a.store.Connection().State != model.ConnLive:
		return "add tenant is refused: " + serverAway
	case a.store.KindStatus(model.Kustomization).State == model.ScopeAbsent:
		return "add tenant is refused: Flux is not installed here, so nobody would apply anything for it"
	}
	return ""
}

// addTenant opens the form.
func (a *App) addTenant() tea.Cmd {
	if why := a.addTenantRefused(); why != "" {
		a.notice = why
		return nil
	}
	if a.tenantDraft == nil || a.tenantOn != a.memory.cluster {
		a.tenantDraft, a.tenantOn = newTenantForm(), a.memory.cluster
		if spec, at, ok := draftAs[onboard.Spec](a, draftTenant); ok {
			a.tenantDraft.fill(&spec)
			a.tenantDraft.again.at = at
		}
	}
	a.tenantDraft.tried, a.tenantDraft.flux = false, a.setsIn()
	a.ask(a.tenantFormDialog(a.tenantDraft))
	return nil
}

// setsIn is the namespace of the FluxInstance, where flux-operator makes
// tenants of ResourceSets; "" where it does not.
func (a *App) setsIn() string {
	instance := a.store.Platform().Instance
	if instance == nil || a.store.KindStatus(model.ResourceSet).State == model.ScopeAbsent {
		return ""
	}
	return instance.Namespace
}

// tenantFormDone goes on to what will happen, if it can.
func (a *App) tenantFormDone(from *dialog, f *tenantForm) tea.Cmd {
	a.dialog, f.tried = from, true
	spec := f.spec()
	for _, p := range onboard.Check(a.store, spec, f.before()) {
		if p.Blocks {
			from.complain(p, "")
			return nil
		}
	}
	return a.askTenant(from, f, spec, nil)
}

// tenantText is a tenant as files for Git.
func tenantText(spec onboard.Spec) string {
	var b strings.Builder
	for i, o := range spec.Objects() {
		if i > 0 {
			b.WriteString("---\n")
		}
		fmt.Fprintf(&b, "# %s\n%s", o.Why, yamlOf(o.Body))
	}
	return b.String()
}
