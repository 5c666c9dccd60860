package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/offboard"
	"tenantry/themes"
)

// leavingTenant is the tenant that off-boarding would be about here: that of
// the row or the page, "" for none.
func (a *App) leavingTenant() string {
	at := a.page().subject().spot
	if p, ok := a.page().(*tenantPage); ok && !p.platform {
		return p.name
	}
	if at.key == (model.Key{}) && at.tenant != model.PlatformKey {
		return at.tenant
	}
	return ""
}

// offboardItem is the line of the actions' menu that takes a tenant out.
func (a *App) offboardItem() (item, bool) {
	name := a.leavingTenant()
	if name == "" || a.marksWords() != "" {
		return item{}, false
	}
	it := item{text: action.OffBoard.String(), note: "take the tenant out, in the order its finalizers need", take: func() tea.Cmd { return a.offboard(name) }}
	if a.rules().ReadOnly {
		it.note = "refused: this session is read-only"
	}
	return it, true
}

// offboard plans how to take a tenant out and asks whether the user may.
func (a *App) offboard(name string) tea.Cmd {
	plan := offboard.New(a.store, name)
	switch {
	case a.rules().ReadOnly:
		a.notice = "off-board is " + readOnlyWhy
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = "off-board is refused: " + serverAway
		return nil
	case plan.Blocked != "":
		a.notice = "off-board is refused: " + plan.Blocked
		return nil
	}
	a.notice, a.presses = "asking whether you may off-board "+name, 0
	return permit(a.ctx, a.cluster, permitMsg{epoch: a.epoch, plan: plan.Action(a.stamp(), "")}, nil)
}

// askOffboard says what goes, in order, what stays and who else is concerned.
func (a *App) askOffboard(shown action.Plan) {
	name := shown.Wish.Targets[0].Row
	plan := offboard.New(a.store, name)
	var confirm editLine
	d := &dialog{title: fmt.Sprintf("Off-board %s on %s", name, a.contextName()), danger: true}
	for i, s := range shown.Steps {
		p := part{label: first(i, "DELETES"), text: s.Key.String(), inset: true}
		if s.Effect != "" {
			p.text += ": " + s.Effect
		}
		if s.Denied != "" {
			p.text, p.role, p.state = p.text+"; "+s.Denied, themes.Muted, a.glyphs.Denied()
		}
		d.parts = append(d.parts, p)
	}
	said := func(label string, role themes.Role, all []string) {
		for i, s := range all {
			d.parts = append(d.parts, part{label: first(i, label), gap: i == 0, text: s, role: role, inset: true})
		}
	}
	var stays, goes []string
	for _, o := range plan.Outside {
		if o.Stays != "" {
			stays = append(stays, fmt.Sprintf("%s, because %s: %s", o.Ref, o.Sync, o.Stays))
		} else {
			goes = append(goes, fmt.Sprintf("%s, applied by %s", o.Ref, o.Sync))
		}
	}
	said("OUTSIDE", themes.Danger, goes)
	said("STAYS", themes.Caution, stays)
	said("OTHERS", themes.Caution, plan.Shared)
	said("RETURNS", themes.Caution, plan.Returns)
	said("MIND", themes.Text, plan.Notes)
	said("FIRST", themes.Text, []string{"nothing brings back what was in it: `tenantry export " + name + " -d DIR` keeps what it is made of; Secrets and data are not in that."})
	word := name
	if a.rules().Protected {
		word = a.contextName() + "/" + name
	}
	d.parts = append(d.parts, part{label: "CONFIRM", gap: true, line: &confirm, hint: "type " + word, problem: func(s string) string {
		if s != word {
			return "all of this is deleted: type " + word + " to confirm"
		}
		return ""
	}})
	d.buttons = []button{{word: "Cancel", harmless: true}, {word: "Off-board", refused: func() string { return offboardRefused(shown) }, press: func() tea.Cmd {
		now := offboard.New(a.store, name).Action(a.stamp(), shown.Wish.Who)
		if why := sameDeletions(shown, now); why != "" {
			a.notice = why + "; look at it again"
			return a.offboard(name)
		}
		return a.begin(now)
	}}}
	d.detail = func() string { return deletedText(shown) }
	d.printed = func() string { return deletionCommands(shown, a.store.Connection()) }
	d.refresh = func(d *dialog) {
		if why := sameDeletions(shown, offboard.New(a.store, name).Action("", "")); why != "" {
			d.said = why + ": going on shows it anew before anything is sent"
		}
	}
	a.ask(d)
}

func offboardRefused(p action.Plan) string {
	for _, s := range p.Steps {
		if s.Denied != "" {
			return s.Denied
		}
	}
	return ""
}

// sameDeletions says what is not any more as it was shown, "" when all is.
func sameDeletions(shown, now action.Plan) string {
	uids := map[string]bool{}
	for _, s := range shown.Steps {
		uids[s.Write.UID] = true
	}
	for _, s := range now.Steps {
		if !uids[s.Write.UID] {
			return s.Key.String() + " has come meanwhile"
		}
	}
	if len(now.Steps) < len(shown.Steps) {
		return "some of it is gone already"
	}
	return ""
}

func deletedText(p action.Plan) string {
	var b strings.Builder
	for _, s := range p.Steps {
		if s.Watch {
			fmt.Fprintf(&b, "%s, %s\n", s.Words, s.Effect)
			continue
		}
		fmt.Fprintf(&b, "delete %s, only if its uid is still %s; then wait until it is gone\n", s.Key, s.Write.UID)
	}
	return b.String() + roleText(p.RoleYAML())
}

func deletionCommands(p action.Plan, conn model.Connection) string {
	var b strings.Builder
	for _, s := range p.Steps {
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
