package ui

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// Whatever is wrong with a field of a sync stands at that field, the focus goes
// there, the server is not asked, and everything typed stays.
func TestEveryFieldOfASyncSaysWhatIsWrong(t *testing.T) {
	const https = "https://github.com/acme/fleet.git"
	for _, c := range []struct{ name, field, typed, says string }{
		{"no URL", "URL", "", "a URL is needed"},
		{"short form", "URL", "git@github.com:acme/fleet.git", "Flux does not read git's short form"},
		{"no scheme", "URL", "github.com/acme/fleet", "the scheme is missing"},
		{"another scheme", "URL", "file:///srv/git", `git URL scheme "file" is not supported`},
		{"no repository", "URL", "https://github.com", "the repository is missing"},
		{"a login in it", "URL", "https://me:pw@github.com/acme/fleet", "belongs into the pull secret"},
		{"a blank in it", "URL", "https://github.com/acme/fl eet", "there is a blank in it"},
		{"a branch's name", "REF", "main", "the ref is written in full"},
		{"a commit", "REF", strings.Repeat("a", 40), "this is a commit"},
		{"no ref", "REF", "", "a ref is needed"},
		{"no path", "PATH", "", "a path is needed"},
		{"of the machine", "PATH", "/clusters", "not at the machine's"},
		{"out of it", "PATH", "./../x", "leads out of the repository"},
		{"a file", "PATH", "./clusters/a.yaml", "this names a file"},
		{"no name of a Secret", "SECRET", "flux-system/pull", "a Secret's name is"},
		{"no duration", "INTERVAL", "often", "a duration is needed"},
		{"no unit", "INTERVAL", "5", "a unit is missing"},
		{"days", "INTERVAL", "1d", "there are no days here"},
		{"too often", "INTERVAL", "1ms", "asked without a pause"},
		{"no name", "NAME", "Fleet_1", "at most 63 lower-case letters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := withInstance(newDesk(t, 120, 50, Options{}, unsynced()), nil)
			f.open("set sync")
			f.retype("URL", https)
			f.retype("PATH", "./clusters/prod")
			f.retype("INTERVAL", "2m")
			f.retype(c.field, c.typed)
			before := f.typed()
			f.push("Next")
			f.stands(c.field, c.says)
			for label, text := range before {
				if now := f.typed()[label]; now != text {
					t.Errorf("%s was %q and is %q", label, text, now)
				}
			}
			if len(f.session.Writes()) > 0 {
				t.Error("the server was asked all the same")
			}
		})
	}
	// What is chosen, and what goes together.
	for _, c := range []struct {
		name           string
		kind, provider string
		url, secret    string
		field, says    string
	}{
		{"gcp for Git", "GitRepository", "gcp", https, "", "PROVIDER", "provider gcp is for OCIRepository and Bucket only"},
		{"github for a Bucket", "Bucket", "github", "minio.acme.io:9000", "x", "PROVIDER", "provider github is for GitRepository only"},
		{"Git's address for OCI", "OCIRepository", "", https, "", "URL", "begins with oci://"},
		{"a scheme for a Bucket", "Bucket", "", https, "", "URL", "without a scheme"},
		{"ssh without a secret", "GitRepository", "", "ssh://git@github.com/acme/fleet", "", "SECRET", "an ssh:// URL needs a pull secret"},
		{"github without a secret", "GitRepository", "github", https, "", "SECRET", "provider github needs a pull secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := withInstance(newDesk(t, 120, 50, Options{}, unsynced()), nil)
			f.open("set sync")
			f.retype("URL", c.url)
			f.retype("SECRET", c.secret)
			if c.kind != "GitRepository" {
				f.retype("REF", "latest")
			}
			*f.field("KIND").chosen = slices.Index(fluxsync.Kinds(), c.kind)
			*f.field("PROVIDER").chosen = slices.Index(fluxsync.Providers(), c.provider)
			f.push("Next")
			f.stands(c.field, c.says)
			if len(f.session.Writes()) > 0 {
				t.Error("the server was asked all the same")
			}
		})
	}
}

// stands fails unless a sentence stands below a field, which has the focus.
func (f *fakeInstance) stands(label, says string) {
	f.Helper()
	words, role := f.field(label).under()
	if !strings.Contains(words, says) || role == themes.Text {
		f.Errorf("below %s stands %q, want %q", label, words, says)
	}
	if p := f.dialog.focus(); p == nil || p.label != label {
		f.Errorf("the focus is not at %s:\n%s", label, f.screen())
	}
	if said := f.dialog.said; !strings.Contains(said, says) && !strings.Contains(said, label+" has to be mended first") {
		f.Errorf("said: %q", said)
	}
}

// A dry run the server refuses, and a save that fails, take nothing of what was
// typed.
func TestARefusedSyncTakesNothing(t *testing.T) {
	for _, dry := range []bool{true, false} {
		f := withInstance(newDesk(t, 120, 50, Options{}, unsynced()), nil)
		f.open("set sync")
		for label, text := range map[string]string{"URL": "https://github.com/acme/fleet.git", "REF": "refs/tags/v1", "PATH": "./x", "SECRET": "pull", "INTERVAL": "7m"} {
			f.retype(label, text)
		}
		before := f.typed()
		f.before = func(_ int, w model.Write) error {
			if w.DryRun == dry {
				return &model.WriteError{Reason: model.WriteForbidden, Text: "FluxInstance/flux-system/flux: you may not"}
			}
			return nil
		}
		f.push("Next")
		if !dry {
			f.toField("GUARD", "")
			f.act("space")
			f.push("Set sync")
			f.wants("you may not")
			f.open("set sync")
		}
		f.dirty = true
		for label, text := range before {
			if now := f.typed()[label]; now != text {
				t.Errorf("dry run %v: %s was %q and is %q", dry, label, text, now)
			}
		}
	}
}
