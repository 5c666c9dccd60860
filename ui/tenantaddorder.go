package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/onboard"
	"tenantry/themes"
)

// yamlOf writes JSON as YAML, or as it is where that can't be.
func yamlOf(body []byte) string {
	text, err := yaml.JSONToYAML(body)
	if err != nil {
		text = body
	}
	return string(text)
}

// tenantOrderDialog says what a tenant will be made of, object by object.
func (a *App) tenantOrderDialog(t *tenantTrial) *dialog {
	var confirm editLine
	stays := t.stays(a.store)
	title, word := "Add tenant "+t.spec.Name, "Add"
	switch {
	case t.mends():
		title, word = "Mend tenant "+t.spec.Name, "Apply"
	case len(stays) > 0:
		title += ", beside " + t.form.mends + ","
	}
	d := &dialog{title: fmt.Sprintf("%s on %s, 2 of 2", title, a.contextName())}
	for i, s := range t.plan.Steps {
		d.parts = append(d.parts, a.tenantStepPart(t, i, s))
	}
	d.parts = append(d.parts, staysParts(t, stays)...)
	d.parts = append(d.parts, lossParts(t.losses)...)
	d.danger = len(t.losses) > 0
	for i, p := range t.minds() {
		d.parts = append(d.parts, part{label: first(i, "MIND"), gap: i == 0, text: p.Text, role: themes.Caution, inset: true})
	}
	add := func(label, words string, role themes.Role) {
		d.parts = append(d.parts, part{label: label, text: words, role: role, gap: true})
	}
	if t.spec.Source.Secret != "" {
		add("SECRET", fmt.Sprintf("%s is not made by this. If it is missing, its dialog opens as soon as the source says so, and tries it before it is saved; until then the source can't fetch.", t.spec.Source.Secret), themes.Text)
	}
	add("DRY RUN", a.tenantDryRun(t), themes.Text)
	add("LASTING", "a tenant that should outlive this cluster belongs in Git: ctrl+o prints it as files.", themes.Text)
	add("BACK", t.plan.Back, themes.Muted)
	confirms := a.tenantConfirm(t, &confirm)
	d.parts = append(d.parts, confirms...)
	d.buttons = []button{
		{word: "Cancel", harmless: true},
		{word: "Back", harmless: true, press: func() tea.Cmd { a.ask(a.tenantFormDialog(t.form)); return nil }},
		{word: word, refused: func() string { return tenantRefused(t) }, press: func() tea.Cmd { return a.askTenant(d, t.form, t.spec, t) }},
	}
	mark := len(d.buttons) - 1
	if len(confirms) > 0 || tenantRefused(t) != "" {
		mark = 0
	}
	markButton(d, mark)
	d.detail = func() string { return appliedText(t.plan.Steps) + lossText(t.losses) + roleText(t.plan.RoleYAML()) }
	d.printed = func() string { return tenantText(t.spec) }
	d.refresh = func(d *dialog) {
		if news := onboard.News(t.problems, onboard.Check(a.store, t.spec, t.form.before())); news != "" && d.busy == "" {
			d.said = news + ": it is looked at again before anything is sent"
		}
	}
	return d
}

// minds are the problems to be told: that an object exists is told where it
// stands, with what changes of it.
func (t *tenantTrial) minds() []onboard.Problem {
	var out []onboard.Problem
	for _, p := range t.problems {
		at := slices.IndexFunc(t.plan.Steps, func(s action.Step) bool { return s.Key == p.Key })
		if _, told := t.live[at]; !told || p.Key == (model.Key{}) {
			out = append(out, p)
		}
	}
	return out
}

// changedWords say what an apply changes of an object that is there.
func (a *App) changedWords(l liveStep) string {
	switch {
	case l.unread:
		return "is there, and can't be read by you: what this changes of it is not known"
	case len(l.changes) == 0:
		return "is there, and stays as it is"
	}
	var out []string
	for _, c := range l.changes {
		out = append(out, fmt.Sprintf("%s %s %s %s", strings.TrimPrefix(c.Path, "."), cmp.Or(c.Before, "none"), a.kit.Glyph.Into, cmp.Or(c.After, "none")))
	}
	return "changes " + strings.Join(out, "; ")
}

func (a *App) tenantStepPart(t *tenantTrial, i int, s action.Step) part {
	effect := s.Effect
	if l, there := t.live[i]; there {
		effect = a.changedWords(l)
	}
	p := part{label: first(i, "MAKES"), text: s.Key.String() + ": " + effect, inset: true}
	if s.Key.Kind == model.KindUnknown {
		p.text = s.Write.Ref.String() + ": " + effect
	}
	if len(t.live) > 0 {
		p.label = first(i, "APPLIES")
	}
	switch {
	case s.Watch:
		p.text = s.Words
		if i > 0 && !t.plan.Steps[i-1].Watch {
			p.label, p.gap = "FOLLOWS", true
		}
	case s.Denied != "":
		p.text, p.role, p.state = p.text+"; "+s.Denied, themes.Muted, a.glyphs.Denied()
	case t.refused[i] != "":
		p.text, p.role, p.state = p.text+": "+t.refused[i], themes.Bad, a.glyphs.Of(model.Failed)
	}
	return p
}

// tenantRefused says why it can't be done now: half a tenant is none.
func tenantRefused(t *tenantTrial) string {
	for i, s := range t.plan.Steps {
		if s.Denied != "" {
			return s.Denied
		}
		if why := t.refused[i]; why != "" {
			return s.Write.Ref.String() + ": " + why
		}
	}
	return ""
}

func (a *App) tenantDryRun(t *tenantTrial) string {
	all, unread := 0, false
	for _, l := range t.live {
		unread = unread || l.unread
	}
	for _, s := range t.plan.Steps {
		if !s.Watch {
			all++
		}
	}
	switch {
	case len(t.refused) > 0:
		return fmt.Sprintf("refused: %d of %d objects, for what stands above", len(t.refused), all)
	case len(t.live) == all && t.mends() && !unread:
		n := 0
		for _, l := range t.live {
			if len(l.changes) > 0 {
				n++
			}
		}
		words := fmt.Sprintf("%d of the %d objects change, as it stands above; the others stay as they are", n, all)
		switch n {
		case 0:
			words = fmt.Sprintf("none of the %d objects changes: all of it is so already", all)
		case 1:
			words = fmt.Sprintf("1 of the %d objects changes, as it stands above; the others stay as they are", all)
		}
		if len(t.losses) > 0 || len(t.stays(a.store)) > 0 {
			return words
		}
		return words + ", and nothing else is touched"
	case len(t.becomes) == all:
		return "the server would take all of it, and nobody else owns what is set"
	}
	return fmt.Sprintf("the server would take the %d it can be asked about; the other %d are for namespaces that do not exist yet", len(t.becomes), all-len(t.becomes))
}

// appliedText is what exactly would be sent.
func appliedText(steps []action.Step) string {
	var b strings.Builder
	for _, s := range steps {
		if !s.Watch {
			fmt.Fprintf(&b, "# server-side apply, as field manager %s, without force\n%s", model.FieldManager, yamlOf(s.Write.Body))
		}
	}
	return b.String()
}
