package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/credential"
	"tenantry/model/fluxsync"
	"tenantry/model/setup"
	"tenantry/ui/keymap"
)

const setupKey = keymap.Setup

// nextWords say what to do about the step.
func (p *setupPage) nextWords() string {
	f := p.current()
	enter, tab := p.key(keymap.Open), p.key(keymap.NextTab)
	words := ""
	switch f.State {
	case setup.Unknown:
	case setup.Busy:
		words = "It goes on by itself; " + tab + " looks at the next step meanwhile."
		if p.at == setup.Operator {
			words = "This page goes on by itself; " + tab + " looks at the next step meanwhile."
		}
	case setup.Done, setup.Foreign:
		words = p.doneWords(enter)
	default:
		words = p.openWords(f, enter, tab)
	}
	return strings.TrimSpace(f.Next + " " + words)
}

func (p *setupPage) doneWords(enter string) string {
	switch p.at {
	case setup.Tenants:
		return enter + " goes on. " + p.key(keymap.AddTenant) + " adds another one."
	case setup.Green:
		if green := p.look().FirstGreen(); green != "" {
			return enter + " goes on; the first green row is " + green + "."
		}
	case setup.Keep:
		return enter + " prints it or writes it again, and ends on the tenants."
	}
	return enter + " goes on to the next step."
}

func (p *setupPage) openWords(f *setup.Found, enter, tab string) string {
	may := p.look().MayNot(p.at) == ""
	switch p.at {
	case setup.Instance, setup.Credential, setup.Sync, setup.Tenants:
		if !may && f.State != setup.Refused && (p.at != setup.Instance || p.look().Owned() == "") {
			return enter + " fills in what somebody who may can send: ctrl+o prints it there. " + tab + " goes on."
		}
	}
	switch p.at {
	case setup.Permissions:
		return enter + " goes on all the same. " + p.key(keymap.Copy) + " copies the Role to ask for."
	case setup.Operator:
		if f.State == setup.Partly {
			return enter + " goes on."
		}
		if p.a.opts.Demo != nil {
			return "Nothing can be installed into this cluster from outside: it exists in this program only. The operator arrives by itself, about half a minute after the start; " +
				p.a.shown(keymap.Demo, keymap.Forward) + " lets 10 s pass."
		}
		if r := p.a.installing.run; r != nil && !r.over {
			return r.program + " runs; its output is shown as it comes. This page goes on by itself when the operator comes, and " + r.program + " goes on when tenantry is left."
		}
		if f.State == setup.Refused || !may {
			return enter + " shows the commands for an administrator, " + p.key(keymap.Copy) + " copies them. This page goes on by itself when the operator comes."
		}
		return enter + " runs one of these from here, if its program is; or " + p.key(keymap.Copy) + " copies them. This page goes on by itself when the operator comes."
	case setup.Instance:
		switch {
		case p.look().Owned() != "":
			return enter + " prints what to change, and where. " + tab + " goes on."
		case f.State == setup.Refused:
			return tab + " goes on."
		case f.State == setup.Open:
			return enter + " asks what Flux is to be, and shows what would be sent; print-only with ctrl+o there."
		}
		return enter + " asks what it is to be instead; print-only with ctrl+o there."
	case setup.Credential:
		if f.State == setup.Open {
			return enter + " makes it, and asks the repository with it. A public repository needs none: " + tab + " goes on."
		}
		return enter + " restores or replaces it. " + tab + " goes on."
	case setup.Sync:
		return enter + " asks for repository, ref and path, and shows what would happen; print-only with ctrl+o there."
	case setup.Tenants:
		return enter + " adds a tenant; print-only with ctrl+o there."
	case setup.Green:
		return ""
	case setup.Keep:
		return enter + " reads it all, to be printed or written as files."
	}
	return ""
}

// enter does what is next of the step.
func (p *setupPage) enter() tea.Cmd {
	f := p.current()
	done := f.State == setup.Done || f.State == setup.Foreign
	switch {
	case f.State == setup.Unknown && p.at != setup.Permissions:
		p.a.notice = "the cluster is being read"
		return nil
	case p.at == setup.Keep:
		return p.a.keepInGit()
	case p.at == setup.Green && !done:
		p.a.notice = "nothing to do here but to wait: " + f.State.Word()
		return nil
	case done, p.at == setup.Permissions:
		p.choose(p.following())
		return nil
	}
	switch p.at {
	case setup.Operator:
		return p.enterOperator(f)
	case setup.Instance:
		return p.enterInstance(f)
	case setup.Credential:
		return p.makeCredential()
	case setup.Sync:
		if why := p.notYet(); why != "" {
			p.a.notice = why
			return nil
		}
		return p.a.askSync(action.SetSync)
	case setup.Tenants:
		return p.a.addTenant()
	}
	return nil
}

// following is the step to go on with: the next one that is not done, else the
// next one.
func (p *setupPage) following() setup.Step {
	for s := p.at + 1; s < setup.Count; s++ {
		if st := p.found[s].State; st != setup.Done && st != setup.Foreign && !p.found[s].Settles {
			return s
		}
	}
	return min(p.at+1, setup.Count-1)
}

