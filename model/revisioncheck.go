package model

import (
	"errors"
	"fmt"
	"strings"
)

// errNoCommit ends what is said of a written revision that names no commit.
var errNoCommit = errors.New("write a digest or its first characters (git rev-parse HEAD), a tag or a chart's version, or newest for what the sources have once they were asked")

// CheckRevision says why a written revision can't mean anything, nil when it
// may. "" is fine: none is meant.
func CheckRevision(written string) error {
	hex := strings.Trim(strings.ToLower(written), "0123456789abcdef") == ""
	switch {
	case strings.ContainsFunc(written, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return fmt.Errorf("%q is no revision: it has a space or a control character", written)
	case written != "" && len(written) < minPrefix && hex:
		return fmt.Errorf("%q is too short for a revision: write at least %d characters of it", written, minPrefix)
	case !hex && !strings.ContainsAny(written, ".0123456789@:"), // a tag or a version has one, a digest is nothing else
		strings.ContainsAny(written, "~^"), strings.HasPrefix(written, "refs/heads/"):
		return fmt.Errorf("%q names no commit, as a branch and HEAD do not: %w", written, errNoCommit)
	}
	return nil
}

// CheckBranch says that a written revision is a branch that is followed here,
// and no commit; nil when it is none.
func CheckBranch(s *Store, written string) error {
	for _, h := range s.Rollouts() {
		if h.Repo.Kind == GitRepository && h.Repo.Ref == written {
			if f := s.Find(written, ""); len(f.Matches) == 0 {
				return fmt.Errorf("%q is a branch of %s and no commit: %w", written, h.Repo.Name(), errNoCommit)
			}
		}
	}
	return nil
}
