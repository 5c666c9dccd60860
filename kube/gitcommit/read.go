// Package gitcommit reads who made a commit and when, from the repository
// itself, with the git program and the credentials of whoever runs it. Nothing
// of the cluster but the address and the digest goes into it, and it runs only
// for who asked for it in the configuration.
package gitcommit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tenantry/model"
)

const (
	// limit is how long one commit may take.
	limit = 20 * time.Second
	// maxFetched is more than any commit object without its files; a server
	// that ignores the filter would send the whole tree.
	maxFetched = 32 << 20
	// maxObject is how much of a commit is read.
	maxObject = 64 << 10
)

// Reader fetches commits. The zero Reader is ready to use.
type Reader struct {
	// protocols are those git may speak; "" = https and ssh.
	protocols string
}

// Read fetches one commit, whole digest, of a repository and returns what it
// says of itself. It leaves nothing behind.
func (r Reader) Read(ctx context.Context, address, digest string) (model.Authorship, error) {
	if !isDigest(digest) {
		return model.Authorship{}, fmt.Errorf("%q is no commit's whole digest", digest)
	}
	url, err := r.address(address)
	if err != nil {
		return model.Authorship{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "tenantry-commit-")
	if err != nil {
		return model.Authorship{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	g := &runner{dir: dir, env: environment(os.Environ(), dir, r.allowed(), sshCommand(ctx, dir))}
	if _, err := g.run(ctx, "init", "--quiet", "--bare"); err != nil {
		return model.Authorship{}, err
	}
	// A partial fetch has to know from whom the rest could be had.
	for _, kv := range [][2]string{{"remote.origin.url", url}, {"remote.origin.promisor", "true"}, {"remote.origin.partialclonefilter", "tree:0"},
		{"extensions.partialClone", "origin"}, {"core.repositoryFormatVersion", "1"}} {
		if _, err := g.run(ctx, "config", kv[0], kv[1]); err != nil {
			return model.Authorship{}, err
		}
	}
	within, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go bound(within, stop, filepath.Join(dir, "objects"))
	if _, err := g.run(within, "fetch", "--quiet", "--depth=1", "--filter=tree:0", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
		"--no-auto-maintenance", "origin", digest); err != nil {
		return model.Authorship{}, err
	}
	object, err := g.run(within, "cat-file", "commit", digest)
	if err != nil {
		return model.Authorship{}, err
	}
	return parse(object)
}

func (r Reader) allowed() string {
	if r.protocols != "" {
		return r.protocols
	}
	return "https:ssh"
}

// address is what git is given: https or ssh alone, never with a password.
func (r Reader) address(address string) (string, error) {
	if strings.ContainsFunc(address, func(c rune) bool { return c <= ' ' || c == 0x7f }) || strings.HasPrefix(address, "-") {
		return "", errors.New("this address is not given to git")
	}
	scheme, rest, ok := strings.Cut(address, "://")
	if !ok { // scp's form
		if host, path, ok := strings.Cut(address, ":"); !ok || strings.Contains(host, "/") || path == "" || strings.HasPrefix(path, ":") {
			return "", errors.New("this address is not given to git")
		}
		return address, nil
	}
	if !strings.Contains(":"+r.allowed()+":", ":"+scheme+":") {
		return "", fmt.Errorf("commits are not read over %s", scheme)
	}
	host, path, _ := strings.Cut(rest, "/")
	user := ""
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		user, _, _ = strings.Cut(host[:i], ":")
		host = host[i+1:]
	}
	if strings.HasPrefix(host, "-") || strings.HasPrefix(user, "-") {
		return "", errors.New("this address is not given to git")
	}
	if scheme == "ssh" && user != "" {
		host = user + "@" + host
	}
	return scheme + "://" + host + "/" + path, nil
}

func isDigest(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// bound ends a fetch that brings more than a commit needs.
func bound(ctx context.Context, stop context.CancelCauseFunc, dir string) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			total := int64(0)
			_ = filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
				if err != nil {
					return nil // gone meanwhile
				}
				if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
					total += info.Size()
				}
				return nil
			})
			if total > maxFetched {
				stop(fmt.Errorf("the server sends more than %d MB for one commit", maxFetched>>20))
				return
			}
		}
	}
}
