package credential

import (
	"strings"
	"testing"
)

func TestFit(t *testing.T) {
	const sshURL, web = "ssh://git@git.acme.io/fleet", "https://git.acme.io/fleet"
	for _, c := range []struct {
		name string
		need Need
		keys string
		want string // part of the sentence, "" = fits
	}{
		{"ssh", Need{URL: sshURL}, "identity known_hosts", ""},
		{"ssh with the passphrase and the public half", Need{URL: sshURL}, "identity identity.pub known_hosts password", ""},
		{"ssh without the host", Need{URL: sshURL}, "identity", "lacks known_hosts"},
		{"ssh with a login for http", Need{URL: sshURL}, "username password", "holds a login for https"},
		{"ssh, nothing", Need{URL: sshURL}, "", "lacks identity and known_hosts"},
		{"basic", Need{URL: web}, "username password", ""},
		{"no user", Need{URL: web}, "password", "without a username"},
		{"no password", Need{URL: web}, "username", "without a password"},
		{"token", Need{URL: web}, "bearerToken", ""},
		{"token beside a user in the address", Need{URL: "https://me@git.acme.io/fleet"}, "bearerToken", "refuses both"},
		{"ssh key for https", Need{URL: web}, "identity known_hosts", "holds an SSH key, and the address is https://"},
		{"CA alone", Need{URL: web}, "ca.crt", ""},
		{"client certificate without key", Need{URL: web}, "tls.crt", "without tls.key"},
		{"app", Need{URL: web, Provider: "github"}, "githubAppID githubAppPrivateKey githubAppInstallationOwner", ""},
		{"app, provider not said", Need{URL: web}, "githubAppID githubAppPrivateKey githubAppInstallationOwner", "does not say provider: github"},
		{"app, both", Need{URL: web, Provider: "github"}, "githubAppID githubAppPrivateKey githubAppInstallationOwner githubAppInstallationID", "exactly one"},
		{"app, neither", Need{URL: web, Provider: "github"}, "githubAppID githubAppPrivateKey", "lacks githubAppInstallationOwner or"},
		{"cloud", Need{URL: web, Provider: "azure"}, "", ""},
		{"registry", Need{Kind: "OCIRepository", URL: "oci://ghcr.io/acme/x"}, ".dockerconfigjson", ""},
		{"registry with a git key", Need{Kind: "OCIRepository", URL: "oci://ghcr.io/acme/x"}, "identity", "lacks .dockerconfigjson"},
		{"bucket", Need{Kind: "Bucket"}, "accesskey", "lacks secretkey"},
		{"foreign keys change nothing", Need{URL: sshURL}, "identity known_hosts notes", ""},
	} {
		got := Fit(c.need, strings.Fields(c.keys))
		if c.want == "" && got != "" || c.want != "" && !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestParse(t *testing.T) {
	for address, want := range map[string]string{
		"ssh://git@github.com/acme/fleet.git": "",
		"https://git.acme.io:8443/a/b":        "",
		"git@github.com:acme/fleet.git":       "write ssh://git@github.com/acme/fleet.git",
		"git://github.com/acme/fleet":         "not by git://",
		"/srv/git/fleet":                      "address without a scheme",
		"https://git.acme.io":                 "no repository on it",
		"https://me:hunter2@git.acme.io/x":    "put it into the Secret",
		"":                                    "is missing",
		"ssh:///fleet":                        "names no host",
	} {
		_, got := Parse(address)
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
		if strings.Contains(got, "hunter2") {
			t.Errorf("the password is in %q", got)
		}
	}
}

const ed25519Line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

func TestKnownHosts(t *testing.T) {
	keys, problem := ParseKnownHosts("# github\ngithub.com " + ed25519Line + " note\n[git.acme.io]:2222 " + ed25519Line + "\n")
	if problem != "" || len(keys) != 2 {
		t.Fatalf("%v, %q", keys, problem)
	}
	// What GitHub publishes for this very key.
	if got := keys[0].Fingerprint(); got != "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU" {
		t.Errorf("fingerprint %s", got)
	}
	for address, want := range map[string]bool{"ssh://git@github.com/a": true, "ssh://git@git.acme.io:2222/a": true, "ssh://git@git.acme.io/a": false} {
		u, _ := Parse(address)
		if Vouches(keys, u) != want {
			t.Errorf("%s: want %v", address, want)
		}
	}
	for text, want := range map[string]string{
		"github.com " + ed25519Line[:40]:                          "not a whole",
		"github.com ssh-rsa " + ed25519Line[len("ssh-ed25519 "):]: "not a whole ssh-rsa",
		"github.com":                        "a line is host, type and key",
		"@cert-authority * " + ed25519Line:  "host's own key",
		"\n# nothing\n":                     "no key in it",
		"<script>alert(1)</script> x y\x1b": "not a whole",
	} {
		if _, got := ParseKnownHosts(text); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
