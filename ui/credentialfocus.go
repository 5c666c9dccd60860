package ui

import "tenantry/model/credential"

// focusOn puts the focus where a problem is, if that can be typed or ticked.
func (f *credentialForm) focusOn(field credential.Field) {
	for i, at := range f.box.focusables() {
		p := &f.box.parts[at]
		if p.line != nil && p.line == f.lineOf(field) || field == credential.FieldHosts && p.tick == &f.accepted ||
			field == credential.FieldMethod && p.chosen == &f.way {
			f.box.at, f.box.follows = i, true
			return
		}
	}
}

// lineOf is where a field is typed, nil for one that is not.
func (f *credentialForm) lineOf(field credential.Field) *editLine {
	return map[credential.Field]*editLine{
		credential.FieldName: &f.name, credential.FieldURL: &f.address, credential.FieldKey: &f.keyFile, credential.FieldPassphrase: &f.passphrase,
		credential.FieldHosts: &f.hosts, credential.FieldUsername: &f.username, credential.FieldPassword: &f.password, credential.FieldToken: &f.token,
		credential.FieldCA: &f.caFile, credential.FieldClientCert: &f.certFile, credential.FieldClientKey: &f.certKeyFile,
		credential.FieldAppID: &f.appID, credential.FieldAppOwner: &f.appOwner, credential.FieldAppInstallation: &f.appInstall,
		credential.FieldAppKey: &f.appPE, credential.FieldAppBaseURL: &f.appURL,
	}[field]
}

// focusFirst puts the focus where something is to be done: on the field that is
// empty, else on what has to be accepted.
func (f *credentialForm) focusFirst() {
	d := f.box
	for i, at := range d.focusables() {
		if p := &d.parts[at]; p.line != nil && len(p.line.runes) == 0 && p.hint != optional {
			d.at = i
			break
		}
		d.at = 0
	}
	f.began = d.focus()
}

// focusHost puts the focus on what the host showed, unless it was moved
// meanwhile.
func (f *credentialForm) focusHost() {
	at := f.box.focus()
	if f.began == nil || at == nil || at.line != f.began.line || at.chosen != f.began.chosen || at.line != nil && len(at.line.runes) > 0 {
		return
	}
	f.show()
	for i, at := range f.box.focusables() {
		if f.box.parts[at].tick == &f.accepted {
			f.box.at = i
		}
	}
}
