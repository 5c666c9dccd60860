// Package program tests the whole program as a user runs it, without a
// cluster: its flags, its errors, its exit codes.
package program

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tenantry-program-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	binary = filepath.Join(dir, "tenantry")
	build := exec.Command("go", "build", "-o", binary, "../..")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s"}}]
users: [{name: u, user: {token: "secret-token"}}]
contexts: [{name: one, context: {cluster: c, user: u}}, {name: two, context: {cluster: c, user: u}}]
current-context: one
`

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// closedPort returns an address nothing listens on.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// Bad usage ends with one clear line on what and where, and its exit code.
func TestBadUsage(t *testing.T) {
	good := write(t, "config", fmt.Sprintf(kubeconfig, "http://"+closedPort(t)))
	bad := write(t, "malformed", "clusters: [{name: c")
	cases := []struct {
		name string
		env  string
		args []string
		code int
		says []string
	}{
		{"unknown flag", good, []string{"--nope"}, 3, []string{"--nope"}},
		{"unknown command", good, []string{"statsu"}, 3, []string{"statsu"}},
		{"unknown format", good, []string{"status", "-o", "xml"}, 3, []string{"xml", "json"}},
		{"argument too many", good, []string{"version", "now"}, 3, []string{"now"}},
		{"bad timeout", good, []string{"status", "--timeout", "soon"}, 3, []string{"soon"}},
		{"wait for two things", good, []string{"wait", "--revision", "7e01c2d", "--for", "ready"}, 3, []string{"revision", "for"}},
		{"wait for something else", good, []string{"wait", "--for", "delete"}, 3, []string{"delete", "ready", "--revision"}},
		{"wait for too little", good, []string{"wait", "--revision", "7e"}, 3, []string{`"7e"`, "4 characters"}},
		{"wait as a table", good, []string{"wait", "-o", "wide"}, 3, []string{"wide", "text, json"}},
		{"wait for no time", good, []string{"wait", "--timeout", "0s"}, 3, []string{"--timeout"}},
		{"wait, unreachable server", good, []string{"wait", "--timeout", "3s"}, 2, []string{"127.0.0.1", "refuses connections"}},
		{"unknown theme", good, []string{"--theme", "beige"}, 3, []string{"beige"}},
		{"missing kubeconfig", "", []string{"status", "--kubeconfig", "/does/not/exist"}, 3, []string{"/does/not/exist"}},
		{"malformed kubeconfig", bad, []string{"status"}, 3, []string{bad}},
		{"unknown context", good, []string{"status", "--context", "three"}, 3, []string{"three", "one", "two"}},
		{"unreachable server", good, []string{"status", "--timeout", "3s"}, 2, []string{"127.0.0.1", "refuses connections"}},
		{"no configuration", "", []string{"status"}, 3, []string{"kubeconfig"}},
		{"dashboard, unknown context", good, []string{"--context", "three"}, 3, []string{"three"}},
		{"dashboard without a terminal", good, nil, 3, []string{"terminal", "tenantry status"}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.Command(binary, tc.args...)
			cmd.Env = []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
			if tc.env != "" {
				cmd.Env = append(cmd.Env, "KUBECONFIG="+tc.env)
			}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if code := cmd.ProcessState.ExitCode(); code != tc.code {
				t.Errorf("exit %d, want %d\n%s", code, tc.code, stderr.String())
			}
			said := strings.TrimRight(stderr.String(), "\n")
			for _, want := range tc.says {
				if !strings.Contains(said, want) {
					t.Errorf("does not say %q: %s", want, said)
				}
			}
			if said == "" || strings.Contains(said, "\n") || strings.Contains(said, "\x1b") {
				t.Errorf("not one plain line: %q", said)
			}
			if strings.Contains(said+stdout.String(), "secret-token") {
				t.Error("the token was printed")
			}
			if stdout.Len() > 0 && tc.code == 3 {
				t.Errorf("stdout is for data: %q", stdout.String())
			}
		})
	}
}

// In a terminal the same mistakes leave the terminal as it was.
func TestBadUsageInATerminal(t *testing.T) {
	good := write(t, "config", fmt.Sprintf(kubeconfig, "http://"+closedPort(t)))
	s, err := terminal.Start(80, 24, []string{"KUBECONFIG=" + good}, binary, "--context", "three")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	code, err := s.Wait(10 * time.Second)
	if err != nil || code != 3 {
		t.Fatalf("exit %d, %v", code, err)
	}
	if raw := string(s.Raw()); strings.Contains(raw, "\x1b[?1049h") || !strings.Contains(raw, "three") {
		t.Errorf("%q", raw)
	}
}

// A server that does not answer is said on the screen, and waited for.
func TestUnreachableServerIsSaid(t *testing.T) {
	good := write(t, "config", fmt.Sprintf(kubeconfig, "http://"+closedPort(t)))
	s, err := terminal.Start(100, 30, []string{"KUBECONFIG=" + good}, binary)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at, err := s.WaitText(10*time.Second, "refuses connections")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("said after %s", at.Sub(s.Started).Round(time.Millisecond))
	if err := s.Type("\x03"); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Wait(5 * time.Second); err != nil || code != 0 {
		t.Errorf("ctrl+c: exit %d, %v", code, err)
	}
}

func TestVersion(t *testing.T) {
	out, err := exec.Command(binary, "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "tenantry ") {
		t.Errorf("%q, %v", out, err)
	}
}

func TestHelpAndCompletion(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"status", "--help"}, {"completion", "bash"}} {
		out, err := exec.Command(binary, args...).Output()
		if err != nil || len(out) < 200 {
			t.Errorf("%v: %d bytes, %v", args, len(out), err)
		}
	}
}
