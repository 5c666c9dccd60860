package redact_test

import (
	"strings"
	"testing"

	"tenantry/model/redact"
)

func TestSecretsAreTakenOut(t *testing.T) {
	const canary = "Tr0ub4dor3CorrectHorse"
	for _, text := range []string{
		"unable to clone 'https://ann:" + canary + "@git.acme.io/o/r'",
		"unable to clone 'https://" + canary + "@git.acme.io/o/r': authentication required",
		"ssh://git:" + canary + "@git.acme.io/o/r",
		"GET https://x.io/a?access_token=" + canary + "&x=1",
		"https://s3/x?X-Amz-Signature=" + canary,
		`{"password":"` + canary + `"}`, `denied: "{\"password\": \"` + canary + `\"}"`,
		"password: " + canary, "PASSWORD=" + canary, "passwd='" + canary + "'", "api-key=" + canary, "client_secret: " + canary,
		"Authorization: Bearer " + canary, "authorization: Basic " + canary, "bearer " + canary,
		"ghp_" + canary + "0000", "github_pat_" + canary + canary, "glpat-" + canary, "xoxb-" + canary,
		"eyJhbGciOiJIUzI1NiJ9." + canary + "." + canary,
		"-----BEGIN OPENSSH PRIVATE KEY-----\n" + canary + "\n-----END OPENSSH PRIVATE KEY-----",
		`key: -----BEGIN PRIVATE KEY-----\n` + canary + `\n-----END PRIVATE KEY-----\n`,
		"-----BEGIN RSA PRIVATE KEY-----" + canary + " cut off here",
		"AGE-SECRET-KEY-1" + strings.ToUpper(canary),
		"data " + canary + canary + canary + "==",
	} {
		if got := redact.Text(text); strings.Contains(strings.ToLower(got), strings.ToLower(canary)) || !strings.Contains(got, redact.Mark) {
			t.Errorf("%q\nbecomes %q", text, got)
		}
	}
}

// What somebody needs to understand an incident stays.
func TestWordsStay(t *testing.T) {
	for _, text := range []string{
		`failed to get secret 'cozy-fluxcd/flux-system': failed to get secret 'cozy-fluxcd/flux-system': secrets "flux-system" not found`,
		"failed to configure authentication options: invalid 'ssh' auth option: 'identity' is required",
		"invalid 'https' auth option: 'password' requires 'username' to be set",
		"unable to clone 'ssh://git@github.com/acme/fleet': ssh: handshake failed: knownhosts: key mismatch",
		"main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3", "v2.9.4@sha256:0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c0b1f4a2c",
		`deployments.apps "kcheck" is forbidden: User "system:serviceaccount:fluxdemo-dev:fluxdemo-dev" cannot patch resource "deployments"`,
		"kubectl describe ks flux-stage-prod -n fluxdemo-stage", "token authentication failed", "basic auth and bearer token cannot be set at the same time",
		"e96eb3d6-d277-461a-b1c9-8358a89ae779", "source-controller-7d9f4c6b8d-x2x4z", "kustomization path not found: stat /tmp/kustomization-1234567890/nopath: no such file or directory",
		"a-very-long-name-of-a-namespace-that-somebody-chose-to-be-descriptive-and-complete",
	} {
		if got := redact.Text(text); got != text {
			t.Errorf("%q\nbecomes %q", text, got)
		}
	}
}

// An address stays one to read and to open; only what lets in is gone.
func TestAddresses(t *testing.T) {
	for in, want := range map[string]string{
		"https://ann:hunter2@git.example/acme/app.git":                                     "https://ann:xxxxx@git.example/acme/app.git",
		"https://ghp_0123456789abcdefABCD@github.com/a/b":                                  "https://xxxxx@github.com/a/b",
		"ssh://git@github.com/a/b":                                                         "ssh://git@github.com/a/b",
		"https://me@dev.azure.com/o/p/_git/r":                                              "https://me@dev.azure.com/o/p/_git/r",
		"git@github.com:a/b":                                                               "git@github.com:a/b",
		"unable to clone 'https://:tok3n@h/r': authentication required, see https://h/x@y": "unable to clone 'https://:xxxxx@h/r': authentication required, see https://h/x@y",
	} {
		if got := redact.Addresses(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
