package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// copyAgain is how soon c has to be pressed again to copy the next thing of
// the same row.
const copyAgain = 3 * time.Second

// copying remembers what c copied last.
type copying struct {
	what string // the row
	at   time.Time
	n    int // which of its texts
}

// copyable is one of the texts c copies in turn.
type copyable struct {
	word string
	text func() string // written only when it is its turn
}

// copy puts something of the row under the cursor on the clipboard, by way of
// the terminal: first its name, pressed again at once the next text.
func (a *App) copy() tea.Cmd {
	s := a.page().subject()
	all := a.copyables(s)
	if len(all) == 0 {
		return nil
	}
	row := s.spot.tenant + "\x00" + s.spot.key.String() + "\x00" + s.copy
	n := 0
	if a.copied.what == row && a.local.Sub(a.copied.at) < copyAgain {
		n = (a.copied.n + 1) % len(all)
	}
	a.copied = copying{row, a.local, n}
	a.notice = "copied " + all[n].word
	text := all[n].text()
	if first, _, more := strings.Cut(text, "\n"); !more {
		a.notice += ": " + first
	}
	if next := all[(n+1)%len(all)]; len(all) > 1 {
		a.notice += "   c again: " + next.word
	}
	return tea.SetClipboard(text)
}

// copyables are what can be copied of a row, in the order of the key; what it
// has not is left out.
func (a *App) copyables(s subject) []copyable {
	var out []copyable
	add := func(word, text string) {
		if text != "" {
			out = append(out, copyable{word, func() string { return text }})
		}
	}
	if strings.Contains(s.copy, "\n") {
		add("the Role to ask for", s.copy)
	} else {
		add("name", a.kit.Text(s.copy))
	}
	key := a.looked(s.spot)
	add("command", a.kit.Text(describe(key)))
	add("revision", a.kit.Text(a.revisionAt(key)))
	add("link", a.linkOf(key))
	add("explanation", a.explanation(s))
	if len(out) > 0 {
		out = append(out, copyable{"the whole page", a.pageText})
	}
	return out
}

// looked is the object a spot is about: its own, or the one that stands for
// its tenant.
func (a *App) looked(at spot) model.Key {
	if at.key != (model.Key{}) {
		return at.key
	}
	t := a.store.Tenant(at.tenant)
	if at.tenant == "" || t == nil {
		return model.Key{}
	}
	if key := a.target(t); key != (model.Key{}) {
		return key
	}
	return mainObject(t)
}

// explanation is what the pane says of a row, in a sentence or two.
func (a *App) explanation(s subject) string {
	if p, ok := a.page().(*whyPage); ok {
		return p.plain()
	}
	key := s.spot.key
	if o := a.store.Get(key); o != nil {
		f := a.factsOfObject(o)
		return a.kit.Text(a.objectSections(o, &f)[0].text)
	}
	if s.cause == "" {
		return ""
	}
	return a.kit.Text(s.name + ": " + sentence(s.cause))
}
