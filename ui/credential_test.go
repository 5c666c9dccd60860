package ui

import (
	"context"
	"errors"
	"slices"
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

func (r *fakeRemote) ReadFile(string) ([]byte, error) {
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

// replaceDesk saves a new key over the one in prod's Secret, with the answers
// given.
func replaceDesk(t *testing.T, o Options, answer func(model.Write) (*model.Written, error), c *uitest.Cluster) *desk {
	t.Helper()
	o.Remote = &fakeRemote{added: map[string]bool{hostLine: true}}
	d := newDesk(t, 120, 40, o, c)
	d.session.SetSecret("prod", "deploy-key", func() *credential.Stored {
		return &credential.Stored{UID: "u1", Version: "41", Type: "Opaque", Keys: []string{"identity", "identity.pub", "known_hosts"},
			Values: map[string][]byte{"identity": []byte("OLD"), "identity.pub": []byte(otherLine), "known_hosts": []byte("github.com " + hostLine)}}
	})
	d.session.OnWrite(answer)
	openOn(d, "prod")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.dirty = true
	d.View()
	d.pressButtonNamed("Save")
	d.run(d.tend())
	return d
}

const otherLine = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQJ5Qm0e5Y2mqfH0d6o0c6s3gqUu9F8Gk0JYw2vN3jG"

func loseSecret(w model.Write) (*model.Written, error) {
	if w.Ref.Kind == model.Secret.String() {
		return nil, &model.WriteError{Reason: model.WriteNoAnswer, Text: "no answer; it may have been written all the same"}
	}
	return &model.Written{UID: w.UID}, nil
}

// The answer to the Secret's write was lost: a source that fetches well may do
// so with the old key, which has to stay. The log has it on its way.
func TestALostSecretWriteKeepsTheOldKey(t *testing.T) {
	j := &memoryJournal{}
	d := replaceDesk(t, Options{Journal: j}, loseSecret, credentialCluster("ssh://git@github.com/acme/app"))
	o := *d.store.Get(model.Key{Kind: model.GitRepository, Namespace: "prod", Name: "app"})
	detail := *o.Detail.(*model.Source)
	detail.LastHandled = d.deeds[0].plan.Wish.Stamp
	o.Detail = &detail
	d.put(&o)
	d.View()
	if s := d.screen(); strings.Contains(s, "may be taken away") || strings.Contains(s, "the sources fetch with it") || !strings.Contains(s, "not known whether the Secret was written: the old key has to stay") {
		t.Error(s)
	}
	d.press("esc")
	d.wants("the old key has to stay")
	if n := slices.Index(j.lines, "sending no answer; it may have been written all the same"); n < 0 || !strings.HasPrefix(j.lines[len(j.lines)-1], "end not known") {
		t.Errorf("the log: %q", j.lines)
	}
}

// The only source is suspended: nothing has fetched, and that is said.
func TestASuspendedSourceKeepsTheOldKey(t *testing.T) {
	c := credentialCluster("ssh://git@github.com/acme/app")
	for _, ch := range c.Changes {
		if ch.Object.Kind == model.GitRepository && ch.Object.Namespace == "prod" {
			ch.Object.Detail.(*model.Source).Suspend = true
		}
	}
	d := replaceDesk(t, Options{}, func(w model.Write) (*model.Written, error) { return &model.Written{UID: w.UID}, nil }, c)
	d.dirty = true
	if s := d.screen(); strings.Contains(s, "may be taken away") || !strings.Contains(s, "no source fetches with it yet: the old key has to stay") {
		t.Error(s)
	}
}

// What can't be written down is not sent, and the key does not stay in memory.
func TestAKeyThatWasNotSentIsCleared(t *testing.T) {
	d := replaceDesk(t, Options{Journal: &memoryJournal{fail: errors.New("disk full")}}, loseSecret, credentialCluster("ssh://git@github.com/acme/app"))
	if body := d.deeds[0].plan.Steps[0].Write.Body; len(d.session.Writes()) > 0 || len(body) == 0 || strings.Trim(string(body), "\x00") != "" {
		t.Errorf("%d writes, body %.40q", len(d.session.Writes()), body)
	}
}

// What could not be written stays in the form, with the reason; who owns the
// Secret is named before anything is sent.
func TestRefusedCredential(t *testing.T) {
	d, _ := credentialDesk(t, 100, 40, "https://git.acme.io/app")
	openOn(d, "stage")
	for label, text := range map[string]string{"USER": "git", "PASSWORD": "KANARIE"} {
		d.field(label).line.insert(strings.Clone(text))
	}
	d.session.OnWrite(func(w model.Write) (*model.Written, error) {
		return nil, &model.WriteError{Reason: model.WriteForbidden, Text: "ann may not create secrets"}
	})
	d.calm()
	d.dirty = true
	d.View()
	d.pressButtonNamed("Save untested")
	d.View()
	if s := d.screen(); !strings.Contains(s, "ann may not create secrets") || strings.Contains(s, "KANARIE") || d.field("USER").line.String() != "git" || len(d.field("PASSWORD").line.runes) != 7 {
		t.Errorf("what was typed is lost, or shown:\n%s", s)
	}
	d.session.SetSecret("stage", "deploy-key", func() *credential.Stored {
		return &credential.Stored{UID: "u", Owner: "ExternalSecret deploy-key", Values: map[string][]byte{"password": []byte("x")}}
	})
	before := len(d.session.Writes())
	d.pressButtonNamed("Save untested")
	d.View()
	if s := d.screen(); !strings.Contains(s, "ExternalSecret deploy-key writes this Secret") || len(d.session.Writes()) != before {
		t.Errorf("%d writes\n%s", len(d.session.Writes())-before, s)
	}
}

// A password is asked about only when the person says so, never while it is
// typed; what is wrong stands at its field.
func TestPasswordIsTriedWhenAsked(t *testing.T) {
	d, r := credentialDesk(t, 100, 40, "https://git.acme.io/app")
	openOn(d, "stage")
	d.pressButtonNamed("Try")
	d.View()
	if s := d.screen(); r.tries != 0 || !strings.Contains(s, "a user name is needed") || !strings.Contains(s, "a password is needed") {
		t.Errorf("%d tries\n%s", r.tries, s)
	}
	d.field("USER").line.insert("git")
	secret := strings.Clone("KANARIE\n")
	d.dialog.at, d.dialog.drawn = 2, true
	for i, at := range d.dialog.focusables() {
		if d.dialog.parts[at].masked {
			d.dialog.at = i
		}
	}
	d.dialog.paste(secret)
	if strings.Contains(secret, "KANARIE") {
		t.Error("the pasted text is still there")
	}
	d.calm()
	if r.tries != 0 {
		t.Error("it was tried while it was typed")
	}
	d.pressButtonNamed("Try")
	d.View()
	if r.tries != 1 || r.seen[0] != "KANARIE" || strings.Contains(string(r.sent[0]), "KANARIE") {
		t.Errorf("%d tries, %q", r.tries, r.seen)
	}
	if s := d.screen(); !strings.Contains(s, "4 refs visible") || strings.Contains(s, "KANARIE") {
		t.Error(s)
	}
	// Leaving keeps all but what is secret.
	line := d.field("PASSWORD").line
	d.press("esc")
	for _, c := range line.runes[:cap(line.runes)] {
		if c != 0 {
			t.Fatal("the password is still in memory")
		}
	}
	openOn(d, "stage")
	if d.field("USER").line.String() != "git" || len(d.field("PASSWORD").line.runes) != 0 {
		t.Errorf("not kept, or kept too much:\n%s", d.screen())
	}
}

// A Secret that turns out to be missing while the form is open is restored, and
// not said to be replaced.
func TestMissingIsLearnedWhileTheFormIsOpen(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "prod")
	if s := d.screen(); !strings.Contains(s, "Replace git credential: Secret prod/deploy-key") || !strings.Contains(s, "all other keys stay") {
		t.Fatal(s)
	}
	o := uitest.Git("prod", "app", "ssh://git@github.com/acme/app", uitest.Rev1,
		uitest.Failing("AuthenticationFailed", `failed to get secret 'prod/deploy-key': secrets "deploy-key" not found`, time.Minute))
	o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "deploy-key"}}
	d.put(o)
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "Restore git credential: Secret prod/deploy-key") || strings.Contains(s, "all other keys stay") {
		t.Error(s)
	}
}

