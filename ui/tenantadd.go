package ui

import (
	"fmt"
	"reflect"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/onboard"
	"tenantry/themes"
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
}

// newTenantForm is one of which nothing is typed.
func newTenantForm() *tenantForm { return &tenantForm{prune: true, wait: true, inside: true} }

// draftTenant is the form of a tenant that was not added yet.
const draftTenant = "tenant"

// draft is the form as it is kept.
func (f *tenantForm) draft(form string) *draft {
	return &draft{form, func() any {
		none := newTenantForm()
		none.flux = f.flux
		if spec := f.spec(); !reflect.DeepEqual(spec, none.spec()) {
			return spec
		}
		return nil
	}}
}

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

// addTenant opens the form.
func (a *App) addTenant() tea.Cmd {
	switch {
	case a.rules().ReadOnly:
		a.notice = "add tenant is " + readOnlyWhy
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = "add tenant is refused: " + serverAway
		return nil
	case a.store.KindStatus(model.Kustomization).State == model.ScopeAbsent:
		a.notice = "add tenant is refused: Flux is not installed here, so nobody would apply anything for it"
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

func (a *App) tenantFormDialog(f *tenantForm) *dialog {
	d := &dialog{title: "Add a tenant on " + a.contextName() + ", 1 of 2"}
	for i := range tenantFields {
		d.parts = append(d.parts, a.tenantFieldPart(f, i))
		if i == tenantAccount {
			d.parts = append(d.parts, part{label: "ROLE", choices: roleNames(), chosen: &f.role,
				under: func() (string, themes.Role) { return "its Git may do " + onboard.Roles[f.role].Lets(), themes.Muted }})
		}
	}
	d.parts = append(d.parts,
		part{label: "OPTIONS", gap: true, tick: &f.inside, text: "everything goes into its namespace, whatever the manifests say (targetNamespace)"},
		part{tick: &f.isolate, text: "pods are reached from their own namespace only (NetworkPolicy)"},
		part{tick: &f.prune, text: "delete what leaves Git (prune)"},
		part{tick: &f.wait, text: "done means healthy, not only applied (wait)"})
	if f.flux != "" {
		d.parts = append(d.parts, part{tick: &f.set, text: "one ResourceSet in " + f.flux + " makes it, and puts it back"})
	}
	d.parts = append(d.parts, f.again.part(a, f.missing())...)
	d.draft = f.draft(draftTenant)
	d.buttons = []button{
		{word: "Next", press: func() tea.Cmd { return a.tenantFormDone(d, f) }},
		{word: "Cancel", harmless: true},
	}
	d.printed = func() string { return tenantText(f.spec()) }
	return d
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

func roleNames() []string {
	out := make([]string, len(onboard.Roles))
	for i, r := range onboard.Roles {
		out[i] = r.String()
	}
	return out
}

func (a *App) tenantFieldPart(f *tenantForm, i int) part {
	p := part{label: tenantFields[i].label, hint: tenantFields[i].hint, line: &f.lines[i]}
	p.problem = func(string) string { // asked when a button is pressed
		f.tried = true
		return a.wrongTenantField(f, i)
	}
	p.under = func() (string, themes.Role) { return a.wrongTenantField(f, i), themes.Bad }
	if i == tenantURL {
		p.offer = func() string {
			if long := onboard.LongURL(f.get(i)); long != f.get(i) {
				return long
			}
			return ""
		}
	}
	return p
}

// tenantFormDone goes on to what will happen, if it can.
func (a *App) tenantFormDone(from *dialog, f *tenantForm) tea.Cmd {
	a.dialog, f.tried = from, true
	spec := f.spec()
	for _, p := range onboard.Check(a.store, spec) {
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
