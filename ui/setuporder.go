package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/model/redact"
	"tenantry/model/setup"
	"tenantry/themes"
	"tenantry/ui/text"
)

// instanceOrderDialog says what will happen.
func (a *App) instanceOrderDialog(t *instanceTrial, order setup.Order) *dialog {
	var confirm editLine
	d := &dialog{title: a.instanceTitle("2 of 2"), danger: order.Force}
	d.parts = a.instanceParts(order)
	if a.rules().Protected {
		name := a.contextName()
		d.parts = append(d.parts, part{label: "CONFIRM", line: &confirm, hint: "this context is protected: type " + name, gap: true, problem: func(s string) string {
			if s != name {
				return "this context is protected: type " + name + " to confirm"
			}
			return ""
		}})
	}
	word := "Set up"
	if order.Live != nil {
		word = "Change"
	}
	if order.Force {
		word += " by force"
	}
	d.buttons = []button{
		{word: "Cancel", harmless: true},
		{word: "Back", harmless: true, press: func() tea.Cmd { a.ask(a.instanceDialog(t.form)); return nil }},
		{word: word, refused: func() string {
			if len(order.Shown) == 0 {
				return "it is so already: there is nothing to send"
			}
			return ""
		}, press: func() tea.Cmd {
			order.Stamp = a.stamp()
			t.form.sent = true
			a.putDraft(t.form.name(), nil)
			plan := order.Plan()
			plan.Asked = redact.Kept(order.Want)
			return a.begin(plan)
		}},
	}
	mark := len(d.buttons) - 1
	if a.rules().Protected || order.Force || len(order.Shown) == 0 || a.stops(order) {
		mark = 0
	}
	markButton(d, mark)
	d.detail = func() string {
		return "# server-side apply, as field manager " + model.FieldManager + map[bool]string{true: ", by force", false: ", without force"}[order.Force] + "\n" +
			yamlOf(order.Write().Body) + "# what the dry run changes\n" + fluxsync.Unified(order.Shown)
	}
	d.printed = func() string { return a.instancePrinted(order) }
	d.refresh = func(d *dialog) {
		now := a.store.Get(order.Key())
		switch {
		case order.Live == nil && now != nil:
			d.said = "somebody has made a FluxInstance meanwhile: going on asks the server again, and sends nothing else than is shown"
		case order.Live != nil && (now == nil || now.UID != order.Live.UID):
			d.said = "the FluxInstance is gone, or another took its place"
		}
	}
	return d
}

// locks reports whether an order switches the lockdown on.
func locks(order setup.Order) bool {
	for _, c := range order.Shown {
		if c.Path == ".spec.cluster.multitenant" {
			return c.After == "true"
		}
	}
	return false
}

// stops reports whether syncs that run now would not any more.
func (a *App) stops(order setup.Order) bool { return locks(order) && len(setup.Exposed(a.store)) > 0 }

func (a *App) instanceParts(order setup.Order) []part {
	var parts []part
	grid := [][]string{{"FIELD", "NOW", "AFTER", "OWNER TODAY"}}
	none := a.kit.Glyph.Unknown
	for _, c := range order.Shown {
		owners := "no one"
		if order.Live != nil {
			var names []string
			for _, o := range order.Live.Owners {
				if o.Subresource == "" && (o.Path == c.Path || strings.HasPrefix(c.Path, o.Path+"[")) {
					names = append(names, o.Manager)
				}
			}
			if len(names) > 0 {
				owners = strings.Join(names, ", ")
			}
		}
		grid = append(grid, []string{strings.TrimPrefix(c.Path, ".spec."), dashed(c.Before, none), dashed(c.After, none), owners})
	}
	if len(order.Shown) > 0 {
		parts = append(parts, part{grid: grid})
	}
	add := func(label, words string, role themes.Role) {
		parts = append(parts, part{label: label, text: words, role: role, gap: true})
	}
	words := fmt.Sprintf("the operator installs %d controllers into %s, and Flux's kinds with them", len(order.Want.Components), order.Want.Namespace)
	if order.Live != nil {
		words = "the operator brings Flux to that; controllers whose settings change start anew"
	} else if len(a.store.Platform().Controllers) > 0 {
		words = "the operator takes the controllers in " + order.Want.Namespace + " over; those whose settings change start anew"
	}
	add("DOES", words, themes.Text)
	switch exposed := setup.Exposed(a.store); {
	case !order.Want.Multitenant:
		add("LOCKDOWN", "off: every tenant's Git may do everything in the whole cluster", themes.Caution)
	case a.stops(order):
		for i, s := range exposed[:min(len(exposed), 5)] {
			parts = append(parts, part{label: first(i, "STOPS"), gap: i == 0, text: s, role: themes.Caution, inset: true})
		}
		if n := len(exposed) - 5; n > 0 {
			parts = append(parts, part{text: fmt.Sprintf("and %d more", n), role: themes.Caution, inset: true})
		}
	}
	where, _ := setup.Lasting(fluxsync.Live{}, order.Want)
	add("LASTING", "in "+where+": step 8 writes it there; ctrl+o prints it", themes.Text)
	dry := "accepted " + text.Clock(a.now, a.now) + ", no conflict"
	if order.Force {
		dry = "accepted " + text.Clock(a.now, a.now) + ", taking over what belongs to others"
	}
	if len(order.Shown) == 0 {
		dry += "; it would change nothing: it is so already"
	}
	parts = append(parts, part{label: "DRY RUN", gap: true, state: a.glyphs.Of(model.Ready), text: dry + ". It is asked again just before sending; if it would do anything else, nothing is sent."})
	return parts
}

// instanceConflict: others own what would be changed. Nothing was changed, and
// nothing is taken from them unless that is asked for in so many letters.
func (a *App) instanceConflict(t *instanceTrial, order setup.Order, problem *model.WriteError) *dialog {
	d := &dialog{title: a.instanceTitle("fields of others"), danger: true}
	d.parts = append(d.parts, part{label: "CONFLICT", text: "Nothing was changed. These fields belong to others, with other values:"})
	var names []string
	seen := map[string]bool{}
	for _, c := range problem.Conflicts {
		o := order.Live.Owner(c.Manager)
		d.parts = append(d.parts, part{text: c.Field + ": " + ownerWords(o) + ", " + o.Again, inset: true})
		if !seen[c.Manager] {
			seen[c.Manager] = true
			names = append(names, c.Manager)
		}
	}
	d.parts = append(d.parts, part{label: "FORCE", text: "Taking the fields over makes tenantry their owner; they can take them back.", role: themes.Danger, gap: true})
	line := &editLine{}
	word := "force " + order.Want.Namespace
	d.parts = append(d.parts, part{label: "CONFIRM", line: line, hint: "type " + word + " to take the fields over", problem: func(s string) string {
		if s != word {
			return "type " + word + " to take fields over from " + listed(names)
		}
		return ""
	}})
	d.buttons = []button{{word: "Cancel", harmless: true},
		{word: "Back", harmless: true, press: func() tea.Cmd { a.ask(a.instanceDialog(t.form)); return nil }},
		{word: "Show with force", press: func() tea.Cmd {
			forced := order
			forced.Force = true
			return a.tryInstance(&instanceTrial{from: d, form: t.form, order: forced})
		}}}
	d.detail = func() string { return problem.Error() + "\n" }
	d.printed = func() string { return a.instancePrinted(order) }
	markButton(d, 1)
	return d
}
