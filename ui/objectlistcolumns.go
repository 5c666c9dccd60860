package ui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/table"
)

// The columns of flat lists: what every list has, and what some add.

// whose are the columns that say whose object a row is.
func (l *list) whose() []table.Column[*listRow] {
	return []table.Column[*listRow]{
		// Most tenants have one namespace of the same name: in a narrow list both
		// are said in one column.
		{ID: colWhose, Title: "TENANT/NAMESPACE", Short: "TENANT/NS", Min: 12, Max: 28, Pinned: true, Hidden: func() bool { return !l.narrow },
			Measure: func(r *listRow) int { return r.widths.whose },
			Draw:    l.drawWhose,
			Compare: func(a, b *listRow) int { return strings.Compare(l.whoseName(a), l.whoseName(b)) }},
		{ID: colTenant, Title: "TENANT", Min: 10, Max: 24, Pinned: true, Hidden: func() bool { return l.narrow },
			Measure: func(r *listRow) int { return r.widths.tenant },
			Draw:    l.drawTenant,
			Compare: func(a, b *listRow) int { return strings.Compare(a.tenant, b.tenant) }},
		{ID: colNamespaces, Title: "NAMESPACE", Min: 9, Max: 24, Hidden: func() bool { return l.narrow },
			Measure: func(r *listRow) int { return r.widths.namespace },
			Draw:    func(c *draw.Line, r *listRow) { l.putCell(c, r, r.about().Namespace) },
			Compare: func(a, b *listRow) int { return strings.Compare(a.about().Namespace, b.about().Namespace) }},
		{ID: colObject, Title: "OBJECT", Min: 14, Max: 36, Pinned: true,
			Measure: func(r *listRow) int {
				if l.bare() {
					return r.widths.name
				}
				return r.widths.kind + r.widths.name
			},
			Draw:    func(c *draw.Line, r *listRow) { l.putCell(c, r, l.objectName(r)) },
			Compare: func(a, b *listRow) int { return strings.Compare(l.objectName(a), l.objectName(b)) }},
	}
}

// how are the columns that say how it is, and since when.
func (l *list) how() []table.Column[*listRow] {
	return []table.Column[*listRow]{
		{ID: colState, Title: "STATE", Min: 13, Max: 13, Pinned: true,
			Draw:    func(c *draw.Line, r *listRow) { drawMark(c, l.Turn(r.state), 0) },
			Compare: func(a, b *listRow) int { return b.rank - a.rank }},
		{ID: colSince, Title: "SINCE", Min: 5, Max: 5, Right: true, Draw: l.drawSince,
			Compare: func(a, b *listRow) int { return cmp.Compare(b.since, a.since) }},
	}
}

func (p *objectList) sourceColumns() []table.Column[*listRow] {
	return concat(p.whose(), p.how(), []table.Column[*listRow]{p.revisionColumn(2), p.whatColumn(24)})
}

func (p *objectList) syncColumns() []table.Column[*listRow] {
	return concat(p.whose(), p.how(), []table.Column[*listRow]{p.revisionColumn(2), p.generationColumn(3, 120),
		p.whatColumn(24)})
}

func (p *objectList) workloadColumns() []table.Column[*listRow] {
	return concat(p.whose(), p.how(), []table.Column[*listRow]{p.generationColumn(2, 0),
		{ID: colRevision, Title: "REV", Min: 3, Max: 5, Leave: 3, From: 120,
			Draw: func(c *draw.Line, r *listRow) {
				if l := p.look(r); l.rollout.Revision > 0 {
					c.Put(themes.Text, fmt.Sprint(l.rollout.Revision))
				}
			},
			Compare: func(a, b *listRow) int { return cmp.Compare(p.look(b).rollout.Revision, p.look(a).rollout.Revision) }},
		{ID: colPods, Title: "PODS", Min: 5, Max: 8, Leave: 1,
			Draw:    func(c *draw.Line, r *listRow) { drawPods(p.kit, c, podsOf(p.look(r))) },
			Compare: func(a, b *listRow) int { return cmp.Compare(missingPods(p.look(b)), missingPods(p.look(a))) }},
		p.whatColumn(15)})
}

