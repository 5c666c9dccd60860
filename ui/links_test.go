package ui

import (
	"net/url"
	"strings"
	"testing"

	"tenantry/ui/uitest"
)

func TestSourceLink(t *testing.T) {
	const sum = "d63406218397243c9520d48f91d7d07d85b351b3"
	for _, c := range []struct{ address, revision, want string }{
		{"https://github.com/acme/fleet", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"https://github.com/acme/fleet.git", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"ssh://git@github.com/acme/fleet.git", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"ssh://git@ssh.github.com:443/acme/fleet.git", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"git@github.com:acme/fleet.git", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"https://token:x@github.com/acme/fleet", "", "https://github.com/acme/fleet"},
		{"https://github.com/acme/fleet", "1.2.3", "https://github.com/acme/fleet"},
		{"https://github.acme.io/acme/fleet", uitest.Rev2, "https://github.acme.io/acme/fleet/commit/" + sum},
		{"https://gitlab.com/acme/group/fleet.git", uitest.Rev2, "https://gitlab.com/acme/group/fleet/-/commit/" + sum},
		{"git@gitlab.acme.io:2222/fleet.git", uitest.Rev2, "https://gitlab.acme.io/2222/fleet/-/commit/" + sum},
		{"ssh://git@gitlab.acme.io:2222/acme/fleet.git", uitest.Rev2, "https://gitlab.acme.io/acme/fleet/-/commit/" + sum},
		{"https://gitea.acme.io:8443/acme/fleet", uitest.Rev2, "https://gitea.acme.io:8443/acme/fleet/commit/" + sum},
		{"https://codeberg.org/acme/fleet", uitest.Rev2, "https://codeberg.org/acme/fleet/commit/" + sum},
		{"https://bitbucket.org/acme/fleet", uitest.Rev2, "https://bitbucket.org/acme/fleet/commits/" + sum},
		{"https://bitbucket.acme.io/scm/PRJ/fleet.git", uitest.Rev2, "https://bitbucket.acme.io/projects/PRJ/repos/fleet/commits/" + sum},
		{"ssh://git@bitbucket.acme.io:7999/~ann/fleet.git", uitest.Rev2, "https://bitbucket.acme.io/users/ann/repos/fleet/commits/" + sum},
		{"https://dev.azure.com/acme/my%20project/_git/fleet", uitest.Rev2, "https://dev.azure.com/acme/my%20project/_git/fleet/commit/" + sum},
		{"https://acme@dev.azure.com/acme/p/_git/fleet", uitest.Rev2, "https://dev.azure.com/acme/p/_git/fleet/commit/" + sum},
		{"git@ssh.dev.azure.com:v3/acme/p/fleet", uitest.Rev2, "https://dev.azure.com/acme/p/_git/fleet/commit/" + sum},
		{"https://acme.visualstudio.com/p/_git/fleet", uitest.Rev2, "https://acme.visualstudio.com/p/_git/fleet/commit/" + sum},
		{"https://github.com:443/acme/fleet/", uitest.Rev2, "https://github.com/acme/fleet/commit/" + sum},
		{"https://acme.ghe.com/acme/fleet", uitest.Rev2, "https://acme.ghe.com/acme/fleet/commit/" + sum},
		{"ssh://git@github.acme.io:2222/acme/fleet.git", uitest.Rev2, "https://github.acme.io/acme/fleet/commit/" + sum},
		{"https://GITLAB.acme.io:8443/a/b/c/d/fleet.git", uitest.Rev2, "https://gitlab.acme.io:8443/a/b/c/d/fleet/-/commit/" + sum},
		{"git@gitlab.com:a/b/c/fleet.git", uitest.Rev2, "https://gitlab.com/a/b/c/fleet/-/commit/" + sum},
		{"ssh://git@altssh.gitlab.com:443/a/b/fleet.git", uitest.Rev2, "https://gitlab.com/a/b/fleet/-/commit/" + sum},
		{"https://code.gitlab.acme.io/a/fleet", uitest.Rev2, "https://code.gitlab.acme.io/a/fleet/-/commit/" + sum},
		{"ssh://git@gitea.acme.io:2222/acme/fleet.git", uitest.Rev2, "https://gitea.acme.io/acme/fleet/commit/" + sum},
		{"git@forgejo.acme.io:acme/fleet.git", uitest.Rev2, "https://forgejo.acme.io/acme/fleet/commit/" + sum},
		{"git@bitbucket.org:acme/fleet.git", uitest.Rev2, "https://bitbucket.org/acme/fleet/commits/" + sum},
		{"ssh://git@altssh.bitbucket.org:443/acme/fleet.git", uitest.Rev2, "https://bitbucket.org/acme/fleet/commits/" + sum},
		{"https://bitbucket.acme.io:7990/scm/~ann/fleet.git", uitest.Rev2, "https://bitbucket.acme.io:7990/users/ann/repos/fleet/commits/" + sum},
		{"ssh://git@bitbucket.acme.io:7999/prj/fleet.git", uitest.Rev2, "https://bitbucket.acme.io/projects/prj/repos/fleet/commits/" + sum},
		{"ssh://git@ssh.dev.azure.com:22/v3/acme/my%20project/fleet", uitest.Rev2, "https://dev.azure.com/acme/my%20project/_git/fleet/commit/" + sum},
		{"acme@vs-ssh.visualstudio.com:v3/acme/p/fleet", uitest.Rev2, "https://dev.azure.com/acme/p/_git/fleet/commit/" + sum},
		{"https://dev.azure.com/acme/_git/fleet", uitest.Rev2, "https://dev.azure.com/acme/_git/fleet/commit/" + sum},
		{"https://tfs.acme.io:8443/tfs/DefaultCollection/p/_git/fleet", uitest.Rev2, "https://tfs.acme.io:8443/tfs/DefaultCollection/p/_git/fleet/commit/" + sum},
		{"https://dev.azure.com/acme/p", uitest.Rev2, "https://dev.azure.com/acme/p"}, // no repository's page
		{"https://github", uitest.Rev2, ""},
		{"https://github/acme/fleet", uitest.Rev2, "https://github/acme/fleet"},
		{"https://mygithub.acme.io/acme/fleet", uitest.Rev2, "https://mygithub.acme.io/acme/fleet"},
		{"https://git.acme.io/fleet", uitest.Rev2, "https://git.acme.io/fleet"}, // a host of unknown kind: no commit is guessed
		{"https://charts.acme.io/stable", "", "https://charts.acme.io/stable"},

		// Nothing to open, or something to be careful about.
		{"http://github.com/acme/fleet", uitest.Rev2, ""},
		{"oci://ghcr.io/acme/fleet", uitest.Rev2, ""},
		{"file:///etc/passwd", "", ""},
		{"javascript:alert(1)", "", "https://javascript/alert%281%29"},
		{"", "", ""},
		{"https://github.com", "", ""},
		{"https:///acme", "", ""},
		{"-oProxyCommand=x:y", "", ""},
		{"https://evil.io\x1b]8;;/acme", "", ""},
		{"https://evil.io/a b;rm -rf $(x)", "", "https://evil.io/a%20b%3Brm%20-rf%20$%28x%29"},
		{"https://github.com/../../x", uitest.Rev2, "https://github.com/x/commit/" + sum},
		{"https://github.com/acme/fleet", "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3;reboot", "https://github.com/acme/fleet"},
	} {
		got := sourceLink(c.address, c.revision)
		if c.address == "javascript:alert(1)" { // scp's form of a host called javascript: https, so harmless
			if !strings.HasPrefix(got, "https://javascript/") {
				t.Errorf("%q becomes %q", c.address, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("%q at %q becomes\n%q, want\n%q", c.address, c.revision, got, c.want)
		}
	}
}

func FuzzSourceLink(f *testing.F) {
	f.Add("git@github.com:acme/fleet.git", uitest.Rev1)
	f.Add("https://x\x1b[31m/\u202ey", "a@sha1:zz")
	f.Fuzz(func(t *testing.T, address, revision string) {
		link := sourceLink(address, revision)
		if link == "" {
			return
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			t.Errorf("%q becomes %q", address, link)
		}
		for _, r := range link {
			if r <= ' ' || r > '~' {
				t.Errorf("%q holds %q", link, r)
			}
		}
	})
}
