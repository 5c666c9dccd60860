package e2e

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// gitServer is a file of the lab's Git server.
func gitServer(name string) string { return filepath.Join(lab.StateDir, "git-server", name) }

// authorize lets the Git host know deploy keys, as a colleague would in its
// settings, until the test is over.
func authorize(t *testing.T, public ...string) {
	t.Helper()
	f, err := os.OpenFile(gitServer("authorized_keys"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(strings.Join(public, "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// keepAuthorized puts the deploy keys back as they were.
func keepAuthorized(t *testing.T) {
	t.Helper()
	was, err := os.ReadFile(gitServer("authorized_keys"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.WriteFile(gitServer("authorized_keys"), was, 0o600); err != nil {
			t.Error(err)
		}
	})
}

// keyFile writes an SSH key of a person to a file, encrypted if there is a
// passphrase.
func keyFile(t *testing.T, passphrase string) (path, public string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "deploy_key")
	if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return path, strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

// fingerprint is that of the Git host's key.
func fingerprint(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(gitServer("host_key"))
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		t.Fatal(err)
	}
	return ssh.FingerprintSHA256(signer.PublicKey())
}

// cloned is a tenant that syncs one ConfigMap from a repository, and the
// Secret its source names is not there.
func cloned(t *testing.T, ns, url string) {
	t.Helper()
	gitRepo(t, ns, map[string]string{"app/c.yaml": fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app, namespace: %s}\ndata: {k: v}\n", ns)})
	tenantOf(t, ns, fmt.Sprintf(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: app, namespace: %[1]s}
spec: {interval: 10m, timeout: 20s, url: "%[2]s", ref: {branch: main}, secretRef: {name: deploy-key}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: %[1]s}
spec:
  interval: 10m
  retryInterval: 5s
  path: ./app
  prune: true
  serviceAccountName: %[1]s
  sourceRef: {kind: GitRepository, name: app}
`, ns, url))
}
