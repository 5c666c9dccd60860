package gitremote

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"tenantry/kube/demo/git"
	"tenantry/model/credential"
)

const repoURL = "ssh://git@git.acme.io/teams/shop.git"

func host(t *testing.T) (*git.Host, *git.Repo, *Client) {
	t.Helper()
	h := git.NewHost()
	r := h.Add(repoURL, git.Access{Key: true})
	r.Push("main", "first", "ann", time.Unix(1, 0), git.Write("a", "b"))
	r.Push("next", "second", "ann", time.Unix(2, 0), git.Write("a", "c"))
	r.Tag("v1", "main")
	return h, r, &Client{Dial: h.Dial, Roots: h.Roots()}
}

func kind(t *testing.T, err error) credential.TryKind {
	t.Helper()
	var failed *credential.TryError
	if !errors.As(err, &failed) {
		t.Fatalf("%v is no TryError", err)
	}
	return failed.Kind
}

// Every kind of key is made, read back by x/crypto, let in once its public half
// was added, and not before.
func TestDeployKeyIsAddedAfterItWasShown(t *testing.T) {
	for _, algorithm := range credential.Algorithms {
		_, repo, c := host(t)
		pair, err := c.NewKey(context.Background(), algorithm)
		if err != nil {
			t.Fatal(err)
		}
		if block, _ := pem.Decode(pair.Private); block == nil || block.Type != "PRIVATE KEY" {
			t.Errorf("%s: not PKCS#8 in PEM", algorithm)
		}
		hosts, err := c.HostKeys(context.Background(), repoURL)
		if err != nil || len(hosts) != 1 || hosts[0].Line() != "git.acme.io "+git.HostKey("git.acme.io") {
			t.Fatalf("%v, %v", hosts, err)
		}
		d := &credential.Draft{Namespace: "shop", Name: "key", URL: repoURL, Pair: pair, Hosts: credential.KnownHostsText(hosts)}
		if p := d.Problems(); len(p) > 0 {
			t.Errorf("%s: %v", algorithm, p)
		}
		if _, err := c.Try(context.Background(), d); kind(t, err) != credential.TryRefused {
			t.Errorf("%s: let in before it was added: %v", algorithm, err)
		}
		repo.Authorize(pair.Public)
		answer, err := c.Try(context.Background(), d)
		if err != nil || answer.Refs != 3 || answer.Head != "refs/heads/main" {
			t.Errorf("%s: %+v, %v", algorithm, answer, err)
		}
	}
}

func TestHostKeyIsHeldTo(t *testing.T) {
	_, repo, c := host(t)
	pair, _ := c.NewKey(context.Background(), "ed25519")
	repo.Authorize(pair.Public)
	right, other := git.HostKey("git.acme.io"), git.HostKey("elsewhere")
	for name, v := range map[string]struct {
		hosts string
		says  string
	}{
		"changed": {"git.acme.io " + other, "is not the one in known_hosts"},
		"unknown": {"git.other.io " + right, "has no key for git.acme.io"},
		"none":    {"", "there is no key in it"},
		"hashed":  {"|1|" + hashed("git.acme.io") + " " + right, ""},
		"several": {"git.acme.io " + other + "\ngit.acme.io " + right, ""},
	} {
		d := &credential.Draft{URL: repoURL, Pair: pair, Hosts: []byte(v.hosts)}
		_, err := c.Try(context.Background(), d)
		if v.says == "" && err != nil || v.says != "" && (err == nil || !strings.Contains(err.Error(), v.says)) {
			t.Errorf("%s: %v, want %q", name, err, v.says)
		}
	}
}