func concat[T any](lists ...[]T) []T {
	var out []T
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

func (l *list) revisionColumn(leave int) table.Column[*listRow] {
	return table.Column[*listRow]{ID: colRevision, Title: "REVISION", Min: 12, Max: 15, Leave: leave,
		Draw:    func(c *draw.Line, r *listRow) { l.putCell(c, r, l.fitRevision(l.look(r).at, c.Left())) },
		Compare: func(a, b *listRow) int { return strings.Compare(l.look(a).at, l.look(b).at) }}
}

func (l *list) generationColumn(leave, from int) table.Column[*listRow] {
	return table.Column[*listRow]{ID: colGeneration, Title: "GEN", Min: 6, Max: 7, Leave: leave, From: from,
		Draw:    func(c *draw.Line, r *listRow) { l.putCell(c, r, l.generationOf(r.object, l.look(r).rollout)) },
		Compare: func(a, b *listRow) int { return cmp.Compare(generationNumber(b), generationNumber(a)) }}
}

func generationNumber(r *listRow) int64 {
	if r.object == nil {
		return 0
	}
	return r.object.Generation
}

// whatColumn is the last: what the object does, or why it is not fine. Columns
// that had to leave are said here as far as they say something.
func (l *list) whatColumn(least int) table.Column[*listRow] {
	return table.Column[*listRow]{ID: colCause, Title: "WHAT", Min: least, Flex: true,
		Draw: func(c *draw.Line, r *listRow) {
			l.look(r)
			fine := r.verdict.Health == model.Ready || r.verdict.Health == model.NotApplicable
			if !l.table.Shows(colGeneration) && r.rollout.Moving() {
				c.Put(themes.Text, "gen "+l.generation(r.rollout)).Skip(2)
			}
			if fine && r.verdict.Overlays == 0 && l.table.Shows(colRevision) {
				c.Put(themes.Text, r.does)
				return
			}
			c.Put(themes.Text, r.what)
		},
		Compare: func(a, b *listRow) int { return strings.Compare(l.look(a).what, l.look(b).what) }}
}

// objectName is what an object is called. Where room is short and all rows are
// of one kind, that needs no saying.
func (l *list) objectName(r *listRow) string {
	switch {
	case r.about() == model.Key{}:
		return ""
	case l.bare():
		return r.about().Name
	}
	return r.kindName() + "/" + r.about().Name
}

// bare reports whether objects are named without their kinds.
func (l *list) bare() bool { return l.narrow && !l.mixed }

// whoseName is tenant and namespace, one of them where they are called alike.
func (l *list) whoseName(r *listRow) string {
	if ns := l.namespaceOf(r); ns != "" {
		return l.tenantName(r.tenant) + "/" + ns
	}
	return l.tenantName(r.tenant)
}

func (l *list) drawWhose(c *draw.Line, r *listRow) {
	if r.denied != nil || r.tenant == model.PlatformKey && c.Left() < l.kit.Width(l.whoseName(r)) {
		l.drawTenant(c, r)
		return
	}
	c.Put(themes.Text, l.kit.CutMiddle(l.whoseName(r), c.Left()))
}

func (l *list) drawTenant(c *draw.Line, r *listRow) {
	switch {
	case r.denied != nil:
		c.Put(themes.Text, deniedName(r.denied))
	case r.tenant == model.PlatformKey:
		c.Put(themes.Title, l.kit.CutMiddle(model.PlatformName, c.Left()))
	default:
		c.Put(themes.Text, l.kit.CutMiddle(r.tenant, c.Left()))
	}
}

func (l *list) drawSince(c *draw.Line, r *listRow) {
	if r.denied == nil {
		c.FitRight(themes.Text, 0, l.age(r.since), c.Left())
	}
}

// putCell writes a cell; an unknown value is a dash.
func (l *list) putCell(c *draw.Line, r *listRow, value string) {
	switch {
	case r.denied != nil:
	case value == "":
		c.Put(themes.Muted, l.kit.Glyph.Unknown)
	default:
		c.Put(themes.Text, l.kit.CutMiddle(value, c.Left()))
	}
}

// shortKind is a kind as kubectl abbreviates it.
func shortKind(k model.Kind) string {
	switch k {
	case model.Deployment:
		return "deploy"
	case model.StatefulSet:
		return "sts"
	case model.DaemonSet:
		return "ds"
	}
	if short, ok := shortNames[k]; ok {
		return short
	}
	return strings.ToLower(k.String())
}

// kindName is the kind of a row's object, which for an event may be any.
func (r *listRow) kindName() string {
	if r.event != nil && r.regarding.Kind == model.KindUnknown {
		return strings.ToLower(r.event.Regarding.Kind)
	}
	return shortKind(r.about().Kind)
}

// shortName is an object's kind and name as kubectl abbreviates them.
func shortName(k model.Key) string {
	if k == (model.Key{}) {
		return ""
	}
	return shortKind(k.Kind) + "/" + k.Name
}

// podsOf is what the PODS column shows of one workload.
func podsOf(r *listRow) pods {
	return pods{known: r.object != nil, moving: r.rollout.Moving(), rollout: r.rollout, available: r.rollout.Available, desired: r.rollout.Desired}
}

func missingPods(r *listRow) int { return r.rollout.Desired - r.rollout.Available }

// lasts is for how long something has been so; 0 = unknown.
func (e *env) lasts(since model.Unix) time.Duration {
	if since == 0 {
		return 0
	}
	return max(e.now.Sub(time.Unix(int64(since), 0)), time.Second)
}
