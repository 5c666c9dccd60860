package ui

import (
	"fmt"

	"tenantry/themes"
	"tenantry/ui/textview"
)

// typist is where letters go while something is typed into a page: a list's
// filter, a text's search.
type typist interface {
	// input is the line being typed, prompt what stands in front of it and
	// result what is said behind it.
	input() *editLine
	prompt() string
	result() string
	// changed takes every letter at once; take keeps what was typed and leave
	// drops it.
	changed()
	take()
	leave()
}

// searchable pages show a text that can be searched; nil while they show
// something else.
type searchable interface {
	search() *textSearch
}

// typist is what is being typed into; nil while letters are keys.
func (a *App) typist() typist {
	if s := a.search(); s != nil && s.typing {
		return s
	}
	if p, ok := a.page().(filterable); ok {
		if f := p.filter(); f != nil && f.typing {
			return listFilter{p}
		}
	}
	return nil
}

func (a *App) search() *textSearch {
	if p, ok := a.page().(searchable); ok {
		return p.search()
	}
	return nil
}

// listFilter is a list's filter as it is typed.
type listFilter struct{ page filterable }

func (t listFilter) input() *editLine { return &t.page.filter().line }
func (t listFilter) take()            { t.page.filter().typing = false }
func (t listFilter) result() string   { return "" }

func (t listFilter) prompt() string {
	if t.page.filter().trouble {
		return "! trouble only  /"
	}
	return "/"
}

func (t listFilter) changed() {
	t.page.filter().parse()
	t.page.refilter()
}

// leave drops the text; that only trouble is shown was not typed.
func (t listFilter) leave() {
	f := t.page.filter()
	trouble := f.trouble
	f.drop()
	f.trouble = trouble
	t.page.refilter()
}

// textSearch is what is searched for in a text.
type textSearch struct {
	line   editLine
	typing bool
	view   *textview.View
}

// begin starts to type anew.
func (s *textSearch) begin(view *textview.View) {
	s.drop()
	*s = textSearch{typing: true, view: view}
}

// drop ends the search and reports whether there was one.
func (s *textSearch) drop() bool {
	was := s.typing || len(s.line.runes) > 0
	if s.view != nil {
		s.view.DropSearch()
	}
	*s = textSearch{}
	return was
}

func (s *textSearch) input() *editLine { return &s.line }
func (s *textSearch) prompt() string   { return "/" }
func (s *textSearch) changed()         { s.view.Find(s.line.String()) }
func (s *textSearch) leave()           { s.drop() }

func (s *textSearch) take() {
	if s.typing = false; len(s.line.runes) == 0 {
		s.drop()
	}
}

// result is which match is looked at, of how many.
func (s *textSearch) result() string {
	if s.view == nil || !s.view.Searching() {
		return ""
	}
	at, of := s.view.Matches()
	if of == 0 {
		return "no match"
	}
	return fmt.Sprintf("%d/%d", at, of)
}

// words are the search on line 2 once it is typed.
func (s *textSearch) words() []piece {
	if len(s.line.runes) == 0 {
		return nil
	}
	return []piece{{themes.Accent, 0, "/" + s.line.String()}, {themes.Muted, 0, "  " + s.result()}}
}
