package ui

import (
	"tenantry/model"
	"tenantry/ui/query"
)

// rowKind tells the rows of the tenants list apart.
type rowKind uint8

const (
	rowTenant rowKind = iota // a tenant, or the platform
	rowCause                 // several tenants with one cause
	rowDenied                // kinds that are not readable
)

// rowID is a row's identity: a tenant's name, or the cause's object.
type rowID struct {
	kind rowKind
	name string
}

// tenantRow is one row of the tenants list.
type tenantRow struct {
	id       rowID
	tenant   *model.Tenant // nil unless rowTenant
	members  []*model.Tenant
	place    model.Ref // of a cause: what they share
	unfolded bool
	depth    int
	state    mark
	rank     int // how bad it is
	order    int // where it stands: as its rank, but for troubles that are known
	familiar familiar
	note     string // what was noted of a trouble that is or was known
	judged   int    // the revision of what is known that this is from
	since    model.Unix
	chain    [model.LinkCount]mark
	cause    string
	marks    marks
	facts    facts
	looked   bool // facts are read
}

// worst is the tenant a row is judged by.
func (r *tenantRow) worst() *model.Tenant {
	if r.tenant != nil {
		return r.tenant
	}
	worst := r.members[0]
	for _, m := range r.members[1:] {
		if rank(m) > rank(worst) {
			worst = m
		}
	}
	return worst
}

func (r *tenantRow) name() string {
	if r.tenant != nil {
		return r.tenant.Name
	}
	return r.id.name
}

// fine reports whether nobody has to look at the row.
func (r *tenantRow) fine() bool {
	if r.id.kind == rowDenied {
		return true
	}
	return r.rank == 0 || r.rank == 2*model.Ready.Severity()
}

// row returns the row of a tenant, kept while the tenant is the same.
func (s *tenants) row(t *model.Tenant) *tenantRow {
	id := rowID{rowTenant, t.Name}
	if t.IsPlatform {
		id.name = platformID
	}
	old := s.known[id]
	if old != nil && old.tenant == t {
		if old.depth = 0; old.judged != s.memory.revision {
			s.judge(old)
		}
		return old
	}
	r := &tenantRow{id: id, tenant: t, rank: rank(t), since: t.Since, state: s.kit.Glyph.Tenant(t), cause: s.causeOf(t)}
	for i, l := range t.Chain {
		r.chain[i] = s.kit.Glyph.Link(l)
	}
	s.judge(r)
	if old != nil {
		r.marks = old.marks
		s.compare(old, r)
	}
	s.known[id] = r
	return r
}

// judge tells a trouble that is known from a new one.
func (s *tenants) judge(r *tenantRow) {
	r.judged, r.order, r.familiar, r.note = s.memory.revision, r.rank, unfamiliar, ""
	if r.rank >= unhealthyRank {
		r.familiar, r.note = s.memory.knows(r.worst().Cause)
	}
	if r.familiar == isKnown {
		r.order = knownOrder
	}
}

// platformID keeps the platform apart from a tenant that is called the same.
const platformID = "\x00platform"

// compare notes what changed in a row since the last picture. While the first
// lists come in everything is new, which is no news.
func (s *tenants) compare(old, r *tenantRow) {
	if old.tenant.Reading || r.tenant.Reading || !s.store.Complete() {
		return
	}
	changed := 0
	var at [cellCount]bool
	at[cellState] = old.state.Word != r.state.Word
	if old.looked {
		f := s.look(r)
		at[cellRevision] = old.facts.revision != f.revision
		at[cellGeneration] = old.facts.generation != f.generation
	}
	for _, c := range at {
		if c {
			changed++
		}
	}
	if changed == 0 {
		return
	}
	busy := s.rate.add(changed, s.local)
	for c, is := range at {
		if is {
			r.marks.note(cell(c), s.local, busy)
		}
	}
}

// look reads a row's facts, once.
func (s *tenants) look(r *tenantRow) *facts {
	if !r.looked && r.tenant != nil {
		r.facts, r.looked = s.factsOf(r.tenant), true
	}
	return &r.facts
}

