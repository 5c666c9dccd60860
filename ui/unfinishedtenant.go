package ui

import (
	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/offboard"
	"tenantry/themes"
	"tenantry/ui/journal"
)

// unfinishedTenant is what was left of adding a tenant, taking one out, or
// restoring a folder: what was sent, and what the cluster shows now. Each is
// gone on with by being asked for anew: what is done already is seen then.
func (a *App) unfinishedTenant(r journal.Record, verb action.Verb) *dialog {
	d := a.unfinishedHead(r, shownNow)
	there := 0
	for i, s := range r.Steps {
		ref := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}
		p := part{label: first(i, "STEPS"), gap: i == 0, inset: true, text: ref.String() + ": "}
		k, known := ref.Key()
		is := a.store.Get(k)
		switch {
		case !known || !a.store.Readable(k):
			p.state, p.text = a.glyphs.Of(model.Unknown), p.text+sentWord(s)
		case verb == action.OffBoard && (is == nil || s.UID != "" && is.UID != s.UID):
			p.state, p.text = a.glyphs.Of(model.Ready), p.text+"gone"
		case verb == action.OffBoard && is.Deleting != 0:
			p.state, p.text = a.glyphs.Of(model.Terminating), p.text+"is being deleted"
		case verb == action.OffBoard:
			p.state, p.text = a.glyphs.Of(model.Pending), p.text+"is still there"
		case is != nil:
			there++
			p.state, p.text = a.glyphs.Of(model.Ready), p.text+"is there"
		default:
			p.state, p.text = a.glyphs.Of(model.Pending), p.text+"is not there: it "+notHappened(s)
		}
		d.parts = append(d.parts, p)
	}
	next := func() tea.Cmd { a.askUnfinished(); return nil }
	d.buttons = []button{{word: "Not now", harmless: true, press: next}, {word: "Forget it", press: func() tea.Cmd { return tea.Batch(a.endRecord(r.ID, "left"), next()) }}}
	said := ""
	tenant := a.store.Tenant(r.Subject) != nil
	switch {
	case verb == action.Restore:
		said = "Go on with: tenantry restore " + shellWord(r.Subject) + "  What is there already is not applied again."
		if sentInFull(r) { // kept for the same command, which has to know what is of its own making
			said = "All of it was sent; following it was cut off. Follow it to its end with: tenantry restore " + shellWord(r.Subject)
		}
	case verb == action.OffBoard:
		rest := finishing(r)
		if rest.plan(a.store, nil).Blocked != "" {
			said = "Nothing of it is left that can be seen: there is nothing to finish."
			break
		}
		d.buttons = append(d.buttons, button{word: "Finish", press: func() tea.Cmd {
			a.closing = r.ID
			return a.leave(rest)
		}})
	default:
		said = "+ with the same name and namespaces goes on from there: what exists is kept."
		if f, ok := a.tenantFormOf(r); ok && verb == action.AddTenant {
			said = "Adding the rest opens the form, filled in from what is there; what that does not show was typed and is gone. What exists is kept."
			if len(r.Asked) > 0 {
				said = "Adding the rest opens the form " + withTyped(f.missing()) + ". What exists is kept."
			}
			d.buttons = append(d.buttons, button{word: "Add the rest", press: func() tea.Cmd { a.takeUp(r); a.tenantDraft, a.tenantOn = f, a.memory.cluster; return a.addTenant() }})
		}
		if tenant && there > 0 {
			d.buttons = append(d.buttons, button{word: "Off-board it", press: func() tea.Cmd {
				a.closing = r.ID
				return a.offboard(r.Subject)
			}})
		}
	}
	if said != "" {
		d.parts = append(d.parts, part{text: said, role: themes.Text, gap: true})
	}
	return d
}

// sentWord says of an object that can't be seen what is known of its step.
func sentWord(s journal.Step) string {
	switch s.Word {
	case "sent":
		return "was sent and accepted"
	case "sending":
		return "was being sent: whether it arrived can't be seen"
	}
	return notHappened(s)
}

// finishing is the rest of taking a tenant out.
func finishing(r journal.Record) *offboarding {
	begun := make([]offboard.Recorded, len(r.Steps))
	for i, s := range r.Steps {
		begun[i] = offboard.Recorded{Ref: model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}, UID: s.UID}
	}
	return &offboarding{name: r.Subject, plan: func(s *model.Store, known offboard.Known) offboard.Plan {
		return offboard.Finish(s, r.Subject, begun, known)
	}}
}
