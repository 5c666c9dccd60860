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
	return testStored(f.ctx, f.a.cluster, f.a.opts.Remote, f, t)
}

func testStored(ctx context.Context, cluster Cluster, r Remote, f *credentialForm, t credential.Target) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		stored, err := cluster.Secret(ctx, t.Namespace, t.Name)
		switch {
		case err != nil:
			return testedMsg{form: f, stored: storedWords{why: err.Error()}}
		case stored == nil:
			return testedMsg{form: f, stored: storedWords{why: t.Secret().String() + " does not exist"}}
		}
		defer stored.Wipe()
		out := testedMsg{form: f, stored: storedWords{keys: stored.Keys, typ: stored.Type, fingerprint: stored.Fingerprint()}}
		if why := credential.Fit(credential.Need{URL: t.URL, Provider: t.Provider}, stored.Keys); why != "" {
			out.err = &credential.TryError{Kind: credential.TryUnable, Text: why}
			return out
		}
		out.answer, out.err = r.Try(ctx, stored.Draft(t.Namespace, t.Name, t.URL, t.Provider))
		return out
	}
}

func (f *credentialForm) tested(m testedMsg) {
	if !f.open() {
		return
	}
	f.try = trial{answer: m.answer}
	f.stored = &m.stored
	if m.err != nil && !errors.As(m.err, &f.try.err) {
		f.try.err = &credential.TryError{Kind: credential.TryUnable, Text: m.err.Error()}
	}
}

func asRequest(err error, to **model.RequestError) bool { return errors.As(err, to) }
