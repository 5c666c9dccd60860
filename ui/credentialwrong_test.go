package ui

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/credential"
)

// saidAt is what stands below a field, as far as the next one.
func (d *desk) saidAt(label string) string {
	d.Helper()
	var out []string
	at := false
	for i := range d.dialog.parts {
		switch p := &d.dialog.parts[i]; {
		case p.label == label:
			at = true
		case at && (p.focusable() || strings.TrimSpace(p.label) != "" && p.label != "KEY"):
			return strings.Join(out, "\n")
		case at:
			out = append(out, p.text)
		}
	}
	return strings.Join(out, "\n")
}

// typed are all lines of the form that is open, masked ones by their length.
func (d *desk) typed() map[string]string {
	out := map[string]string{}
	for i := range d.dialog.parts {
		if p := &d.dialog.parts[i]; p.line != nil {
			out[p.label] = p.line.String()
			if p.masked {
				out[p.label] = strings.Repeat("*", len(p.line.runes))
			}
		}
	}
	return out
}

// Whatever is wrong with a field stands at that field when Save is pressed, the
// focus goes there, and everything typed stays.
func TestEveryFieldOfACredentialSaysWhatIsWrong(t *testing.T) {
	const ssh, https = "ssh://git@github.com/acme/fleet", "https://git.acme.io/fleet"
	basic := func(d *desk) {
		d.types("USER", "git")
		d.types("PASSWORD", "KANARIE")
	}
	app := func(d *desk) {
		d.types("APP ID", "12")
		d.types("OWNER", "acme")
	}
	for _, c := range []struct {
		name, url, way string
		fill           func(d *desk)
		field, typed   string // the one that is wrong
		says           string
		also           string // where the focus is instead
	}{
		{"no name", https, "user and password", func(d *desk) { basic(d); d.types("SECRET", "") }, "SECRET", "", "the Secret needs a name", ""},
		{"bad name", https, "user and password", basic, "SECRET", "Deploy_Key", "a Secret's name is made of a-z", ""},
		{"no URL", "", "user and password", basic, "URL", "", "the repository's address is missing", ""},
		{"short form", "", "new SSH key", nil, "URL", "git@github.com:acme/fleet", "write ssh://git@github.com/acme/fleet", ""},
		{"no repository", "", "user and password", basic, "URL", "https://git.acme.io", "names a host and no repository", ""},
		{"another scheme", "", "user and password", basic, "URL", "file:///srv/git", "not by file://", ""},
		{"login over ssh", "", "user and password", basic, "URL", ssh, "user and password are for https:// addresses", "FROM"},
		{"key over https", https, "new SSH key", nil, "URL", https, "an SSH key is for ssh:// addresses", "FROM"},
		{"no such key file", ssh, "SSH key from a file", nil, "KEY FILE", "~/none", "no such file", ""},
		{"no passphrase", ssh, "SSH key from a file", func(d *desk) { d.types("KEY FILE", "~/key"); d.press("tab"); d.calm() }, "PASSPHRASE", "", "its passphrase is needed", ""},
		{"wrong passphrase", ssh, "SSH key from a file", func(d *desk) { d.types("KEY FILE", "~/key"); d.press("tab"); d.calm() }, "PASSPHRASE", "wrong", "does not open the key", "KEY FILE"},
		{"no host key", ssh, "new SSH key", nil, "PASTED", "", "accept the host's key", "HOST KEY"},
		{"no known_hosts", ssh, "new SSH key", nil, "PASTED", "nonsense", "known_hosts", "HOST KEY"},
		{"of another host", ssh, "new SSH key", nil, "PASTED", "gitlab.com " + hostLine, "none of these lines is for github.com", "HOST KEY"},
		{"no user", https, "user and password", func(d *desk) { d.types("PASSWORD", "x") }, "USER", "", "a user name is needed", ""},
		{"no password", https, "user and password", func(d *desk) { d.types("USER", "x") }, "PASSWORD", "", "a password is needed", ""},
		{"no token", https, "bearer token", nil, "TOKEN", "", "a token is needed", ""},
		{"no such CA file", https, "user and password", basic, "CA FILE", "/none", "no such file", ""},
		{"no certificate in it", https, "user and password", basic, "CA FILE", "/text", "there is no certificate in it", ""},
		{"certificate alone", https, "user and password", basic, "CERT", "/text", "needs its key", "CERT KEY"},
		{"key alone", https, "user and password", basic, "CERT KEY", "/text", "needs its certificate", "CERT"},
		{"certificates of nothing", https, "certificates only", nil, "CA FILE", "", "a CA or a client certificate is needed", ""},
		{"app ID", https, "GitHub App", app, "APP ID", "acme", "the app's ID is a number", ""},
		{"app owner", https, "GitHub App", func(d *desk) { d.types("APP ID", "12") }, "OWNER", "acme/x", "an owner is one word", ""},
		{"neither owner nor installation", https, "GitHub App", func(d *desk) { d.types("APP ID", "12") }, "OWNER", "", "the organisation the app is installed in", ""},
		{"both", https, "GitHub App", app, "OR INST.", "7", "not both", ""},
		{"app key", https, "GitHub App", app, "KEY FILE", "/text", "this is no PEM", ""},
		{"no app key", https, "GitHub App", app, "KEY FILE", "", "the .pem file GitHub gave", ""},
		{"API", https, "GitHub App", func(d *desk) { app(d); d.types("KEY FILE", "/pem") }, "API", "github.acme.io", "Enterprise server", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, r := credentialDesk(t, 120, 60, ssh)
			r.files = map[string]string{"/text": "just text", "/pem": rsaPEM(t)}
			d.run(d.credentialFor(credential.Target{Namespace: "flux-system", Missing: true}))
			d.calm()
			d.types("SECRET", "fleet")
			d.chooses(c.way)
			if c.url != "" {
				d.types("URL", c.url)
				d.chooses(c.way)
			}
			if c.fill != nil {
				c.fill(d)
			}
			d.types(c.field, c.typed)
			d.press("tab")
			d.calm()
			before := d.typed()
			d.pressButtonNamed("Save untested")
			d.View()
			if got := d.saidAt(c.field); !strings.Contains(got, c.says) && !strings.Contains(d.saidAt(c.also), c.says) {
				t.Errorf("at %s: %q, want %q\n%s", c.field, got, c.says, d.screen())
			}
			if p, want := d.dialog.focus(), c.field; p == nil || p.label != want && p.label != c.also {
				t.Errorf("the focus is not at %s:\n%s", want, d.screen())
			}
			for label, text := range before {
				if now := d.typed()[label]; now != text {
					t.Errorf("%s was %q and is %q", label, text, now)
				}
			}
			if len(d.session.Writes()) > 0 {
				t.Errorf("written: %+v", d.session.Writes())
			}
		})
	}
}

