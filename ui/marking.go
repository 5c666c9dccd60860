package ui

import (
	"fmt"

	"tenantry/model"
)

// markable pages have rows that can be marked, for actions on several.
type markable interface {
	// marked is what the marked rows stand for, in the order they were marked.
	marked() []spot
	// marks counts them, and those of them that are not shown.
	marks() (n, hidden int)
	// unmark takes all marks away and reports whether there were any.
	unmark() bool
}

// unmark takes the marks of the page away and reports whether there were any.
func (a *App) unmark() bool {
	p, ok := a.page().(markable)
	return ok && p.unmark()
}

// marksWords say how many rows of the page are marked; "" for none.
func (a *App) marksWords() string {
	p, ok := a.page().(markable)
	if !ok {
		return ""
	}
	n, hidden := p.marks()
	switch {
	case n == 0:
		return ""
	case hidden == 0:
		return fmt.Sprintf("%d marked", n)
	}
	return fmt.Sprintf("%d marked, %d not shown", n, hidden)
}

// Tenants and the platform can be marked; a cause that several share stands for
// no object of its own.
func (s *tenants) marked() []spot {
	var out []spot
	for _, id := range s.table.Marked() {
		at := spot{tenant: id.name}
		if id.name == platformID {
			at.tenant = model.PlatformKey
		}
		out = append(out, at)
	}
	return out
}

func (s *tenants) marks() (n, hidden int) { return s.table.Marks() }
func (s *tenants) unmark() bool           { return s.table.Unmark() }

// keepMarks drops the marks of tenants that are gone.
func (s *tenants) keepMarks() {
	s.table.KeepMarks(func(id rowID) bool {
		return id.name == platformID || s.store.Tenant(id.name) != nil
	})
}

func (s *tenants) displaced() bool    { return s.table.Displaced() }
func (l *list) displaced() bool       { return l.table.Displaced() }
func (p *tenantPage) displaced() bool { return p.tree.table.Displaced() }
