package ui

import (
	"strings"
	"testing"

	"tenantry/model/credential"
)

// Printing is encrypted; in clear only for who asks twice.
func TestPrintCredential(t *testing.T) {
	d, _ := credentialDesk(t, 100, 40, "https://git.acme.io/app")
	openOn(d, "stage")
	d.field("USER").line.insert("git")
	d.field("PASSWORD").line.insert(strings.Clone("KANARIE"))
	d.press("ctrl+y")
	if s := d.screen(); !strings.Contains(s, "password: # 7 bytes, not shown") || strings.Contains(s, "KANARIE") {
		t.Error(s)
	}
	d.press("ctrl+y", "ctrl+o")
	d.pressButtonNamed("Encrypt and copy")
	d.View()
	if s := d.screen(); !strings.Contains(s, "name an age recipient") {
		t.Error(s)
	}
	d.field("AGE").line.insert("age1abc")
	d.pressButtonNamed("Encrypt and copy")
	d.View()
	if s := d.screen(); !strings.Contains(s, "ENC[age1abc]") {
		t.Error(s)
	}
	d.pressButtonNamed("In clear")
	d.View()
	if s := d.screen(); !strings.Contains(s, "[ Back ]") || strings.Contains(s, "S0FOQVJJRQ") {
		t.Error(s)
	}
	d.pressButtonNamed("Show it")
	d.View()
	if s := d.screen(); !strings.Contains(s, "S0FOQVJJRQ") {
		t.Error(s)
	}
	d.press("esc", "esc")
	d.dirty = true
	if d.dialog == nil || d.field("USER").line.String() != "git" {
		t.Errorf("not back at the form:\n%s", d.screen())
	}
}

// What a host showed and nobody accepted is asked about anew, too.
func TestAHostNobodyAcceptedIsAskedAgain(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	for range 2 {
		openOn(d, "stage")
		if p := d.field("HOST KEY"); *p.tick || !strings.Contains(p.text, "SHA256:") {
			t.Errorf("accepted %v: %s", *p.tick, p.text)
		}
		d.press("esc")
	}
	if r.tries != 0 {
		t.Errorf("the repository was asked %d times", r.tries)
	}
}

// What was accepted of a host is asked about anew when the host shows another
// key by now, and only then.
func TestAnAcceptedHostIsAskedAgain(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "stage")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.press("esc")
	openOn(d, "stage")
	if !*d.field("HOST KEY").tick {
		t.Error("the same key has to be accepted twice")
	}
	d.press("esc")
	r.host = otherLine
	openOn(d, "stage")
	shown, _ := credential.ParseKnownHosts("github.com " + r.host)
	if p := d.field("HOST KEY"); *p.tick || !strings.Contains(p.text, shown[0].Fingerprint()) {
		t.Errorf("accepted %v: %s", *p.tick, p.text)
	}
}
