package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/credential"
	"tenantry/themes"
	"tenantry/ui/keymap"
)

// storedMsg is the Secret as it is in the cluster, looked at just before it is
// written: nil when there is none.
type storedMsg struct {
	form   *credentialForm
	stored *credential.Stored
	err    error
}

// keyOnItsWay: deriving a key's passphrase takes a while on a busy machine.
const keyOnItsWay = "the key is still being made or read: press again once it stands here"

// save looks at what is there, and then writes.
func (f *credentialForm) save() tea.Cmd {
	f.asked = true
	if problems := f.problems(); len(problems) > 0 {
		f.box.said = problems[0].Text
		if problems[0].Field == credential.FieldKey && f.making {
			f.box.said = keyOnItsWay
		}
		f.show()
		f.focusOn(problems[0].Field)
		return nil
	}
	f.saving, f.box.said = true, "looking at what is there"
	return lookAtSecret(f.ctx, f.a.cluster, f, f.target.Namespace, strings.TrimSpace(f.name.String()))
}

func lookAtSecret(ctx context.Context, cluster Cluster, f *credentialForm, namespace, name string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		stored, err := cluster.Secret(ctx, namespace, name)
		return storedMsg{f, stored, err}
	}
}

// sawStored decides on the write by what is there. The values that came along
// are wiped before it is sent.
func (f *credentialForm) sawStored(m storedMsg) tea.Cmd {
	defer m.stored.Wipe()
	f.saving = false
	if !f.open() {
		return nil
	}
	f.box.said = ""
	d := f.draft()
	defer d.Wipe()
	var write model.Write
	switch why := f.refusedBy(m, d); {
	case why != "":
		f.box.said = why
		return nil
	case m.stored == nil:
		write = d.Create()
	default:
		if u, bad := credential.Parse(d.URL); d.HostsOnly && bad == "" {
			d.Hosts = credential.ReplaceHost(m.stored.Values[credential.KnownHosts], u, d.Hosts)
		}
		write = d.Update(m.stored)
	}
	t := f.target
	t.Name = d.Name
	wish := action.Wish{Stamp: f.a.stamp(), Who: f.who}
	for _, k := range t.Sources[:min(1, len(t.Sources))] {
		wish.Targets = append(wish.Targets, action.Object(k))
	}
	plan := action.SaveCredentialPlan(f.a.store, wish, write, &t)
	if m.stored != nil && !d.HostsOnly {
		if old := m.stored.Fingerprint(); old != "" && (d.Pair == nil || old != d.Pair.Fingerprint()) {
			plan.After = "the old deploy key " + old + " may be taken away at the host now"
		}
	}
	var cmd tea.Cmd
	f.madeBefore = nil
	if len(t.Sources) == 0 && t.Instance == (model.Key{}) { // of a sync that is not set yet: its form begins with it
		before := f.a.madeFor()
		f.madeBefore = &before
		cmd = f.a.makeFor(d.URL, d.Name) // before it is sent: a kill while it is on its way loses no address
	}
	cmd = tea.Batch(cmd, f.a.begin(plan))
	f.deed = f.a.deeds[len(f.a.deeds)-1]
	f.deed.form = f
	f.box.at = 0
	return cmd
}

// refusedBy says why what was seen must not be written over, "" when it may.
func (f *credentialForm) refusedBy(m storedMsg, d *credential.Draft) string {
	var problem *model.RequestError
	switch {
	case m.err != nil && asRequest(m.err, &problem) && problem.Reason == model.RequestForbidden && f.target.Missing:
		return "" // it can be made without being looked at; if it is there after all, the server says so
	case m.err != nil:
		return m.err.Error()
	case m.stored == nil && d.HostsOnly:
		return "there is no Secret " + d.Namespace + "/" + d.Name + " any more: a new key has to be made"
	case m.stored == nil:
		return ""
	case m.stored.Owner != "":
		return m.stored.Owner + " writes this Secret and would undo a change: change it there; " + f.printWords()
	case m.stored.Immutable:
		return "this Secret is immutable: it has to be deleted first, by whoever made it so"
	}
	if d.HostsOnly {
		return f.notCompared(m.stored, d)
	}
	if was := changedHost(m.stored.Values[credential.KnownHosts], d); was != "" && f.again != was {
		f.again = was
		return fmt.Sprintf("the host's key is another one than the Secret holds (%s): was it changed on purpose? Pressed again, it is saved", was)
	}
	return ""
}

