package fluxsync

import (
	"strings"
	"testing"

	"tenantry/model"
)

func good() Spec {
	return Spec{Kind: "GitRepository", URL: "https://github.com/acme/fleet.git", Ref: "refs/heads/main", Path: "./clusters/prod-eu", Interval: "1m"}
}

func TestCheck(t *testing.T) {
	ssh := good().Set(URL, "ssh://git@github.com/acme/fleet.git")
	oci := Spec{Kind: "OCIRepository", URL: "oci://ghcr.io/acme/fleet", Ref: "latest", Path: "./"}
	bucket := Spec{Kind: "Bucket", URL: "minio.example.com:9000", Ref: "fleet", Path: "./"}
	for _, c := range []struct {
		name  string
		spec  Spec
		field Field
		says  string // "" = nothing is wrong
		offer string
	}{
		{"https", good(), URL, "", ""},
		{"ssh", ssh, URL, "", ""},
		{"ssh with a port", good().Set(URL, "ssh://git@git.acme.io:2222/fleet"), URL, "", ""},
		{"nothing", good().Set(URL, ""), URL, "a URL is needed", ""},
		{"scp style", good().Set(URL, "git@github.com:acme/fleet.git"), URL, "short form host:path", "ssh://git@github.com/acme/fleet.git"},
		{"scp style without a user", good().Set(URL, "git.acme.io:acme/fleet"), URL, "short form", "ssh://git@git.acme.io/acme/fleet"},
		{"scp style with a scheme", good().Set(URL, "ssh://git@github.com:acme/fleet"), URL, "short form", "ssh://git@github.com/acme/fleet"},
		{"no scheme", good().Set(URL, "github.com/acme/fleet"), URL, "scheme is missing", "https://github.com/acme/fleet"},
		{"git scheme", good().Set(URL, "git://github.com/acme/fleet"), URL, `"git" is not supported`, ""},
		{"oci for git", good().Set(URL, "oci://ghcr.io/acme/fleet"), URL, `"oci" is not supported`, ""},
		{"a password", good().Set(URL, "https://ann:hunter2@github.com/acme/fleet"), URL, "belongs into the pull secret", "https://github.com/acme/fleet"},
		{"a token", good().Set(URL, "https://ghp_x@github.com/acme/fleet"), URL, "belongs into the pull secret", "https://github.com/acme/fleet"},
		{"only a host", good().Set(URL, "https://github.com/"), URL, "repository is missing", ""},
		{"no host", good().Set(URL, "https:///acme"), URL, "no host", ""},
		{"a branch in it", good().Set(URL, "https://github.com/acme/fleet?ref=main"), URL, "have no meaning here", ""},
		{"a blank", good().Set(URL, "https://github.com/acme/ fleet"), URL, "blank", "https://github.com/acme/fleet"},
		{"oci", oci, URL, "", ""},
		{"oci without a scheme", oci.Set(URL, "ghcr.io/acme/fleet"), URL, "begins with oci://", "oci://ghcr.io/acme/fleet"},
		{"oci as https", oci.Set(URL, "https://ghcr.io/acme/fleet"), URL, "begins with oci://", "oci://ghcr.io/acme/fleet"},
		{"bucket", bucket, URL, "", ""},
		{"bucket with a scheme", bucket.Set(URL, "https://minio.example.com/"), URL, "without a scheme", "minio.example.com"},
		{"bucket with its name", bucket.Set(URL, "minio.example.com/fleet"), URL, "goes into ref", ""},

		{"full ref", good(), Ref, "", ""},
		{"a tag", good().Set(Ref, "refs/tags/v1.2.0"), Ref, "", ""},
		{"a pull request", good().Set(Ref, "refs/pull/420/head"), Ref, "", ""},
		{"a branch", good().Set(Ref, "main"), Ref, "in full", "refs/heads/main"},
		{"a branch with a slash", good().Set(Ref, "feature/x"), Ref, "in full", "refs/heads/feature/x"},
		{"half a ref", good().Set(Ref, "heads/main"), Ref, "in full", "refs/heads/main"},
		{"of a remote", good().Set(Ref, "origin/main"), Ref, "in full", "refs/heads/main"},
		{"a version", good().Set(Ref, "v1.2.0"), Ref, "in full", "refs/tags/v1.2.0"},
		{"a commit", good().Set(Ref, strings.Repeat("ab", 20)), Ref, "this is a commit", ""},
		{"no ref", good().Set(Ref, ""), Ref, "needed", "refs/heads/main"},
		{"dots", good().Set(Ref, "refs/heads/a..b"), Ref, "no ref of this name", ""},
		{"refs alone", good().Set(Ref, "refs/main"), Ref, "no ref of this name", ""},
		{"oci tag", oci, Ref, "", ""},
		{"oci digest", oci.Set(Ref, "sha256:abc"), Ref, "can't be followed", ""},
		{"oci git tag", oci.Set(Ref, "refs/tags/v1"), Ref, "tag alone", "v1"},
		{"bucket name", bucket.Set(Ref, "Fleet"), Ref, "bucket's name", ""},

		{"a path", good(), Path, "", ""},
		{"the root", good().Set(Path, "./"), Path, "", ""},
		{"no path", good().Set(Path, ""), Path, "path is needed", "./"},
		{"up", good().Set(Path, "./a/../../b"), Path, "leads out", ""},
		{"absolute", good().Set(Path, "/clusters/x"), Path, "repository's root", "./clusters/x"},
		{"windows", good().Set(Path, `clusters\x`), Path, "have /", "clusters/x"},
		{"a file", good().Set(Path, "clusters/x/kustomization.yaml"), Path, "names a file", "clusters/x/"},

		{"public", good(), PullSecret, "", ""},
		{"ssh without a secret", ssh, PullSecret, "identity and known_hosts", ""},
		{"ssh with one", ssh.Set(PullSecret, "flux-system"), PullSecret, "", ""},
		{"github app without one", good().Set(Provider, "github"), PullSecret, "GitHub App", ""},
		{"of another namespace", good().Set(PullSecret, "flux-system/git"), PullSecret, "name alone", ""},

		{"gcp for git", good().Set(Provider, "gcp"), Provider, "OCIRepository and Bucket only", ""},
		{"gcp for oci", oci.Set(Provider, "gcp"), Provider, "", ""},
		{"github for oci", oci.Set(Provider, "github"), Provider, "GitRepository only", ""},
		{"aws for git on an old Flux", good().Set(Provider, "aws"), Provider, "needs Flux 2.9", ""},

		{"the usual interval", good(), Interval, "", ""},
		{"none", good().Set(Interval, ""), Interval, "", ""},
		{"a number", good().Set(Interval, "60"), Interval, "unit is missing", "60s"},
		{"days", good().Set(Interval, "1d"), Interval, "no days", "24h"},
		{"words", good().Set(Interval, "often"), Interval, "duration is needed", "1m"},
		{"restless", good().Set(Interval, "5ms"), Interval, "without a pause", "1m"},

		{"no name", good(), Name, "", ""},
		{"a name", good().Set(Name, "fleet"), Name, "", ""},
		{"no label", good().Set(Name, "Fleet."), Name, "at most 63", ""},
	} {
		got := Check(c.field, c.spec, Around{FluxVersion: "v2.8.3"})
		if c.says == "" && got != (Problem{}) || c.says != "" && !strings.Contains(got.Text, c.says) || got.Offer != c.offer {
			t.Errorf("%s: %+v, want %q and the offer %q", c.name, got, c.says, c.offer)
		}
		if got.Offer != "" { // what is offered must be better than what was there
			if again := Check(c.field, c.spec.Set(c.field, got.Offer), Around{}); again != (Problem{}) {
				t.Errorf("%s: the offer %q is wrong too: %s", c.name, got.Offer, again.Text)
			}
		}
	}
}

