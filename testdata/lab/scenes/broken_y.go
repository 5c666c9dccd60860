package scenes

import (
	"context"
	"fmt"
	"os"

	"tenantry/lab/cluster"
	"tenantry/lab/gitserve"
)

// brokenY is a tenant whose sources cannot be fetched, each for another reason.
var brokenY = []Expectation{
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-ok", Health: "Ready", Reason: "Succeeded", Why: "the deploy key is added and the host known"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-host-changed", Health: "Failed", Reason: "GitOperationFailed", Text: "knownhosts: key mismatch", Why: "known_hosts has another key for the host"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-host-unknown", Health: "Failed", Reason: "GitOperationFailed", Text: "knownhosts: key is unknown", Why: "known_hosts does not name the host"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-key-refused", Health: "Failed", Reason: "GitOperationFailed", Text: "unable to authenticate", Why: "the deploy key was not added at the host"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-key-encrypted", Health: "Failed", Reason: "AuthenticationFailed", Text: "encrypted", Why: "the key has a passphrase and the Secret no password"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-no-known-hosts", Health: "Failed", Reason: "AuthenticationFailed", Text: "'known_hosts' is required", Why: "the Secret lacks a key"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "ssh-no-repo", Health: "Failed", Reason: "GitOperationFailed", Text: "repository not found", Why: "the key works, the repository does not exist"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "http-unauthorized", Health: "Failed", Reason: "GitOperationFailed", Text: "authentication required", Why: "401: the password is wrong"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "http-forbidden", Health: "Failed", Reason: "GitOperationFailed", Text: "authorization failed", Why: "403: the account may not read it"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "http-no-username", Health: "Failed", Reason: "AuthenticationFailed", Text: "requires 'username'", Why: "a password without a username"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "app-no-provider", Health: "Failed", Reason: "InvalidProviderConfiguration", Why: "GitHub App keys, but spec.provider is not github"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "tls-unknown-ca", Health: "Failed", Reason: "GitOperationFailed", Text: "x509:", Why: "the server's CA is unknown"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "tls-known-ca", Health: "Ready", Reason: "Succeeded", Why: "the same server with its CA in the Secret"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "empty", Health: "Failed", Text: "empty", Why: "the repository has no commit"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "secret-lost", Health: "Ready", Reason: "Succeeded", Why: "fine until its Secret is deleted"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "branch-typo", Health: "Ready", Reason: "Succeeded", Why: "fine until its branch is mistyped"},
	{Kind: "Kustomization", Namespace: "team-y", Name: "secret-lost", Health: "Ready", Reason: "ReconciliationSucceeded", Why: "stays Ready on the last artifact although its source fails"},
	{Kind: "OCIRepository", Namespace: "team-y", Name: "unreachable", Health: "Failed", Why: "nobody listens at the registry's address"},
	{Kind: "Bucket", Namespace: "team-y", Name: "unreachable", Health: "Failed", Why: "nobody listens at the endpoint"},
	{Kind: "HelmRepository", Namespace: "team-y", Name: "unreachable", Health: "Failed", Why: "nobody listens at the address"},
	{Kind: "HelmRepository", Namespace: "team-y", Name: "static", Health: "NotApplicable", Why: "type oci is never reconciled", seen: present},
}

// A lockedSource is one GitRepository of team-y and the Secret it uses.
type lockedSource struct {
	Name, URL string
	Secret    map[string]any
}

func (s *Scene) brokenY(ctx context.Context) error {
	if err := s.repo("bad").Write(ctx, "Add manifests that do not work", badFiles); err != nil {
		return err
	}
	if err := s.repo("empty").Create(ctx); err != nil {
		return err
	}
	if err := s.tenant(ctx, "team-y"); err != nil {
		return err
	}
	sources, err := s.lockedSources()
	if err != nil {
		return err
	}
	for _, source := range sources {
		if source.Secret == nil {
			continue
		}
		secret := cluster.Object{
			"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
			"metadata": map[string]any{"name": source.Name, "namespace": "team-y"}, "stringData": source.Secret,
		}
		if err := s.API.Apply(ctx, secret, cluster.Manager); err != nil {
			return err
		}
	}
	return s.applyManifest(ctx, "team-y.yaml", map[string]any{"Git": s.Lab.GitURL(), "Sources": sources})
}

