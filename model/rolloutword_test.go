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

// What is usual is made of the lines whose way is known to its end.
func TestUsualIsOfWholeWays(t *testing.T) {
	at := func(n Unix) Moment { return Moment{At: 1000 + n, By: ProofHistory} }
	u := usualOf([]Commit{{Fetched: at(0), Lines: []Line{{Fetched: at(0), Applied: at(2), LiveAt: at(9)}, {Fetched: at(1), Applied: at(3 * 86400)},
		{Fetched: at(1), Applied: at(3 * 86400), LiveAt: Moment{At: 1000 + 3*86400, By: ProofHistory, Reconstructed: true}}}}})
	if u.Commits != 1 || u.Fetched != 0 || u.Applied != 2 || u.Live != 9 {
		t.Errorf("%+v", u)
	}
}
