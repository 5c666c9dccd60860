package ui

import (
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/themes"
	"tenantry/ui/journal"
	"tenantry/ui/keymap"
	"tenantry/ui/text"
)

// unfinishedMsg are the actions an earlier dashboard did not bring to an end.
type unfinishedMsg struct {
	epoch   uint64
	records []journal.Record
	err     error
}

// findUnfinished looks for them once per session, as soon as the cluster is
// known well enough to say what became of them.
func (a *App) findUnfinished() tea.Cmd {
	if a.opts.Journal == nil || a.searched == a.epoch || !a.store.Complete() || a.contexts.viewing.account != (model.Key{}) {
		return nil
	}
	a.searched = a.epoch
	j, conn, epoch := a.opts.Journal, a.store.Connection(), a.epoch
	return func() (msg tea.Msg) {
		defer caught(&msg)
		records, err := j.Unfinished(conn.Context, conn.Server)
		return unfinishedMsg{epoch, records, err}
	}
}

func (a *App) applyUnfinished(msg unfinishedMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	if msg.err != nil {
		a.notice, a.dirty = "what was left unfinished can't be read: "+msg.err.Error(), true
		return nil
	}
	var cmds []tea.Cmd
	for _, r := range msg.records {
		if sentInFull(r) && r.Verb != action.Restore.String() { // nothing of it is left to do: how it ended is told by the cluster
			a.unseen.records, a.dirty = append(a.unseen.records, r), true
			cmds = append(cmds, a.endRecord(r.ID, notFollowed))
			continue
		}
		a.left = append(a.left, r)
	}
	a.askUnfinished()
	return tea.Batch(cmds...)
}

// sentInFull reports whether the server confirmed every step of an action.
func sentInFull(r journal.Record) bool {
	return !slices.ContainsFunc(r.Steps, func(s journal.Step) bool { return s.Word != "sent" && !s.Watch })
}

// askUnfinished asks about the oldest of them.
func (a *App) askUnfinished() {
	if len(a.left) == 0 || a.dialog != nil {
		return
	}
	r := a.left[0]
	a.left = a.left[1:]
	verb, ok := action.ParseVerb(r.Verb)
	if !ok {
		a.askUnfinished()
		return
	}
	a.dirty = true
	if verb == action.SetInstance {
		a.ask(a.unfinishedSetup(r))
		return
	}
	if verb == action.SetSync || verb == action.ClearSync {
		a.ask(a.unfinishedSync(r, verb))
		return
	}
	if verb == action.AddTenant || verb == action.OffBoard || verb == action.Restore {
		a.ask(a.unfinishedTenant(r, verb))
		return
	}
	a.ask(a.unfinishedDialog(r, verb))
}

// unfinishedHead says who began what a killed dashboard left, and when; and what
// else is to be said of it.
func (a *App) unfinishedHead(r journal.Record, more string) *dialog {
	ended := "The dashboard ended"
	if r.Verb == action.Restore.String() { // a command of its own, too
		ended = "It was cut off"
	}
	return &dialog{title: fmt.Sprintf("Unfinished: %s %s on %s", r.Verb, r.Subject, a.contextName()),
		parts: []part{{text: fmt.Sprintf("Begun %s by %s. %s before it was through%s.", text.Clock(r.At.In(a.now.Location()), a.now), who(r.Who), ended, more)}}}
}

// shownNow: its steps are told by what has come of them.
const shownNow = "; this is what the cluster shows now"

func (a *App) unfinishedDialog(r journal.Record, verb action.Verb) *dialog {
	d := a.unfinishedHead(r, shownNow)
	var done, open []action.Target
	unwritten := false
	for i, s := range r.Steps {
		p := part{role: themes.Text, gap: i == 0}
		k, known := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}.Key()
		if i == 0 {
			p.label = "STEPS"
		}
		p.text = k.String() + ": "
		switch {
		case verb == action.SaveCredential && s.Kind == model.Secret.String():
			p.text = fmt.Sprintf("Secret/%s/%s: ", s.Namespace, s.Name)
			if unwritten = s.Word == "" || s.Word == "failed"; unwritten {
				p.state, p.text = a.glyphs.Of(model.Pending), p.text+"was not written: what was in it goes on as before"
			} else if s.Word == "sent" {
				p.state, p.text = a.glyphs.Of(model.Ready), p.text+"was written"
			} else {
				p.state, p.text = a.glyphs.Of(model.Unknown), p.text+"was on its way, and may have been written: what was in it before has to stay; "+a.key(keymap.Credential)+" tests the one in the cluster"
			}
		case !known:
			continue
		default:
			switch action.Traces(a.store, verb, k, s.UID, r.ID) {
			case action.Traced:
				p.state, p.text = a.glyphs.Of(model.Ready), p.text+"happened"
				done = append(done, action.Object(k))
			case action.Vanished:
				p.state, p.text = a.glyphs.Of(model.Unknown), p.text+"gone, or another of that name"
			default:
				p.state, p.text = a.glyphs.Of(model.Pending), p.text+notHappened(s)
				open = append(open, action.Object(k))
			}
		}
		d.parts = append(d.parts, p)
	}
	end := func(word string, v action.Verb, targets []action.Target) func() tea.Cmd {
		return func() tea.Cmd {
			if len(targets) == 0 {
				a.askUnfinished()
				return a.endRecord(r.ID, word)
			}
			// The record ends when what follows from it begins, not before.
			a.closing = r.ID
			return a.permit(action.New(a.store, action.Wish{Verb: v, Targets: targets, Stamp: a.stamp(), Reason: r.Reason, Until: r.Until, Together: r.Subject}), nil)
		}
	}
	d.buttons = []button{{word: "Not now", harmless: true, press: func() tea.Cmd { a.askUnfinished(); return nil }},
		{word: "Forget it", press: end("left", 0, nil)}}
	if undo, ok := verb.Undo(); ok && len(done) > 0 {
		d.buttons = append(d.buttons, button{word: fmt.Sprintf("Undo (%d)", len(done)), press: end("", undo, done)})
	}
	if verb == action.SaveCredential {
		// What was in memory is gone; what is in the cluster only has to be fetched
		// with.
		if verb = action.Fetch; unwritten {
			open = nil
			d.parts = append(d.parts, part{text: "The key or login that was to be saved is gone with the dashboard; " + a.key(keymap.Credential) + " makes another.", role: themes.Muted, gap: true})
		}
	}
	if len(open) > 0 {
		d.buttons = append(d.buttons, button{word: fmt.Sprintf("Finish (%d)", len(open)), press: end("", verb, open)})
	}
	return d
}

func notHappened(s journal.Step) string {
	switch s.Word {
	case "":
		return "was not sent"
	case "failed":
		return "failed: " + s.Detail
	}
	return "does not show"
}

func who(name string) string {
	if name == "" {
		return "somebody"
	}
	return name
}

func (a *App) endRecord(id, word string) tea.Cmd {
	j := a.opts.Journal
	return func() (msg tea.Msg) {
		defer caught(&msg)
		if err := j.End(id, word); err != nil {
			return noteMsg{"the action log can't be written: " + err.Error()}
		}
		return nil
	}
}