// notYet says which step comes before this one, "" for none.
func (p *setupPage) notYet() string {
	l := p.look()
	switch {
	case l.Store.KindStatus(model.FluxInstance).State == model.ScopeAbsent:
		return "not yet: the operator comes first, step 2"
	case l.Store.Platform().Instance == nil:
		return "not yet: the FluxInstance comes first, step 3"
	}
	return ""
}

func (p *setupPage) enterOperator(f *setup.Found) tea.Cmd {
	switch {
	case f.State == setup.Partly:
		p.choose(p.following())
		return nil
	case f.State == setup.Busy:
		p.waits = "the operator is starting"
		p.a.notice = p.waits
		return nil
	case p.a.installing.run != nil && !p.a.installing.run.over:
		p.a.notice = p.a.installing.run.program + " is at it"
		return nil
	}
	return p.a.findPrograms(p.look().Namespace())
}

func (p *setupPage) enterInstance(f *setup.Found) tea.Cmd {
	switch {
	case f.State == setup.Refused:
		p.choose(p.following())
		return nil
	case f.State == setup.Busy:
		p.waits = "the operator is at it"
		p.a.notice = p.waits
		return nil
	}
	return p.a.setInstance()
}

// makeCredential opens the dialog of the cluster's credential: that of the sync
// that is set, else of the one that will be.
func (p *setupPage) makeCredential() tea.Cmd {
	l := p.look()
	instance := p.store.Platform().Instance
	switch {
	case p.a.rules().ReadOnly:
		p.a.notice = "git credential is " + readOnlyWhy
		return nil
	case p.a.opts.Remote == nil:
		p.a.notice = "git credentials can't be made here"
		return nil
	case p.store.Connection().State != model.ConnLive:
		p.a.notice = "refused: " + serverAway
		return nil
	case instance != nil && fluxsync.LiveOf(instance).Sync != nil:
		all, why := credential.Targets(p.store, model.PlatformKey, model.Key{})
		if len(all) == 0 {
			p.a.notice = "no credential: " + why
			return nil
		}
		return p.a.credentialFor(all[0])
	case l.Bundled():
		p.a.notice = "no credential: the platform's own Flux has no sync of its own"
		return nil
	case p.store.KindStatus(model.FluxInstance).State == model.ScopeAbsent:
		p.a.notice = "not yet: the operator comes first, step 2; the Secret goes into its namespace"
		return nil
	}
	_, there := l.HasSecret(l.SecretName())
	return p.a.credentialFor(credential.Target{Namespace: l.Namespace(), Name: l.SecretName(), URL: p.a.syncURL(), Guess: true, Missing: !there})
}

// syncURL is what the sync is to be fetched from, as far as that was said.
func (a *App) syncURL() string {
	if made := a.madeFor(); made.URL != "" {
		return made.URL
	}
	if p := a.store.Platform(); p != nil && p.Instance != nil {
		conn := a.store.Connection()
		if f := a.syncs.drafts[conn.Context+"\n"+conn.Server+"\n"+p.Instance.UID]; f != nil && f.live.Sync == nil && f.spec().URL != "" {
			return f.spec().URL
		}
	}
	if s, ok := (setup.Look{Store: a.store}).SyncStart(); ok {
		return s.URL
	}
	return ""
}

// startSync fills a form for a first sync: what a bootstrapped Flux syncs, and
// the credential that was made for it.
func (a *App) startSync(start fluxsync.Spec) fluxsync.Spec {
	if was, ok := (setup.Look{Store: a.store}).SyncStart(); ok {
		for f := range fluxsync.FieldCount {
			if v := was.Get(f); v != "" {
				start = start.Set(f, v)
			}
		}
	}
	if d, ok := a.opts.Demo.(interface{ FleetURL() string }); ok && start.URL == "" && d.FleetURL() != "" {
		start.URL, start.Path = d.FleetURL(), "./clusters/demo" // nobody can know it
	}
	if made := a.madeFor(); made.URL != "" {
		start.URL, start.PullSecret = made.URL, made.Secret
	}
	return start
}

// copyStep copies what of the step can be printed.
func (p *setupPage) copyStep() tea.Cmd {
	l := p.look()
	text, what := "", ""
	switch p.at {
	case setup.Permissions:
		if text, what = l.RoleYAML(), "the Role to ask for"; text == "" {
			p.a.notice = "nothing to copy: no Role is missing that can be given"
			return nil
		}
	case setup.Operator:
		text, what = p.a.installText(l.Namespace()), "the commands"
	case setup.Instance:
		text, what = p.a.instanceText(), "the FluxInstance"
	default:
		var b strings.Builder
		for _, line := range p.current().Lines {
			b.WriteString(line.Label + ": " + line.Text + "\n")
		}
		text, what = b.String(), "what was found"
	}
	p.a.notice = "copied " + what
	return tea.SetClipboard(text)
}
