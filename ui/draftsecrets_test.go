package ui

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tenantry/ui/state"
	"tenantry/ui/uitest"
)

// draftsIn is what is typed in the drafts that are kept in a folder.
func draftsIn(t *testing.T, dir string) string {
	t.Helper()
	all := ""
	for _, text := range clusterFiles(t, dir) {
		var c state.Contents
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Drafts {
			all += string(d.Typed)
		}
	}
	return all
}

// pieceOf is a piece of a secret that stands in a text, "" for none.
func pieceOf(secret, text string) string {
	const letters = 4
	for i := range len(secret) - letters + 1 {
		if piece := secret[i : i+letters]; strings.Contains(text, piece) {
			return piece
		}
	}
	return ""
}

// Nothing that may be a secret is kept, and that it is missing is said.
func TestADraftHoldsNoSecret(t *testing.T) {
	const token = "Xb7QpL2mZ9vR4tK8wN3jH6sD1fG5cY0a"
	dir, begin := killable(t)
	f := &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.toField("NAME", "shop")
	f.toField("REPO", "https://git.example.com/acme/shop?pat="+token)
	f.toField("BRANCH", token)
	f.pass(time.Second)
	if kept := draftsIn(t, dir); strings.Contains(kept, token) || !strings.Contains(kept, "git.example.com/acme/shop") {
		t.Fatalf("kept: %s", kept)
	}
	f = &fakeInstance{desk: begin(uitest.Synced())}
	f.act("+")
	f.says("not all of REPO and BRANCH: it may hold a secret and was not kept, and has to be typed again")
	f.push("Next")
	if writes := f.session.Writes(); len(writes) > 0 {
		t.Errorf("%d writes with a field that is missing", len(writes))
	}
}

// A kill may come at any letter: of an address with a login in it, the login is
// kept of no beginning of it.
func TestADraftHoldsNoLoginThatIsBeingTyped(t *testing.T) {
	for _, c := range []struct{ address, secret string }{
		{"https://jane:73519462@git.example.com/acme/shop", "73519462"},
		{"https://jane.doe:73519462@git.example.com:8443/acme/shop", "73519462"},
		{"https://s3cr3tpassw0rd@git.example.com/acme/shop", "s3cr3tpassw0rd"},
		{"https://jane:hunter2@sesame.street/open@git.example.com/shop", "sesame.street/open"},
		{"ssh://git:73519462@git.example.com:2222/acme/shop", "73519462"},
		{"git:73519462@git.example.com:acme/shop", "73519462"},
		{"jane:73519462@git.example.com/acme/shop", "73519462"},
		{"//s3cr3tpassw0rd@git.example.com/acme/shop", "s3cr3tpassw0rd"},
		{"s3cr3tpassw0rd@git.example.com/acme/shop", "s3cr3tpassw0rd"},
		{"73519462@git.example.com:acme/shop", "73519462"},
	} {
		dir, begin := killable(t)
		f := &fakeInstance{desk: begin(uitest.Synced())}
		f.act("+")
		f.toField("NAME", "shop")
		for i, letter := range c.address {
			f.toField("REPO", string(letter))
			f.pass(time.Second)
			switch kept := draftsIn(t, dir); {
			case !strings.Contains(kept, `"Name":"shop"`):
				t.Fatalf("at %s nothing is kept: %s", c.address[:i+1], kept)
			case pieceOf(c.secret, kept) != "":
				t.Fatalf("at %s it is kept: %s", c.address[:i+1], kept)
			case strings.Contains(kept, `"URL":""`):
				t.Fatalf("at %s the address is left out, and nothing says so: %s", c.address[:i+1], kept)
			}
		}
		f = &fakeInstance{desk: begin(uitest.Synced())}
		f.act("+")
		f.says("not all of REPO: it may hold a secret and was not kept, and has to be typed again")
	}
}

// Whatever field a token is put into, it is not kept.
func TestADraftHoldsNoTokenInAnyField(t *testing.T) {
	const hex, base32 = "5f2d0c9b7a1e4863d2f0b9c8a7e6d5f4c3b2a190", "q7xk2mzp4vhw6tnbdj3rgs5ylcfea2uoiq7xk2mzp4vhw6tnbdj3"
	for _, token := range []string{hex, base32, "ghp_0123456789abcdef0123456789abcdef0123", "github_pat_11ABCDEFG0123456789_abcdef", "glpat-x1y2z3x1y2z3x1y2z3x1",
		"Xb7QpL2mZ9vR4tK8wN3jH6sD1fG5cY0a", "AKIA0123456789ABCDEF", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJl"} {
		var dir string
		var begin func(*uitest.Cluster) *desk
		look := func(where string) {
			t.Helper()
			switch kept := draftsIn(t, dir); {
			case !strings.Contains(kept, "[redacted]"):
				t.Errorf("%s in %s is not said to be missing: %s", token, where, kept)
			case pieceOf(token, kept) != "":
				t.Errorf("%s in %s is kept: %s", token, where, kept)
			}
		}

		dir, begin = killable(t)
		f := &fakeInstance{desk: begin(uitest.Synced())}
		f.act("+")
		for _, field := range tenantFields {
			f.toField(field.label, token)
			f.pass(time.Second)
			look(field.label)
			f.retype(field.label, "")
		}
		f.retype("NAMESPACE", "shop=./"+token)
		f.pass(time.Second)
		look("a folder")

		dir, begin = killable(t)
		f = withInstance(begin(uitest.Unsynced()), nil)
		f.open("set sync")
		for _, label := range []string{"URL", "REF", "PATH", "SECRET", "INTERVAL", "NAME"} {
			f.retype(label, token)
			f.pass(time.Second)
			look("the sync's " + label)
			f.retype(label, "")
		}

		dir, begin = killable(t)
		s := withSetup(begin(uitest.OperatorOnly()), nil)
		s.open()
		for _, label := range []string{"VERSION", "REGISTRY", "MANIFESTS"} {
			s.retype(label, token)
			s.pass(time.Second)
			look("the instance's " + label)
			s.retype(label, "")
		}
	}
}
