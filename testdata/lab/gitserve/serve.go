// Package gitserve shows the lab's repositories over HTTP, HTTPS and SSH, open
// and behind locks, so that every way of failing to fetch can be produced.
package gitserve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tenantry/lab/gitrepo"
	"tenantry/lab/machine"
)

// Serve runs the three servers until one of them fails or ctx ends.
func Serve(ctx context.Context, l *machine.Lab) error {
	backend, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		return fmt.Errorf("git --exec-path: %w", err)
	}
	program := filepath.Join(strings.TrimSpace(string(backend)), "git-http-backend")
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("git has no http-backend here (%w): install the complete git package", err)
	}
	if err := os.MkdirAll(l.GitState(), 0o700); err != nil {
		return err
	}
	if err := ensureCertificate(l); err != nil {
		return err
	}
	host, err := hostKey(HostKeyFile(l))
	if err != nil {
		return err
	}
	handler := handler(program, l.Repos())
	failed := make(chan error, 3)
	go func() { failed <- http.ListenAndServe(address(l, "git"), handler) }()
	go func() {
		failed <- http.ListenAndServeTLS(address(l, "git-tls"), certFile(l), keyFile(l), handler)
	}()
	listener, err := net.Listen("tcp", address(l, "git-ssh"))
	if err != nil {
		return err
	}
	ssh := &sshServer{repos: l.Repos(), authorized: AuthorizedKeys(l), host: host}
	go func() { failed <- ssh.serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return nil
	}
}

func address(l *machine.Lab, port string) string {
	return fmt.Sprintf("127.0.0.1:%d", l.Config.Ports[port])
}

// Files a scene reads or writes to lock people in or out.
func AuthorizedKeys(l *machine.Lab) string { return filepath.Join(l.GitState(), "authorized_keys") }
func HostKeyFile(l *machine.Lab) string    { return filepath.Join(l.GitState(), "host_key") }
func CAFile(l *machine.Lab) string         { return filepath.Join(l.GitState(), "ca.crt") }
func certFile(l *machine.Lab) string       { return filepath.Join(l.GitState(), "tls.crt") }
func keyFile(l *machine.Lab) string        { return filepath.Join(l.GitState(), "tls.key") }

func ensureCertificate(l *machine.Lab) error {
	if _, err := os.Stat(certFile(l)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return machine.WriteServerCertificate(CAFile(l), certFile(l), keyFile(l))
}

func backendEnv(repos string) []string {
	return append(gitrepo.Env(nil), "GIT_PROJECT_ROOT="+repos, "GIT_HTTP_EXPORT_ALL=1", "PATH="+os.Getenv("PATH"))
}
