package ui

import (
	"net/url"
	"strings"

	"tenantry/model"
)

// Links are made from what a source says of its repository. That is the
// cluster's text: a link is built from parts that were checked one by one,
// always https, and never handed to a shell.

// repo is a Git repository's place: its host, and its path without .git.
type repo struct{ host, path string }

// repositoryOf reads a repository's address in any of the forms Git takes:
// https://, ssh://, git@host:path.
func repositoryOf(address string) (repo, bool) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") { // scp's form
		host, path, ok := strings.Cut(address, ":")
		if !ok || strings.Contains(host, "/") {
			return repo{}, false
		}
		address = "ssh://" + host + "/" + strings.TrimPrefix(path, "/")
	}
	u, err := url.Parse(address)
	if err != nil {
		return repo{}, false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Host), ":443") // with its port, where it speaks HTTPS on another
	switch u.Scheme {
	case "https":
	case "ssh", "git+ssh":
		host = webHost(strings.ToLower(u.Hostname()))
	default: // what is not encrypted is not opened
		return repo{}, false
	}
	path := strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git")
	if !isHost(host) || path == "" {
		return repo{}, false
	}
	return repo{host, path}, true
}

// webHost is where the pages of a host are that speaks SSH under another name.
func webHost(host string) string {
	switch host {
	case "ssh.github.com":
		return "github.com"
	case "altssh.gitlab.com":
		return "gitlab.com"
	case "altssh.bitbucket.org":
		return "bitbucket.org"
	case "ssh.dev.azure.com", "vs-ssh.visualstudio.com":
		return "dev.azure.com"
	}
	return host
}

// isHost reports whether s is a host name, perhaps with a port.
func isHost(s string) bool {
	host, port, _ := strings.Cut(s, ":")
	return host != "" && host[0] != '-' && strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" &&
		strings.Trim(port, "0123456789") == ""
}

// azure turns the path of Azure DevOps' SSH addresses, v3/org/project/repo,
// into that of its pages.
func (r repo) azure() repo {
	parts := strings.Split(r.path, "/")
	if r.host == "dev.azure.com" && len(parts) == 4 && parts[0] == "v3" {
		r.path = parts[1] + "/" + parts[2] + "/_git/" + parts[3]
	}
	return r
}

// sourceLink is the page of a commit, or of its repository where the commit or
// the kind of host is not known; "" when there is none to be opened.
func sourceLink(address, revision string) string {
	r, ok := repositoryOf(address)
	if !ok {
		return ""
	}
	r = r.azure()
	commit := commitOf(revision)
	path, at := r.path, r.commitsUnder()
	if at == bitbucketCommits && r.name() != "bitbucket.org" {
		path = bitbucketServer(path)
	}
	link := "https://" + r.host + "/" + escapePath(path)
	if at == "" || commit == "" {
		return link
	}
	return link + at + commit
}

// Where hosts have the pages of commits, below a repository's.
const (
	commits          = "/commit/" // GitHub, Gitea, Forgejo, Gogs, Azure DevOps
	gitlabCommits    = "/-/commit/"
	bitbucketCommits = "/commits/"
)

// name is the host without its port.
func (r repo) name() string {
	name, _, _ := strings.Cut(r.host, ":")
	return name
}

// commitsUnder tells by a host's name what runs there; "" when nothing tells,
// for a wrong guess is a dead link.
func (r repo) commitsUnder() string {
	name := r.name()
	switch {
	case strings.Contains("/"+r.path+"/", "/_git/"): // Azure DevOps, its server too
		return commits
	case name == "dev.azure.com", strings.HasSuffix(name, ".visualstudio.com"):
		return ""
	case name == "codeberg.org", strings.HasSuffix(name, ".ghe.com"):
		return commits
	case name == "bitbucket.org":
		return bitbucketCommits
	}
	labels := strings.Split(name, ".")
	for _, label := range labels[:len(labels)-1] {
		switch label {
		case "github", "gitea", "forgejo", "gogs":
			return commits
		case "gitlab":
			return gitlabCommits
		case "bitbucket":
			return bitbucketCommits
		}
	}
	return ""
}

// bitbucketServer turns the path one clones from, scm/PROJECT/repo over HTTPS
// or PROJECT/repo over SSH, into that of the pages.
func bitbucketServer(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "scm/"), "/")
	if len(parts) != 2 {
		return path
	}
	if user, ok := strings.CutPrefix(parts[0], "~"); ok {
		return "users/" + user + "/repos/" + parts[1]
	}
	return "projects/" + parts[0] + "/repos/" + parts[1]
}

// escapePath escapes each part of a path; what would lead up is left out.
func escapePath(path string) string {
	var parts []string
	for _, p := range strings.Split(path, "/") {
		if p != "" && p != "." && p != ".." {
			parts = append(parts, url.PathEscape(p))
		}
	}
	return strings.Join(parts, "/")
}

// commitOf is the commit a revision names, "" when it names none.
func commitOf(revision string) string {
	sum := model.RevisionSum(revision)
	if n := len(sum); n != 40 && n != 64 || strings.Trim(sum, "0123456789abcdef") != "" {
		return ""
	}
	return sum
}

// linkOf is the page that belongs to an object: the commit a source holds, or
// a sync or a workload runs.
func (e *env) linkOf(k model.Key) string {
	o := e.store.Get(k)
	if o == nil {
		return ""
	}
	switch d := o.Detail.(type) {
	case *model.Source:
		if k.Kind != model.GitRepository {
			if from, ok := refIn(d.SourceRef, k.Namespace); ok && from != k {
				return e.linkOf(from)
			}
			if k.Kind == model.HelmRepository {
				return sourceLink(d.URL, "")
			}
			return ""
		}
		return sourceLink(d.URL, d.Revision)
	case *model.Sync:
		source := e.sourceOf(k, d)
		if source == nil {
			return ""
		}
		if d.SourceRef.Kind != model.GitRepository.String() {
			from, _ := refIn(d.SourceRef, k.Namespace)
			return e.linkOf(from)
		}
		return sourceLink(source.URL, orNone(d.Applied, source.Revision))
	case *model.Instance:
		if d.Sync != nil && d.Sync.Kind == model.GitRepository.String() {
			return sourceLink(d.Sync.URL, "")
		}
		return ""
	}
	if owner, ok := e.store.Owner(o); ok && owner != k {
		return e.linkOf(owner)
	}
	return ""
}

// revisionAt is the whole revision an object holds or runs.
func (e *env) revisionAt(k model.Key) string {
	o := e.store.Get(k)
	if o == nil {
		return ""
	}
	switch d := o.Detail.(type) {
	case *model.Source:
		return d.Revision
	case *model.Sync:
		return d.Applied
	case *model.Instance:
		return d.Applied
	}
	if owner, ok := e.store.Owner(o); ok && owner != k {
		return e.revisionAt(owner)
	}
	return ""
}
