package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/journal"
	"tenantry/ui/text"
)

// unseenLine tells of what an earlier dashboard had sent in full when it was
// killed: nothing is left to do, but nobody saw how it ended. What the cluster
// shows of it now is said instead. It stands where the last action stands, until
// there is one.
func (a *App) unseenLine() string {
	u := &a.unseen
	if len(u.records) == 0 {
		return ""
	}
	if at := a.store.Revision(); u.line == "" || u.at != at { // it is asked for at every draw
		u.line, u.at = a.tellUnseen(), at
	}
	return u.line
}

// unseen are those actions, the newest last.
type unseen struct {
	records []journal.Record
	line    string // as it was at that revision of the store
	at      uint64
}

func (a *App) tellUnseen() string {
	all := a.unseen.records
	r := all[len(all)-1]
	how := "sent, outcome not seen; now: " + a.nowOf(r)
	if len(r.Steps) == 0 { // a program
		how = "started, outcome not seen"
	}
	line := fmt.Sprintf("%s %s %s %s %s %s", a.glyphs.Of(model.Unknown).Shape, r.Verb, r.Subject, text.Clock(r.At.In(a.now.Location()), a.now), a.kit.Glyph.Into, how)
	if n := len(all) - 1; n > 0 {
		line += fmt.Sprintf("; and %d earlier", n)
	}
	return line
}

// nowOf counts what the objects of a record are by now.
func (a *App) nowOf(r journal.Record) string {
	n := map[model.Health]int{}
	gone, hidden := 0, 0
	for _, s := range r.Steps {
		k, known := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}.Key()
		o := a.store.Get(k)
		switch {
		case !known || !a.store.Readable(k):
			hidden++
		case o == nil || s.UID != "" && o.UID != s.UID:
			gone++
		default:
			if h := a.store.Verdict(k).Health; h != model.NotApplicable {
				n[h]++
			}
		}
	}
	var out []string
	add := func(n int, word string) {
		switch {
		case n == 0:
		case len(r.Steps) == 1:
			out = append(out, word)
		default:
			out = append(out, fmt.Sprintf("%d %s", n, word))
		}
	}
	for _, h := range model.Healths() {
		add(n[h], h.String())
	}
	if r.Verb == action.OffBoard.String() {
		add(gone, "gone, as they should be")
	} else {
		add(gone, "not there")
	}
	add(hidden, "not to be seen")
	if len(out) == 0 {
		return "all there"
	}
	return strings.Join(out, ", ")
}
