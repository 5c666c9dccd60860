package fluxsync_test

import (
	"strings"
	"testing"

	"tenantry/model/fluxsync"
	"tenantry/model/redact"
)

// What was not kept is no value of any field, and a login behind the host is
// none of a URL.
func TestWhatIsMissingIsRefused(t *testing.T) {
	s := fluxsync.Spec{Kind: "GitRepository", URL: "https://git.acme.io/fleet", Ref: "refs/heads/main", Path: "./"}
	for _, f := range []fluxsync.Field{fluxsync.URL, fluxsync.Ref, fluxsync.Path, fluxsync.PullSecret, fluxsync.Interval, fluxsync.Name} {
		if p := fluxsync.Check(f, s.Set(f, s.Get(f)+redact.Mark), fluxsync.Around{}); !strings.Contains(p.Text, "type it again") {
			t.Errorf("field %d: %+v", f, p)
		}
	}
	if p := fluxsync.Check(fluxsync.URL, s.Set(fluxsync.URL, "https://user:1234/5secret@host/x"), fluxsync.Around{}); p.Text == "" {
		t.Error("a login is taken")
	}
}
