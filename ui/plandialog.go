package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"
)

func (a *App) planDialog(f *planForm) *dialog {
	verb := upperFirst(f.plan.Wish.Verb.String())
	d := &dialog{
		title: fmt.Sprintf("%s on %s", upperFirst(f.plan.Title), a.contextName()),
		buttons: []button{
			{word: "Cancel", harmless: f.plan.Stops || f.plan.Wish.Verb == action.Force || f.plan.Wish.Verb == action.Reset || a.rules().Protected || len(f.plan.Allowed()) == 0},
			{word: verb, refused: func() string { return f.refused() }, press: func() tea.Cmd { return a.confirmed(f) }},
		},
		detail:  func() string { return a.unlessWrong(f, a.detailOf) },
		printed: func() string { return a.unlessWrong(f, a.commandsOf) },
	}
	d.parts = a.planParts(f)
	d.ticked = func() { // what is left out changes what goes on and what undoes the rest
		from, to := f.around.at, f.around.at+f.around.n
		d.parts = slices.Concat(d.parts[:from], a.aroundParts(f, from), d.parts[to:])
	}
	d.refresh = func(d *dialog) { a.lookAgain(d, f) }
	return d
}

// unlessWrong shows what would be sent, or why nothing would: what is typed and
// can't be read must not look as if it had been left empty.
func (a *App) unlessWrong(f *planForm, show func(*planForm) string) string {
	if _, problem := parseUntil(f.until.String(), a.now); problem != "" && f.plan.Wish.Verb == action.Suspend {
		return "nothing would be sent: " + problem
	}
	return show(f)
}

func (a *App) commandsOf(f *planForm) string {
	return commandsText(a.planNow(f).Steps, a.store.Connection())
}

func (a *App) planParts(f *planForm) []part {
	var parts []part
	label := strings.ToUpper(f.plan.Wish.Verb.String())
	if f.plan.Stops {
		label = "STOPS"
	} else if len(label) > dialogLabel-1 {
		label = "DOES"
	}
	for i := range f.plan.Steps {
		s := &f.plan.Steps[i]
		p := part{text: s.Key.String(), tick: &f.ticked[i]}
		if i == 0 {
			p.label = label
		}
		if s.Effect != "" {
			p.text += ": " + s.Effect
		}
		if s.Denied != "" {
			p.locked, p.role, p.text = s.Denied, themes.Muted, p.text+"; "+s.Denied
		}
		parts = append(parts, p)
	}
	if role := f.plan.RoleYAML(); role != "" {
		parts = append(parts, part{text: "ctrl+y shows the Role that would allow the rest.", label: "DENIED", role: themes.Caution})
	}
	add := func(label, text string, role themes.Role) {
		if text != "" {
			parts = append(parts, part{label: label, text: text, role: role, gap: true})
		}
	}
	parts = append(parts, a.aroundParts(f, len(parts))...)
	if n := len(f.plan.Refused); n > 0 {
		add("LEFT OUT", refusals(f.plan.Refused, 5), themes.Muted)
	}
	if f.plan.Wish.Verb == action.Suspend {
		parts = append(parts,
			part{label: "REASON", line: &f.reason, hint: "why, for whoever finds it suspended", gap: true},
			part{label: "UNTIL", line: &f.until, hint: "when it should be over: fri, 3d, 2026-11-30; empty = open",
				problem: func(s string) string { _, err := parseUntil(s, a.now); return err }})
	}
	add("BACK", f.plan.Back, themes.Muted)
	if reason, _, ok := f.plan.Says(); ok && a.rules().Events {
		add("EVENT", fmt.Sprintf("%s, on each object: by whom, %q, and what stands above as reason and until (eventOnAction).", reason, f.plan.Wish.Verb), themes.Text)
	}
	if a.rules().Protected {
		name := a.contextName()
		parts = append(parts, part{label: "CONFIRM", line: &f.confirm, hint: "this context is protected: type " + name, gap: true,
			problem: func(s string) string {
				if s != name {
					return "this context is protected: type " + name + " to confirm"
				}
				return ""
			}})
	}
	return parts
}

// aroundParts say what goes on in spite of what is ticked, and what would undo
// it; they stand at an index of the dialog's parts.
func (a *App) aroundParts(f *planForm, at int) []part {
	var parts []part
	around := f.plan.Only(f.keys()).Around(a.store)
	for _, of := range []struct {
		label string
		says  []string
		role  themes.Role
	}{{"GOES ON", around.Keeps, themes.Text}, {"UNDONE BY", around.Undoes, themes.Caution}} {
		for i, s := range of.says {
			parts = append(parts, part{label: first(i, of.label), text: s, role: of.role, gap: i == 0, inset: i > 0})
		}
	}
	if f.plan.Wish.Verb == action.Suspend && len(around.Undoes) == 0 {
		parts = append(parts, part{label: "UNDONE BY", text: "nothing that is seen here: nobody applies what stops", gap: true})
	}
	f.around.at, f.around.n = at, len(parts)
	return parts
}

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// contextName is what a dialog calls the cluster.
func (a *App) contextName() string {
	if name := a.store.Connection().Context; name != "" {
		return name
	}
	return "this cluster"
}

