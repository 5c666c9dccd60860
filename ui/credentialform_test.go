package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// A password is asked about only when the person says so, never while it is
// typed; what is wrong stands at its field.
func TestPasswordIsTriedWhenAsked(t *testing.T) {
	d, r := credentialDesk(t, 100, 40, "https://git.acme.io/app")
	openOn(d, "stage")
	d.pressButtonNamed("Try")
	d.View()
	if s := d.screen(); r.tries != 0 || !strings.Contains(s, "a user name is needed") || !strings.Contains(s, "a password is needed") {
		t.Errorf("%d tries\n%s", r.tries, s)
	}
	d.field("USER").line.insert("git")
	secret := strings.Clone("KANARIE\n")
	d.dialog.at, d.dialog.drawn = 2, true
	for i, at := range d.dialog.focusables() {
		if d.dialog.parts[at].masked {
			d.dialog.at = i
		}
	}
	d.dialog.paste(secret)
	if strings.Contains(secret, "KANARIE") {
		t.Error("the pasted text is still there")
	}
	d.calm()
	if r.tries != 0 {
		t.Error("it was tried while it was typed")
	}
	d.pressButtonNamed("Try")
	d.View()
	if r.tries != 1 || r.seen[0] != "KANARIE" || strings.Contains(string(r.sent[0]), "KANARIE") {
		t.Errorf("%d tries, %q", r.tries, r.seen)
	}
	if s := d.screen(); !strings.Contains(s, "4 refs visible") || strings.Contains(s, "KANARIE") {
		t.Error(s)
	}
	// Leaving keeps all but what is secret.
	line := d.field("PASSWORD").line
	d.press("esc")
	for _, c := range line.runes[:cap(line.runes)] {
		if c != 0 {
			t.Fatal("the password is still in memory")
		}
	}
	openOn(d, "stage")
	if d.field("USER").line.String() != "git" || len(d.field("PASSWORD").line.runes) != 0 {
		t.Errorf("not kept, or kept too much:\n%s", d.screen())
	}
}

// A Secret that turns out to be missing while the form is open is restored, and
// not said to be replaced.
func TestMissingIsLearnedWhileTheFormIsOpen(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "prod")
	if s := d.screen(); !strings.Contains(s, "Replace git credential: Secret prod/deploy-key") || !strings.Contains(s, "all other keys stay") {
		t.Fatal(s)
	}
	o := uitest.Git("prod", "app", "ssh://git@github.com/acme/app", uitest.Rev1,
		uitest.Failing("AuthenticationFailed", `failed to get secret 'prod/deploy-key': secrets "deploy-key" not found`, time.Minute))
	o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "deploy-key"}}
	d.put(o)
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "Restore git credential: Secret prod/deploy-key") || strings.Contains(s, "all other keys stay") {
		t.Error(s)
	}
}

// A wrong passphrase is taken back, and the right one typed in its place: the
// field stays under the hands.
func TestWrongPassphraseIsTakenBack(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "stage")
	from := d.field("FROM")
	*from.chosen = slices.Index(from.choices, wayWords[wayKeyFile])
	d.calm()
	d.field("KEY FILE").line.insert("~/key")
	into := func(text string) {
		t.Helper()
		for i, at := range d.dialog.focusables() {
			if d.dialog.parts[at].label == "PASSPHRASE" {
				d.dialog.at = i
			}
		}
		for _, k := range strings.Split(text, "") {
			d.press(k)
			d.calm()
		}
	}
	d.calm()
	into("wrong")
	d.press("tab")
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "this passphrase does not open the key") {
		t.Fatal(s)
	}
	into("")
	d.press("ctrl+e", "ctrl+u")
	for _, k := range []string{"s", "e", "space", "a"} {
		d.press(k)
		d.calm()
	}
	if got := len(d.field("PASSPHRASE").line.runes); got != 4 || *d.field("HOST KEY").tick {
		t.Errorf("%d letters are in the field; host key accepted: %v\n%s", got, *d.field("HOST KEY").tick, d.screen())
	}
}
