// Package program starts the person's own tools and hands on what they say.
package program

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Runner finds and starts programs on the PATH.
type Runner struct{}

// Find returns where a program is.
func (Runner) Find(name string) (string, error) {
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("there is no %s on the PATH", name)
	}
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// helpLimit is how long a program may take to print its help.
const helpLimit = 10 * time.Second

// Knows reports whether a program's help for a command mentions a word: names
// alone do not tell a tool from another one that is called the same.
func (Runner) Knows(ctx context.Context, path, command, word string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, helpLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, command, "--help")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if strings.Contains(string(out), word) {
		return true, nil
	}
	if exit := (*exec.ExitError)(nil); err == nil || errors.As(err, &exit) {
		return false, nil
	}
	return false, err
}

// Run is a program that was started. What it prints goes through a file without
// a name, not through a pipe: a dashboard that is killed then breaks off
// nothing it has begun.
type Run struct {
	out  *os.File
	at   int64
	rest string
	done chan struct{}
	err  error // once done is closed
}

// Start starts a program with the person's own environment and nothing to read
// from. It has no terminal: it can't ask, and nothing it does reaches the
// screen but through Next. It goes on when the dashboard ends.
func (Runner) Start(path string, args []string) (*Run, error) {
	out, err := os.CreateTemp("", "tenantry-output-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(out.Name()); err != nil {
		_ = out.Close()
		return nil, err
	}
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		_ = out.Close()
		return nil, err
	}
	r := &Run{out: out, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		if err := cmd.Wait(); err != nil {
			r.err = fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}()
	return r, nil
}

// The pace at which output is looked for, and how much of it at once.
const (
	pace  = 100 * time.Millisecond
	chunk = 64 << 10
)

// Next waits for more lines. The last ones come with io.EOF, or with how else
// the program ended. It is called by one caller at a time.
func (r *Run) Next(ctx context.Context) ([]string, error) {
	for {
		over := false
		select {
		case <-r.done:
			over = true
		default:
		}
		if lines := r.read(over); len(lines) > 0 && !over {
			return lines, nil
		} else if over {
			_ = r.out.Close()
			if r.err != nil {
				return lines, r.err
			}
			return lines, io.EOF
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-r.done:
		case <-time.After(pace):
		}
	}
}

// read takes what is new: whole lines, at the end also one that was not ended.
// Lines that were drawn over end in a carriage return.
func (r *Run) read(all bool) []string {
	buf := make([]byte, chunk)
	for {
		n, err := r.out.ReadAt(buf, r.at)
		r.at += int64(n)
		r.rest += string(buf[:n])
		if n == 0 || err != nil || len(r.rest) > 4*chunk {
			if !all || n == 0 || err != nil {
				break
			}
		}
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(r.rest)
	end := strings.LastIndexByte(text, '\n')
	switch {
	case all:
		r.rest = ""
	case end < 0 && len(text) < chunk:
		return nil
	case end < 0:
		r.rest = ""
	default:
		text, r.rest = text[:end], text[end+1:]
	}
	text = strings.TrimRight(text, "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}
