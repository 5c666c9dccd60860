package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/themes"
	"tenantry/ui/journal"
)

// unfinishedSync is what a killed dashboard left of setting or clearing a sync:
// what was sent, and what the instance states now. Going on opens the dialog
// anew, which asks the server before anything else is sent.
func (a *App) unfinishedSync(r journal.Record, verb action.Verb) *dialog {
	d := a.unfinishedHead(r, "")
	for i, s := range r.Steps {
		p := part{label: first(i, "STEPS"), gap: i == 0, inset: true, text: fmt.Sprintf("%s/%s/%s: ", s.Kind, s.Namespace, s.Name)}
		switch s.Word {
		case "sent":
			p.state, p.text = a.glyphs.Of(model.Ready), p.text+"was sent and accepted"
		case "sending":
			p.state, p.text = a.glyphs.Of(model.Unknown), p.text+"was being sent: whether it arrived shows below"
		default:
			p.state, p.text = a.glyphs.Of(model.Pending), p.text+notHappened(s)
		}
		d.parts = append(d.parts, p)
	}
	now := "there is no FluxInstance any more"
	if o := a.syncInstance(); o != nil {
		now = noSync
		if i, ok := o.Detail.(*model.Instance); ok && i.Sync != nil {
			now = join(i.Sync.Kind+" "+i.Sync.URL, i.Sync.Ref, i.Sync.Path)
			_, sync := instanceSync(o).Made(o.Namespace)
			if ks := a.store.Get(sync); ks != nil && ks.IsSuspended() {
				now += "; " + sync.String() + " is suspended, s resumes it"
			}
		}
	}
	d.parts = append(d.parts, part{label: "NOW", text: now, role: themes.Text, gap: true})
	asked, typed := askedOf[fluxsync.Spec](r)
	typed = typed && verb == action.SetSync
	if typed && missingOfSync(*asked) != "" {
		d.parts = append(d.parts, part{label: "TYPED", text: "the form begins " + withTyped(missingOfSync(*asked)), gap: true})
	}
	next := func() tea.Cmd { a.askUnfinished(); return nil }
	d.buttons = []button{{word: "Not now", harmless: true, press: next},
		{word: "Forget it", press: func() tea.Cmd { return tea.Batch(a.endRecord(r.ID, "left"), next()) }},
		{word: "Look at it anew", press: func() tea.Cmd {
			if typed {
				a.syncs.asked = asked
			}
			a.takeUp(r)
			return a.askSync(verb)
		}}}
	return d
}
