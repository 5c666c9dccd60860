package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/credential"
)

// credentialKey asks for the git credential of what is under the cursor.
func (a *App) credentialKey() tea.Cmd {
	targets := a.targets()
	switch {
	case a.rules().ReadOnly:
		a.notice = "git credential is " + readOnlyWhy
		return nil
	case a.opts.Remote == nil:
		a.notice = "git credentials can't be made here"
		return nil
	case len(targets) == 0:
		a.notice = "nothing here has a git credential: put the cursor on a tenant, a source or a sync"
		return nil
	case len(targets) > 1:
		a.notice = "a credential is made for one at a time: take the marks away"
		return nil
	case a.displaced():
		a.notice = "what was under the cursor is gone; it stands on " + a.page().subject().name + " now: press again for that"
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = "refused: " + serverAway
		return nil
	}
	at := targets[0]
	all, why := credential.Targets(a.store, at.Row, at.Key)
	switch {
	case len(all) == 0:
		a.notice = "no credential: " + why
		return nil
	case len(all) == 1 || all[0].Missing && !all[1].Missing:
		return a.credentialFor(all[0])
	}
	var items []item
	for i := range all {
		t := all[i]
		items = append(items, item{text: targetWords(&t), note: t.URL, take: func() tea.Cmd { return a.credentialFor(t) }})
	}
	a.show(&menu{title: "which credential", items: items, wide: 76})
	return nil
}

func targetWords(t *credential.Target) string {
	words := t.Namespace + "/" + t.Name
	switch {
	case t.Name == "":
		return t.Sources[0].String() + " (names no Secret)"
	case t.Missing:
		words += " (missing)"
	case t.Failing:
		words += " (its source fails)"
	}
	return words
}

// credentialMsg is what the server says about the permissions a credential
// needs.
type credentialMsg struct {
	epoch       uint64
	target      credential.Target
	who         string
	permissions []model.Permission
	err         error
}

func (a *App) credentialFor(t credential.Target) tea.Cmd {
	a.notice, a.presses = "asking whether you may write Secret "+t.Namespace+"/"+t.Name, 0
	return askCredential(a.ctx, a.cluster, a.epoch, t)
}

func askCredential(ctx context.Context, cluster Cluster, epoch uint64, t credential.Target) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		permissions, err := cluster.Can(ctx, credentialNeeds(&t))
		return credentialMsg{epoch, t, cluster.Who(ctx), permissions, err}
	}
}

// credentialNeeds are, in this order: to make the Secret, to look at it, to
// change it, to ask the sources and the instance.
func credentialNeeds(t *credential.Target) []model.Access {
	secret := model.Access{Resource: model.Secret.Resource(), Namespace: t.Namespace}
	create, get, patch := secret, secret, secret
	create.Verb = "create"
	get.Verb, get.Name = "get", t.Name
	patch.Verb, patch.Name = "patch", t.Name
	out := []model.Access{create, get, patch}
	for _, k := range append(t.Sources[:len(t.Sources):len(t.Sources)], t.Instance) {
		if k != (model.Key{}) {
			out = append(out, model.Access{Verb: "patch", Group: k.Kind.Group(), Resource: k.Kind.Resource(), Namespace: k.Namespace, Name: k.Name})
		}
	}
	return out
}

// openCredential opens the dialog once it is known what the user may do.
func (a *App) openCredential(msg credentialMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	a.notice, a.dirty, a.due.asking = "", true, false
	var problem *model.RequestError
	if errors.As(msg.err, &problem) && problem.Reason == model.RequestUnreachable {
		a.notice = "refused: " + problem.Text
		return nil
	}
	if a.dialog != nil || a.menu != nil || a.presses > 0 {
		a.notice = "the credential was given up: other keys were pressed meanwhile"
		return nil
	}
	f := newCredentialForm(a, msg.target, msg.who)
	for _, p := range msg.permissions {
		if p.State == model.PermissionDenied {
			f.denied = append(f.denied, p)
		}
	}
	a.ask(f.dialog())
	f.focusFirst()
	return nil
}

// mayNot says why the Secret can't be written, "" when it can or nobody knows.
func (f *credentialForm) mayNot() string {
	who := f.who
	if who == "" {
		who = "you"
	}
	for _, p := range f.denied {
		need := p.Access.Verb
		switch {
		case p.Access.Resource != model.Secret.Resource(),
			f.target.Missing && need != "create", !f.target.Missing && f.target.Name != "" && need == "create":
			continue
		}
		words := fmt.Sprintf("%s may not %s secrets in the namespace %s", who, need, p.Access.Namespace)
		if p.Reason != "" {
			words += " (" + p.Reason + ")"
		}
		return words
	}
	return ""
}

// roleYAML is what would allow what is denied.
func (f *credentialForm) roleYAML() string {
	plan := action.Plan{}
	for _, p := range f.denied {
		plan.Steps = append(plan.Steps, action.Step{Needs: p.Access, Denied: "denied"})
	}
	return plan.RoleYAML()
}

// learn takes up what is found out while the form is open: the source of a new
// tenant says only after a while that its Secret is missing.
func (f *credentialForm) learn() {
	t := &f.target
	if f.learned == f.a.store.Revision() || f.saving || f.chosen() == wayStored || t.Name == "" || len(t.Sources) == 0 {
		return
	}
	f.learned = f.a.store.Revision()
	all, _ := credential.Targets(f.a.store, "", t.Sources[0])
	for i := range all {
		if now := &all[i]; now.Secret() == t.Secret() && now.Missing != t.Missing {
			chosen := f.chosen()
			t.Missing, t.Owners, t.Encrypted = now.Missing, now.Owners, now.Encrypted
			f.ways = waysFor(t)
			f.way = max(slices.Index(f.ways, chosen), 0)
		}
	}
}

// ownerWords say who applies the Secret and would undo what is done here.
func (f *credentialForm) ownerWords() string {
	if len(f.target.Owners) == 0 {
		return ""
	}
	owner := f.target.Owners[0].String()
	words := owner + " applies this Secret from Git and would undo a change made here"
	if f.target.Encrypted {
		words = owner + " applies this Secret from Git, encrypted (SOPS), and would undo a change made here"
	}
	if f.target.Missing {
		return words + "; reconciling it puts the Secret back"
	}
	return words + ": put the new one into Git; " + f.printWords()
}
