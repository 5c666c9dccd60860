package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// commitLimit is how long git, and the person's own hooks, may take.
const commitLimit = 2 * time.Minute

// Commit commits what a write changed, and nothing else that is in the folder,
// with the person's own git and its settings. Nothing is pushed. False: there
// was nothing to commit.
func Commit(ctx context.Context, dir string, r Result, message string) (bool, error) {
	if len(r.Written)+len(r.Removed) == 0 {
		return false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, commitLimit)
	defer cancel()
	g := git{ctx, dir}
	if _, err := g.run(nil, "rev-parse", "--is-inside-work-tree"); err != nil {
		return false, fmt.Errorf("%s can't be committed: %w; git init makes a repository of it", dir, err)
	}
	if len(r.Written) > 0 {
		if _, err := g.run(r.Written, "add"); err != nil {
			return false, err
		}
	}
	if len(r.Removed) > 0 { // some may never have been committed
		if _, err := g.run(r.Removed, "rm", "--cached", "--quiet", "--ignore-unmatch"); err != nil {
			return false, err
		}
	}
	staged, err := g.run(nil, "diff", "--cached", "--name-only", "--relative", "--no-renames", "-z")
	if err != nil {
		return false, err
	}
	ours := append(slices.Clone(r.Written), r.Removed...)
	var changed []string
	for _, name := range strings.Split(staged, "\x00") {
		if slices.Contains(ours, name) {
			changed = append(changed, name)
		}
	}
	if len(changed) == 0 {
		return false, nil
	}
	_, err = g.run(changed, "commit", "--quiet", "--only", "--message="+message)
	return err == nil, err
}

// git runs the person's own git in a folder.
type git struct {
	ctx context.Context
	dir string
}

// run returns what git prints. Files are handed over on stdin, taken literally.
func (g git) run(files []string, args ...string) (string, error) {
	if files != nil {
		args = append(args, "--pathspec-from-file=-", "--pathspec-file-nul")
	}
	cmd := exec.CommandContext(g.ctx, "git", args...)
	cmd.Dir, cmd.Stdin = g.dir, strings.NewReader(strings.Join(files, "\x00"))
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "GIT_LITERAL_PATHSPECS=1")
	cmd.WaitDelay = time.Second
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	switch {
	case err == nil:
		return out.String(), nil
	case errors.Is(err, exec.ErrNotFound):
		return "", errors.New("there is no git on the PATH")
	}
	if words := strings.Join(strings.Fields(said.String()+" "+out.String()), " "); words != "" {
		return "", fmt.Errorf("git %s: %.300s", args[0], words)
	}
	return "", fmt.Errorf("git %s: %w", args[0], err)
}
