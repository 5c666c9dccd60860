// Package gitrepo makes and changes the lab's Git repositories with the git
// command, so that source-controller fetches what a person's push would leave.
package gitrepo

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Repo is a bare repository and the folder for working copies.
type Repo struct{ Bare string }

// Author is who the lab's commits are from.
const (
	authorName  = "Demo Author"
	authorEmail = "demo@example.com"
)

// Open names a repository under the folder the Git servers show.
func Open(root, name string) Repo { return Repo{Bare: filepath.Join(root, name+".git")} }

// Create makes an empty repository whose branch will be main.
func (r Repo) Create(ctx context.Context) error {
	if _, err := os.Stat(r.Bare); err == nil {
		return nil
	}
	_, err := git(ctx, "", "init", "--quiet", "--bare", "--initial-branch=main", r.Bare)
	return err
}

// Commit clones, lets change edit the working copy, commits and pushes. It
// returns the new commit's SHA.
func (r Repo) Commit(ctx context.Context, message string, change func(dir string) error) (string, error) {
	if err := r.Create(ctx); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "lab-work-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if _, err := git(ctx, "", "clone", "--quiet", r.Bare, dir); err != nil {
		return "", err
	}
	if _, err := git(ctx, dir, "checkout", "--quiet", "-B", "main"); err != nil {
		return "", err
	}
	if err := change(dir); err != nil {
		return "", err
	}
	if _, err := git(ctx, dir, "add", "--all"); err != nil {
		return "", err
	}
	if out, err := git(ctx, dir, "status", "--porcelain"); err != nil {
		return "", err
	} else if out == "" {
		return "", fmt.Errorf("nothing to commit in %s: the repository already says so", filepath.Base(r.Bare))
	}
	if _, err := git(ctx, dir, "commit", "--quiet", "-m", message); err != nil {
		return "", err
	}
	if _, err := git(ctx, dir, "push", "--quiet", "origin", "main"); err != nil {
		return "", err
	}
	return git(ctx, dir, "rev-parse", "HEAD")
}

// Write commits whole files; a repository that holds them already is left as
// it is.
func (r Repo) Write(ctx context.Context, message string, files map[string]string) error {
	if _, err := os.Stat(r.Bare); err == nil {
		return nil
	}
	_, err := r.Commit(ctx, message, func(dir string) error { return WriteFiles(dir, files) })
	return err
}

// WriteFiles writes files below a folder.
func WriteFiles(dir string, files map[string]string) error {
	for name, body := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	cmd.Env = Env(os.Environ())
	var errText strings.Builder
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(errText.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

// Env keeps git away from the person's own configuration and repository, and
// names a neutral author.
func Env(base []string) []string {
	var out []string
	for _, e := range base {
		if !strings.HasPrefix(e, "GIT_") {
			out = append(out, e)
		}
	}
	return append(out,
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_TERMINAL_PROMPT=0",
		// The lab may have been started by another user than the one who pushes.
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
		"GIT_AUTHOR_NAME="+authorName, "GIT_AUTHOR_EMAIL="+authorEmail,
		"GIT_COMMITTER_NAME="+authorName, "GIT_COMMITTER_EMAIL="+authorEmail)
}
