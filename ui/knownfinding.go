package ui

import (
	"strings"

	"tenantry/model"
	"tenantry/ui/state"
)

// findingKind begins the kind under which a finding is remembered as known: a
// finding is no trouble of its object, which may have one beside it.
const findingKind = "Finding "

// findingCause is what a finding is remembered by: its rule, its object, and
// what it was seen by. Seen by something else it is new.
func findingCause(f *model.Finding) *model.Cause {
	c := &model.Cause{Kind: findingKind + f.Rule, Name: f.Tenant, Reason: f.Gravity.String(), Message: f.Evidence}
	if f.Key != (model.Key{}) {
		c.Namespace, c.Name = f.Key.Namespace, f.Key.Kind.String()+"/"+f.Key.Name
	}
	return c
}

// accepts reports whether a finding was marked as known, and with which note.
func accepts(known []state.Known, f *model.Finding) (note string, ok bool) {
	c := findingCause(f)
	for i := range known {
		k := &known[i]
		if k.Kind == c.Kind && k.Namespace == c.Namespace && k.Name == c.Name && !k.Over && k.Reason == c.Reason && k.Message == state.Steady(c.Message) {
			return k.Note, true
		}
	}
	return "", false
}

// troubles are the findings of the marked rows, else of the one under the
// cursor; a row that stands for several means all of them.
func (p *findings) troubles() []trouble {
	var out []trouble
	add := func(r *listRow) {
		all := []*listRow{r}
		if len(r.under) > 0 {
			all = r.under
		}
		for _, r := range all {
			out = append(out, trouble{findingCause(r.finding), strings.TrimSpace(r.finding.Rule + " of " + p.tenantName(r.tenant))})
		}
	}
	marked := map[listID]bool{}
	for _, id := range p.table.Marked() {
		marked[id] = true
	}
	for _, r := range p.all {
		if marked[r.id] {
			add(r)
		}
	}
	if r, ok := p.table.Current(); ok && len(out) == 0 && r.finding != nil {
		add(r)
	}
	return out
}

// recall sinks a finding that is known below what is new, and says so.
func (p *findings) recall(r *listRow) {
	if p.memory == nil {
		return
	}
	how, note := p.memory.knows(findingCause(r.finding))
	switch how {
	case unfamiliar:
	case isKnown:
		r.rank = -1
		r.known = noted("known", note)
	case wasKnown:
		r.known = noted("was known", note)
	}
}

func noted(word, note string) string {
	if note == "" {
		return word
	}
	return word + ": " + note
}
