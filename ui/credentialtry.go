package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/credential"
)

// trial is what the repository said to what is in the form.
type trial struct {
	running bool
	of      string // what was tried: without its secrets
	answer  *credential.Answer
	err     *credential.TryError
	words   string
	at      time.Time
	times   int
}

// The messages of a form; each belongs to one, and is dropped, its secrets
// wiped, when that is closed.
type (
	keyMadeMsg struct {
		form *credentialForm
		of   string
		pair *credential.Pair
		err  error
	}
	fileReadMsg struct {
		form *credentialForm
		path string
		text []byte
		err  error
	}
	hostKeysMsg struct {
		form *credentialForm
		of   string // host and port
		keys []credential.HostKey
		err  error
	}
	triedMsg struct {
		form   *credentialForm
		of     string
		answer *credential.Answer
		err    error
	}
)

// open reports whether the form is still there.
func (f *credentialForm) open() bool { return f.ctx.Err() == nil }

// errand starts what the form waits for: a key, a file, the host's key, the
// repository's answer.
func (f *credentialForm) errand() tea.Cmd {
	var cmds []tea.Cmd
	remote := f.a.opts.Remote
	focused := f.box.focus()
	leftAlone := func(l *editLine) bool { return focused == nil || focused.line != l }
	switch want := f.pairWanted(); {
	case f.making || f.pairOf == want:
	case f.chosen() == wayNewKey:
		f.making, f.pairWhy = true, ""
		f.pair.Wipe()
		f.pair, f.pairOf, f.try = nil, "", trial{}
		cmds = append(cmds, makeKey(f.ctx, remote, f, credential.Algorithms[f.algorithm], want))
	case f.chosen() == wayKeyFile && leftAlone(&f.keyFile) && leftAlone(&f.passphrase) && f.keyFile.String() != "":
		f.making, f.pairWhy = true, ""
		cmds = append(cmds, readKey(remote, f, strings.TrimSpace(f.keyFile.String()), f.passphrase.bytes(), want))
	}
	for _, l := range []*editLine{&f.caFile, &f.certFile, &f.certKeyFile, &f.appPE} {
		path := strings.TrimSpace(l.String())
		if _, known := f.files[path]; path != "" && !known && leftAlone(l) {
			f.files[path] = fileText{}
			cmds = append(cmds, readFile(remote, f, path))
		}
	}
	if f.tried != f.chosen() || f.chosen() == wayHosts && !f.try.running && f.try.of != string(f.hostLines()) { // what was said to another key
		f.tried, f.try = f.chosen(), trial{}
	}
	ssh := f.asksHost()
	address := strings.TrimSpace(f.address.String())
	if host := sshHost(address); ssh && host != "" && host != f.scanned && leftAlone(&f.address) {
		f.scanning, f.scanned, f.scanWhy, f.found, f.accepted = true, host, "", nil, false
		cmds = append(cmds, scan(f.ctx, remote, f, address, host))
	}
	if ssh && f.chosen() != wayHosts && leftAlone(&f.passphrase) && leftAlone(&f.hosts) && f.tryDue() {
		cmds = append(cmds, f.startTry())
	}
	return tea.Batch(cmds...)
}

// tryDue: SSH keys are tried by themselves, and again while nobody has added
// them yet, less and less often: some hosts shut out who knocks too much.
func (f *credentialForm) tryDue() bool {
	t := &f.try
	if t.running || t.answer != nil || f.saving || f.whyNoTry() != "" {
		return false
	}
	if t.err == nil || t.of != f.tryOf() {
		return true
	}
	pause := 3 * time.Second
	switch {
	case t.err.Kind != credential.TryRefused && t.err.Kind != credential.TryUnreachable:
		return false
	case t.times > 30:
		pause = 20 * time.Second
	case t.times > 8:
		pause = 8 * time.Second
	}
	return f.a.local.Sub(t.at) >= pause
}

// tryOf tells apart what was tried, without its secrets.
func (f *credentialForm) tryOf() string {
	return strings.Join([]string{f.pairWanted(), f.address.String(), string(f.hostLines()), f.username.String()}, "\x00")
}

// whyNoTry says what is missing before the repository can be asked.
func (f *credentialForm) whyNoTry() string {
	for _, p := range f.problems() {
		switch p.Field {
		case credential.FieldName:
			continue
		case credential.FieldHosts:
			if f.chosen().method() == credential.SSH && f.hosts.String() == "" {
				return "asked once the host's key is accepted"
			}
		case credential.FieldPassword, credential.FieldUsername, credential.FieldToken:
			return "asked by Try, from here"
		}
		return "asked once the fields above are filled in"
	}
	return ""
}

