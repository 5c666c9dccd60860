// Package git is a git host in memory: repositories with branches, commits
// and trees of files, and the ways a fetch from one fails.
package git

import (
	"crypto/sha1"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

// Commit is one commit of a repository; it never changes.
type Commit struct {
	SHA     string
	Subject string
	Author  string
	When    time.Time
	Files   map[string]string
}

// Access is what a repository asks of who fetches it.
type Access struct {
	Username, Password string // HTTP basic auth
	Key                bool   // an SSH key must be authorized: see Authorize
}

// Repo is a repository.
type Repo struct {
	URL    string
	host   *Host
	access Access
	heads  map[string][]*Commit // newest last
	tags   map[string]*Commit
	keys   map[string]bool // authorized identities: private text, or public lines
}

// Host holds repositories and tells who pushes what.
type Host struct {
	mu    sync.Mutex
	repos map[string]*Repo
	// knownHosts are the host keys by host name; a secret's known_hosts must
	// contain it. Empty: any is accepted.
	hostKeys map[string]string
	pushed   []func(*Repo)
	stranger func(public string)
	ca       authority
}

// NewHost returns a host without repositories.
func NewHost() *Host {
	return &Host{repos: map[string]*Repo{}, hostKeys: map[string]string{}}
}

// OnPush calls f after every push.
func (h *Host) OnPush(f func(*Repo)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pushed = append(h.pushed, f)
}

// Add makes a repository.
func (h *Host) Add(address string, access Access) *Repo {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := &Repo{URL: address, host: h, access: access, heads: map[string][]*Commit{}, tags: map[string]*Commit{}, keys: map[string]bool{}}
	h.repos[normal(address)] = r
	return r
}

// Remove deletes a repository.
func (h *Host) Remove(address string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.repos, normal(address))
}

// Repo returns the repository at an address, or nil.
func (h *Host) Repo(address string) *Repo {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.repos[normal(address)]
}

// SetHostKey changes the key a host shows, as known_hosts lists it.
func (h *Host) SetHostKey(host, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hostKeys[host] = key
}

// normal drops what does not tell repositories apart.
func normal(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host + strings.TrimSuffix(u.Path, ".git")
}

// Authorize lets an SSH identity fetch: a private key's text, or the public
// line of one, as a deploy key is added.
func (r *Repo) Authorize(identity string) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	r.keys[strings.TrimSpace(identity)] = true
}

// SetAccess changes what the repository asks of who fetches it.
func (r *Repo) SetAccess(a Access) {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	r.access = a
}

// Push commits changes to a branch: path to content, nil removes the file.
func (r *Repo) Push(branch, subject, author string, when time.Time, changes map[string]*string) *Commit {
	r.host.mu.Lock()
	files := map[string]string{}
	parent := ""
	if head := r.head(branch); head != nil {
		files, parent = maps.Clone(head.Files), head.SHA
	}
	for path, content := range changes {
		if content == nil {
			delete(files, path)
		} else {
			files[path] = *content
		}
	}
	c := &Commit{Subject: subject, Author: author, When: when, Files: files}
	c.SHA = fmt.Sprintf("%x", sha1.Sum([]byte(parent+"\n"+author+"\n"+subject+"\n"+when.Format(time.RFC3339Nano)+"\n"+Digest(files))))
	r.heads[branch] = append(r.heads[branch], c)
	listeners := slices.Clone(r.host.pushed)
	r.host.mu.Unlock()
	for _, f := range listeners {
		f(r)
	}
	return c
}

// Write is a change that puts content at a path.
func Write(path, content string) map[string]*string { return map[string]*string{path: &content} }

func (r *Repo) head(branch string) *Commit {
	if list := r.heads[branch]; len(list) > 0 {
		return list[len(list)-1]
	}
	return nil
}

// Head returns a branch's newest commit, or nil.
func (r *Repo) Head(branch string) *Commit {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return r.head(branch)
}

// Digest identifies a tree's content.
func Digest(files map[string]string) string {
	paths := make([]string, 0, len(files))
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	h := sha1.New()
	for _, p := range paths {
		fmt.Fprintf(h, "%s\x00%d\x00%s", p, len(files[p]), files[p])
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Under returns the files of a folder, paths relative to it, and whether the
// folder is there.
func (c *Commit) Under(folder string) (map[string]string, bool) {
	folder = strings.Trim(strings.TrimPrefix(folder, "./"), "/")
	if folder == "." {
		folder = ""
	}
	out := map[string]string{}
	for p, content := range c.Files {
		if folder == "" {
			out[p] = content
		} else if rest, ok := strings.CutPrefix(p, folder+"/"); ok {
			out[rest] = content
		}
	}
	return out, len(out) > 0 || folder == ""
}

// Log returns a branch's commits, oldest first.
func (r *Repo) Log(branch string) []*Commit {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	return slices.Clone(r.heads[branch])
}