func rsaPEM(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// A save the server refuses takes nothing of what was typed, in any way of
// making a credential.
func TestARefusedSaveTakesNothing(t *testing.T) {
	for way, fill := range map[string]func(d *desk){
		"new SSH key": func(d *desk) {
			d.types("URL", "ssh://git@github.com/acme/fleet")
			d.types("PASTED", "github.com "+hostLine)
		},
		"SSH key from a file": func(d *desk) {
			d.types("URL", "ssh://git@github.com/acme/fleet")
			d.types("KEY FILE", "~/key")
			d.press("tab")
			d.calm()
			d.types("PASSPHRASE", "right")
			d.types("PASTED", "github.com "+hostLine)
		},
		"user and password": func(d *desk) { d.types("USER", "git"); d.types("PASSWORD", "KANARIE") },
		"bearer token":      func(d *desk) { d.types("TOKEN", "KANARIE") },
		"GitHub App": func(d *desk) {
			d.types("APP ID", "12")
			d.types("OWNER", "acme")
			d.types("KEY FILE", "/pem")
			d.types("API", "https://github.acme.io/api/v3")
		},
	} {
		d, r := credentialDesk(t, 120, 60, "ssh://git@github.com/acme/app")
		r.files = map[string]string{"/pem": rsaPEM(t)}
		d.session.OnWrite(func(model.Write) (*model.Written, error) {
			return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "ann may not create secrets"}
		})
		d.run(d.credentialFor(credential.Target{Namespace: "flux-system", Missing: true}))
		d.calm()
		d.types("SECRET", "fleet")
		d.types("URL", "https://git.acme.io/fleet")
		d.chooses(way)
		fill(d)
		d.press("tab")
		d.calm()
		before := d.typed()
		d.pressButtonNamed("Save untested")
		d.dirty = true
		d.wants("ann may not create secrets")
		for label, text := range before {
			if now := d.typed()[label]; now != text {
				t.Errorf("%s: %s was %q and is %q", way, label, text, now)
			}
		}
		if len(before) < 3 || len(d.session.Writes()) != 1 {
			t.Errorf("%s: %v, %d writes", way, before, len(d.session.Writes()))
		}
	}
}
