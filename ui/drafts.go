package ui

import (
	"bytes"
	"encoding/json"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/redact"
	"tenantry/themes"
	"tenantry/ui/state"
	"tenantry/ui/text"
)

// What is being typed and was not sent is kept with what is remembered of the
// cluster, without anything secret: a kill costs a second of it.

// draft is the form of a dialog, as it is kept.
type draft struct {
	form  string     // which
	typed func() any // what is typed; nil while that is nothing of its own
}

// drafting is the form that is open.
type drafting struct {
	of *dialog
	at time.Time // when it was looked at last, by this machine's clock
}

// keepDraft notes what of an open form has changed, and of one that was left.
func (a *App) keepDraft() tea.Cmd {
	k, d := &a.drafting, a.dialog
	if k.of != nil && k.of != d {
		a.noteDraft(k.of.draft)
		k.of = nil
	}
	if d != nil && d.draft != nil && (k.of == nil || a.local.Sub(k.at) >= keepEvery) {
		k.of, k.at = d, a.local
		a.noteDraft(d.draft)
	}
	return a.write()
}

func (a *App) noteDraft(d *draft) {
	typed := []byte(nil)
	if v := d.typed(); v != nil {
		typed = redact.Kept(v)
	}
	a.putDraft(d.form, typed)
}

// putDraft keeps what is typed into a form; nil takes it away.
func (a *App) putDraft(form string, typed []byte) {
	m := a.memory
	was := a.draftOf(form)
	if was == nil && typed == nil || was != nil && bytes.Equal(was.Typed, typed) {
		return
	}
	d := state.Draft{Form: form, At: a.local.Unix(), Typed: typed}
	if m.drafts == nil {
		m.drafts = map[string]state.Draft{}
	}
	m.drafts[form] = d
	m.edit.drafts = append(m.edit.drafts, d)
	if uid := a.clusterUID(); uid != "" {
		m.edit.uid = uid // what is kept is this cluster's
	}
}

// draftOf is what is kept of a form, nil for nothing.
func (a *App) draftOf(form string) *state.Draft {
	m := a.memory
	if d, ok := m.drafts[form]; ok { // of this run
		if d.Typed == nil {
			return nil
		}
		return &d
	}
	now := a.clusterUID()
	if c := m.contents; c != nil && (c.UID == "" || now == "" || c.UID == now) {
		return c.Draft(form)
	}
	return nil
}

// draftAs is what is kept of a form; false for nothing.
func draftAs[T any](a *App, form string) (typed T, at int64, ok bool) {
	d := a.draftOf(form)
	if d == nil || json.Unmarshal(d.Typed, &typed) != nil {
		var none T
		return none, 0, false
	}
	return typed, d.At, true
}

// again is what a form begins with that was typed before this run.
type again struct{ at int64 }

// part says so, and what of it is missing; none is shown for a form that begins
// as usual.
func (g again) part(a *App, missing string) []part {
	if g.at == 0 {
		return nil
	}
	words, role := "with what was typed at "+text.Clock(time.Unix(g.at, 0).In(a.local.Location()), a.local)+", before tenantry ended", themes.Muted
	if missing != "" {
		words, role = words+"; "+typeAgain(missing), themes.Caution
	}
	return []part{{label: "BEGINS", gap: true, role: role, text: words}}
}
