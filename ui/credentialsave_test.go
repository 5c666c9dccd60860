package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/ui/uitest"
)

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
