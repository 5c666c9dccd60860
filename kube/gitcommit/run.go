package gitcommit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// runner runs git in a folder of its own.
type runner struct {
	dir string
	env []string
}

// run returns what git prints, at most maxObject of it. An error is git's last
// line.
func (g *runner) run(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = g.dir, g.env
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// Without a terminal of its own nothing it starts can ask questions on the
	// dashboard's, and all of it can be ended at once.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if cause := context.Cause(ctx); err != nil && cause != nil {
		if errors.Is(cause, context.DeadlineExceeded) {
			return "", errors.New("no answer in time")
		}
		return "", cause
	}
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("there is no git on the PATH")
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, lines[len(lines)-1])
	}
	return stdout.String(), nil
}

// bounded keeps the beginning of what is written to it.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := maxObject - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// environment is the person's own, without what could make git ask, trace,
// work on another repository or speak another protocol, and without the way to
// the cluster.
func environment(environ []string, dir, protocols, ssh string) []string {
	var out []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		switch {
		case name == "KUBECONFIG", strings.HasPrefix(name, "GIT_TRACE"), strings.HasPrefix(name, "GIT_CONFIG_KEY"), strings.HasPrefix(name, "GIT_CONFIG_VALUE"):
		case name == "GIT_DIR", name == "GIT_WORK_TREE", name == "GIT_INDEX_FILE", name == "GIT_OBJECT_DIRECTORY", name == "GIT_ALTERNATE_OBJECT_DIRECTORIES",
			name == "GIT_NAMESPACE", name == "GIT_COMMON_DIR", name == "GIT_CURL_VERBOSE", name == "GIT_CONFIG_COUNT", name == "GIT_CONFIG_PARAMETERS",
			name == "GIT_ASKPASS", name == "SSH_ASKPASS", name == "GIT_SSH_COMMAND", name == "GIT_SSH_VARIANT", name == "GIT_CEILING_DIRECTORIES":
		default:
			out = append(out, kv)
		}
	}
	return append(out, "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=true", "SSH_ASKPASS=true", "SSH_ASKPASS_REQUIRE=never", "GCM_INTERACTIVE=never",
		"GIT_ALLOW_PROTOCOL="+protocols, "GIT_SSH_COMMAND="+ssh, "GIT_CEILING_DIRECTORIES="+dir, "LC_ALL=C",
		"GIT_CONFIG_COUNT=3", "GIT_CONFIG_KEY_0=core.hooksPath", "GIT_CONFIG_VALUE_0=/dev/null",
		"GIT_CONFIG_KEY_1=transfer.bundleURI", "GIT_CONFIG_VALUE_1=false", "GIT_CONFIG_KEY_2=protocol.version", "GIT_CONFIG_VALUE_2=2")
}

// sshCommand is the person's own ssh, told not to ask.
func sshCommand(ctx context.Context, dir string) string {
	own := os.Getenv("GIT_SSH_COMMAND")
	if own == "" {
		if out, err := (&runner{dir: dir, env: os.Environ()}).run(ctx, "config", "--global", "--get", "core.sshCommand"); err == nil {
			own = strings.TrimSpace(out)
		}
	}
	if own == "" {
		own = "ssh"
	}
	return own + " -o BatchMode=yes -o ConnectTimeout=10"
}
