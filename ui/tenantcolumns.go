package ui

import (
	"cmp"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
	"tenantry/ui/text"
)

// The columns' ids, which are also what can be sorted by.
const (
	colTenant     = "tenant"
	colState      = "state"
	colSince      = "since"
	colChain      = "chain"
	colRevision   = "revision"
	colGeneration = "generation"
	colPods       = "pods"
	colNamespaces = "namespaces"
	colRepository = "repository"
	colAccount    = "account"
	colObject     = "object"
	colWhose      = "whose"
	colCause      = "cause"
)

// columns in their order from the left. Leave: the rollout bar goes first when
// it gets narrow, then GENERATION, REVISION, CHAIN; state, since and cause
// stay.
func (s *tenants) columns() []table.Column[*tenantRow] {
	return []table.Column[*tenantRow]{
		{ID: colTenant, Title: "TENANT", Min: 12, Max: 32,
			Measure: func(r *tenantRow) int { return nameWidth(s.label(r)) + 2*r.depth },
			Draw:    s.drawName,
			Compare: func(a, b *tenantRow) int { return strings.Compare(a.name(), b.name()) }},
		{ID: colState, Title: "STATE", Min: 13, Max: 13,
			Draw:    func(l *draw.Line, r *tenantRow) { drawMark(l, s.Turn(r.state), 0) },
			Compare: func(a, b *tenantRow) int { return b.rank - a.rank }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true,
			Draw:    s.drawSince,
			Compare: func(a, b *tenantRow) int { return cmp.Compare(b.since, a.since) }},
		{ID: colChain, Title: " CHAIN", Min: 6, Max: 6, Leave: 1, Draw: s.drawChain},
		// Revision and generation have a fixed room: only rows that have been
		// seen know theirs, and columns must not jump while scrolling.
		{ID: colRevision, Title: "REVISION", Min: 9, Max: 16, Leave: 2,
			Draw: func(l *draw.Line, r *tenantRow) {
				s.put(l, r, themes.Text, s.fitRevision(s.look(r).revision, l.Left()))
			},
			Compare: func(a, b *tenantRow) int { return strings.Compare(s.look(a).revision, s.look(b).revision) }},
		{ID: colGeneration, Title: "GENERATION", Min: 10, Max: 12, Leave: 3,
			Draw:    s.drawGeneration,
			Compare: func(a, b *tenantRow) int { return cmp.Compare(moved(b), moved(a)) }},
		{ID: colPods, Title: "PODS", Min: 5, Max: 6, Leave: 4,
			Draw: func(l *draw.Line, r *tenantRow) {
				if r.tenant != nil && !r.looksIdle(s.look(r)) {
					drawPods(s.kit, l, s.look(r).pods)
				}
			}},
		{ID: colNamespaces, Title: "NAMESPACES", Min: 10, Max: 24, Leave: 6, From: 160,
			Measure: func(r *tenantRow) int {
				if r.tenant == nil {
					return 0
				}
				return nameWidth(namespaces(r.tenant))
			},
			Draw: func(l *draw.Line, r *tenantRow) {
				if r.tenant != nil {
					s.put(l, r, themes.Text, namespaces(r.tenant))
				}
			}},
		{ID: colRepository, Title: "REPOSITORY", Min: 16, Max: 30, Leave: 7, From: 160,
			Draw: func(l *draw.Line, r *tenantRow) { s.look(r); s.put(l, r, themes.Text, repository(r)) }},
		{ID: colAccount, Title: "ACCOUNT", Min: 10, Max: 20, Leave: 8, From: 160,
			Draw: func(l *draw.Line, r *tenantRow) { s.put(l, r, themes.Text, s.look(r).account) }},
		{ID: colCause, Title: "CAUSE, OR LAST CHANGE", Min: 30, Flex: true,
			Draw:    s.drawCause,
			Compare: func(a, b *tenantRow) int { return strings.Compare(a.cause, b.cause) }},
	}
}

// looksIdle: the platform's generations say something only while they move.
func (r *tenantRow) looksIdle(f *facts) bool {
	return r.tenant != nil && r.tenant.IsPlatform && !f.pods.moving
}

