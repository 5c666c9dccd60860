package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model/onboard"
	"tenantry/themes"
)

// The dialog a tenant is typed into.

func (a *App) tenantFormDialog(f *tenantForm) *dialog {
	d := &dialog{title: "Add a tenant on " + a.contextName() + ", 1 of 2"}
	if f.mends != "" {
		d.title = "Mend tenant " + f.mends + " on " + a.contextName() + ", 1 of 2"
	}
	other := a.mendable(f)
	d.parts, d.buttons = a.tenantFormParts(f, other), a.tenantFormButtons(d, f, other)
	d.live = func(d *dialog) tea.Cmd {
		if now := a.mendable(f); now != other {
			other = now
			d.become(a.tenantFormParts(f, other), a.tenantFormButtons(d, f, other))
			a.dirty = true
		}
		return nil
	}
	d.draft = f.draft()
	d.printed = func() string { return tenantText(f.spec()) }
	return d
}

// tenantFormParts are its fields; other is a tenant that can be mended instead.
func (a *App) tenantFormParts(f *tenantForm, other string) []part {
	var parts []part
	for i := range tenantFields {
		parts = append(parts, a.tenantFieldPart(f, i))
		if i == tenantAccount {
			parts = append(parts, part{label: "ROLE", choices: roleNames(), chosen: &f.role,
				under: func() (string, themes.Role) { return "its Git may do " + onboard.Roles[f.role].Lets(), themes.Muted }})
		}
	}
	parts = append(parts,
		part{label: "OPTIONS", gap: true, tick: &f.inside, text: "everything goes into its namespace, whatever the manifests say (targetNamespace)"},
		part{tick: &f.isolate, text: "pods are reached from their own namespace only (NetworkPolicy)"},
		part{tick: &f.prune, text: "delete what leaves Git (prune)"},
		part{tick: &f.wait, text: "done means healthy, not only applied (wait)"})
	if f.flux != "" {
		parts = append(parts, part{tick: &f.set, text: "one ResourceSet in " + f.flux + " makes it, and puts it back"})
	}
	parts = append(parts, f.again.part(a, f.missing())...)
	if of := f.mends; of != "" {
		parts = append(parts, a.sentPart(of, f.sentAt, a.tenantTrouble(f.sent)))
	} else if other != "" {
		if spec, at, ok := draftAs[onboard.Spec](a, sentTenant(other)); ok {
			p := a.sentPart(other, at, a.tenantTrouble(spec))
			p.text += "; " + mendWord(other) + " opens what was typed for it"
			parts = append(parts, p)
		}
	}
	return parts
}

func (a *App) tenantFormButtons(d *dialog, f *tenantForm, other string) []button {
	buttons := []button{
		{word: "Next", press: func() tea.Cmd { return a.tenantFormDone(d, f) }},
		{word: "Cancel", harmless: true},
	}
	switch {
	case f.mends != "":
		buttons = append(buttons, button{word: "As it was sent", harmless: true, press: func() tea.Cmd {
			f.fill(&f.sent)
			f.tried, f.again.at = false, 0
			a.ask(a.tenantFormDialog(f))
			return nil
		}})
	case other != "":
		buttons = append(buttons, button{word: mendWord(other), harmless: true, press: func() tea.Cmd { return a.mendTenant(other) }})
	}
	return buttons
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

// complain says at a field of the form what is in the way.
func (d *dialog) complain(p onboard.Problem, before string) {
	d.said, d.follows = before+p.Text, true
	of := p.Field
	if of == onboard.FieldPath {
		of = onboard.FieldNamespace // it is typed with it
	}
	for at, field := range tenantFields { // the fields come first among what takes the focus, in this order
		if of == onboard.FieldRole && at == tenantAccount || field.field == of && at > tenantAccount {
			at++ // the role comes after the account
		} else if field.field != of {
			continue
		}
		d.at = at
		return
	}
}
