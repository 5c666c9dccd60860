package ui

import (
	"context"
	"fmt"
	"hash/maphash"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/ui/state"
)

// credentialForm is the dialog K opens: what a credential is made of, what the
// repository says to it, and once it is saved, what came of it.
type credentialForm struct {
	a      *App
	target credential.Target
	who    string
	denied []model.Permission
	box    *dialog
	ctx    context.Context // ends with the form
	cancel context.CancelFunc

	ways      []way
	way       int // index into ways
	led       int // the way the address led to: another one was chosen
	algorithm int

	name, address                      editLine // where the source says neither
	keyFile, passphrase, hosts         editLine
	username, password, token          editLine
	caFile, certFile, certKeyFile      editLine
	appID, appOwner, appInstall, appPE editLine
	appURL                             editLine

	pair    *credential.Pair // made here, or read from the file
	seed    maphash.Seed
	pairOf  string // what it was made or read from
	locked  string // the last key file that was found to be encrypted
	making  bool
	pairWhy string
	files   map[string]fileText // certificates and keys read

	found    []credential.HostKey // what the host showed
	accepted bool
	vouched  []credential.HostKey // what was accepted when the form was left before
	scanning bool
	scanned  string // the host and port that were asked
	scanWhy  string

	madeBefore *state.Setup // what the sync form began with before this was saved; nil: that is no matter of its

	try    trial
	tried  way  // what try is about
	asked  bool // Save was pressed: fields say what they lack
	copied bool
	saving bool
	again  string // what was warned of once; pressing again goes on
	stored *storedWords
	deed   *deed

	began      *part    // where the focus was put at first
	learned    uint64   // the store's revision the target was looked at
	recipients editLine // of an encrypted print
	printing   *dialog
}

// fileText is a file's content, or why there is none.
type fileText struct {
	text []byte
	why  string
}

// storedWords are what was seen of a stored credential, without its values.
type storedWords struct {
	keys        []string
	typ         string
	fingerprint string
	hosts       string // known_hosts, which is no secret
	why         string
}

func newCredentialForm(a *App, t credential.Target, who string) *credentialForm {
	f := &credentialForm{a: a, target: t, who: who, files: map[string]fileText{}, seed: maphash.MakeSeed()}
	f.ctx, f.cancel = context.WithCancel(a.ctx)
	for _, l := range []*editLine{&f.passphrase, &f.password, &f.token} {
		l.secret = true
	}
	f.hosts.room, f.address.room, f.keyFile.room, f.recipients.room = 8192, 1024, 1024, 2048
	f.ways = waysFor(&t)
	f.name.insert(t.Name)
	f.address.insert(t.URL)
	if kept, ok := a.kept[t.Secret()]; ok && a.keptOn == a.clusterUID() {
		kept.into(f)
	}
	return f
}

// draft is the credential as it stands in the form. Its secrets are its own;
// whoever asked for it wipes it.
func (f *credentialForm) draft() *credential.Draft {
	d := &credential.Draft{Namespace: f.target.Namespace, Name: strings.TrimSpace(f.name.String()),
		URL: strings.TrimSpace(f.address.String()), Provider: f.target.Provider, Method: f.chosen().method()}
	switch f.chosen() {
	case wayNewKey, wayKeyFile:
		if f.pair != nil && f.pairOf == f.pairWanted() {
			p := *f.pair
			p.Private = append([]byte(nil), f.pair.Private...)
			d.Pair = &p
		}
		d.Hosts = f.hostLines()
		if f.chosen() == wayKeyFile {
			d.Passphrase = f.passphrase.bytes()
		}
	case wayHosts:
		d.Hosts, d.HostsOnly = f.hostLines(), true
	case wayBasic:
		d.Username, d.Password = strings.TrimSpace(f.username.String()), f.password.bytes()
	case wayBearer:
		d.Token = f.token.bytes()
	case wayApp:
		d.AppID, d.AppOwner = strings.TrimSpace(f.appID.String()), strings.TrimSpace(f.appOwner.String())
		d.AppInstallation, d.AppBaseURL = strings.TrimSpace(f.appInstall.String()), strings.TrimSpace(f.appURL.String())
		d.AppKey = f.file(&f.appPE)
	}
	if f.takesCertificates() {
		d.CA, d.ClientCert, d.ClientKey = f.file(&f.caFile), f.file(&f.certFile), f.file(&f.certKeyFile)
	}
	return d
}

