package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/themes"
)

// sealedMsg is the manifest encrypted for Git, or why it is not.
type sealedMsg struct {
	form *credentialForm
	text []byte
	err  error
}

// print opens a dialog over the form: the Secret as YAML, encrypted, or in clear
// for who asks twice. Where only known_hosts is replaced it is those lines, which
// are no secret.
func (f *credentialForm) print() tea.Cmd {
	f.asked = true
	for _, p := range f.problems() {
		f.box.said = p.Text
		return nil
	}
	if f.chosen() == wayHosts {
		return f.printHosts()
	}
	f.a.dialog = f.printDialog()
	return nil
}

// printHosts shows and copies the host's lines for who keeps the Secret elsewhere.
func (f *credentialForm) printHosts() tea.Cmd {
	lines := string(f.hostLines())
	if !f.box.show("# known_hosts of Secret " + f.target.Namespace + "/" + strings.TrimSpace(f.name.String()) + ":\n# in place of its lines for this host; lines of other hosts stay, and the key\n" + lines) {
		return nil
	}
	f.box.said = "the lines are copied; ctrl+o goes back"
	return tea.SetClipboard(lines)
}

// printWords say what ctrl+o gives who has to write the Secret elsewhere.
func (f *credentialForm) printWords() string {
	if f.chosen() == wayHosts {
		return "ctrl+o prints its lines of known_hosts"
	}
	return "ctrl+o prints it encrypted"
}

func (f *credentialForm) printDialog() *dialog {
	back := func() { f.a.dialog = f.box }
	recipients := &f.recipients
	d := &dialog{title: "Print instead of saving: Secret " + f.target.Namespace + "/" + strings.TrimSpace(f.name.String()), leave: back, follows: true}
	d.parts = []part{
		{text: "Nothing is written to the cluster. For Git the values are encrypted: by the sops program with its own rules (.sops.yaml) where it is installed, or for the age recipients named here."},
		{label: "AGE", line: recipients, hint: "age1…, several with blanks; empty = sops and its rules", gap: true},
		{text: "Flux decrypts it where the Kustomization has spec.decryption with the key.", role: themes.Muted},
	}
	d.buttons = []button{
		{word: "Back", press: func() tea.Cmd { back(); return nil }},
		{word: "In clear", stays: true, press: func() tea.Cmd { f.a.dialog = f.clearDialog(); return nil }},
		{word: "Encrypt and copy", stays: true, press: func() tea.Cmd {
			d.said = "encrypting"
			draft := f.draft()
			defer draft.Wipe()
			return seal(f.ctx, f.a.opts.Remote, f, draft.Manifest(), strings.Fields(recipients.String()))
		}},
	}
	f.printing = d
	return d
}

// clearDialog asks again before a secret is shown.
func (f *credentialForm) clearDialog() *dialog {
	back := func() { f.a.dialog = f.printing }
	d := &dialog{title: "Show the secret in clear", danger: true, leave: back, follows: true}
	d.parts = []part{{text: "The credential stands on the screen then, and in whatever keeps what the terminal shows. It is not copied."}}
	d.buttons = []button{
		{word: "Back", harmless: true, press: func() tea.Cmd { back(); return nil }},
		{word: "Show it", stays: true, press: func() tea.Cmd {
			draft := f.draft()
			defer draft.Wipe()
			text := draft.Manifest()
			defer clear(text)
			d.show(string(text))
			d.said = "in clear, and not copied; esc goes back"
			return nil
		}},
	}
	d.at = 0
	return d
}

func seal(ctx context.Context, r Remote, f *credentialForm, manifest []byte, recipients []string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		defer clear(manifest)
		text, err := r.Seal(ctx, manifest, recipients)
		return sealedMsg{f, text, err}
	}
}

func (f *credentialForm) sealed(m sealedMsg) tea.Cmd {
	d := f.printing
	if !f.open() || d == nil || f.a.dialog != d {
		return nil
	}
	if m.err != nil {
		d.said = m.err.Error()
		return nil
	}
	d.instead = nil
	d.show(string(m.text))
	d.said = "encrypted and copied; esc goes back"
	return tea.SetClipboard(string(m.text))
}