// causeOf is the last column: why, or what changed last.
func (e *env) causeOf(t *model.Tenant) string {
	switch {
	case t.Denied && t.IsPlatform:
		return "not yours to see, not a fault"
	case t.Denied:
		return "not readable by you"
	case t.Reading:
		return "still being read"
	}
	if t.Health == model.Blocked && t.Cause != nil {
		return e.waitsFor(t.Cause)
	}
	return inRow(brief(t.Message, t.Worst))
}

// arrange puts the rows in order: the platform, then worst first or as sorted,
// tenants with one cause folded into one row.
func (s *tenants) arrange() []*tenantRow {
	all := s.store.Tenants()
	platform := s.store.Platform()
	list := make([]*tenantRow, 0, len(all)+2)
	hidden := 0
	rest := make([]*tenantRow, 0, len(all))
	s.fleet = s.fleet[:0]
	s.tally.reset()
	for _, t := range all {
		if !s.scope.covers(t.Name, t.Namespaces...) {
			continue
		}
		r := s.row(t)
		s.fleet = append(s.fleet, fleetCell{t.Name, r.rank, r.state})
		s.tally.add(r)
		if s.fits(r) {
			rest = append(rest, r)
		} else {
			hidden++
		}
	}
	s.platform = nil
	if platform != nil && platform.Row != nil && !platform.NoFlux && s.scope.covers(model.PlatformKey, platform.Row.Namespaces...) {
		s.platform = platform.Row
		if r := s.row(platform.Row); s.fits(r) {
			list = append(list, r)
		} else {
			hidden++
		}
	}
	s.filterState.hidden = hidden
	if len(s.known) > 2*(len(all)+8) {
		s.forget(all)
	}
	sorted, _ := s.table.Sorted()
	if sorted == "" && s.filterState.query.Empty() {
		rest = s.foldCauses(rest)
	}
	if sorted == "" {
		sortWorstFirst(rest, knownOrder, func(r *tenantRow) int { return r.order }, worstFirst)
	} else {
		s.table.Sort(rest)
	}
	s.exactFirst(rest)
	for _, r := range rest {
		list = append(list, r)
		if r.unfolded {
			for _, m := range r.members {
				child := s.row(m)
				child.depth = 1
				list = append(list, child)
			}
		}
	}
	if denied := s.deniedRow(); denied != nil && !s.filterState.on() {
		list = append(list, denied)
	}
	return list
}

// fits reports whether the filter lets a row through.
func (s *tenants) fits(r *tenantRow) bool {
	f := &s.filterState
	if f.trouble && r.fine() {
		return false
	}
	if f.query.Empty() {
		return true
	}
	t := r.tenant
	return f.query.Fits(&query.Subject{
		Name: t.Name, State: r.state.Word, Text: []string{r.cause, r.note}, Namespaces: t.Namespaces,
		Age:       s.lasts(r.since),
		Repos:     func() []string { return s.look(r).repos },
		By:        func() []string { return s.suspendedBy(t) },
		Revisions: shortAll(t.Revisions, r.facts.revision),
	})
}

// suspendedBy is who suspended what is in a row.
func (s *tenants) suspendedBy(t *model.Tenant) []string {
	var by []string
	for _, o := range s.stoppable(t) {
		if sus, is := s.store.Suspension(o); is {
			by = append(by, sus.By)
		}
	}
	return by
}

// shortAll are the revisions a row can be found by.
func shortAll(revisions []string, shown string) []string {
	out := make([]string, 0, len(revisions)+1)
	for _, r := range revisions {
		if sum := model.RevisionSum(r); sum != "" {
			r = sum
		}
		out = append(out, r)
	}
	return append(out, shown)
}

// forget drops the rows of tenants that are gone.
func (s *tenants) forget(all []*model.Tenant) {
	known := make(map[rowID]*tenantRow, len(all)+1)
	for _, t := range all {
		id := rowID{rowTenant, t.Name}
		if r := s.known[id]; r != nil {
			known[id] = r
		}
	}
	if r := s.known[rowID{rowTenant, platformID}]; r != nil {
		known[r.id] = r
	}
	s.known = known
}
