package ui

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model/credential"
)

// openNew opens the credential of a sync that is not set yet: its address is
// typed.
func openNew(d *desk) {
	d.Helper()
	d.run(d.credentialFor(credential.Target{Namespace: "flux-system", Name: "flux-system", Missing: true}))
	if d.dialog == nil {
		d.Fatalf("no dialog: %q\n%s", d.notice, d.screen())
	}
	d.calm()
}

// types replaces what is in a field, letter by letter, as a person does.
func (d *desk) types(label, typed string) {
	d.Helper()
	for i, at := range d.dialog.focusables() {
		if d.dialog.parts[at].label == label {
			d.dialog.at, d.dialog.drawn = i, true
		}
	}
	if p := d.dialog.focus(); p == nil || p.label != label {
		d.Fatalf("no way to %q:\n%s", label, d.screen())
	}
	d.press("end", "ctrl+u")
	d.calm()
	for _, r := range typed {
		d.press(string(r))
		d.calm()
	}
	d.dirty = true
}

// way is what is chosen under FROM.
func (d *desk) way() string {
	p := d.field("FROM")
	return p.choices[*p.chosen]
}

func (d *desk) chooses(words string) {
	d.Helper()
	p := d.field("FROM")
	*p.chosen = slices.Index(p.choices, words)
	d.calm()
	d.dirty = true
}

// What is offered follows the address as it is typed, until somebody chooses
// something else: then the address says that the two don't go together.
func TestTheWayFollowsTheAddress(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openNew(d)
	for _, c := range []struct{ typed, way string }{
		{"", "new SSH key"}, {"https://", "user and password"}, {"https://git.acme.io/fleet", "user and password"},
		{"ssh://git@git.acme.io/fleet", "new SSH key"}, {"http://git.acme.io/fleet", "user and password"},
		{"git@git.acme.io:fleet", "new SSH key"}, {"https://git.acme.io/fleet", "user and password"}, {"gopher://x", "user and password"},
	} {
		d.types("URL", c.typed)
		if got := d.way(); got != c.way {
			t.Errorf("%q: %q is offered, want %q", c.typed, got, c.way)
		}
	}
	const onHTTPS = "an SSH key is for ssh:// addresses, and this one is https://"
	const onSSH = "a bearer token is for https:// addresses, and this one is ssh://"
	d.types("URL", "https://git.acme.io/fleet")
	d.misses(onHTTPS)
	d.chooses("SSH key from a file")
	d.wants(onHTTPS)
	d.types("URL", "https://git.acme.io/other")
	if d.way() != "SSH key from a file" {
		t.Errorf("what was chosen became %q", d.way())
	}
	d.types("URL", "ssh://git@git.acme.io/fleet")
	d.misses(onHTTPS)
	d.chooses("bearer token")
	d.wants(onSSH)
	d.press("esc")
	openNew(d)
	d.dirty = true
	d.wants(onSSH) // also of what was chosen before it was left
	if d.way() != "bearer token" || len(d.session.Writes()) > 0 {
		t.Errorf("%q, %d writes", d.way(), len(d.session.Writes()))
	}
}

// A host's key is that of the address as it is by now.
func TestTheHostIsAskedAgainForAnotherAddress(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openNew(d)
	d.types("URL", "ssh://git@github.com/acme/fleet")
	d.press("tab")
	d.calm()
	*d.field("HOST KEY").tick = true
	d.calm()
	d.types("URL", "ssh://git@git.acme.io/fleet")
	r.host = otherLine
	d.press("tab")
	d.calm()
	d.dirty = true
	shown, _ := credential.ParseKnownHosts("git.acme.io " + otherLine)
	if p := d.field("HOST KEY"); p.tick == nil || *p.tick || !strings.Contains(p.text, shown[0].Fingerprint()) {
		t.Errorf("%+v\n%s", p.text, d.screen())
	}
}

// A GitHub App's keys are used only by a source that says provider: github.
func TestAnAppNeedsItsProvider(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "https://github.com/acme/app")
	openOn(d, "stage")
	d.misses("spec.provider")
	d.chooses("GitHub App")
	if all := strings.Join(strings.Fields(d.screen()), " "); !strings.Contains(all, "GitRepository/stage/app needs spec.provider github") {
		t.Error(all)
	}
}

// Of a sync that is not set yet, the address that is offered can be mended, and
// the stored credential is tried against what stands there.
func TestAGuessedAddressCanBeMended(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	d.session.SetSecret("flux-system", "flux-system", func() *credential.Stored {
		return &credential.Stored{UID: "u", Type: "Opaque", Keys: []string{"password", "username"}, Values: map[string][]byte{"username": []byte("git"), "password": []byte("x")}}
	})
	d.run(d.credentialFor(credential.Target{Namespace: "flux-system", Name: "flux-system", URL: "https://git.acme.io/flet", Guess: true}))
	d.calm()
	d.wants("https://git.acme.io/flet", "< user and password >")
	d.chooses(wayWords[wayStored])
	d.types("URL", "ssh://git@git.acme.io/fleet")
	d.pressButtonNamed("Read and test")
	d.wants("it holds a login for https://, and the address is ssh://")
	if d.way() != wayWords[wayStored] || r.tries > 0 {
		t.Errorf("%s, %d tries", d.way(), r.tries)
	}
	d.types("URL", "https://git.acme.io/fleet")
	d.pressButtonNamed("Read and test")
	if r.tries != 1 {
		t.Errorf("%d tries\n%s", r.tries, d.screen())
	}
}

// Over http:// there are no certificates, and a login goes as it is: both is
// said before anything is saved.
func TestALoginOverHTTP(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openNew(d)
	d.types("URL", "https://git.acme.io/fleet")
	d.wants("CA FILE", "CERT KEY")
	d.types("CA FILE", "/none")
	d.misses("can be read by everyone")
	d.types("URL", "http://git.acme.io/fleet")
	d.misses("CA FILE", "CERT KEY")
	d.wants("over http:// the login can be read by everyone on the way")
	d.types("USER", "git")
	d.types("PASSWORD", "KANARIE")
	d.pressButtonNamed("Save untested") // nothing of a field that is not there keeps it
	if w := d.session.Writes(); len(w) != 1 {
		t.Errorf("%d writes\n%s", len(w), d.screen())
	}
}