// What was accepted of a host is asked about anew when the host shows another
// key by now, and only then.
func TestAnAcceptedHostIsAskedAgain(t *testing.T) {
	d, r := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "stage")
	*d.field("HOST KEY").tick = true
	d.calm()
	d.press("esc")
	openOn(d, "stage")
	if !*d.field("HOST KEY").tick {
		t.Error("the same key has to be accepted twice")
	}
	d.press("esc")
	r.host = otherLine
	openOn(d, "stage")
	shown, _ := credential.ParseKnownHosts("github.com " + r.host)
	if p := d.field("HOST KEY"); *p.tick || !strings.Contains(p.text, shown[0].Fingerprint()) {
		t.Errorf("accepted %v: %s", *p.tick, p.text)
	}
}

// A wrong passphrase is taken back, and the right one typed in its place: the
// field stays under the hands.
func TestWrongPassphraseIsTakenBack(t *testing.T) {
	d, _ := credentialDesk(t, 120, 40, "ssh://git@github.com/acme/app")
	openOn(d, "stage")
	from := d.field("FROM")
	*from.chosen = slices.Index(from.choices, wayWords[wayKeyFile])
	d.calm()
	d.field("KEY FILE").line.insert("~/key")
	into := func(text string) {
		t.Helper()
		for i, at := range d.dialog.focusables() {
			if d.dialog.parts[at].label == "PASSPHRASE" {
				d.dialog.at = i
			}
		}
		for _, k := range strings.Split(text, "") {
			d.press(k)
			d.calm()
		}
	}
	d.calm()
	into("wrong")
	d.press("tab")
	d.calm()
	d.dirty = true
	d.View()
	if s := d.screen(); !strings.Contains(s, "this passphrase does not open the key") {
		t.Fatal(s)
	}
	into("")
	d.press("ctrl+e", "ctrl+u")
	for _, k := range []string{"s", "e", "space", "a"} {
		d.press(k)
		d.calm()
	}
	if got := len(d.field("PASSPHRASE").line.runes); got != 4 || *d.field("HOST KEY").tick {
		t.Errorf("%d letters are in the field; host key accepted: %v\n%s", got, *d.field("HOST KEY").tick, d.screen())
	}
}