func TestKeyFiles(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	dir, c := t.TempDir(), &Client{}
	file := func(name string, block *pem.Block, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	open := file("open", block, err)
	block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("sesam"))
	locked := file("locked", block, err)
	signer, _ := ssh.NewSignerFromKey(private)
	public := filepath.Join(dir, "open.pub")
	if err := os.WriteFile(public, ssh.MarshalAuthorizedKey(signer.PublicKey()), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := c.ReadKey(open, nil)
	if err != nil || p.Locked || !strings.HasPrefix(p.Public, "ssh-ed25519 ") {
		t.Fatalf("%+v, %v", p, err)
	}
	if q, err := c.ReadKey(locked, nil); err != nil || !q.Locked || q.Public != p.Public {
		t.Errorf("locked: %+v, %v", q, err)
	}
	if q, err := c.ReadKey(locked, []byte("sesam")); err != nil || q.Public != p.Public || !bytes.Contains(q.Private, []byte("OPENSSH")) {
		t.Errorf("opened: %+v, %v", q, err)
	}
	for path, want := range map[string]string{public: "public half", dir: "no file", filepath.Join(dir, "none"): "no such file", locked: ErrPassphrase.Error()} {
		if _, err := c.ReadKey(path, []byte("wrong")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	// An encrypted key is let in with its passphrase.
	_, repo, remote := host(t)
	repo.Authorize(p.Public)
	q, _ := remote.ReadKey(locked, []byte("sesam"))
	d := &credential.Draft{URL: repoURL, Pair: q, Passphrase: []byte("sesam"), Hosts: []byte("git.acme.io " + git.HostKey("git.acme.io"))}
	if _, err := remote.Try(context.Background(), d); err != nil {
		t.Error(err)
	}
	d.Passphrase = []byte("wrong")
	if _, err := remote.Try(context.Background(), d); kind(t, err) != credential.TryUnable {
		t.Error(err)
	}
}

func TestHTTPS(t *testing.T) {
	h, _, c := host(t)
	const web = "https://git.acme.io/teams/web"
	h.Add(web, git.Access{Username: "git", Password: "sesam"}).Push("main", "first", "ann", time.Unix(1, 0), git.Write("a", "b"))
	try := func(change func(*credential.Draft), client *Client) error {
		d := &credential.Draft{URL: web, Method: credential.Basic, Username: "git", Password: []byte("sesam")}
		change(d)
		answer, err := client.Try(context.Background(), d)
		if err == nil && answer.Refs != 1 {
			t.Errorf("%+v", answer)
		}
		return err
	}
	if err := try(func(*credential.Draft) {}, c); err != nil {
		t.Error(err)
	}
	if err := try(func(d *credential.Draft) { d.Password = []byte("wrong") }, c); kind(t, err) != credential.TryRefused {
		t.Error(err)
	}
	if err := try(func(d *credential.Draft) { d.URL += "x" }, c); kind(t, err) != credential.TryNoRepo {
		t.Error(err)
	}
	if err := try(func(*credential.Draft) {}, &Client{Dial: h.Dial}); kind(t, err) != credential.TryHostKey || !strings.Contains(err.Error(), "authority nobody here trusts") {
		t.Error(err)
	}
	if err := try(func(d *credential.Draft) { d.URL = "https://git.nowhere.io/x" }, c); kind(t, err) != credential.TryUnreachable || !strings.Contains(err.Error(), "no such host") {
		t.Error(err)
	}
}

// A host that never answers does not hold anybody up.
func TestSilentHost(t *testing.T) {
	h, _, c := host(t)
	c.Dial = h.DialSilent
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.HostKeys(ctx, repoURL); kind(t, err) != credential.TryUnreachable {
		t.Error(err)
	}
	pair, _ := c.NewKey(context.Background(), "ed25519")
	d := &credential.Draft{URL: repoURL, Pair: pair, Hosts: []byte("git.acme.io " + git.HostKey("git.acme.io"))}
	if _, err := c.Try(ctx, d); kind(t, err) != credential.TryUnreachable {
		t.Error(err)
	}
}

// What a host sends is no reason to panic or to wait for ever.
func FuzzRefs(f *testing.F) {
	f.Add([]byte("003f0000000000000000000000000000000000000000 capabilities^{}\x00a\n0000"), false)
	f.Add([]byte("001e# service=git-upload-pack\n0000"), true)
	f.Add([]byte("ffff"), false)
	f.Add([]byte("0008ERR x"), false)
	f.Fuzz(func(t *testing.T, b []byte, http bool) {
		if a, err := readRefs(bytes.NewReader(b), http); err == nil && (a.Refs < 0 || len(a.Names) > maxNames) {
			t.Errorf("%+v", a)
		}
	})
}

func hashed(host string) string {
	mac, salt := hashName(host)
	return salt + "|" + mac
}
