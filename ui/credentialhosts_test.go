package ui

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/ui/uitest"
)

const otherHost = "git.acme.io " + hostLine

// hostDesk has a source whose host shows another key than its Secret holds.
func hostDesk(t *testing.T) (*desk, *fakeRemote) {
	t.Helper()
	c := credentialCluster("ssh://git@github.com/acme/app")
	for i, ch := range c.Changes {
		if ch.Object.Kind == model.GitRepository && ch.Object.Namespace == "prod" {
			o := uitest.Git("prod", "app", "ssh://git@github.com/acme/app", uitest.Rev1, uitest.Failing("GitOperationFailed",
				"failed to checkout and determine revision: unable to clone 'ssh://git@github.com/acme/app', error: ssh: handshake failed: knownhosts: key mismatch", 9*time.Minute))
			o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "deploy-key"}}
			c.Changes[i].Object = o
		}
	}
	r := &fakeRemote{added: map[string]bool{hostLine: true}, host: otherLine}
	d := newDesk(t, 120, 50, Options{Remote: r}, c)
	d.session.SetSecret("prod", "deploy-key", func() *credential.Stored {
		return &credential.Stored{UID: "u1", Version: "41", Type: "Opaque", Keys: []string{"identity", "identity.pub", "known_hosts"},
			Values: map[string][]byte{"identity": []byte("KANARIE"), "identity.pub": []byte(hostLine),
				"known_hosts": []byte("github.com " + hostLine + "\n" + otherHost + "\n")}}
	})
	return d, r
}

func fingerprintOf(t *testing.T, line string) string {
	t.Helper()
	keys, problem := credential.ParseKnownHosts("x " + line)
	if problem != "" {
		t.Fatal(problem)
	}
	return keys[0].Fingerprint()
}

// The key stays, and only the lines of the one host are replaced, once both
// were shown side by side: it is what is offered first for such a source.
func TestReplaceOnlyKnownHosts(t *testing.T) {
	d, r := hostDesk(t)
	openOn(d, "prod")
	if got := d.way(); got != wayWords[wayHosts] {
		t.Fatalf("%q is offered first", got)
	}
	d.wants("Replace known_hosts in git credential", fingerprintOf(t, otherLine), "read when it is tested or saved")
	if r.tries > 0 || len(d.session.Writes()) > 0 {
		t.Fatal("something was asked before anybody pressed a button")
	}
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.pressButtonNamed("Save untested")
	d.wants("IN SECRET", fingerprintOf(t, hostLine), fingerprintOf(t, otherLine), "they DIFFER", "the host's key DIFFERS from the one in the Secret")
	d.misses("KANARIE")
	if len(d.session.Writes()) > 0 {
		t.Fatal("written before it was shown")
	}
	d.pressButtonNamed("Save untested")
	w := d.session.Writes()
	if len(w) == 0 || w[0].Op != model.WriteMerge || w[0].UID != "u1" || w[0].Version != "41" {
		t.Fatalf("%+v\n%s", w, d.screen())
	}
	var body struct{ Data map[string]*string }
	plain := w[0].Body
	if err := json.Unmarshal(plain, &body); err != nil || len(body.Data) != 1 || body.Data["known_hosts"] == nil {
		t.Fatalf("%v: %s", err, plain)
	}
	if hosts, _ := base64.StdEncoding.DecodeString(*body.Data["known_hosts"]); string(hosts) != otherHost+"\ngithub.com "+otherLine+"\n" {
		t.Errorf("known_hosts became %q", hosts)
	}
	d.run(d.tend())
	if w = d.session.Writes(); len(w) != 2 || w[1].Ref.Kind != "GitRepository" {
		t.Errorf("the source is not asked: %+v", w)
	}
	if strings.Contains(d.deeds[0].plan.After, "taken away") {
		t.Error("the deploy key is still in use:", d.deeds[0].plan.After)
	}
}

// What is tested is the key of the Secret with the lines of the form; another
// way takes nothing of it over.
func TestTestTheKeyWithNewKnownHosts(t *testing.T) {
	d, r := hostDesk(t)
	openOn(d, "prod")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.pressButtonNamed("Read and test")
	d.wants("4 refs visible from here", "they DIFFER")
	if r.tries != 1 || len(r.hosts) != 1 || r.hosts[0] != "github.com "+otherLine+"\n" {
		t.Fatalf("%d tries with %q", r.tries, r.hosts)
	}
	if words := buttonWords(d); !slices.Contains(words, "Save") || slices.Contains(words, "Copy key") {
		t.Error(words)
	}
	*d.field("HOST KEY").tick = false
	d.calm()
	d.dirty = true
	d.misses("4 refs visible") // of lines that are in the form no more
	d.chooses(wayWords[wayKeyFile])
	d.misses("4 refs visible", "STORED")
	if words := buttonWords(d); slices.Contains(words, "Save") {
		t.Error(words)
	}
}

func buttonWords(d *desk) []string {
	var out []string
	for _, b := range d.dialog.buttons {
		out = append(out, b.word)
	}
	return out
}

// Nothing is written where nothing would change.
func TestTheSameHostKeyIsNotWritten(t *testing.T) {
	d, r := hostDesk(t)
	r.host = hostLine
	openOn(d, "prod")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.pressButtonNamed("Save untested")
	d.wants("the Secret has this host key already")
	if len(d.session.Writes()) > 0 {
		t.Error("it was written")
	}
}

// Only a key that is there can be copied; the test of the stored credential,
// which saves nothing, does not speak of saving.
func TestNoButtonForAKeyThatIsNotThere(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	d.session.SetSecret("prod", "deploy-key", func() *credential.Stored {
		return &credential.Stored{UID: "u1", Keys: []string{"identity", "known_hosts"}, Values: map[string][]byte{"identity": []byte("KANARIE"), "known_hosts": []byte("x")}}
	})
	openOn(d, "prod")
	if words := buttonWords(d); !slices.Contains(words, "Copy key") {
		t.Fatal(words)
	}
	d.chooses(wayWords[wayKeyFile])
	if words := buttonWords(d); slices.Contains(words, "Copy key") {
		t.Error(words)
	}
	r.added = nil
	d.chooses(wayWords[wayStored])
	d.pressButtonNamed("Read and test")
	d.wants("does not let this key in", "the cluster may see")
	d.misses("saving is", "barred")
}

// Who keeps the Secret in Git is given the lines to put there: they are no
// secret. A test of what is there writes nothing and offers nothing to print.
func TestPrintOnlyKnownHosts(t *testing.T) {
	d, _ := hostDesk(t)
	openOn(d, "prod")
	d.press("ctrl+o")
	d.wants("HOST KEY") // nobody accepted it yet
	d.misses("in place of its lines")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.press("ctrl+o")
	d.dirty = true
	d.wants("# known_hosts of Secret prod/deploy-key", "in place of its lines for this host", "github.com "+otherLine[:30], "the lines are copied")
	d.misses("KANARIE", "Encrypt")
	d.press("ctrl+o")
	d.dirty = true
	d.wants("HOST KEY", "ctrl+o print instead")
	d.chooses(wayWords[wayStored])
	d.misses("ctrl+o")
}
