package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// conflictDialog: others own what would be changed. Nothing was changed, and
// nothing is taken from them unless that is asked for in so many letters.
func (a *App) conflictDialog(t *syncTrial, order fluxsync.Order, problem *model.WriteError, live liveInstance) *dialog {
	d := &dialog{title: a.syncTitle(order.Verb(), order.Live, "fields of others"), danger: true}
	d.parts = append(d.parts, part{label: "CONFLICT", text: "Nothing was changed. These fields belong to others, with other values:"})
	owners := map[string]fluxsync.Owner{}
	var names []string
	for _, c := range problem.Conflicts {
		o := order.Live.Owner(c.Manager)
		if _, seen := owners[c.Manager]; !seen {
			owners[c.Manager] = o
			names = append(names, c.Manager)
		}
		d.parts = append(d.parts, part{text: c.Field + ": " + ownerWords(o), inset: true})
	}
	reconcilers := false
	for i, name := range names {
		o := owners[name]
		p := part{label: first(i, "AGAIN"), gap: i == 0, inset: true, text: o.Who + " writes it " + o.Again}
		if !o.Reconciler {
			p.text = o.Who + ": " + o.Again
		} else {
			p.role, p.state, reconcilers = themes.Danger, a.glyphs.Of(model.Stalled), true
		}
		d.parts = append(d.parts, p)
	}
	lasting := order.Live.Durable(*order.Want)
	d.parts = append(d.parts, part{label: "LASTING", gap: true, text: lasting.Where + "; ctrl+o prints it"})
	warn := "Taking the fields over makes tenantry their owner; they can take them back."
	if reconcilers {
		warn = "Taking the fields over does not last: a reconciler writes them again by itself, and the two would undo each other's work. Change it where it comes from."
	}
	d.parts = append(d.parts, part{label: "FORCE", text: warn, role: themes.Danger, gap: true})
	line := &editLine{}
	word := "force " + order.Live.Key.Namespace
	d.parts = append(d.parts, part{label: "CONFIRM", line: line, hint: "type " + word + " to take the fields over", problem: func(s string) string {
		if s != word {
			return "type " + word + " to take fields over from " + listed(names)
		}
		return ""
	}})
	back := button{word: "Back", harmless: true, press: func() tea.Cmd { a.ask(a.formDialog(t.form)); return nil }}
	d.buttons = []button{{word: "Cancel", harmless: true}, back, {word: "Show with force", press: func() tea.Cmd {
		forced := order
		forced.Force = true
		return a.trySync(&syncTrial{from: d, form: t.form, order: forced})
	}}}
	d.printed = func() string { return a.syncPrinted(order) }
	d.detail = func() string { return problem.Error() + "\n" }
	markButton(d, 1)
	return d
}

func ownerWords(o fluxsync.Owner) string {
	if o.Who == o.Manager {
		return o.Manager
	}
	return o.Manager + " (" + o.Who + ")"
}

func listed(names []string) string {
	out := ""
	for i, n := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			out += " and "
		default:
			out += ", "
		}
		out += n
	}
	return out
}
