package model

import "testing"

// What waits for a commit says of a tenant what its line says.
func TestWaitingSaysTheWordOfTheLine(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	w := NewWaiting(WaitFor{Revision: digits(1)})
	r := w.Step(h.Store)
	for _, open := range r.Open {
		if open == "prod: not fetched yet" {
			if word := h.chain().Commits[0].Lines[0].Word(); "prod: "+word != open {
				t.Errorf("the line says %q", word)
			}
			return
		}
	}
	t.Errorf("open are %q", r.Open)
}
