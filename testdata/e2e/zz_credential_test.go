package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"tenantry/testdata/jobs"
)

// credential opens the dialog on a tenant, from home.
func credential(d jobs.Desk, verb, ns string) {
	d.T.Helper()
	d.Tenant(ns)
	if verb == "Restore" {
		d.Until("home says the secret is missing", func(screen string) bool {
			return strings.HasPrefix(jobs.CursorLine(screen), ns+" ") && strings.Contains(screen, "secret deploy-key is missing")
		})
	}
	d.Keys("K")
	d.Wait(verb + " git credential: Secret " + ns + "/deploy-key on lab")
}

// says waits until a dialog says something, wherever its lines are broken.
func says(d jobs.Desk, text string) {
	d.T.Helper()
	d.Until("it says "+text, func(screen string) bool { return strings.Contains(flat(screen), text) })
}

// fromFile chooses a key file and types its passphrase.
func fromFile(d jobs.Desk, path, passphrase string) {
	d.T.Helper()
	d.To("FROM")
	for range 8 {
		if strings.Contains(d.Screen(), "< SSH key from a file >") {
			break
		}
		before := d.Screen()
		d.Keys("\x1b[C")
		_, _ = d.WaitFor(2*time.Second, func(now string) bool { return now != before })
	}
	d.Wait("KEY FILE")
	d.Field("KEY FILE", path)
	d.Tab()
	if passphrase != "" {
		d.Wait("PASSPHRASE")
		masked(d, "PASSPHRASE", passphrase)
	}
}

// long types into a field more than it shows, and leaves it.
func long(d jobs.Desk, label, text string) {
	d.T.Helper()
	d.To(label)
	d.Keys("\x05\x15" + text)
	d.Until(label+" is typed", func(screen string) bool { return strings.Contains(line(screen, "│ "+label), text[len(text)-20:]) })
	d.Tab()
}

// masked types into a field that shows asterisks.
func masked(d jobs.Desk, label, text string) {
	d.T.Helper()
	d.To(label)
	d.Keys("\x05\x15" + text)
	d.Until(label+" is typed", regexp.MustCompile(`(?m)│ `+label+` +\*{`+fmt.Sprint(len(text))+`} `).MatchString)
}

// accept ticks the host's key.
func accept(d jobs.Desk) {
	d.T.Helper()
	says(d, "accept ssh-ed25519 SHA256:")
	if strings.Contains(d.Screen(), "[x] accept") {
		return
	}
	d.To("HOST KEY")
	d.Keys(" ")
	d.Wait("[x] accept")
}

// saves presses a button and waits until the source has fetched with what was
// saved, and the tenant is green.
func saves(d jobs.Desk, button, ns string) {
	d.T.Helper()
	d.Button(button)
	says(d, "the sources fetch with it")
	d.Button("Close")
	d.Tenant(ns)
	d.Until(ns+" is green", func(screen string) bool { return strings.Contains(jobs.CursorLine(screen), "✓ Ready") })
	o := get(d.T.(*testing.T), repo, ns, "app")
	if !strings.HasPrefix(o.ready(), "True") {
		d.T.Errorf("it is green, and the source is %s", o.ready())
	}
}

