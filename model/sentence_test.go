package model

import "testing"

func TestExplained(t *testing.T) {
	for msg, want := range map[string]string{
		`failed to get secret 'cozy-fluxcd/flux-system': secrets "flux-system" not found`:                                                                                                                                                 "secret flux-system is missing",
		`failed to configure authentication options: invalid 'ssh' auth option: 'identity' is required`:                                                                                                                                   "its secret lacks the key identity",
		`failed to checkout and determine revision: unable to clone 'ssh://git@github.com/o/r': ssh: handshake failed: knownhosts: key mismatch`:                                                                                          "the Git host's key changed: it is not the one in known_hosts",
		`failed to checkout and determine revision: unable to clone 'ssh://x': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain`:                                       "the Git host refused the key: is it added as a deploy key?",
		`failed to checkout and determine revision: unable to clone 'http://127.0.0.1:1/x.git': couldn't find remote ref "refs/heads/nope"`:                                                                                               "there is no branch nope in the repository",
		`failed to checkout and determine revision: unable to clone 'https://git.invalid/none.git': Get "https://git.invalid/none.git/info/refs?service=git-upload-pack": dial tcp: lookup git.invalid on 127.0.0.53:53: no such host`:    "the host git.invalid has no address",
		`failed to checkout and determine revision: unable to clone 'http://x': repository not found: 404 page not found`:                                                                                                                 "the repository is missing, or not for this credential to see",
		`kustomization path not found: stat /tmp/kustomization-123/dev2: no such file or directory`:                                                                                                                                       "there is no path ./dev2 in the repository",
		`can't access 'GitRepository/flux-system/flux-system', cross-namespace references have been blocked`:                                                                                                                              "its source is in another namespace (GitRepository/flux-system/flux-system), which lockdown forbids",
		`ConfigMap/fluxdemo-prod/intruder dry-run failed (Forbidden): configmaps "intruder" is forbidden: User "system:serviceaccount:team-x:team-x" cannot patch resource "configmaps" in API group "" in the namespace "fluxdemo-prod"`: "refused: ConfigMap/fluxdemo-prod/intruder is not for account team-x/team-x to write in fluxdemo-prod",
		`GitRepository.source.toolkit.fluxcd.io "missing" not found`:                                                                                                                                                                      "its source GitRepository/missing does not exist",
		`health check failed after 23.7ms: failed early due to stalled resources: [Deployment/team-x/slow status: 'Failed']`:                                                                                                              "Deployment/team-x/slow does not come up",
		"reconciliation failed: timeout waiting for: [GitRepository/a/a status: 'InProgress']\nGitRepository/a/a status: boom":                                                                                                            "waited in vain for GitRepository/a/a",
		"some words nobody has seen before": "some words nobody has seen before",
	} {
		if got, _ := Explained(GitRepository, msg); got != want {
			t.Errorf("%s\n got %q\nwant %q", msg, got, want)
		}
	}
	if _, known := Explained(GitRepository, "some words nobody has seen before"); known {
		t.Error("unknown words pass for known ones")
	}
}

// What a sync, a workload or a Secret says that reads like a Git host's answer is
// something else, shown as it is; what fetches may mean it.
func TestOnlyWhatFetchesMeansAFetch(t *testing.T) {
	const message = "unable to clone 'https://git.invalid/none.git': dial tcp: lookup git.invalid on 127.0.0.53:53: no such host"
	for k := range kindCount {
		plain, known := Explained(k, message)
		switch k {
		case GitRepository, OCIRepository, Bucket, HelmRepository, HelmChart, ExternalArtifact, HelmRelease, FluxInstance, ResourceSetInputProvider:
			if !known || plain == message {
				t.Errorf("%s: %q is not known", k, plain)
			}
		default:
			if known || plain != message {
				t.Errorf("%s says %q", k, plain)
			}
		}
	}
}

func TestShortRevision(t *testing.T) {
	for rev, want := range map[string]string{
		rev1: "41aaea2", "refs/heads/main@sha1:d63406218397": "d634062", "sha256:0123456789": "0123456",
		"v1.0@sha1:abcdef0123": "abcdef0", "6.5.0": "6.5.0", "": "", "main@": "main@", "a@b:c": "a@b:c",
	} {
		if got := ShortRevision(rev); got != want {
			t.Errorf("%q: %q, want %q", rev, got, want)
		}
	}
	if !SameRevision("main@sha1:abc", "refs/heads/main@sha1:abc") || SameRevision("a", "b") || SameRevision("", "main@sha1:abc") {
		t.Error("SameRevision")
	}
	if RevisionRef("refs/heads/main@sha1:abc") != "main" || RevisionRef("6.5.0") != "" {
		t.Error("RevisionRef")
	}
}

// What a sentence begins with may be a name, a path or an address: it stays as
// the cluster writes it, whatever it is.
func TestCapitalLeavesNamesAlone(t *testing.T) {
	for s, want := range map[string]string{
		"no answer in time": "No answer in time", "its secret is missing": "Its secret is missing", "can't be had": "Can't be had", "applied": "Applied", "": "",
		"badyaml/x.yaml is not valid YAML": "badyaml/x.yaml is not valid YAML", "git.acme.io: no answer": "git.acme.io: no answer",
		"gitea: no answer": "gitea: no answer", "billing-prod has no sync": "billing-prod has no sync", "10.0.0.9:443 refuses": "10.0.0.9:443 refuses",
		"41aaea2 asks for it": "41aaea2 asks for it", "accounts, assets": "accounts, assets", "édition is odd": "édition is odd", "\xc3(": "\xc3(", "Kustomization a/b": "Kustomization a/b",
	} {
		if got := Capital(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}