func moved(r *tenantRow) model.Unix {
	if r.tenant == nil {
		return 0
	}
	return r.tenant.MovedAt
}

// Turn is the mark as it looks this second.
func (e *env) Turn(m mark) mark { return e.kit.Glyph.Turn(m, e.second()) }

// put writes a cell of a tenant's row; an unknown value is a dash, and rows
// that are no tenants have none.
func (s *tenants) put(l *draw.Line, r *tenantRow, role themes.Role, value string) {
	switch {
	case r.id.kind != rowTenant:
	case value == "":
		l.Put(themes.Muted, s.kit.Glyph.Unknown)
	default:
		l.Put(role, s.kit.CutMiddle(value, l.Left()))
	}
}

// target is the revision a tenant is at, or on its way to.
func (f *facts) target(arrow string) string {
	if _, to, ok := strings.Cut(f.revision, arrow); ok {
		return to
	}
	return f.revision
}

// fitRevision leaves out where a row comes from when there is no room to show
// where it is going as well: half a digest names nothing.
func (e *env) fitRevision(revision string, room int) string {
	if _, to, ok := strings.Cut(revision, e.kit.Glyph.Arrow); ok && text.Width(revision) > room {
		return e.kit.Glyph.Arrow + to
	}
	return revision
}

func (s *tenants) drawName(l *draw.Line, r *tenantRow) {
	l.Skip(2 * r.depth)
	role := themes.Text
	if r.tenant != nil && r.tenant.IsPlatform {
		role = themes.Title
	}
	l.Put(role, s.kit.CutMiddle(s.label(r), l.Left()))
}

func (s *tenants) drawSince(l *draw.Line, r *tenantRow) {
	if r.id.kind != rowDenied {
		l.FitRight(themes.Text, 0, s.age(r.since), l.Left())
	}
}

func (s *tenants) drawChain(l *draw.Line, r *tenantRow) {
	if r.id.kind == rowDenied {
		return
	}
	l.Skip(1)
	for _, m := range r.chain {
		m = s.Turn(m)
		l.Put(m.Role, m.Shape)
	}
}

func (s *tenants) drawGeneration(l *draw.Line, r *tenantRow) {
	if f := s.look(r); r.looksIdle(f) {
		s.put(l, r, themes.Text, "")
	} else {
		s.put(l, r, themes.Text, f.generation)
	}
}

// drawCause writes the last column. Columns that had to leave are said here as
// far as they say something: a healthy row's revision, and what is rolling out.
func (s *tenants) drawCause(l *draw.Line, r *tenantRow) {
	f := s.look(r)
	if r.tenant != nil && !r.tenant.Denied && !r.tenant.Reading {
		runs := r.tenant.Health == model.Ready || r.tenant.Health == model.Reconciling
		if revision := f.target(s.kit.Glyph.Arrow); !s.table.Shows(colRevision) && runs && revision != "" {
			l.Put(themes.Text, revision).Skip(2)
		}
		if !s.table.Shows(colGeneration) && f.pods.moving {
			l.Put(themes.Text, f.generation).Skip(2)
			drawBar(s.kit, l, f.pods.rollout, 6)
			l.Skip(2)
			if r.tenant.Health == model.Reconciling {
				return // the bar says it
			}
		}
	}
	if f.byHand != "" && r.tenant.Health == model.Ready {
		old := s.kit.Glyph.Old()
		l.Put(old.Role, old.Shape).Put(themes.Text, " "+f.byHand)
		return
	}
	l.Put(themes.Muted, r.remembered()).Put(themes.Text, s.lastColumn(r))
}

func namespaces(t *model.Tenant) string { return strings.Join(t.Namespaces, " ") }

func repository(r *tenantRow) string {
	if len(r.facts.repos) == 0 {
		return ""
	}
	return more(shortURL(r.facts.repos[0]), len(r.facts.repos)-1)
}

// shortURL leaves out what every URL begins with.
func shortURL(url string) string {
	for _, p := range []string{"https://", "http://", "ssh://git@", "ssh://", "oci://"} {
		url = strings.TrimPrefix(url, p)
	}
	return strings.TrimSuffix(url, ".git")
}
