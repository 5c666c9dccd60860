package gitremote

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"tenantry/model/credential"
)

// realRepo is a repository of the git program with a branch and a tag.
func realRepo(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	work := filepath.Join(t.TempDir(), "work")
	for _, args := range [][]string{
		{"init", "-q", "-b", "main", work}, {"-C", work, "commit", "-q", "--allow-empty", "-m", "first"},
		{"-C", work, "tag", "-a", "v1", "-m", "v1"}, {"clone", "-q", "--bare", work, filepath.Join(root, "app.git")},
	} {
		cmd := exec.Command("git", args...)
		cmd.Env = gitEnv()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return root
}

func gitEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a",
		"GIT_COMMITTER_EMAIL=a@b", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*"}
}

// What git itself answers is understood, over SSH on a real connection.
func TestRealGitOverSSH(t *testing.T) {
	root := realRepo(t)
	c := &Client{}
	hostPair, err := c.NewKey(context.Background(), "ed25519")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(hostPair.Private)
	if err != nil {
		t.Fatal(err)
	}
	authorized := ""
	config := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if strings.TrimSpace(string(ssh.MarshalAuthorizedKey(key))) != authorized {
			return nil, errors.New("not authorized")
		}
		return nil, nil
	}}
	config.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveUploadPack(conn, config, root)
		}
	}()
	address := "ssh://git@" + l.Addr().String() + "/app.git"
	hosts, err := c.HostKeys(context.Background(), address)
	if err != nil || hosts[0].Line() != "["+strings.Replace(l.Addr().String(), ":", "]:", 1)+" "+hostPair.Public {
		t.Fatalf("%v, %v", hosts, err)
	}
	pair, err := c.NewKey(context.Background(), "ecdsa-p384")
	if err != nil {
		t.Fatal(err)
	}
	d := &credential.Draft{URL: address, Pair: pair, Hosts: credential.KnownHostsText(hosts)}
	if _, err := c.Try(context.Background(), d); kind(t, err) != credential.TryRefused {
		t.Errorf("before it was added: %v", err)
	}
	authorized = pair.Public
	if a, err := c.Try(context.Background(), d); err != nil || a.Refs != 2 || a.Head != "refs/heads/main" {
		t.Errorf("%+v, %v", a, err)
	}
	d.URL += "x"
	if _, err := c.Try(context.Background(), d); kind(t, err) != credential.TryNoRepo || !strings.Contains(err.Error(), "does not appear to be a git repository") {
		t.Errorf("no repository: %v", err)
	}
}

func serveUploadPack(conn net.Conn, config *ssh.ServerConfig, root string) {
	defer func() { _ = conn.Close() }()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		channel, requests, err := offer.Accept()
		if err != nil {
			return
		}
		for req := range requests {
			var payload struct{ Command string }
			if req.Type != "exec" || ssh.Unmarshal(req.Payload, &payload) != nil {
				_ = req.Reply(false, nil)
				continue
			}
			_ = req.Reply(true, nil)
			uploadPack(filepath.Join(root, filepath.Clean("/"+strings.Trim(strings.TrimPrefix(payload.Command, "git-upload-pack "), "'"))), channel)
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(&struct{ Status uint32 }{0}))
			_ = channel.Close()
		}
	}
}

// uploadPack ends when git does, as sshd's does: git that refuses reads nothing,
// and a command whose Stdin is the channel is not over before the client closes
// its side, whatever its WaitDelay, while the client waits for an answer.
func uploadPack(dir string, channel ssh.Channel) {
	cmd := exec.Command("git", "upload-pack", dir)
	cmd.Env, cmd.Stdout, cmd.Stderr = gitEnv(), channel, channel.Stderr()
	in, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return
	}
	go func() {
		_, _ = io.Copy(in, channel)
		_ = in.Close()
	}()
	_ = cmd.Wait()
}

// A host that says what is wrong and then keeps silent was reached: its words
// are told, not that there was no answer.
func TestHostThatSaysWhyAndHangs(t *testing.T) {
	t.Parallel()
	c := &Client{}
	pair, err := c.NewKey(context.Background(), "ed25519")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(pair.Private)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{NoClientAuth: true}
	config.AddHostKey(signer)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, l.Addr().String())
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer time.AfterFunc(time.Second, cancel).Stop()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, channels, requests, err := ssh.NewServerConn(conn, config)
		if err != nil {
			return
		}
		go ssh.DiscardRequests(requests)
		for offer := range channels {
			channel, requests, err := offer.Accept()
			if err != nil {
				return
			}
			for req := range requests {
				_ = req.Reply(true, nil)
				_, _ = io.WriteString(channel.Stderr(), "ERROR: Repository not found.\n")
			}
		}
	}()
	d := &credential.Draft{URL: "ssh://git@git.acme.io/app", Pair: pair, Hosts: []byte("git.acme.io " + pair.Public)}
	if _, err := c.Try(ctx, d); kind(t, err) != credential.TryNoRepo || !strings.Contains(err.Error(), "Repository not found") {
		t.Error(err)
	}
}

// And over HTTPS with a login, behind an authority of its own.
func TestRealGitOverHTTPS(t *testing.T) {
	root := realRepo(t)
	out, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Fatal(err)
	}
	backend := &cgi.Handler{Path: filepath.Join(strings.TrimSpace(string(out)), "git-http-backend"),
		Env: append(gitEnv(), "GIT_PROJECT_ROOT="+root, "GIT_HTTP_EXPORT_ALL=1")}
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "git" || password != "sesam" {
			http.Error(w, "who are you", http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	d := &credential.Draft{URL: s.URL + "/app.git", Method: credential.Basic, Username: "git", Password: []byte("sesam"), CA: ca}
	if a, err := (&Client{}).Try(context.Background(), d); err != nil || a.Refs != 2 || a.Head != "refs/heads/main" {
		t.Errorf("%+v, %v", a, err)
	}
	d.Password = []byte("wrong")
	if _, err := (&Client{}).Try(context.Background(), d); kind(t, err) != credential.TryRefused || bytes.Contains([]byte(err.Error()), []byte("wrong")) {
		t.Error(err)
	}
	d.CA = nil
	if _, err := (&Client{}).Try(context.Background(), d); kind(t, err) != credential.TryHostKey {
		t.Errorf("an authority nobody trusts: %v", err)
	}
}
