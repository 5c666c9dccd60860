package model

import (
	"strings"
	"testing"
	"time"
)

func TestWrittenRevisions(t *testing.T) {
	const full = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"
	for written, want := range map[string]bool{
		full: true, "41aaea2377872176849e91c97af0e08ed8ffd3c3": true, "41aaea2": true, "41AAEA2": true, "sha1:41aaea2": true,
		"main@sha1:41aaea2": true, "refs/heads/main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3": true,
		"41a": false, "1aaea2": false, "main": false, "": false, "41aaea3": false,
	} {
		if (Repo{Ref: "main"}).meant(full, written) != want {
			t.Errorf("%q: %v", written, !want)
		}
	}
	const sum = "@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"
	for _, c := range []struct {
		ref, revision, written string
		want                   bool
	}{
		{"tag v1.2.0", "v1.2.0" + sum, "v1.2.0", true}, {"semver 1.x", "v1.2.0" + sum, "v1.2.0", true}, {"tag 6.5.3", "6.5.3@sha256:aabbccdd", "6.5.3", true},
		{"version 6.x", "6.5.3", "6.5.3", true}, {"version 6.x", "6.5.3", "6.5", false}, {"", "sha256:aabbccdd", "aabb", true},
		// A branch may be named like a tag: it is no commit.
		{"release-1.2", "release-1.2" + sum, "release-1.2", false}, {"release-1.2", "refs/heads/release-1.2" + sum, "release-1.2", false},
		{"release-1.2", "release-1.2" + sum, "41aaea2", true}, {"release-1.2", "release-1.2" + sum, "release-1.2@sha1:41aaea2", true},
	} {
		if (Repo{Ref: c.ref}).meant(c.revision, c.written) != c.want {
			t.Errorf("%q of %q for %q: %v", c.revision, c.ref, c.written, !c.want)
		}
	}
}

func TestFindACommit(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "BuildFailed: kustomize build failed: no such file")
	digits := func(n int) string { return RevisionSum(revision(n)) }
	f := h.Find(digits(2), "")
	if len(f.Matches) != 1 || f.Matches[0].Commit.Live != 0 || f.Matches[0].Commit.Of != 2 {
		t.Fatalf("%+v", f)
	}
	if got := f.Sentence(h.unix()); !strings.HasSuffix(got, ": live in 0 of 2, fetched 0s ago; stage: kustomize build failed: no such file") {
		t.Errorf("%q", got)
	}
	f = h.Find(digits(1), "prod")
	if len(f.Matches) != 1 || f.Matches[0].Commit.Live != 2 {
		t.Errorf("%+v", f)
	}
	h.pass(30 * time.Second)
	f = h.Find("7e01c2d", "")
	if len(f.Matches) != 0 || len(f.Newest) != 1 {
		t.Fatalf("%+v", f)
	}
	if got, want := f.Sentence(h.unix()), "no source here has seen 7e01c2d. Newest on main: "+ShortRevision(revision(2))+", asked 30s ago, every 1m"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	// Polls that find nothing leave no time: after a while nothing is known.
	h.pass(time.Hour)
	h.Tick()
	f = h.Find("7e01c2d", "")
	if got := f.Sentence(h.unix()); !strings.HasSuffix(got, ", asked every 1m") {
		t.Errorf("%q", got)
	}
	h.put(happening("prod", "polled", Ref{"GitRepository", "prod", "shop"}, "GitOperationSucceeded", "no changes since last reconciliation", h.unix()-5))
	f = h.Find("7e01c2d", "prod")
	if got := f.Sentence(h.unix()); !strings.HasSuffix(got, ", asked 5s ago, every 1m") {
		t.Errorf("an event tells: %q", got)
	}
	if f := h.Find("7e01c2d", "nobody"); f.Sentence(0) != "no source here has seen 7e01c2d: nothing follows a repository" {
		t.Errorf("%q", f.Sentence(0))
	}
}

// A suspended source asks nothing: the others decide whether news can come.
func TestAskedOfFailingSources(t *testing.T) {
	h := newShop(t)
	put := func(ns string, suspended bool, conds ...Condition) {
		o := git(ns, "shop", revision(0), conds...)
		d := o.Detail.(*Source)
		d.URL, d.Ref, d.Suspend = "https://git.example/acme/shop", "branch main", suspended
		h.put(h.stamped(o))
	}
	failed := cond("Ready", "False", "GitOperationFailed", "unable to clone: connection refused")
	put("prod", false, failed)
	if c := h.chain(); c.Failing || c.Asked.Failing {
		t.Errorf("stage can fetch: %v, %v", c.Failing, c.Asked.Failing)
	}
	put("stage", true)
	if c := h.chain(); !c.Failing || !c.Asked.Failing || !strings.HasPrefix(c.Asked.Sentence(h.unix()), "can't be fetched: ") {
		t.Errorf("nobody can fetch: %v, %q", c.Failing, c.Asked.Sentence(h.unix()))
	}
	put("prod", true, failed)
	if c := h.chain(); c.Failing || c.Asked.Failing {
		t.Errorf("nobody is to fetch: %v, %v", c.Failing, c.Asked.Failing)
	}
}
