package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/onboard"
	"tenantry/model/setup"
	"tenantry/ui/journal"
)

// unfinishedButtons are the ways on: going on opens what it was begun with, and
// nothing is sent before that has shown it.
func (a *App) unfinishedButtons(d *dialog, r journal.Record, word string, goOn func() tea.Cmd) {
	next := func() tea.Cmd { a.askUnfinished(); return nil }
	d.buttons = []button{{word: "Not now", harmless: true, press: next},
		{word: "Forget it", press: func() tea.Cmd { return tea.Batch(a.endRecord(r.ID, "left"), next()) }},
		{word: word, press: func() tea.Cmd {
			if a.store.Platform().Instance != nil { // it has arrived: what is left to do is read from the cluster
				return tea.Batch(a.endRecord(r.ID, "taken up"), goOn())
			}
			a.takeUp(r)
			return goOn()
		}}}
}

// unfinishedStep is a step of a record beside what the cluster shows of it.
func (a *App) unfinishedStep(i int, s journal.Step) part {
	k, known := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}.Key()
	name := s.Kind + "/" + s.Name
	if s.Namespace != "" {
		name = s.Kind + "/" + s.Namespace + "/" + s.Name
	}
	p := part{label: first(i, "STEPS"), gap: i == 0, inset: true}
	switch {
	case known && a.store.Get(k) != nil:
		p.state, p.text = a.glyphs.Of(model.Ready), name+": is there"
	case s.Word == "sent" && !known:
		p.state, p.text = a.glyphs.Of(model.Ready), name+": was sent and accepted"
	case s.Word == "sending":
		p.state, p.text = a.glyphs.Of(model.Unknown), name+": was being sent, and is not seen"
	default:
		p.state, p.text = a.glyphs.Of(model.Pending), name+": "+notHappened(s)
	}
	return p
}

// unfinishedSetup is what was left of making or changing the FluxInstance.
func (a *App) unfinishedSetup(r journal.Record) *dialog {
	d := a.unfinishedHead(r, "")
	for i, s := range r.Steps {
		d.parts = append(d.parts, a.unfinishedStep(i, s))
	}
	asked, typed := askedOf[setup.Spec](r)
	now := "what was typed is gone with it; setup reads from the cluster where it stands, and goes on there"
	if typed {
		now = "setup reads from the cluster where it stands, and goes on there; its form begins " + withTyped(missingOfInstance(*asked))
	}
	d.parts = append(d.parts, part{label: "NOW", gap: true, text: now})
	a.unfinishedButtons(d, r, "Go on", func() tea.Cmd {
		if typed {
			a.installing.asked = asked
		}
		cmd := a.openSetup()
		if p, ok := a.page().(*setupPage); ok {
			p.choose(setup.Instance)
		}
		return cmd
	})
	return d
}

// tenantFormOf fills a form with what was typed, or, of a record that does not
// say, with what it names and the cluster shows. False: it was to be made of one
// ResourceSet, which shows nothing of that.
func (a *App) tenantFormOf(r journal.Record) (*tenantForm, bool) {
	f := newTenantForm()
	if spec, ok := askedOf[onboard.Spec](r); ok {
		f.fill(spec)
		return f, true
	}
	set := func(i int, s string) {
		f.lines[i] = editLine{}
		f.lines[i].insert(s)
	}
	set(tenantName, r.Subject)
	var spaces []string
	account := ""
	for _, s := range r.Steps {
		k, _ := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}.Key()
		o := a.store.Get(k)
		switch s.Kind {
		case "Namespace":
			spaces = append(spaces, s.Name)
		case "ServiceAccount":
			account = s.Name
		case "NetworkPolicy":
			f.isolate = true
		case "ResourceSet":
			return nil, false
		}
		if o == nil {
			continue
		}
		switch d := o.Detail.(type) {
		case *model.Binding:
			for i, role := range onboard.Roles {
				if role.String() == d.RoleName {
					f.role = i
				}
			}
		case *model.Source:
			set(tenantURL, d.URL)
			set(tenantBranch, strings.TrimPrefix(d.Ref, "branch "))
			for _, p := range d.Secrets {
				if p.Name == "secretRef" {
					set(tenantSecret, p.Value)
				}
			}
		case *model.Sync:
			f.prune, f.wait = d.Prune, d.Wait
			for i, ns := range spaces {
				if ns == s.Namespace {
					spaces[i] = ns + "=" + d.Path
				}
			}
		}
	}
	if account != r.Subject {
		set(tenantAccount, account)
	}
	if len(spaces) != 1 || spaces[0] != r.Subject {
		set(tenantSpaces, strings.Join(spaces, " "))
	}
	return f, len(spaces) > 0
}