// changedHost compares the host keys that are stored with the new ones: the
// fingerprint of a stored one for the same host, when there are new ones of its
// type and none of all that are stored is among the new. Hosts have keys of
// several types, and a list of them need not have all.
func changedHost(old []byte, d *credential.Draft) string {
	if len(old) == 0 || d.Method != credential.SSH {
		return ""
	}
	before, problem := credential.ParseKnownHosts(string(old))
	now, _ := credential.ParseKnownHosts(string(d.Hosts))
	u, bad := credential.Parse(d.URL)
	if problem != "" || bad != "" || !credential.Vouches(before, u) {
		return ""
	}
	changed := ""
	for _, b := range before {
		for _, n := range now {
			switch {
			case b.Type != n.Type: // can't be compared
			case string(b.Blob) == string(n.Blob):
				return ""
			default:
				changed = b.Fingerprint()
			}
		}
	}
	return changed
}

// progress is the dialog once it was saved: what happened, step by step.
func (f *credentialForm) progress() []part {
	var out []part
	d := f.deed
	for i := range d.steps {
		s := &d.steps[i]
		p := part{text: d.plan.Steps[i].Words, role: themes.Text}
		if i == 0 {
			p.label = "DONE"
		}
		switch s.state {
		case stepWaits:
			p.state, p.role = f.a.glyphs.Of(model.Pending), themes.Muted
		case stepSending, stepSent:
			p.state = f.a.glyphs.Of(model.Reconciling)
			if s.words != "" {
				p.text += ": " + s.words
			}
		case stepDone:
			p.state = f.a.glyphs.Of(model.Ready)
			if !s.lost.IsZero() {
				p.state, p.role = f.a.glyphs.Of(model.Unknown), themes.Caution
			}
			p.text += ": " + s.words + " +" + took(s.sent, s.ended)
		default:
			p.state = f.a.glyphs.Of(model.Failed)
			p.text += ": " + s.words
		}
		out = append(out, p)
	}
	for _, r := range d.plan.Refused {
		out = append(out, part{label: "LEFT OUT", text: r.Key.String() + ": " + r.Why, role: themes.Caution})
	}
	words, role := "followed to its end; closing this does not stop it", themes.Muted
	switch {
	case d.over && d.unsure():
		words, role = "not known whether the Secret was written: "+oldStays+"; "+f.a.key(keymap.Credential)+" tests the one in the cluster", themes.Caution
	case d.over && d.failed() == 0 && d.fetched():
		words, role = "the sources fetch with it", themes.Text
		if after := d.after(); after != "" {
			words += "; " + after
		}
	case d.over && d.failed() == 0:
		words, role = "no source fetches with it yet", themes.Text
		if d.plan.After != "" {
			words, role = words+": "+oldStays, themes.Caution
		}
	case d.over && d.plan.After != "":
		words, role = "do not take the old deploy key away yet", themes.Caution
	case d.over:
		words = "what failed is said above, and in the row"
	}
	return append(out, part{label: "NOW", text: words, role: role, gap: true})
}

// oldStays: as long as nobody has seen a fetch with the new one.
const oldStays = "the old key has to stay"

// unsure reports whether a Secret may have been written or not: the answer was
// lost, and nothing watches Secrets.
func (d *deed) unsure() bool {
	for i := range d.steps {
		if d.plan.Steps[i].Key.Kind == model.Secret && !d.steps[i].lost.IsZero() {
			return true
		}
	}
	return false
}

// fetched reports whether a source was seen to fetch well after what was sent.
func (d *deed) fetched() bool {
	for i := range d.steps {
		if d.plan.Steps[i].Key.Kind.Role() == model.RoleSource && d.steps[i].state == stepDone {
			return true
		}
	}
	return false
}

// after is what a person may do now that all has ended well; "" while that is
// not known.
func (d *deed) after() string {
	if d.unsure() || !d.fetched() {
		return ""
	}
	return d.plan.After
}

// written is told how the write of the Secret ended: what was typed is wiped
// once it is there, and stays when it is not. No sync begins with a Secret that
// was refused.
func (f *credentialForm) written(failed bool, err error) tea.Cmd {
	if !failed {
		f.wipe()
		return nil
	}
	var cmd tea.Cmd
	if f.madeBefore != nil {
		cmd = f.a.noteMade(*f.madeBefore)
	}
	if !f.open() {
		return cmd
	}
	f.deed.form, f.deed, f.box.said = nil, nil, err.Error()
	f.show()
	f.box.at = len(f.box.focusables()) + len(f.box.buttons) - 1
	return cmd
}

// detail is what ctrl+y shows: what is written, without what is secret in it.
func (f *credentialForm) detail() string {
	d := f.draft()
	defer d.Wipe()
	out := "# written as field manager " + model.FieldManager + "; of a Secret that is there, its other keys, its type and its labels stay\n" + d.Shown(nil)
	for _, k := range append(f.target.Sources[:len(f.target.Sources):len(f.target.Sources)], f.target.Instance) {
		if k != (model.Key{}) {
			out += fmt.Sprintf("---\n# %s: merge patch\nmetadata:\n  annotations:\n    %s: <now>\n", k, model.AnnotationRequestedAt)
		}
	}
	if role := f.roleYAML(); role != "" {
		out += "# what would allow what is denied\n" + role
	}
	return out
}
