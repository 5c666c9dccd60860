package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/credential"
)

// buttons are what can be done with the form by now.
func (f *credentialForm) buttons() []button {
	if f.deed != nil {
		return []button{{word: "Close", harmless: true, press: func() tea.Cmd { f.leave(); return nil }}}
	}
	out := []button{{word: "Cancel", harmless: f.a.rules().Protected, press: func() tea.Cmd { f.leave(); return nil }}}
	if f.chosen() == wayStored {
		return append(out, button{word: "Read and test", stays: true, press: f.testStored})
	}
	if f.pair != nil && f.pairOf == f.pairWanted() && f.pair.Public != "" && f.chosen().method() == credential.SSH {
		out = append(out, button{word: "Copy key", harmless: false, stays: true, press: f.copyKey})
	}
	if f.chosen() == wayHosts {
		out = append(out, button{word: "Read and test", stays: true, press: f.testStored})
	} else {
		out = append(out, button{word: "Try", stays: true, press: func() tea.Cmd { f.try = trial{}; return f.startTry() }})
	}
	word := "Save"
	if f.try.answer == nil {
		word = "Save untested"
	}
	return append(out, button{word: word, stays: true, refused: f.refused, press: f.save})
}

func (f *credentialForm) copyKey() tea.Cmd {
	f.copied = true
	f.box.said = "copied " + f.pair.Type + " " + f.pair.Fingerprint()
	return tea.SetClipboard(f.pair.Public)
}

// refused says why it can't be saved now.
func (f *credentialForm) refused() string {
	switch {
	case f.saving:
		return "it is being saved"
	case f.a.rules().ReadOnly:
		return readOnlyWhy
	case f.ownerWords() != "":
		return f.ownerWords()
	}
	return f.mayNot()
}

// problems are what is wrong with the fields there are, files that can't be
// read first.
func (f *credentialForm) problems() []credential.Problem {
	d := f.draft()
	defer d.Wipe()
	var out []credential.Problem
	for _, r := range []struct {
		line  *editLine
		field credential.Field
		asked bool
	}{{&f.appPE, credential.FieldAppKey, f.chosen() == wayApp}, {&f.caFile, credential.FieldCA, f.takesCertificates()},
		{&f.certFile, credential.FieldClientCert, f.takesCertificates()}, {&f.certKeyFile, credential.FieldClientKey, f.takesCertificates()}} {
		if why := f.files[strings.TrimSpace(r.line.String())].why; r.asked && why != "" {
			out = append(out, credential.Problem{Field: r.field, Text: why})
		}
	}
	return append(out, d.Problems()...)
}
