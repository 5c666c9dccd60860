package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"

	tea "charm.land/bubbletea/v2"
)

// askOffboard says what goes, in order, what stays and who else is concerned.
func (a *App) askOffboard(l *offboarding, plan action.Plan) {
	var confirm editLine
	d := &dialog{title: fmt.Sprintf("Off-board %s on %s", l.name, a.contextName()), danger: true}
	said := func(label string, role themes.Role, all []string) {
		for i, s := range all {
			d.parts = append(d.parts, part{label: first(i, label), gap: i == 0 && len(d.parts) > 0, text: s, role: role, inset: true})
		}
	}
	said("CHANGED", themes.Caution, l.changed)
	l.offer()
	a.leavingSteps(d, l, plan)
	var stays, goes []string
	for _, o := range l.shown.Outside {
		if o.Stays != "" {
			stays = append(stays, o.String())
		} else {
			goes = append(goes, o.String())
		}
	}
	said("OUTSIDE", themes.Danger, goes)
	said("STAYS", themes.Caution, stays)
	said("RIGHTS", themes.Caution, l.shown.Listed)
	said("OTHERS", themes.Caution, l.shown.Shared)
	said("RETURNS", themes.Caution, l.shown.Returns)
	said("MIND", themes.Text, l.shown.Notes)
	said("FIRST", themes.Text, []string{"nothing brings back what was in it: `tenantry export " + l.name + " -d DIR` keeps what it is made of; Secrets and data are not in that."})
	word := l.name
	if a.rules().Protected {
		word = a.contextName() + "/" + l.name
	}
	d.parts = append(d.parts, part{label: "CONFIRM", gap: true, line: &confirm, hint: "type " + word, problem: func(s string) string {
		if s != word {
			return "all of this is deleted: type " + word + " to confirm"
		}
		return ""
	}})
	d.buttons = []button{{word: "Cancel", harmless: true},
		{word: "Off-board", refused: func() string { return leavingRefused(l, plan) }, press: func() tea.Cmd { return a.confirmLeaving(l, plan.Wish.Who) }}}
	d.detail = func() string { return deletedText(l, plan) }
	d.printed = func() string { return deletionCommands(taken(l, plan), a.store.Connection()) }
	d.refresh = func(d *dialog) {
		if changes := l.changes(a.store); len(changes) > 0 {
			d.said = "going on shows it anew, nothing is sent yet: " + changes[0]
		}
	}
	a.ask(d)
}

// offer ticks what is offered, as before where it was shown before.
func (l *offboarding) offer() {
	before := l.chosen
	l.chosen = map[model.Key]*bool{}
	for _, o := range l.shown.Offered {
		on := o.Ticked
		if was := before[o.Key]; was != nil {
			on = *was
		}
		l.chosen[o.Key] = &on
	}
}

// leavingSteps lists what is deleted, and what is if it is ticked.
func (a *App) leavingSteps(d *dialog, l *offboarding, plan action.Plan) {
	why := map[model.Key]string{}
	for _, o := range l.shown.Offered {
		why[o.Key] = o.Why
	}
	n, offers := 0, []part(nil)
	for _, s := range plan.Steps {
		p := part{text: s.Key.String(), inset: true, tick: l.chosen[s.Key]}
		if s.Effect != "" {
			p.text += ": " + s.Effect
		}
		if why[s.Key] != "" {
			p.text += "; " + why[s.Key]
		}
		if s.Denied != "" {
			p.text, p.role = p.text+"; "+s.Denied, themes.Muted
		}
		switch {
		case p.tick == nil:
			if p.label = first(n, "DELETES"); s.Denied != "" {
				p.state = a.glyphs.Denied()
			}
			p.gap = n == 0 && len(d.parts) > 0
			d.parts = append(d.parts, p)
			n++
			continue
		case s.Denied != "":
			*p.tick, p.locked = false, s.Denied
		}
		p.label, p.gap = first(len(offers), "ELSEWHERE"), len(offers) == 0
		offers = append(offers, p)
	}
	d.parts = append(d.parts, offers...)
}

// taken are the steps that would be sent.
func taken(l *offboarding, plan action.Plan) []action.Step {
	left := l.left()
	var out []action.Step
	for _, s := range plan.Steps {
		if !left[s.Key] {
			out = append(out, s)
		}
	}
	return out
}

func leavingRefused(l *offboarding, plan action.Plan) string {
	for _, s := range taken(l, plan) {
		if s.Denied != "" {
			return s.Denied
		}
	}
	return ""
}

func deletedText(l *offboarding, plan action.Plan) string {
	var b strings.Builder
	for _, s := range taken(l, plan) {
		if s.Watch {
			fmt.Fprintf(&b, "%s, %s\n", s.Words, s.Effect)
			continue
		}
		fmt.Fprintf(&b, "delete %s, only if its uid is still %s", s.Key, s.Write.UID)
		if s.Write.Generation > 0 {
			fmt.Fprintf(&b, " and its generation %d", s.Write.Generation)
		}
		b.WriteString("; then wait until it is gone\n")
	}
	return b.String() + roleText(plan.RoleYAML())
}

func deletionCommands(steps []action.Step, conn model.Connection) string {
	var b strings.Builder
	for _, s := range steps {
		if s.Watch {
			continue
		}
		fmt.Fprintf(&b, "kubectl%s delete %s %s", kubectlFlags(conn), groupResource(s.Needs), shellWord(s.Key.Name))
		if s.Key.Namespace != "" {
			b.WriteString(" -n " + shellWord(s.Key.Namespace))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// groupResource is a resource as kubectl takes it without mistaking it.
func groupResource(a model.Access) string {
	if a.Group == "" {
		return a.Resource
	}
	return a.Resource + "." + a.Group
}