func (s *Scene) lockedSources() ([]lockedSource, error) {
	host, err := gitserve.HostPublic(gitserve.HostKeyFile(s.Lab))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(gitserve.CAFile(s.Lab))
	if err != nil {
		return nil, err
	}
	var keys [3]gitserve.KeyPair
	for i, passphrase := range []string{"", "", "a passphrase nobody gave"} {
		if keys[i], err = gitserve.NewKeyPair(passphrase); err != nil {
			return nil, err
		}
	}
	added, refused, encrypted := keys[0], keys[1], keys[2]
	if err := os.WriteFile(gitserve.AuthorizedKeys(s.Lab), append(added.Public, encrypted.Public...), 0o600); err != nil {
		return nil, fmt.Errorf("adding the deploy key: %w", err)
	}
	port := s.Lab.Config.Ports["git-ssh"]
	known := gitserve.KnownHosts(port, host)
	ssh := func(key gitserve.KeyPair, knownHosts string) map[string]any {
		return map[string]any{"identity": string(key.Private), "identity.pub": string(key.Public), "known_hosts": knownHosts}
	}
	sshURL, private := s.Lab.GitSSHURL()+"/bad.git", s.Lab.GitURL()+"/private/bad.git"
	return []lockedSource{
		{"ssh-ok", sshURL, ssh(added, known)},
		{"ssh-host-changed", sshURL, ssh(added, gitserve.KnownHosts(port, refused.Public))},
		{"ssh-host-unknown", sshURL, ssh(added, gitserve.KnownHosts(port+1, host))},
		{"ssh-key-refused", sshURL, ssh(refused, known)},
		{"ssh-key-encrypted", sshURL, ssh(encrypted, known)},
		{"ssh-no-known-hosts", sshURL, map[string]any{"identity": string(added.Private)}},
		{"ssh-no-repo", s.Lab.GitSSHURL() + "/none.git", ssh(added, known)},
		{"http-unauthorized", private, map[string]any{"username": gitserve.User, "password": "wrong"}},
		{"http-forbidden", s.Lab.GitURL() + "/forbidden/bad.git", map[string]any{"username": gitserve.User, "password": gitserve.Password}},
		{"http-no-username", s.Lab.GitTLSURL() + "/private/bad.git", map[string]any{"password": gitserve.Password}},
		{"app-no-provider", s.Lab.GitURL() + "/bad.git", map[string]any{"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": string(added.Private)}},
		{"tls-unknown-ca", s.Lab.GitTLSURL() + "/bad.git", nil},
		{"tls-known-ca", s.Lab.GitTLSURL() + "/bad.git", map[string]any{"ca.crt": string(ca)}},
		{"empty", s.Lab.GitURL() + "/empty.git", nil},
		{"secret-lost", private, map[string]any{"username": gitserve.User, "password": gitserve.Password}},
		{"branch-typo", s.Lab.GitURL() + "/bad.git", nil},
	}, nil
}

// spoiled are objects that were fine first, and what became of them.
var spoiled = []Expectation{
	{Kind: "GitRepository", Namespace: "team-y", Name: "secret-lost", Health: "Failed", Reason: "AuthenticationFailed", Text: "not found", Why: "its Secret was deleted; the artifact is kept"},
	{Kind: "GitRepository", Namespace: "team-y", Name: "branch-typo", Health: "Failed", Reason: "GitOperationFailed", Text: "nope", Why: "its branch was mistyped: a new generation that fails while the artifact is kept"},
	{Kind: "Kustomization", Namespace: "team-z", Name: "suspended", Health: "Suspended", Why: "suspended by a person who left their name", seen: suspended},
	{Kind: "Kustomization", Namespace: "team-z", Name: "deleting", Health: "Terminating", Why: "deleted, but a foreign finalizer holds it", seen: terminating},
	{Kind: "Namespace", Name: "team-gone", Health: "Terminating", Why: "deleted, but an object in it has a foreign finalizer", seen: terminating},
}

// spoil turns good objects into bad ones.
func (s *Scene) spoil(ctx context.Context) error {
	lost := cluster.Ref{APIVersion: sourceV1, Kind: "GitRepository", Namespace: "team-y", Name: "secret-lost"}
	if err := s.API.Delete(ctx, cluster.Ref{APIVersion: "v1", Kind: "Secret", Namespace: "team-y", Name: "secret-lost"}); err != nil {
		return err
	}
	// source-controller does not watch Secrets.
	if err := s.Reconcile(ctx, lost); err != nil {
		return err
	}
	typo := lost
	typo.Name = "branch-typo"
	if err := s.API.Merge(ctx, typo, "", cluster.Manager, map[string]any{"spec": map[string]any{"ref": map[string]any{"branch": "nope"}}}); err != nil {
		return err
	}
	suspended := cluster.Ref{APIVersion: kustomizeV1, Kind: "Kustomization", Namespace: "team-z", Name: "suspended"}
	err := s.API.Merge(ctx, suspended, "", "tenantry", map[string]any{
		"spec": map[string]any{"suspend": true},
		"metadata": map[string]any{"annotations": map[string]any{
			"tenantry.dev/suspended-by": "alex", "tenantry.dev/suspended-at": "2026-01-05T09:30:00Z",
			"tenantry.dev/suspended-reason": "database migration", "tenantry.dev/suspended-until": "2026-01-05T18:00:00Z",
			"fluxcd.controlplane.io/suspendedBy": "alex",
		}},
	})
	if err != nil {
		return err
	}
	deleting := suspended
	deleting.Name = "deleting"
	if err := s.API.Delete(ctx, deleting); err != nil {
		return err
	}
	return s.API.Delete(ctx, cluster.Ref{APIVersion: "v1", Kind: "Namespace", Name: "team-gone"})
}