// keys are the objects that are ticked.
func (f *planForm) keys() map[model.Key]bool {
	keys := map[model.Key]bool{}
	for i, on := range f.ticked {
		if on {
			keys[f.plan.Steps[i].Key] = true
		}
	}
	return keys
}

func (f *planForm) refused() string {
	if len(f.keys()) > 0 {
		return ""
	}
	if len(f.plan.Allowed()) == 0 && len(f.plan.Steps) > 0 {
		return f.plan.Steps[0].Denied
	}
	return "nothing is ticked"
}

// wishNow is what is asked for, with what was typed.
func (a *App) wishNow(f *planForm) action.Wish {
	w := f.plan.Wish
	w.Stamp = a.stamp()
	w.Reason = strings.TrimSpace(f.reason.String())
	w.Until, _ = parseUntil(f.until.String(), a.now)
	return w
}

// planNow is the plan as it is by now, with what was typed and ticked.
func (a *App) planNow(f *planForm) action.Plan {
	return action.New(a.store, a.wishNow(f)).Only(f.keys())
}

// confirmed starts what was asked for, unless it is not any more what was shown.
func (a *App) confirmed(f *planForm) tea.Cmd {
	if changed := f.changed(a.store); changed != "" {
		cmd := a.permit(action.New(a.store, action.Wish{Verb: f.plan.Wish.Verb, Targets: f.plan.Wish.Targets, Stamp: a.stamp()}), f.remember())
		if cmd != nil {
			a.notice = changed + "; look at it again"
		}
		return cmd
	}
	delete(a.whys, targetsID(f.plan.Wish.Targets))
	plan := a.planNow(f)
	if a.rules().Events {
		plan.Tell(a.store.Now())
	}
	return a.begin(plan)
}

// changed says what is not any more as it was shown, "" when all is.
func (f *planForm) changed(store *model.Store) string {
	for i, on := range f.ticked {
		if s := &f.plan.Steps[i]; on && !f.plan.Unchanged(store, s) {
			return s.Key.String() + " has changed meanwhile"
		}
	}
	return ""
}

// lookAgain is called when something in the cluster has changed while the
// dialog was open.
func (a *App) lookAgain(d *dialog, f *planForm) {
	if changed := f.changed(a.store); changed != "" {
		d.said = changed + ": going on shows it anew before anything is sent"
	}
}

// detailed is of how many objects it is shown letter by letter what is sent.
const detailed = 50

// detailOf is what exactly would be sent, of many objects of the first.
func (a *App) detailOf(f *planForm) string {
	w := a.wishNow(f)
	w.Targets = nil
	left := 0
	keys := map[model.Key]bool{}
	for i, on := range f.ticked {
		switch k := f.plan.Steps[i].Key; {
		case !on:
		case len(keys) == detailed:
			left++
		default:
			keys[k] = true
			w.Targets = append(w.Targets, action.Object(k))
		}
	}
	text := sentText(action.New(a.store, w).Only(keys).Steps, f.plan.RoleYAML())
	if left > 0 {
		text += fmt.Sprintf("# and the same for %d more; ctrl+o prints all of it\n", left)
	}
	return text
}

// sentText is what exactly would be sent, and the Role that is missing.
func sentText(steps []action.Step, role string) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "# merge patch of %s, as field manager %s, only if its uid is still %s\n", s.Key, model.FieldManager, s.Write.UID)
		text, err := yaml.JSONToYAML(s.Write.Body)
		if err != nil {
			text = s.Write.Body
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	if role != "" {
		b.WriteString("# what would allow the rest\n" + role)
	}
	return b.String()
}

// commandsText is the same as commands for a shell.
func commandsText(steps []action.Step, conn model.Connection) string {
	var b strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&b, "kubectl%s patch %s %s -n %s --type merge --field-manager %s -p %s\n", kubectlFlags(conn),
			s.Needs.Resource+"."+s.Needs.Group, shellWord(s.Key.Name), shellWord(s.Key.Namespace), model.FieldManager, shellWord(string(s.Write.Body)))
	}
	return b.String()
}

// kubectlFlags are those that make kubectl mean the same cluster and user.
func kubectlFlags(conn model.Connection) string {
	where := ""
	if conn.Context != "" {
		where += " --context " + shellWord(conn.Context)
	}
	if conn.User != "" {
		where += " --as " + shellWord(conn.User)
	}
	return where
}