// Printing is encrypted; in clear only for who asks twice.
func TestPrintCredential(t *testing.T) {
	d, _ := credentialDesk(t, 100, 40, "https://git.acme.io/app")
	openOn(d, "stage")
	d.field("USER").line.insert("git")
	d.field("PASSWORD").line.insert(strings.Clone("KANARIE"))
	d.press("ctrl+y")
	if s := d.screen(); !strings.Contains(s, "password: # 7 bytes, not shown") || strings.Contains(s, "KANARIE") {
		t.Error(s)
	}
	d.press("ctrl+y", "ctrl+o")
	d.pressButtonNamed("Encrypt and copy")
	d.View()
	if s := d.screen(); !strings.Contains(s, "name an age recipient") {
		t.Error(s)
	}
	d.field("AGE").line.insert("age1abc")
	d.pressButtonNamed("Encrypt and copy")
	d.View()
	if s := d.screen(); !strings.Contains(s, "ENC[age1abc]") {
		t.Error(s)
	}
	d.pressButtonNamed("In clear")
	d.View()
	if s := d.screen(); !strings.Contains(s, "[ Back ]") || strings.Contains(s, "S0FOQVJJRQ") {
		t.Error(s)
	}
	d.pressButtonNamed("Show it")
	d.View()
	if s := d.screen(); !strings.Contains(s, "S0FOQVJJRQ") {
		t.Error(s)
	}
	d.press("esc", "esc")
	d.dirty = true
	if d.dialog == nil || d.field("USER").line.String() != "git" {
		t.Errorf("not back at the form:\n%s", d.screen())
	}
}

// A host has keys of several types: one that changed is told beside one that
// can't be compared.
func TestChangedHostOfSeveralTypes(t *testing.T) {
	const ed1 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
	const ed2 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBQJ5Qm0e5Y2mqfH0d6o0c6s3gqUu9F8Gk0JYw2vN3jG"
	const ec = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg="
	old := []byte("git.acme.io " + ed1 + "\n")
	one := &credential.Draft{Method: credential.SSH, URL: "ssh://git@git.acme.io/a/b", Hosts: []byte("git.acme.io " + ed2 + "\n")}
	if changedHost(old, one) == "" {
		t.Fatal("not even for one type")
	}
	two := &credential.Draft{Method: credential.SSH, URL: "ssh://git@git.acme.io/a/b", Hosts: []byte("git.acme.io " + ed2 + "\ngit.acme.io " + ec + "\n")}
	if changedHost(old, two) == "" {
		t.Error("the ed25519 key changed, and beside it stands one of another type: no warning")
	}
	if changedHost([]byte("git.acme.io "+ed1+"\ngit.acme.io "+ec+"\n"), one) == "" {
		t.Error("the ed25519 key changed, and the Secret has one of another type: no warning")
	}
	if was := changedHost([]byte("git.acme.io "+ed1+"\ngit.acme.io "+ec+"\n"), two); was != "" {
		t.Errorf("the ecdsa key is the same: %s", was)
	}
}