// startTry asks the repository with what is in the form.
func (f *credentialForm) startTry() tea.Cmd {
	if f.try.running {
		return nil
	}
	f.asked = f.asked || f.chosen().method() != credential.SSH
	if why := f.whyNoTry(); why != "" {
		f.box.said = why
		for _, p := range f.problems() {
			if p.Field != credential.FieldName {
				f.box.said = p.Text
				break
			}
		}
		return nil
	}
	if f.try.of != f.tryOf() {
		f.try = trial{}
	}
	f.try.running, f.try.of, f.try.at = true, f.tryOf(), f.a.local
	return tryCredential(f.ctx, f.a.opts.Remote, f, f.draft(), f.try.of)
}

func makeKey(ctx context.Context, r Remote, f *credentialForm, algorithm, of string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		pair, err := r.NewKey(ctx, algorithm)
		return keyMadeMsg{f, of, pair, err}
	}
}

func readKey(r Remote, f *credentialForm, path string, passphrase []byte, of string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		defer clear(passphrase)
		pair, err := r.ReadKey(path, passphrase)
		return keyMadeMsg{f, of, pair, err}
	}
}

func readFile(r Remote, f *credentialForm, path string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		text, err := r.ReadFile(path)
		return fileReadMsg{f, path, text, err}
	}
}

// sshHost is the host and port of an address that is reached over SSH, "" for
// any other.
func sshHost(address string) string {
	if u, problem := credential.Parse(address); problem == "" && u.Scheme == "ssh" {
		return credential.Endpoint(u)
	}
	return ""
}

func scan(ctx context.Context, r Remote, f *credentialForm, address, host string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		keys, err := r.HostKeys(ctx, address)
		return hostKeysMsg{f, host, keys, err}
	}
}

func tryCredential(ctx context.Context, r Remote, f *credentialForm, d *credential.Draft, of string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		defer d.Wipe()
		answer, err := r.Try(ctx, d)
		return triedMsg{f, of, answer, err}
	}
}

// credentialNews takes an answer into its form.
func (a *App) credentialNews(msg tea.Msg) tea.Cmd {
	a.dirty = true
	switch m := msg.(type) {
	case keyMadeMsg:
		m.form.madeKey(m)
	case fileReadMsg:
		if !m.form.open() {
			clear(m.text)
			return nil
		}
		t := fileText{text: m.text}
		if m.err != nil {
			t.why = m.err.Error()
		}
		m.form.files[m.path] = t
	case hostKeysMsg:
		m.form.scannedHost(m)
	case triedMsg:
		m.form.wasTried(m)
	case storedMsg:
		return m.form.sawStored(m)
	case sealedMsg:
		return m.form.sealed(m)
	case testedMsg:
		m.form.tested(m)
	}
	return nil
}

func (f *credentialForm) madeKey(m keyMadeMsg) {
	if !f.open() || m.of != f.pairWanted() {
		m.pair.Wipe()
		f.making = false
		return
	}
	f.making = false
	if f.box.said == keyOnItsWay {
		f.box.said = ""
	}
	if m.err != nil {
		f.pairWhy, f.pairOf = m.err.Error(), m.of
		f.pair.Wipe()
		f.pair = nil
		return
	}
	if f.pair != m.pair {
		f.pair.Wipe()
	}
	f.pair, f.pairOf, f.pairWhy, f.try = m.pair, m.of, "", trial{}
	if m.pair.Locked {
		f.locked = strings.TrimSpace(f.keyFile.String())
	}
}

// wantsPassphrase: the field stays while a wrong passphrase is taken back letter
// by letter, or what is typed next would land in another one.
func (f *credentialForm) wantsPassphrase() bool {
	return f.locked != "" && f.locked == strings.TrimSpace(f.keyFile.String()) || len(f.passphrase.runes) > 0
}

func (f *credentialForm) wasTried(m triedMsg) {
	if !f.open() {
		return
	}
	f.try.running = false
	if m.of != f.tryOf() {
		return // of what was in the form before
	}
	f.try.times++
	f.try.answer, f.try.err = m.answer, nil
	if m.err != nil {
		f.try.answer = nil
		if !errors.As(m.err, &f.try.err) {
			f.try.err = &credential.TryError{Kind: credential.TryUnable, Text: m.err.Error()}
		}
	}
}
