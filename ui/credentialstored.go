package ui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/credential"
)

// testedMsg is what the repository said to the credential that is in the
// cluster.
type testedMsg struct {
	form   *credentialForm
	way    way
	hosts  string // the lines it was tried with, "" for its own
	stored storedWords
	answer *credential.Answer
	err    error
}

// testStored reads the stored credential, asks the repository with it from here
// and wipes it: nothing but names comes back.
func (f *credentialForm) testStored() tea.Cmd {
	if f.try.running {
		return nil
	}
	f.try, f.stored = trial{running: true, words: "reading the Secret"}, nil
	t := f.target
	t.URL = strings.TrimSpace(f.address.String())
	var hosts []byte
	if f.chosen() == wayHosts {
		hosts = f.hostLines()
	}
	return testStored(f.ctx, f.a.cluster, f.a.opts.Remote, f, f.chosen(), t, hosts)
}

func testStored(ctx context.Context, cluster Cluster, r Remote, f *credentialForm, w way, t credential.Target, hosts []byte) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		stored, err := cluster.Secret(ctx, t.Namespace, t.Name)
		switch {
		case err != nil:
			return testedMsg{form: f, way: w, hosts: string(hosts), stored: storedWords{why: err.Error()}}
		case stored == nil:
			return testedMsg{form: f, way: w, hosts: string(hosts), stored: storedWords{why: t.Secret().String() + " does not exist"}}
		}
		defer stored.Wipe()
		out := testedMsg{form: f, way: w, hosts: string(hosts), stored: wordsOf(stored)}
		if why := credential.Fit(credential.Need{URL: t.URL, Provider: t.Provider}, stored.Keys); why != "" {
			out.err = &credential.TryError{Kind: credential.TryUnable, Text: why}
			return out
		}
		d := stored.Draft(t.Namespace, t.Name, t.URL, t.Provider)
		if len(hosts) > 0 {
			d.Hosts = hosts
		}
		out.answer, out.err = r.Try(ctx, d)
		return out
	}
}

func (f *credentialForm) tested(m testedMsg) {
	if !f.open() {
		return
	}
	f.stored = &m.stored
	if m.way != f.chosen() || m.way == wayHosts && m.hosts != string(f.hostLines()) {
		f.try = trial{} // it was tried with what is in the form no more
		return
	}
	f.try = trial{answer: m.answer, of: m.hosts}
	if m.err != nil && !errors.As(m.err, &f.try.err) {
		f.try.err = &credential.TryError{Kind: credential.TryUnable, Text: m.err.Error()}
	}
}

// wordsOf are a Secret's, without what is secret.
func wordsOf(s *credential.Stored) storedWords {
	return storedWords{keys: s.Keys, typ: s.Type, fingerprint: s.Fingerprint(), hosts: string(s.Values[credential.KnownHosts])}
}

func asRequest(err error, to **model.RequestError) bool { return errors.As(err, to) }
