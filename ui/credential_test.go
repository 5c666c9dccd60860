package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/ui/uitest"
)

// fakeRemote is a Git host that lets a key in once it was added.
type fakeRemote struct {
	mu    sync.Mutex
	added map[string]bool
	tries int
	seen  []string // passwords it was tried with
	host  string   // the key the host shows; "" = hostLine
	sent  [][]byte // the very slices it was handed, for what is left in them
	hosts []string // known_hosts it was tried with
	files map[string]string
}

const hostLine = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"

func (r *fakeRemote) NewKey(_ context.Context, algorithm string) (*credential.Pair, error) {
	return &credential.Pair{Private: []byte("KANARIE " + algorithm), Public: hostLine, Type: algorithm}, nil
}

func (r *fakeRemote) ReadKey(path string, passphrase []byte) (*credential.Pair, error) {
	if path != "~/key" {
		return nil, errors.New("no such file or directory")
	}
	if string(passphrase) == "wrong" {
		return nil, errors.New("this passphrase does not open the key")
	}
	return &credential.Pair{Private: []byte("KANARIE file"), Public: hostLine, Type: "ssh-ed25519", Locked: true}, nil
}

func (r *fakeRemote) ReadFile(path string) ([]byte, error) {
	if text, ok := r.files[path]; ok {
		return []byte(text), nil
	}
	return nil, errors.New("no such file or directory")
}

func (r *fakeRemote) HostKeys(context.Context, string) ([]credential.HostKey, error) {
	line := hostLine
	if r.host != "" {
		line = r.host
	}
	keys, _ := credential.ParseKnownHosts("github.com " + line)
	return keys, nil
}

func (r *fakeRemote) Try(_ context.Context, d *credential.Draft) (*credential.Answer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries++
	r.hosts = append(r.hosts, string(d.Hosts))
	r.seen, r.sent = append(r.seen, string(d.Password)), append(r.sent, d.Password)
	if d.Pair != nil && !r.added[d.Pair.Public] {
		return nil, &credential.TryError{Kind: credential.TryRefused, Text: "github.com does not let this key in"}
	}
	return &credential.Answer{Refs: 4, Head: "refs/heads/main"}, nil
}

func (r *fakeRemote) Seal(_ context.Context, manifest []byte, to []string) ([]byte, error) {
	if len(to) == 0 {
		return nil, errors.New("name an age recipient")
	}
	return []byte("data: ENC[" + to[0] + "]\n"), nil
}

// credentialCluster has two tenants whose sources and Secrets are called alike;
// in one of them the Secret is gone.
func credentialCluster(url string) *uitest.Cluster {
	source := func(ns string, c ...model.Condition) *model.Object {
		o := uitest.Git(ns, "app", url, uitest.Rev1, c...)
		o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "deploy-key"}}
		return o
	}
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync()
	for _, ns := range []string{"prod", "stage"} {
		c.Put(uitest.Namespace(ns, ns)).Put(uitest.Access(ns)...).Put(uitest.Sync(ns, "app", "./deploy", uitest.Rev1))
	}
	return c.Put(source("prod"), source("stage", uitest.Failing("AuthenticationFailed",
		`failed to get secret 'stage/deploy-key': secrets "deploy-key" not found`, 9*time.Minute)))
}

func credentialDesk(t *testing.T, w, h int, url string) (*desk, *fakeRemote) {
	t.Helper()
	r := &fakeRemote{added: map[string]bool{}}
	return newDesk(t, w, h, Options{Remote: r}, credentialCluster(url)), r
}

// openOn presses K on a tenant and runs all that comes of it.
func openOn(d *desk, tenant string) {
	d.Helper()
	d.aimAt(tenant)
	d.run(d.credentialKey())
	if d.dialog == nil {
		d.Fatalf("no dialog: %q\n%s", d.notice, d.screen())
	}
	d.calm()
}

// calm runs what the dialog asks for until it asks for nothing more.
func (d *desk) calm() {
	for range 10 {
		if d.dialog == nil || d.dialog.live == nil {
			return
		}
		cmd := d.dialog.live(d.dialog)
		if cmd == nil {
			return
		}
		d.run(cmd)
	}
}

