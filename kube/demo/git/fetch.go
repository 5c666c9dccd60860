package git

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Ref is what a GitRepository asks for; the most specific field set wins.
type Ref struct{ Branch, Tag, Name, Commit string }

// Credentials are what a Secret holds; nil is none.
type Credentials map[string]string

// ErrNoAuth prefixes failures that come from the credentials themselves
// rather than from the host.
var ErrNoAuth = errors.New("failed to configure authentication options")

// Fetch resolves a reference as source-controller does: the commit, and the
// revision as Flux writes it. had says that an earlier artifact exists, which
// changes which git command runs, and so the wording of its failure.
func (h *Host) Fetch(address string, ref Ref, creds Credentials, had bool) (*Commit, string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", fmt.Errorf("failed to parse URL: %w", err)
	}
	if err := checkCredentials(u.Scheme, creds); err != nil {
		return nil, "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	did := "unable to clone"
	if had || ref.Name != "" {
		did = "unable to list remote for"
	}
	fail := func(format string, args ...any) error {
		return fmt.Errorf("failed to checkout and determine revision: %s '%s': %s", did, address, fmt.Sprintf(format, args...))
	}
	if !h.knowsHost(u.Host) {
		look := "dial tcp: lookup " + u.Hostname() + " on 10.96.0.10:53: no such host"
		if u.Scheme != "ssh" {
			look = fmt.Sprintf("Get %q: %s", address+"/info/refs?service=git-upload-pack", look)
		}
		return nil, "", fail("%s", look)
	}
	r := h.repos[normal(address)]
	if err := h.admit(u, r, creds, fail); err != nil {
		return nil, "", err
	}
	if r == nil {
		if u.Scheme == "ssh" {
			return nil, "", fmt.Errorf("failed to checkout and determine revision: %s: repository not found: git repository: '%s'",
				strings.TrimSuffix(did, " for"), address)
		}
		return nil, "", fail("repository not found: ")
	}
	return r.resolve(ref, address)
}

// knows reports whether the identity, or its public half, is authorized.
func (r *Repo) knows(creds Credentials) bool {
	identity := strings.TrimSpace(creds["identity"])
	if r.keys[identity] {
		return true
	}
	public, err := publicOf(identity, creds["password"])
	return err == nil && r.keys[public]
}

func checkCredentials(scheme string, creds Credentials) error {
	if scheme == "ssh" {
		for _, key := range []string{"identity", "known_hosts"} {
			if creds[key] == "" {
				return fmt.Errorf("%w: invalid 'ssh' auth option: '%s' is required", ErrNoAuth, key)
			}
		}
		return nil
	}
	if creds["password"] != "" && creds["username"] == "" {
		return fmt.Errorf("%w: invalid '%s' auth option: 'password' requires 'username' to be set", ErrNoAuth, scheme)
	}
	return nil
}

func (h *Host) knowsHost(host string) bool {
	for _, r := range h.repos {
		if u, err := url.Parse(r.URL); err == nil && (u.Host == host || u.Hostname() == host) {
			return true
		}
	}
	return false
}

// admit checks host key and credentials.
func (h *Host) admit(u *url.URL, r *Repo, creds Credentials, fail func(string, ...any) error) error {
	if u.Scheme == "ssh" {
		if key := h.hostKeys[u.Hostname()]; key != "" && !strings.Contains(creds["known_hosts"], key) {
			if strings.Contains(creds["known_hosts"], u.Hostname()) {
				return fail("ssh: handshake failed: knownhosts: key mismatch")
			}
			return fail("ssh: handshake failed: knownhosts: key is unknown")
		}
		if r != nil && r.access.Key && !r.knows(creds) {
			return fail("ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain")
		}
		return nil
	}
	if r != nil && r.access.Password != "" && (creds["username"] != r.access.Username || creds["password"] != r.access.Password) {
		return fail("authentication required: Unauthorized\n")
	}
	return nil
}

func (r *Repo) resolve(ref Ref, address string) (*Commit, string, error) {
	missing := func(name string) error {
		return fmt.Errorf("failed to checkout and determine revision: unable to clone '%s': couldn't find remote ref %q", address, name)
	}
	switch {
	case ref.Commit != "":
		for _, list := range r.heads {
			for _, c := range list {
				if c.SHA == ref.Commit {
					return c, "sha1:" + c.SHA, nil
				}
			}
		}
		return nil, "", fmt.Errorf("failed to checkout and determine revision: unable to resolve commit object for '%s': object not found", ref.Commit)
	case ref.Name != "":
		branch, ok := strings.CutPrefix(ref.Name, "refs/heads/")
		if c := r.head(branch); ok && c != nil {
			return c, ref.Name + "@sha1:" + c.SHA, nil
		}
		return nil, "", fmt.Errorf("failed to checkout and determine revision: unable to resolve ref '%s' to a specific commit", ref.Name)
	case ref.Tag != "":
		if c := r.tags[ref.Tag]; c != nil {
			return c, ref.Tag + "@sha1:" + c.SHA, nil
		}
		return nil, "", missing("refs/tags/" + ref.Tag)
	}
	branch := ref.Branch
	if branch == "" {
		branch = "master"
	}
	c := r.head(branch)
	if c == nil {
		return nil, "", missing("refs/heads/" + branch)
	}
	return c, branch + "@sha1:" + c.SHA, nil
}

// Tag names a branch's newest commit.
func (r *Repo) Tag(name, branch string) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	r.tags[name] = r.head(branch)
}
