package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// Init starts the two things that keep the dashboard going: the session's next
// batch and the clock.
func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{nextBatch(a.ctx, a.cluster, a.epoch), tick()}
	if a.opts.Theme == "" {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// Update takes one message. It does no IO.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.handle(msg)
	return a, tea.Batch(append(a.errands(), cmd)...)
}

func (a *App) handle(msg tea.Msg) tea.Cmd {
	a.setTime()
	switch msg := msg.(type) {
	case batchMsg:
		return a.applyBatch(msg)
	case tickMsg:
		return a.applyTick()
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.PasteMsg:
		a.paste(msg.Content)
	case tea.MouseClickMsg:
		return a.clicked(msg.Mouse())
	case tea.MouseWheelMsg:
		a.wheel(msg.Mouse())
	case tea.WindowSizeMsg:
		a.w, a.h, a.dirty = msg.Width, msg.Height, true
	case tea.BackgroundColorMsg:
		a.background(msg.IsDark())
	case tea.ColorProfileMsg:
		a.profile(msg)
	case tea.ResumeMsg:
		a.dirty = true
	case logOpenedMsg:
		return a.logOpened(msg)
	case logMsg:
		return a.tookLog(msg)
	case historyMsg:
		return a.tookHistory(msg)
	case documentMsg:
		a.takeAnswer(msg)
	case authorMsg:
		a.takeAuthor(msg)
	case browsedMsg:
		return a.browsed(msg)
	case wroteMsg:
		a.wrote(msg)
	case pacedMsg:
		a.notice, a.speed, a.dirty = msg.said, msg.speed, true
	case contextsMsg:
		a.applyContexts(msg)
	case connectedMsg:
		return a.applyConnected(msg)
	case namespacesMsg:
		a.applyNamespaces(msg)
	case memoryMsg:
		return a.applyMemory(msg)
	case rightsMsg:
		a.applyRights(msg)
	case permitMsg:
		return a.permitted(msg)
	case leavingReadMsg:
		return a.readLeaving(msg)
	case mayViewMsg:
		return a.mayView(msg)
	case rulesMsg:
		a.applyRules(msg)
	case sentMsg:
		return a.took(msg)
	case syncReadMsg:
		return a.syncRead(msg)
	case syncTriedMsg:
		return a.syncTried(msg)
	case secretsMsg:
		a.takeSecrets(msg)
	case credentialMsg:
		return a.openCredential(msg)
	case keyMadeMsg, fileReadMsg, hostKeysMsg, triedMsg, storedMsg, sealedMsg, testedMsg:
		return a.credentialNews(msg)
	case arrivalMsg:
		a.tookArrival(msg)
	case tenantTriedMsg:
		return a.tenantTried(msg)
	case setupRightsMsg:
		a.applySetupRights(msg)
	case instanceReadMsg:
		a.instanceRead(msg)
	case instanceTriedMsg:
		return a.instanceTried(msg)
	case programsMsg:
		a.askPrograms(msg)
	case programStartedMsg:
		return a.programStarted(msg)
	case outputMsg:
		return a.tookOutput(msg)
	case keepReadMsg:
		a.keepRead(msg)
	case keptMsg:
		a.wroteKept(msg)
	case unfinishedMsg:
		return a.applyUnfinished(msg)
	case folderDoneMsg:
		a.dirty = true
		cmd := msg.after()
		return cmd
	case noteMsg:
		a.notice, a.dirty = msg.text, true
	case bugMsg:
		a.log(msg.err)
		a.notice, a.dirty = msg.err.Error(), true
	case terminateMsg:
		return tea.Quit
	}
	return nil
}

// applyBatch takes in what the session reported and asks for more.
func (a *App) applyBatch(msg batchMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil // of a session that is closed
	}
	if msg.err != nil {
		if a.ctx.Err() == nil {
			a.fault, a.dirty = msg.err, true
			a.log(msg.err)
		}
		return nil
	}
	before, news := a.store.Revision(), a.store.Complete() // the first lists are no news
	a.noteReplaced(msg.batch.Changes)
	wasAway := a.store.Connection().State == model.ConnLost
	a.store.Apply(msg.batch)
	if wasAway && a.store.Connection().State == model.ConnLive && strings.Contains(a.notice, serverAway) {
		a.notice = "" // what it says is over
	}
	if news && a.store.Revision() != before {
		a.changed = a.local
	}
	if a.paused {
		a.waiting += len(msg.batch.Changes)
		a.dirty = true
	}
	a.setTime() // the batch may have set the server's clock
	a.stepFollowing()
	a.takePicture()
	return nextBatch(a.ctx, a.cluster, a.epoch)
}
