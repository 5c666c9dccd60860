package ui

import (
	"path/filepath"
	"testing"

	"tenantry/model"
	"tenantry/ui/state"
	"tenantry/ui/uitest"
)

// A Secret that was refused is not there: no sync begins with it, but with what
// was made before it.
func TestSetupHandsOnNoSecretThatWasRefused(t *testing.T) {
	o := remoteOptions()
	o.State = filepath.Join(t.TempDir(), "state")
	d := newDesk(t, 120, 40, o, uitest.Unsynced())
	f := withInstance(d, nil)
	save := func(url string, err error) {
		d.session.OnWrite(func(model.Write) (*model.Written, error) { return &model.Written{}, err })
		f.act("w", "enter")
		f.retype("URL", url)
		f.retype("USER", "git")
		f.toField("PASSWORD", "hunter2hunter2")
		f.push("Save untested")
		f.act("esc", "esc")
	}
	refused := &model.WriteError{Reason: model.WriteForbidden, Text: "no"}
	for _, c := range []struct {
		url  string
		err  error
		want state.Setup
	}{
		{"https://git.acme.io/first", refused, state.Setup{}},
		{"https://git.acme.io/second", nil, state.Setup{URL: "https://git.acme.io/second", Secret: "flux-system"}},
		{"https://git.acme.io/third", refused, state.Setup{URL: "https://git.acme.io/second", Secret: "flux-system"}},
	} {
		save(c.url, c.err)
		if made := d.madeFor(); made != c.want {
			t.Fatalf("%s: %+v\n%s", c.url, made, d.screen())
		}
		if made := newDesk(t, 120, 40, o, uitest.Unsynced()).madeFor(); made != c.want {
			t.Fatalf("%s: the next dashboard knows %+v", c.url, made)
		}
	}
}
