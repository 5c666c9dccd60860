package ui

import (
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/state"
)

// familiar says whether a trouble has been seen and left before.
type familiar uint8

const (
	unfamiliar familiar = iota
	wasKnown            // its object was known for another cause, or is back
	isKnown
)

// knows looks a cause up among the known troubles.
func (m *memory) knows(c *model.Cause) (familiar, string) {
	if c == nil || len(m.known) == 0 {
		return unfamiliar, ""
	}
	k, ok := m.known[c.Ref()]
	switch {
	case !ok:
		return unfamiliar, ""
	case k.Over || k.Reason != c.Reason || k.Message != state.Steady(c.Message):
		return wasKnown, k.Note
	}
	return isKnown, k.Note
}

// trouble is a cause that can be marked as known, and what to call it.
type trouble struct {
	cause *model.Cause
	who   string
}

// troubled pages say which troubles are meant by m: those of the marked rows,
// else of the one under the cursor.
type troubled interface {
	troubles() []trouble
}

// knownKey marks troubles as known, with a note, or takes that back when all of
// them are known already.
func (a *App) knownKey() tea.Cmd {
	list := a.troubles()
	if len(list) == 0 {
		a.notice = "nothing here to mark as known: it is for what is broken"
		return nil
	}
	if a.memory.contents == nil {
		a.notice = "what is known is still being read"
		return nil
	}
	all, note := true, ""
	for _, t := range list {
		f, said := a.memory.knows(t.cause)
		all = all && f == isKnown
		if note == "" {
			note = said
		}
	}
	if all {
		a.notice = "no longer known: it stands with what is new"
		return a.setKnown(list, "", false)
	}
	a.askNote(list, note)
	return nil
}

// troubles are those of the page, if it tells; else that of what its cursor
// stands on.
func (a *App) troubles() []trouble {
	if p, ok := a.page().(troubled); ok {
		return p.troubles()
	}
	at := a.page().subject().spot
	if at.key != (model.Key{}) {
		v := a.store.Verdict(at.key)
		switch {
		case !v.Health.Unhealthy():
			return nil
		case v.Cause == nil:
			v.Cause = &model.Cause{Kind: at.key.Kind.String(), Namespace: at.key.Namespace, Name: at.key.Name, Reason: v.Reason, Message: v.Message}
		}
		return []trouble{{v.Cause, at.key.Kind.String() + " " + at.key.Name}}
	}
	if t := a.store.Tenant(at.tenant); at.tenant != "" && t != nil && t.Health.Unhealthy() && t.Cause != nil {
		return []trouble{{t.Cause, t.Name}}
	}
	return nil
}

// askNote asks for a line to remember the trouble by.
func (a *App) askNote(list []trouble, note string) {
	what := "the trouble of " + list[0].who
	if len(list) > 1 {
		what = fmt.Sprintf("%d troubles", len(list))
	}
	line := &editLine{}
	line.insert(note)
	m := &menu{title: "known: " + what, prompt: "note: ", line: line, wide: 60, foot: 2}
	m.items = []item{{text: "sink it below new trouble until its cause changes", take: func() tea.Cmd {
		a.notice = "known until its cause changes; it is still counted"
		return a.setKnown(list, line.String(), true)
	}}}
	m.about = func(item) []section {
		why := causeSaid(list[0].cause)
		return []section{{label: "WHY", text: list[0].cause.Ref().String() + ": " + sentence(why)}}
	}
	a.show(m)
}

// setKnown changes which troubles are known.
func (a *App) setKnown(list []trouble, note string, known bool) tea.Cmd {
	m := a.memory
	for _, t := range list {
		c := t.cause
		m.edit.change(state.Known{Kind: c.Kind, Namespace: c.Namespace, Name: c.Name, Reason: c.Reason,
			Message: state.Steady(c.Message), Note: note, At: a.local.Unix()}, known)
		delete(m.missing, c.Ref())
	}
	m.adopt(m.contents)
	if m.folder == nil && known {
		a.notice = "known until its cause changes or you quit: nothing is kept on this machine"
	}
	a.page().derive(false)
	return a.write()
}

// troubles are those of the marked rows, else of the row under the cursor.
func (s *tenants) troubles() []trouble {
	var out []trouble
	add := func(r *tenantRow) {
		if t := r.worst(); r.rank >= unhealthyRank && t.Cause != nil {
			out = append(out, trouble{t.Cause, s.called(r)})
		}
		for _, m := range r.members { // sources of one host are many causes
			if c := m.Cause; c != nil && !slices.ContainsFunc(out, func(t trouble) bool { return t.cause.Ref() == c.Ref() }) {
				out = append(out, trouble{c, s.called(r)})
			}
		}
	}
	for _, id := range s.table.Marked() {
		if r := s.known[id]; r != nil {
			add(r)
		}
	}
	if r, ok := s.table.Current(); ok && len(out) == 0 && r.id.kind != rowDenied {
		add(r)
	}
	return out
}

// remembered is what stands in front of the cause of a trouble that is or was
// known.
func (r *tenantRow) remembered() string {
	words := ""
	switch r.familiar {
	case unfamiliar:
		return ""
	case wasKnown:
		words = "was known: "
	case isKnown:
		words = "known: "
	}
	if r.note != "" {
		words += r.note + "; "
	}
	return words
}

// rememberedSentence says the same in the pane.
func (s *tenants) rememberedSentence(r *tenantRow) string {
	words := ""
	switch r.familiar {
	case unfamiliar:
		return ""
	case wasKnown:
		words = " It was known for another cause, or was gone meanwhile"
	case isKnown:
		words = " It is known"
	}
	if c := r.worst().Cause; c != nil {
		if k, ok := s.memory.known[c.Ref()]; ok {
			words += " since " + sinceWhen(time.Unix(k.At, 0), s.local)
		}
	}
	if r.note != "" {
		words += ": " + r.note
	}
	return words + "."
}

// called is what a row is called in a sentence.
func (s *tenants) called(r *tenantRow) string {
	switch {
	case r.id.kind == rowCause:
		return fmt.Sprintf("%d tenants", len(r.members))
	case r.tenant.IsPlatform:
		return "the platform"
	}
	return r.tenant.Name
}
