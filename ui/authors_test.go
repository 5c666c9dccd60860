package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// Authors are read only where somebody asked for that, once for each commit a
// page shows, and not again and again where it fails.
func TestAuthorsAreReadOfWhatAPageShows(t *testing.T) {
	var asked []string
	fail := false
	read := func(_ context.Context, address, digest string) (model.Authorship, error) {
		asked = append(asked, address+" "+digest)
		if fail {
			return model.Authorship{}, errors.New("no")
		}
		return model.Authorship{Author: "Ana \x1b[31mRuiz", At: uitest.Ago(time.Hour), Subject: "Paint it lime"}, nil
	}
	open := func(o Options, tenant string) *desk {
		d := newDesk(t, 120, 40, o, uitest.Prod())
		d.press(":")
		d.typ(tenant)
		d.press("enter")
		if !strings.Contains(d.lines()[0], "▸ "+tenant) {
			t.Fatalf("no way to %s:\n%s", tenant, d.screen())
		}
		return d
	}
	d := open(Options{Authors: read}, "accounts")
	want := ""
	d.store.ObjectsIn("accounts", model.GitRepository, func(o *model.Object) bool {
		src := o.Detail.(*model.Source)
		want = src.URL + " " + model.RevisionSum(src.Revision)
		return true
	})
	for range 3 {
		d.pass(time.Second)
	}
	if fmt.Sprint(asked) != fmt.Sprint([]string{want}) {
		t.Errorf("asked %q, want %q once", asked, want)
	}
	revision := "main@sha1:" + want[strings.LastIndexByte(want, ' ')+1:]
	if got := d.byWords(revision); !strings.HasPrefix(got, ", by Ana ") || !strings.Contains(got, "written ") {
		t.Errorf("said: %q", got)
	}
	if d.store.Subject(revision) == "" {
		t.Error("the subject is not taken over")
	}
	asked, fail = nil, true
	d = open(Options{Authors: read}, "accounts")
	for range 30 {
		d.pass(time.Second)
	}
	if len(asked) != 1 || d.byWords(revision) != "" {
		t.Errorf("asked %d times, %q", len(asked), d.byWords(revision))
	}
	d.pass(authorAgain)
	if len(asked) != 2 {
		t.Errorf("asked %d times after a while", len(asked))
	}
	asked, fail = nil, false
	d = newDesk(t, 120, 40, Options{Authors: read}, uitest.Prod())
	d.press("2")
	for range 20 {
		d.pass(time.Second)
	}
	d.wants("Paint it lime, by Ana Ruiz")
	asked = nil
	open(Options{}, "accounts")
	if len(asked) != 0 {
		t.Errorf("nobody asked for it: %q", asked)
	}
}
