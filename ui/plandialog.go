package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"
)

// planForm is a plan as a dialog asks about it.
type planForm struct {
	plan    action.Plan
	ticked  []bool
	reason  editLine
	until   editLine
	confirm editLine
}

// askPlan opens the dialog of a plan: what stops or happens, in order, what
// goes on, what would undo it, and what the user may not do.
func (a *App) askPlan(plan action.Plan) {
	f := &planForm{plan: plan, ticked: make([]bool, len(plan.Steps))}
	for i := range plan.Steps {
		f.ticked[i] = plan.Steps[i].Denied == ""
	}
	f.reason.insert(plan.Wish.Reason)
	f.until.insert(plan.Wish.Until)
	a.ask(a.planDialog(f))
}

func (a *App) planDialog(f *planForm) *dialog {
	verb := upperFirst(f.plan.Wish.Verb.String())
	d := &dialog{
		title: fmt.Sprintf("%s on %s", upperFirst(f.plan.Title), a.contextName()),
		buttons: []button{
			{word: "Cancel", harmless: f.plan.Stops || f.plan.Wish.Verb == action.Force || f.plan.Wish.Verb == action.Reset || a.rules().Protected || len(f.plan.Allowed()) == 0},
			{word: verb, refused: func() string { return f.refused() }, press: func() tea.Cmd { return a.confirmed(f) }},
		},
		detail:  func() string { return sentText(a.planNow(f).Steps, f.plan.RoleYAML()) },
		printed: func() string { return commandsText(a.planNow(f).Steps, a.store.Connection()) },
	}
	d.parts = a.planParts(f)
	d.refresh = func(d *dialog) { a.lookAgain(d, f) }
	return d
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
			parts = append(parts, part{label: label, text: text, role: role, gap: label != ""})
		}
	}
	for i, s := range f.plan.Keeps {
		add(first(i, "GOES ON"), s, themes.Text)
	}
	for i, s := range f.plan.Undoes {
		add(first(i, "UNDONE BY"), s, themes.Caution)
	}
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

// now is the plan as it is by now, with what was typed and ticked.
func (a *App) planNow(f *planForm) action.Plan {
	w := f.plan.Wish
	w.Stamp = a.stamp()
	w.Reason = strings.TrimSpace(f.reason.String())
	w.Until, _ = parseUntil(f.until.String(), a.now)
	return action.New(a.store, w).Only(f.keys())
}

// confirmed starts what was asked for, unless it is not any more what was shown.
func (a *App) confirmed(f *planForm) tea.Cmd {
	plan := a.planNow(f)
	if changed := f.changed(plan); changed != "" {
		f.plan.Steps = nil
		a.notice = changed + "; look at it again"
		return a.permit(action.New(a.store, action.Wish{Verb: f.plan.Wish.Verb, Targets: f.plan.Wish.Targets, Stamp: a.stamp()}))
	}
	return a.begin(plan)
}

// changed says what is not any more as it was shown, "" when all is.
func (f *planForm) changed(plan action.Plan) string {
	is := map[model.Key]*action.Step{}
	for i := range plan.Steps {
		is[plan.Steps[i].Key] = &plan.Steps[i]
	}
	for i, on := range f.ticked {
		if !on || i >= len(f.plan.Steps) {
			continue
		}
		s := &f.plan.Steps[i]
		if now := is[s.Key]; now == nil || !s.Same(*now) {
			return s.Key.String() + " has changed meanwhile"
		}
	}
	return ""
}

// lookAgain is called when something in the cluster has changed while the
// dialog was open.
func (a *App) lookAgain(d *dialog, f *planForm) {
	if changed := f.changed(a.planNow(f)); changed != "" {
		d.said = changed + ": going on shows it anew before anything is sent"
	}
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
		var compact any
		body := s.Write.Body
		if json.Unmarshal(body, &compact) == nil {
			body, _ = json.Marshal(compact)
		}
		fmt.Fprintf(&b, "kubectl%s patch %s %s -n %s --type merge --field-manager %s -p %s\n", kubectlFlags(conn),
			s.Needs.Resource+"."+s.Needs.Group, shellWord(s.Key.Name), shellWord(s.Key.Namespace), model.FieldManager, shellWord(string(body)))
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

// parseUntil reads when a suspension should be over: a weekday, a number of
// hours or days, a date, or RFC 3339. It returns RFC 3339 or "" for open.
func parseUntil(s string, now time.Time) (until, problem string) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return "", ""
	}
	at, ok := untilTime(s, now)
	switch {
	case !ok:
		return "", "until " + strconv.Quote(s) + " is no time: try fri, 3d, 4h or 2026-11-30"
	case !at.After(now):
		return "", "until " + strconv.Quote(s) + " is over already"
	}
	return at.UTC().Format(time.RFC3339), ""
}

func untilTime(s string, now time.Time) (time.Time, bool) {
	for day := range 7 {
		d := time.Weekday(day)
		if name := strings.ToLower(d.String()); len(s) >= 3 && strings.HasPrefix(name, s) {
			ahead := (int(d)-int(now.Weekday())+6)%7 + 1 // today's name means in a week
			return endOfDay(now.AddDate(0, 0, ahead)), true
		}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(s, "d")); err == nil && strings.HasSuffix(s, "d") && n > 0 && n < 3660 {
		return now.AddDate(0, 0, n), true
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(d), true
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return endOfDay(at), true
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(s)); err == nil {
		return at, true
	}
	return time.Time{}, false
}

// endOfDay: until Friday means that Friday is still in.
func endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, t.Location())
}