func (d *desk) pressButtonNamed(word string) {
	d.Helper()
	for i, b := range d.dialog.buttons {
		if b.word == word {
			d.dialog.at = len(d.dialog.focusables()) + i
			d.run(d.pressButton())
			d.calm()
			d.dirty = true
			return
		}
	}
	d.Fatalf("no button %q:\n%s", word, d.screen())
}

// form is the form that is open.
func (d *desk) field(label string) *part {
	d.Helper()
	for i := range d.dialog.parts {
		if d.dialog.parts[i].label == label {
			return &d.dialog.parts[i]
		}
	}
	d.Fatalf("no field %q:\n%s", label, d.screen())
	return nil
}

// From a wiped Secret to the request to fetch, in one dialog: the key is shown,
// waited for, written and wiped, in the one namespace that was meant.
func TestRestoreCredential(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "stage")
	if s := d.screen(); !strings.Contains(s, "Restore git credential: Secret stage/deploy-key on prod-eu") || !strings.Contains(s, "github.com publishes") ||
		!strings.Contains(s, "asked once the host's key is accepted") || r.tries != 0 {
		t.Fatalf("%d tries\n%s", r.tries, s)
	}
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "waiting for access: github.com does not") || r.tries != 1 {
		t.Fatalf("%d tries\n%s", r.tries, s)
	}
	r.added[hostLine] = true
	d.pass(4 * time.Second)
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "4 refs visible from here, HEAD is main") {
		t.Fatal(s)
	}
	pair := d.dialog
	d.pressButtonNamed("Save")
	writes := d.session.Writes()
	if len(writes) != 1 && len(writes) != 2 || writes[0].Op != model.WriteCreate || writes[0].Ref.Namespace != "stage" || !strings.Contains(string(writes[0].Body), "identity.pub") {
		t.Fatalf("%d writes: %+v", len(writes), writes)
	}
	d.run(d.tend())
	if writes = d.session.Writes(); len(writes) != 2 || writes[1].Ref.Kind != "GitRepository" || writes[1].Ref.Namespace != "stage" {
		t.Fatalf("%+v", writes)
	}
	if d.dialog != pair {
		t.Error("the dialog went away")
	}
	if s := d.screen(); !strings.Contains(s, "Secret deploy-key written") {
		t.Error(s)
	}
}

// A Secret that is there is replaced bound to what was seen of it; only once the
// source has fetched does it say that the old key may go.
func TestReplaceCredential(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	r.added[hostLine] = true
	var values map[string][]byte
	d.session.SetSecret("prod", "deploy-key", func() *credential.Stored {
		values = map[string][]byte{"identity": []byte("OLDKANARIE"), "identity.pub": []byte(otherLine), "known_hosts": []byte("github.com " + hostLine)}
		return &credential.Stored{UID: "u1", Version: "41", Type: "Opaque", Keys: []string{"identity", "identity.pub", "known_hosts"}, Values: values}
	})
	openOn(d, "prod")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.View()
	d.pressButtonNamed("Save")
	w := d.session.Writes()
	if len(w) == 0 || w[0].Op != model.WriteMerge || w[0].UID != "u1" || w[0].Version != "41" || w[0].Ref.Namespace != "prod" {
		t.Fatalf("%+v", w)
	}
	if strings.Contains(string(values["identity"]), "KANARIE") {
		t.Error("what was read is still there")
	}
	d.run(d.tend())
	if s := d.screen(); strings.Contains(s, "may be taken away") {
		t.Errorf("too early:\n%s", s)
	}
	plan := d.deeds[len(d.deeds)-1].plan
	o := *d.store.Get(model.Key{Kind: model.GitRepository, Namespace: "prod", Name: "app"})
	detail := *o.Detail.(*model.Source)
	detail.LastHandled = plan.Wish.Stamp
	o.Detail = &detail
	d.put(&o)
	d.View()
	if s := d.screen(); !strings.Contains(s, "the old deploy key SHA256:") {
		t.Error(s)
	}
}