// copied is what was put on the clipboard last.
func copied(t *testing.T, d jobs.Desk) string {
	t.Helper()
	all := regexp.MustCompile(`\x1b\]52;c;([A-Za-z0-9+/=]+)`).FindAllSubmatch(d.Raw(), -1)
	if len(all) == 0 {
		t.Fatal("nothing was copied")
	}
	text, err := base64.StdEncoding.DecodeString(string(all[len(all)-1][1]))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A repository over SSH, on a real SSH server that lets in whom it knows: from a
// Secret that never was to green, wiped and restored from home, and the host's
// key changed.
func TestDeployKeyOnTheLab(t *testing.T) {
	const ns = "e2e-ssh"
	keepAuthorized(t)
	cloned(t, ns, lab.GitSSHURL+"/"+ns+".git")
	d := desk(t, lab.Kubeconfig, "")
	step := steps(t, &d)
	step("a new key, added after it was shown", func(t *testing.T) {
		credential(d, "Restore", ns)
		says(d, "accept ssh-ed25519 "+fingerprint(t))
		says(d, "nothing vouches for it")
		if strings.Contains(d.Screen(), "waiting for access") {
			t.Errorf("the host was asked before its key was accepted:\n%s", d.Screen())
		}
		accept(d)
		says(d, "waiting for access: 127.0.0.1 does not let this key in yet")
		d.Button("Copy key")
		d.Wait("copied ")
		public := copied(t, d)
		if _, _, _, _, err := ssh.ParseAuthorizedKey([]byte(public)); err != nil {
			t.Fatalf("copied %q: %v", public, err)
		}
		authorize(t, public)
		says(d, "visible from here, HEAD is main")
		saves(d, "Save", ns)
		s := get(t, "secret", ns, "deploy-key")
		signer, err := ssh.ParsePrivateKey(s.secret("identity"))
		if err != nil || strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey()))) != strings.TrimSpace(public) {
			t.Errorf("another key was saved than was shown: %v", err)
		}
		if _, ok := find(t, "configmap", ns, "app"); !ok {
			t.Error("nothing was applied")
		}
	})
	step("wiped, and restored from home with a key that has a passphrase", func(t *testing.T) {
		kubectl(t, "delete", "secret", "-n", ns, "deploy-key")
		kubectl(t, "annotate", "--overwrite", "-n", ns, repo, "app", asked+"="+time.Now().Format(time.RFC3339Nano))
		path, public := keyFile(t, "sesam, open u")
		authorize(t, public)
		credential(d, "Restore", ns)
		fromFile(d, path, "wrong")
		accept(d)
		says(d, "this passphrase does not open the key")
		masked(d, "PASSPHRASE", "sesam, open u")
		d.Tab()
		says(d, "visible from here")
		saves(d, "Save", ns)
		if s := get(t, "secret", ns, "deploy-key"); string(s.secret("password")) != "sesam, open u" {
			t.Error("the passphrase is not in the Secret: Flux can't open the key")
		}
	})
	step("a wrong host key, and none that fits", func(t *testing.T) {
		path, public := keyFile(t, "")
		authorize(t, public)
		_, other := keyFile(t, "")
		credential(d, "Replace", ns)
		fromFile(d, path, "")
		host := strings.TrimPrefix(lab.GitSSHURL, "ssh://git@")
		host = "[" + strings.Replace(host, ":", "]:", 1)
		long(d, "PASTED", "[127.0.0.1]:1 "+other)
		says(d, "none of these lines is for "+host)
		long(d, "PASTED", host+" "+other)
		says(d, "is not the one in known_hosts: it shows "+fingerprint(t)+". It was changed, or somebody sits in between")
		d.Keys("\x1b")
		d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "[ Cancel ]") })
	})
	step("the host's key is changed", func(t *testing.T) {
		old, err := os.ReadFile(gitServer("host_key"))
		if err != nil {
			t.Fatal(err)
		}
		was := fingerprint(t)
		path, public := keyFile(t, "")
		authorize(t, public)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		change := func(t *testing.T, key []byte) {
			t.Helper()
			inLab(t, "stop", "git")
			if err := os.WriteFile(gitServer("host_key"), key, 0o600); err != nil {
				t.Fatal(err)
			}
			inLab(t, "start", "git")
		}
		t.Cleanup(func() { change(t, old) })
		change(t, text)
		d.Tenant(ns)
		d.Keys("R")
		d.Wait("Fetch and reconcile " + ns + " on lab")
		d.Button("Fetch and reconcile")
		d.Until("the changed host key is said", func(screen string) bool {
			return strings.HasPrefix(jobs.CursorLine(screen), ns+" ") && strings.Contains(flat(screen), "the Git host's key changed")
		})
		t.Logf("home: %s", jobs.CursorLine(d.Screen()))
		credential(d, "Replace", ns)
		fromFile(d, path, "") // any key file will do; this one is authorized
		d.To("PASTED")
		d.Keys("\x05\x15")
		if fingerprint(t) == was {
			t.Fatal("the host key is the old one")
		}
		says(d, "accept ssh-ed25519 "+fingerprint(t))
		accept(d)
		says(d, "visible from here")
		d.Button("Save")
		says(d, "the host's key is another one than the Secret holds")
		if s := get(t, "secret", ns, "deploy-key"); len(s.secret("password")) == 0 {
			t.Error("it was saved before it was pressed again")
		}
		saves(d, "Save", ns)
		d.Until("the old deploy key may go", func(screen string) bool { return strings.Contains(screen, "the old deploy key SHA256:") })
	})
	d.Leave()
}

// A repository behind a login over HTTPS, with an authority of its own.
func TestLoginOnTheLab(t *testing.T) {
	const ns = "e2e-login"
	cloned(t, ns, lab.GitTLSURL+"/private/"+ns+".git")
	d := desk(t, lab.Kubeconfig, "")
	credential(d, "Restore", ns)
	d.Wait("USER")
	d.Field("USER", "demo")
	masked(d, "PASSWORD", "lab-password")
	d.Button("Try")
	says(d, "authority nobody here trusts")
	d.Field("CA FILE", gitServer("ca.crt"))
	masked(d, "PASSWORD", "wrong")
	d.Button("Try")
	says(d, "does not know this login (401)")
	masked(d, "PASSWORD", "lab-password")
	d.Button("Try")
	says(d, "visible from here")
	saves(d, "Save", ns)
	s := get(t, "secret", ns, "deploy-key")
	if string(s.secret("username")) != "demo" || string(s.secret("password")) != "lab-password" || len(s.secret("ca.crt")) == 0 {
		t.Errorf("keys: %d", len(s.Data))
	}
	if bytes.Contains(d.Raw(), []byte("lab-password")) {
		t.Error("the password was on the screen")
	}
	d.Leave()
}