// file is a copy of what was read from the file a line names.
func (f *credentialForm) file(l *editLine) []byte {
	return append([]byte(nil), f.files[strings.TrimSpace(l.String())].text...)
}

// hostLines are the accepted or pasted lines of known_hosts. Pasted lines come
// in one line of the form, with ; between them.
func (f *credentialForm) hostLines() []byte {
	if pasted := strings.TrimSpace(f.hosts.String()); pasted != "" {
		var b strings.Builder
		for l := range strings.SplitSeq(pasted, ";") {
			if l = strings.TrimSpace(l); l != "" {
				b.WriteString(l + "\n")
			}
		}
		return []byte(b.String())
	}
	if f.accepted {
		return credential.KnownHostsText(f.found)
	}
	return nil
}

// pairWanted is what the SSH key has to come from.
func (f *credentialForm) pairWanted() string {
	switch f.chosen() {
	case wayHosts, wayStored:
		return "stored"
	case wayNewKey:
		return "new " + credential.Algorithms[f.algorithm]
	}
	return fmt.Sprintf("file %s\x00%d", strings.TrimSpace(f.keyFile.String()), f.passphraseMark())
}

// passphraseMark tells two passphrases apart without keeping them: its seed is
// of this form alone.
func (f *credentialForm) passphraseMark() uint64 {
	b := f.passphrase.bytes()
	defer clear(b)
	return maphash.Bytes(f.seed, b)
}

// wipe makes zeros of all that is secret; what else was typed is kept for the
// next time.
func (f *credentialForm) wipe() {
	f.cancel()
	for _, l := range []*editLine{&f.passphrase, &f.password, &f.token} {
		l.wipe()
	}
	f.pair.Wipe()
	f.pair, f.pairOf = nil, ""
	for _, t := range f.files {
		clear(t.text)
	}
	f.files = map[string]fileText{}
}

// leave is called when the dialog is closed.
func (f *credentialForm) leave() {
	if on := f.a.clusterUID(); f.a.kept == nil || f.a.keptOn != on { // a cluster set up anew under the same address is another one
		f.a.keptOn = on
		f.a.kept = map[model.Key]keptCredential{}
	}
	if f.deed == nil {
		f.a.kept[f.target.Secret()] = keep(f)
		if f.copied {
			f.a.notice = "the key that was shown is gone, and no longer of use as a deploy key: K makes a new one"
		}
	}
	f.wipe()
}

// dialog is the form as a dialog.
func (f *credentialForm) dialog() *dialog {
	f.box = &dialog{leave: f.leave, live: func(*dialog) tea.Cmd { return f.live() }}
	f.show()
	return f.box
}

// live shows the form as it is by now and asks for what it still waits for.
func (f *credentialForm) live() tea.Cmd {
	var cmd tea.Cmd
	if f.deed == nil {
		f.learn()
		f.follow()
		cmd = f.errand()
	}
	f.show()
	return cmd
}

func (f *credentialForm) show() {
	f.box.title = f.title()
	if f.deed != nil {
		f.box.detail, f.box.print = nil, nil
	} else {
		f.box.detail, f.box.print = f.detail, f.print
	}
	if f.chosen() == wayStored { // a test writes nothing
		f.box.print = nil
	}
	f.box.become(f.parts(), f.buttons())
}

func (f *credentialForm) title() string {
	verb := "Create"
	switch {
	case f.chosen() == wayHosts:
		verb = "Replace known_hosts in"
	case f.target.Missing && len(f.target.Sources) == 0 && f.target.Instance == (model.Key{}):
	case f.target.Missing:
		verb = "Restore"
	case f.target.Name != "" && f.chosen() == wayStored:
		verb = "Test"
	case f.target.Name != "":
		verb = "Replace"
	}
	name := strings.TrimSpace(f.name.String())
	if name == "" {
		name = "…"
	}
	return verb + " git credential: Secret " + f.target.Namespace + "/" + name + " on " + f.a.contextName()
}
