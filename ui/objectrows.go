package ui

import (
	"fmt"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// objectID is the identity of a row of a tenant's page: an object within a
// link of the chain, or the link itself.
type objectID struct {
	section string
	key     model.Key
}

type objectRow struct {
	id     objectID
	depth  int
	object *model.Object // nil for the head of a link
	objectFacts
	members int
}

// arrange lists the tenant's objects along its chain.
func (p *tenantPage) arrange() []*objectRow {
	t := p.tenant
	p.f.hidden = 0
	if t == nil {
		return nil
	}
	var rows []*objectRow
	first := ""
	p.several = false
	for i, title := range linkTitles(t) {
		link := p.kit.Glyph.Link(t.Chain[i])
		head := &objectRow{id: objectID{section: title}, objectFacts: objectFacts{state: link}}
		var members []*objectRow
		for _, k := range p.keysOf(model.Link(i)) {
			if o := p.store.Get(k); o != nil {
				members = append(members, p.objectRow(title, o))
				if first == "" {
					first = o.Namespace
				}
				p.several = p.several || o.Namespace != "" && o.Namespace != first
			}
		}
		if t.IsPlatform && model.Link(i) == model.LinkWorkloads {
			head.what = p.store.Platform().Lockdown.Detail
		} else {
			head.what = linkWords(t.Chain[i], len(members))
		}
		shown := members[:0]
		for _, m := range members {
			if p.fits(m) {
				shown = append(shown, m)
			} else {
				p.f.hidden++
			}
		}
		if len(shown) == 0 && p.f.on() {
			continue
		}
		head.members = len(shown)
		rows = append(rows, head)
		if !p.folded[title] {
			rows = append(rows, shown...)
		}
	}
	return rows
}

// keysOf are the objects a link is made of.
func (p *tenantPage) keysOf(link model.Link) []model.Key {
	t := p.tenant
	var keys []model.Key
	switch link {
	case model.LinkAccess:
		if !t.IsPlatform {
			for _, ns := range t.Namespaces {
				keys = append(keys, model.Key{Kind: model.Namespace, Name: ns})
			}
			return append(keys, t.Access...)
		}
		platform := p.store.Platform()
		if platform.Instance != nil {
			keys = append(keys, platform.Instance.Key)
		}
		if platform.Operator != nil {
			keys = append(keys, platform.Operator.Key)
		}
		for _, c := range platform.Controllers {
			keys = append(keys, c.Key)
		}
		listed := map[model.Key]bool{}
		for _, k := range keys {
			listed[k] = true
		}
		for _, k := range t.Workloads {
			if !listed[k] {
				keys = append(keys, k)
			}
		}
	case model.LinkSource:
		return t.Sources
	case model.LinkSync:
		return t.Syncs
	case model.LinkWorkloads:
		if !t.IsPlatform {
			return t.Workloads
		}
	}
	return keys
}

func linkWords(l model.LinkState, n int) string {
	switch {
	case l.Denied:
		return "not readable by you"
	case l.Reading:
		return "not all of it has been read yet"
	case n == 0:
		return "none"
	}
	objects := "objects"
	if n == 1 {
		objects = "object"
	}
	return fmt.Sprintf("%d %s", n, objects)
}

func (p *tenantPage) objectRow(section string, o *model.Object) *objectRow {
	return &objectRow{id: objectID{section, o.Key}, depth: 1, object: o, objectFacts: p.factsOfObject(o)}
}

// label is what stands in the OBJECT column.
func (p *tenantPage) label(r *objectRow) string {
	if r.object == nil {
		fold := p.kit.Glyph.Unfolded
		if p.folded[r.id.section] {
			fold = p.kit.Glyph.Folded
		}
		return fold + " " + r.id.section
	}
	return r.object.Kind.String() + " " + r.object.Name
}

func (p *tenantPage) drawName(l *draw.Line, r *objectRow) {
	role := themes.Text
	if r.object == nil {
		role = themes.Title
	}
	l.Skip(2*r.depth).Put(role, p.kit.CutMiddle(p.label(r), l.Left()))
}

// drawWhat writes a workload's rollout as a bar, everything else as text.
func (p *tenantPage) drawWhat(l *draw.Line, r *objectRow) {
	if r.object == nil {
		l.Put(themes.Muted, r.what)
		return
	}
	if _, ok := r.object.Detail.(*model.Workload); ok {
		ro := r.rollout
		if !p.table.Shows(colGeneration) {
			l.Put(themes.Text, "gen "+p.generation(ro)+" ")
		}
		if ro.Revision > 0 {
			l.Put(themes.Text, fmt.Sprintf("rev %d", ro.Revision)).Skip(2)
		}
		if ro.Moving() {
			drawBar(p.kit, l, ro, 8)
		} else {
			l.Put(themes.Text, fmt.Sprintf("%d/%d", ro.Available, ro.Desired))
		}
		l.Skip(2)
	}
	l.Put(themes.Text, r.what)
}
