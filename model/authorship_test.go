package model

import (
	"strings"
	"testing"
)

func TestAuthorship(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	if c := h.chain(); c.Commits[0].Subject != "" || h.Authored(c.Revision) != (Authorship{}) {
		t.Fatalf("known already: %+v", c)
	}
	before := h.Revision()
	h.Author(digits(1), Authorship{Author: "Ana Ruiz", At: h.unix(), Subject: strings.Repeat("Paint everything. ", 9)})
	if h.Revision() == before {
		t.Error("nothing would be drawn anew")
	}
	c := h.chain()
	if got := h.Authored(c.Revision); got.Author != "Ana Ruiz" || !strings.HasPrefix(c.Commits[0].Subject, "Paint everything.") || len(c.Commits[0].Subject) > maxSubject {
		t.Errorf("%+v, %q", got, c.Commits[0].Subject)
	}
	if h.Authored(revision(0)) != (Authorship{}) {
		t.Error("another commit has that author")
	}
	for n := range maxAuthored + 10 {
		h.Author(revision(n), Authorship{Author: "x"})
	}
	if n := len(h.trails.authored.of); n > maxAuthored {
		t.Errorf("%d are kept", n)
	}
}
