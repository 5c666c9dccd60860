package ui

import (
	"strings"

	"tenantry/model"
	"tenantry/model/why"
)

// foldAt is how many tenants with one cause become one row.
const foldAt = 3

// foldCauses turns tenants with the same root cause into one row.
func (s *tenants) foldCauses(rows []*tenantRow) []*tenantRow {
	groups := map[model.Ref][]*model.Tenant{}
	for _, r := range rows {
		if c := r.tenant.Cause; c != nil && r.rank >= unhealthyRank {
			groups[s.place(c)] = append(groups[s.place(c)], r.tenant)
		}
	}
	out := rows[:0]
	made := map[model.Ref]bool{}
	for _, r := range rows {
		c := r.tenant.Cause
		if c == nil || r.rank < unhealthyRank || len(groups[s.place(c)]) < foldAt {
			out = append(out, r)
			continue
		}
		if at := s.place(c); !made[at] {
			made[at] = true
			out = append(out, s.causeRow(c, at, groups[at]))
		}
	}
	return out
}

// place is what a cause is shared by: a host, or the object it names. It is
// kept as long as the cause is: reading a message takes longer than asking.
func (s *tenants) place(c *model.Cause) model.Ref {
	if at, known := s.shared[c]; known {
		return at
	}
	if s.shared == nil || len(s.shared) > 4*len(s.known)+64 { // most are of causes that are gone
		s.shared = map[*model.Cause]model.Ref{}
	}
	at := why.Place(s.store, c)
	s.shared[c] = at
	return at
}

func (s *tenants) causeRow(c *model.Cause, at model.Ref, members []*model.Tenant) *tenantRow {
	id := rowID{rowCause, at.String()}
	r := &tenantRow{id: id, members: members, unfolded: s.unfolded[id], place: at}
	var chain [model.LinkCount]model.LinkState
	for i, m := range members {
		if r.since == 0 || m.Since != 0 && m.Since < r.since {
			r.since = m.Since
		}
		if known := s.known[rowID{rowTenant, m.Name}]; known != nil && known.marks.fresh.After(r.marks.fresh) {
			r.marks.fresh = known.marks.fresh
		}
		for j, l := range m.Chain {
			if i == 0 || l.Health.Severity() > chain[j].Health.Severity() {
				chain[j] = l
			}
		}
	}
	for i, l := range chain {
		r.chain[i] = s.kit.Glyph.Link(l)
	}
	r.state, r.rank = s.kit.Glyph.Tenant(r.worst()), rank(r.worst())
	r.cause = s.causeWords(c, r.worst().Health)
	if at != c.Ref() && !strings.Contains(r.cause, at.Name) {
		r.cause = at.Name + ": " + r.cause
	}
	s.judge(r)
	return r
}

// causeSaid is what the object a cause is at says, in plain words where they are
// known.
func causeSaid(c *model.Cause) string {
	k, _ := model.KindNamed(c.Kind)
	why, _ := model.Explained(k, c.Message)
	return why
}

// causeWords say a cause in a list: what is waited for, else what is wrong.
func (s *tenants) causeWords(c *model.Cause, h model.Health) string {
	if h == model.Blocked {
		return s.waitsFor(c)
	}
	if why := causeSaid(c); why != "" {
		return inRow(why)
	}
	return c.Ref().String()
}

// causeSentence says what is wrong at a cause, whole.
func (s *tenants) causeSentence(c *model.Cause) string {
	if why := causeSaid(c); why != "" {
		return why
	}
	return c.Ref().String()
}

// waitsFor names what somebody waits for: not the next link, which only waits
// or fails too, but where the waiting starts.
func (e *env) waitsFor(c *model.Cause) string {
	root := c.Ref()
	for range 4 {
		k, ok := root.Key()
		if !ok || e.store.Get(k) == nil {
			break
		}
		v := e.store.Verdict(k)
		if v.Cause == nil || v.Cause.Ref() == root {
			break
		}
		root = v.Cause.Ref()
	}
	if root.Namespace == "" {
		return "waits for " + root.Name
	}
	return "waits for " + root.Namespace + "/" + root.Name
}

// shorter are words of sentences that a row can do without: the pane says them.
var shorter = strings.NewReplacer("there is no ", "no ", " in the repository", " in Git")

// elsewhere is the sentence of a source that lockdown keeps a sync from.
const elsewhere = "its source is in another namespace"

const elsewhereInRow = "source in another namespace"

func inRow(words string) string {
	if strings.HasPrefix(words, elsewhere) {
		return elsewhereInRow
	}
	return shorter.Replace(words)
}
