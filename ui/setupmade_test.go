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

// A cluster that was set up anew under the same address is another one: what was
// typed for the one before is not offered for it.
func TestWhatWasTypedBelongsToItsCluster(t *testing.T) {
	d := newDesk(t, 120, 40, remoteOptions(), uitest.Unsynced())
	kubeSystem := func(uid string) {
		o := uitest.Namespace("kube-system", "")
		o.UID = uid
		d.put(o)
	}
	kubeSystem("first")
	f := withInstance(d, nil)
	f.act("w", "enter")
	f.toField("URL", "https://git.acme.io/fleet")
	f.toField("USER", "git")
	f.toField("PASSWORD", "hunter2hunter2")
	f.push("Save untested")
	f.act("esc")
	openNew(d)
	d.types("URL", "https://git.acme.io/old")
	d.press("esc")
	if d.madeFor().URL == "" || len(d.kept) == 0 {
		t.Fatalf("nothing is kept: %+v", d.madeFor())
	}
	kubeSystem("second")
	if made, url := d.madeFor(), d.syncURL(); made.URL != "" || url != "" {
		t.Errorf("%+v, %q", made, url)
	}
	openNew(d)
	d.misses("git.acme.io")
	d.types("URL", "https://git.acme.io/new")
	d.wants("https://git.acme.io/new")
}
