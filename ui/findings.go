package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
	"tenantry/ui/query"
)

// findings lists what somebody should know of tenants and platform although
// nothing may be broken yet; what many tenants share is one row.
type findings struct {
	list
	kept     model.Findings
	rows     []*listRow // before the scope
	version  uint64     // what was found when they were made
	recalled int        // what was known then

	counted   int    // rows, for line 1
	countedAt uint64 // what was found then
}

func newFindings(e *env) *findings {
	p := &findings{}
	p.list = newList(e, p, p.columns()...)
	p.table.Markable = func(r *listRow) bool { return r.id.tenant != "" }
	return p
}

func (p *findings) title() string       { return "Findings" }
func (p *findings) sorting() string     { return "gravest first" }
func (p *findings) kinds() []model.Kind { return nil }

func (p *findings) nothing() (head, body string) {
	if p.store.Platform().NoFlux {
		return "No Flux in this cluster", "The server serves none of Flux's kinds, so there is nothing to look at."
	}
	return "Nothing was found", "Lockdown, accounts, bindings, reach, pruning, Secrets, suspensions and leases were looked at."
}

// gather turns findings into rows. They are made anew only when what was found
// is another.
func (p *findings) gather() []*listRow {
	if version := p.kept.Update(p.store); version != p.version || p.memory.revision != p.recalled {
		p.version, p.rows, p.recalled = version, nil, p.memory.revision
		p.kept.Each(func(f *model.Finding) { p.rows = append(p.rows, p.row(f)) })
	}
	groups := map[string][]*listRow{}
	var order []string
	for _, r := range p.rows {
		if !p.scope.covers(r.tenant, r.id.key.Namespace) {
			continue
		}
		r.head = nil
		if groups[r.id.what] == nil {
			order = append(order, r.id.what)
		}
		groups[r.id.what] = append(groups[r.id.what], r)
	}
	var out []*listRow
	for _, what := range order {
		if rows := groups[what]; tenantsOf(rows) >= foldAt {
			out = append(out, p.group(what, rows))
		} else {
			out = append(out, rows...)
		}
	}
	return out
}

func tenantsOf(rows []*listRow) int {
	n, last := 0, ""
	for i, r := range rows { // by tenant
		if i == 0 || r.tenant != last {
			n++
		}
		last = r.tenant
	}
	return n
}

func (p *findings) row(f *model.Finding) *listRow {
	what := f.Rule + " " + f.Gravity.String()
	if f.Unknown {
		what += " unknown"
	}
	r := &listRow{id: listID{what, f.Tenant, f.Key}, tenant: f.Tenant, finding: f, looked: true}
	r.state, r.rank = gravityMark(p.kit.Glyph, f), gravityRank(f)
	r.what = findingTitle(f)
	p.recall(r)
	p.measure(r)
	return r
}

// group is one row for what several tenants share.
func (p *findings) group(what string, rows []*listRow) *listRow {
	head := &listRow{id: listID{what: "all " + what}, finding: rows[0].finding, under: rows, looked: true}
	head.state, head.rank, head.what = rows[0].state, rows[0].rank, rows[0].what
	for _, r := range rows { // new as long as one of them is
		if head.rank = max(head.rank, r.rank); r.known == "" {
			head.known = ""
		} else if r == rows[0] {
			head.known = r.known
		}
	}
	head.tenants = tenantsOf(rows)
	head.widths.tenant = nameWidth(fmt.Sprintf("%s %d tenants", p.kit.Glyph.Folded, head.tenants))
	for _, r := range rows {
		r.head = head
	}
	return head
}

// count is how many rows the page has, without making them.
func (p *findings) count() int {
	version := p.kept.Update(p.store)
	if version == p.countedAt && !p.scope.on() {
		return p.counted
	}
	type same struct {
		rule    string
		gravity model.Gravity
		unknown bool
	}
	type shared struct {
		rows, tenants int
		last          string
	}
	by := map[same]shared{}
	p.kept.Each(func(f *model.Finding) {
		if !p.scope.covers(f.Tenant, f.Key.Namespace) {
			return
		}
		k := same{f.Rule, f.Gravity, f.Unknown}
		s := by[k]
		if s.rows++; s.rows == 1 || s.last != f.Tenant {
			s.tenants, s.last = s.tenants+1, f.Tenant
		}
		by[k] = s
	})
	n := 0
	for _, s := range by {
		if s.tenants >= foldAt {
			n++
		} else {
			n += s.rows
		}
	}
	if p.counted, p.countedAt = n, version; p.scope.on() {
		p.countedAt = 0 // the scope may change while nothing else does
	}
	return n
}

