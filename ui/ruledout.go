package ui

import (
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/draw"
)

// ruledOutFor is how long what was ruled out is not asked again: a fleet under
// way changes many times a second.
const ruledOutFor = 5 * time.Second

// ruledOut keeps the last answer.
type ruledOut struct {
	row      rowID
	tenant   *model.Tenant
	revision uint64
	at       time.Time
	words    string
}

// notIt says what was seen to be fine, and so is not what is wrong with a row.
// What was not looked at is not said.
func (s *tenants) notIt(r *tenantRow) string {
	t := r.worst()
	last := &s.ruledOut
	same := last.row == r.id && last.tenant == t
	if same && (last.revision == s.store.Revision() || s.local.Sub(last.at) < ruledOutFor) {
		return last.words
	}
	words := ""
	if e := why.Row(s.store, rowKey(t)); e != nil {
		words = strings.Join(e.RuledOut, ", ")
	}
	*last = ruledOut{row: r.id, tenant: t, revision: s.store.Revision(), at: s.local, words: words}
	return last.words
}

// hang breaks text into lines, the first of them narrower by n.
func hang(kit draw.Kit, s string, w, n int) []string {
	if n <= 0 {
		return wrap(kit, s, w)
	}
	lines := wrap(kit, s, w-n)
	if len(lines) < 2 {
		return lines
	}
	return append(lines[:1:1], wrap(kit, strings.Join(lines[1:], " "), w)...)
}