// A name that changes renames source and Kustomization, which destroys what
// they made, though the CRD's rule refuses it only where both have a name.
func TestNameStaysWhatItIs(t *testing.T) {
	live := func(name string) Around {
		s := good().Set(Name, name)
		return Around{Live: Live{Key: model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}, Sync: &s}, Falls: "3 objects"}
	}
	for _, c := range []struct {
		was, is string
		refused bool
	}{
		{"", "", false}, {"", "flux-system", false}, {"flux-system", "", false}, {"fleet", "fleet", false},
		{"", "fleet", true}, {"fleet", "", true}, {"fleet", "other", true},
	} {
		p := Check(Name, good().Set(Name, c.is), live(c.was))
		if (p != Problem{}) != c.refused {
			t.Errorf("from %q to %q: %+v", c.was, c.is, p)
		}
		if c.refused && (!strings.Contains(p.Text, "3 objects") || !strings.Contains(p.Text, "N1")) {
			t.Errorf("from %q to %q does not say what it destroys: %s", c.was, c.is, p.Text)
		}
	}
}

func TestBodyHoldsTheSyncAndNothingElse(t *testing.T) {
	s := good().Set(URL, "https://git.acme.io/a&b/fleet").Set(PullSecret, "flux-system")
	got := string(s.Body("cozy-fluxcd"))
	want := `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"cozy-fluxcd"},` +
		`"spec":{"sync":{"kind":"GitRepository","url":"https://git.acme.io/a&b/fleet","ref":"refs/heads/main","path":"./clusters/prod-eu","pullSecret":"flux-system","interval":"1m"}}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