func findingTitle(f *model.Finding) string {
	if f.Unknown {
		return f.Words().Title + "?"
	}
	return f.Words().Title
}

// gravityMark is how grave a finding is; what could not be judged says so.
func gravityMark(g *glyph.Set, f *model.Finding) mark {
	if f.Unknown {
		return mark{Shape: g.Of(model.Unknown).Shape, Word: "unknown", Role: themes.Caution}
	}
	m := mark{Shape: g.Nothing().Shape, Word: f.Gravity.String(), Role: themes.Muted}
	switch f.Gravity {
	case model.GravityCritical, model.GravityHigh:
		m.Shape, m.Role = g.Of(model.Stalled).Shape, themes.Bad
	case model.GravityMedium:
		m.Shape, m.Role = g.Of(model.Stalled).Shape, themes.Caution
	}
	return m
}

// gravityRank: low ones and mere information are no trouble; what is unknown
// stands between.
func gravityRank(f *model.Finding) int {
	switch {
	case f.Unknown && f.Gravity == model.GravityInfo:
		return 0 // never read here: nothing anyone could grant
	case f.Unknown:
		return unhealthyRank
	case f.Gravity >= model.GravityMedium:
		return unhealthyRank + int(f.Gravity)
	case f.Gravity == model.GravityLow:
		return 2 * model.Ready.Severity()
	}
	return 0
}

// order is the gravest first.
func (p *findings) order(rows []*listRow) {
	slices.SortStableFunc(rows, func(a, b *listRow) int { return cmp.Compare(b.rank, a.rank) })
}

// whom names the tenants of a shared finding, the first of many.
func (p *findings) whom(r *listRow) string {
	const enough = 40
	var names []string
	for _, u := range r.under {
		if len(names) == enough && r.tenants > enough {
			return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), r.tenants-enough)
		}
		if name := p.tenantName(u.tenant); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// counts are how many there are of each gravity.
func (p *findings) counts(l *draw.Line) {
	n := map[string]int{}
	marks := map[string]mark{}
	for _, r := range p.all {
		n[r.state.Word]++
		marks[r.state.Word] = r.state
	}
	for _, word := range []string{"critical", "high", "medium", "unknown", "low", "info"} {
		if m := marks[word]; n[word] > 0 {
			l.Put(m.Role, m.Shape).Put(themes.Text, fmt.Sprintf(" %d %s", n[word], word)).Skip(2)
		}
	}
}

// found says what a finding can be found by.
func (p *findings) found(r *listRow, s *query.Subject) {
	f := r.finding
	*s = query.Subject{Name: p.tenantName(r.tenant), State: r.state.Word, Namespaces: []string{f.Key.Namespace},
		Text: []string{r.what, f.Evidence, f.Rule, f.Key.Name, r.known}}
}

func (p *findings) sections(r *listRow) []section {
	rule := r.finding.Words()
	if r.finding.Unknown {
		return []section{{label: "WHY", text: "It is not known whether this is so, because " + sentence(r.finding.Evidence) + " " + rule.Why},
			{label: "NEXT", text: "Ask for the right to read it; what can't be seen is not fine. " + rule.Fix}}
	}
	seen := p.whom(r)
	if len(r.under) == 0 {
		seen = r.finding.Evidence
		if k := r.finding.Key; k != (model.Key{}) {
			seen = k.String() + ": " + seen
		}
	}
	return []section{{label: "WHY", text: rule.Why}, {label: "NEXT", text: rule.Fix}, {label: "SEEN", text: upperFirst(sentence(seen)), spare: true}}
}

// enter opens the finding: why it matters, and the fix.
func (p *findings) enter(r *listRow) tea.Cmd { return p.paths.open(newFindingPage(p.env, *r.finding)) }
