package gitcommit

import (
	"context"
	"fmt"
	"net"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ana \x1b[31mRuiz", "GIT_AUTHOR_EMAIL=ana@example.com", "GIT_AUTHOR_DATE=1764422551 +0100",
		"GIT_COMMITTER_NAME=Someone Else", "GIT_COMMITTER_EMAIL=else@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// serve makes a repository with three commits and shows it over HTTP; it
// returns its address and the digest of the one in the middle.
func serve(t *testing.T, filter bool) (url, digest string) {
	t.Helper()
	root := t.TempDir()
	work := filepath.Join(root, "work")
	git(t, root, "init", "-q", "-b", "main", work)
	var sums []string
	for n := range 3 {
		if err := os.WriteFile(filepath.Join(work, "file"), []byte(strings.Repeat(fmt.Sprint(n), 4096)), 0o600); err != nil {
			t.Fatal(err)
		}
		git(t, work, "add", "-A")
		git(t, work, "commit", "-q", "-m", fmt.Sprintf("Commit %d\n\nauthor Nobody <x> 1 +0000", n))
		sums = append(sums, git(t, work, "rev-parse", "HEAD"))
	}
	git(t, root, "clone", "-q", "--bare", work, "fleet.git")
	git(t, filepath.Join(root, "fleet.git"), "config", "uploadpack.allowFilter", fmt.Sprint(filter))
	backend := filepath.Join(git(t, root, "--exec-path"), "git-http-backend")
	if _, err := os.Stat(backend); err != nil {
		t.Fatalf("git is incomplete here: %v", err)
	}
	server := httptest.NewServer(&cgi.Handler{Path: backend, Root: "/", Env: []string{"GIT_PROJECT_ROOT=" + root, "GIT_HTTP_EXPORT_ALL=1"}})
	t.Cleanup(server.Close)
	return server.URL + "/fleet.git", sums[1]
}

func TestRead(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	for _, filter := range []bool{true, false} {
		url, digest := serve(t, filter)
		got, err := Reader{protocols: "http"}.Read(t.Context(), url, digest)
		if want := (model.Authorship{Author: "Ana \x1b[31mRuiz", At: 1764422551, Subject: "Commit 1"}); err != nil || got != want {
			t.Errorf("filter %v: %+v, %v", filter, got, err)
		}
		_, err = Reader{protocols: "http"}.Read(t.Context(), url, strings.Repeat("0123456789", 4))
		if err == nil || !strings.Contains(err.Error(), "git fetch: ") {
			t.Errorf("a commit that is not there: %v", err)
		}
		if _, err = (Reader{}).Read(t.Context(), url, digest); err == nil || !strings.Contains(err.Error(), "not read over http") {
			t.Errorf("unencrypted: %v", err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "tenantry-commit-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// A server that never answers is given up, and what was started is gone.
func TestReadGivesUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if c, err := l.Accept(); err == nil { // it has connected: no word
			cancel()
			defer func() { _ = c.Close() }()
			_, _ = c.Read(make([]byte, 1<<20))
			_, _ = c.Read(make([]byte, 1))
		}
	}()
	began := time.Now()
	if _, err := (Reader{protocols: "http"}).Read(ctx, "http://"+l.Addr().String()+"/x.git", strings.Repeat("0123456789", 4)); err == nil || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %s", err, time.Since(began))
	}
}

func TestAddress(t *testing.T) {
	for address, want := range map[string]string{
		"https://git.example/acme/fleet":             "https://git.example/acme/fleet",
		"https://user:secret@git.example/acme/fleet": "https://git.example/acme/fleet",
		"https://token@git.example/acme/fleet":       "https://git.example/acme/fleet",
		"ssh://git@git.example:2222/acme/fleet":      "ssh://git@git.example:2222/acme/fleet",
		"ssh://git:secret@git.example/acme/fleet":    "ssh://git@git.example/acme/fleet",
		"git@git.example:acme/fleet":                 "git@git.example:acme/fleet",
		"ext::sh -c touch% /tmp/x":                   "",
		"ext::sh":                                    "",
		"file:///etc":                                "",
		"/etc":                                       "",
		"--upload-pack=touch /tmp/x":                 "",
		"-u:x":                                       "",
		"ssh://-oProxyCommand=x/y":                   "",
		"ssh://git@-oProxyCommand=x/y":               "",
		"http://git.example/acme":                    "",
		"git://git.example/acme":                     "",
		"https://git.example/a\nb":                   "",
		"":                                           "",
	} {
		got, err := Reader{}.address(address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", address, got, err, want)
		}
	}
}

func TestEnvironment(t *testing.T) {
	got := strings.Join(environment([]string{"HOME=/h", "SSH_AUTH_SOCK=/s", "KUBECONFIG=/k", "GIT_DIR=/elsewhere", "GIT_TRACE_CURL=1", "GIT_ASKPASS=/ask", "GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=core.fsmonitor", "GIT_CONFIG_VALUE_0=evil"}, "/tmp/x", "https:ssh", "ssh -o BatchMode=yes"), "\n") + "\n"
	for _, want := range []string{"HOME=/h\n", "SSH_AUTH_SOCK=/s\n", "GIT_TERMINAL_PROMPT=0\n", "GIT_ALLOW_PROTOCOL=https:ssh\n", "GIT_SSH_COMMAND=ssh -o BatchMode=yes\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	for _, bad := range []string{"KUBECONFIG", "/elsewhere", "TRACE", "/ask", "fsmonitor", "evil"} {
		if strings.Contains(got, bad) {
			t.Errorf("has %q:\n%s", bad, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("tree 1\nauthor Ana <a@b> 17 +0100\ncommitter x <y> 1 +0000\n\nsubject\n")
	f.Add("author <\n\n")
	f.Fuzz(func(t *testing.T, object string) {
		a, err := parse(object)
		if err == nil && (len(a.Author) > maxName || a.Author == "" && a.At == 0) {
			t.Errorf("%+v", a)
		}
	})
}
